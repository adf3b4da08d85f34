/* filesystem(N) of machine/programs/published.ts in Promela. */
bit ilock[32], block[26], blocklock[26];
byte inode[32];
active [N] proctype create() {
  byte b;
  bit done;
  atomic { !ilock[_pid]; ilock[_pid] = 1 };
  if
  :: inode[_pid] != 0
  :: inode[_pid] == 0 ->
     b = (2 * _pid) % 26;
     do
     :: done -> break
     :: !done ->
        atomic { !blocklock[b]; blocklock[b] = 1 };
        if :: block[b] :: !block[b] -> block[b] = 1; inode[_pid] = b + 1; done = 1 fi;
        blocklock[b] = 0;
        b = (b + 1) % 26
     od
  fi;
  ilock[_pid] = 0
}
