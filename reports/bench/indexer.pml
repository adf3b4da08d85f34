/* indexer(N) of machine/programs/published.ts in Promela. */
byte slot[128];
active [N] proctype insert() {
  byte round = 1, key, hash;
  do
  :: round == 5 -> break
  :: round < 5 ->
     d_step { key = round * 11 + _pid; hash = (key * 7) % 128; round++ }
     do
     :: d_step { slot[hash] == 0 -> slot[hash] = key } break
     :: d_step { slot[hash] != 0 -> hash = (hash + 1) % 128 }
     od
  od
}
