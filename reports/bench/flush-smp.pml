/* machine/programs/flush-smp.ts in Promela: CPUS processors, KERNEL lazy
 * threads that flush forever, USERS tasks that access forever; FIXED adds
 * the preempt_disable pair. Tasks below KERNEL have no address space. */
#define TASKS (KERNEL + USERS)
#define LAZY 99
byte root[CPUS];
byte runs[CPUS];
byte borrowed[TASKS];
byte at[TASKS];
byte reg[TASKS];
bit busy[TASKS];
bit begun;

inline instruction(t) {
  if
  :: t >= KERNEL -> assert(root[_pid - 1] == t - KERNEL)
  :: t < KERNEL && at[t] == 0 -> at[t] = 1
  :: t < KERNEL && at[t] == 1 -> reg[t] = root[_pid - 1]; at[t] = 2
  :: t < KERNEL && at[t] == 2 -> root[_pid - 1] = reg[t]; reg[t] = 0; at[t] = (FIXED -> 3 : FIRST)
  :: t < KERNEL && at[t] == 3 -> at[t] = FIRST
  fi
}

inline lend(from, to) {
  if
  :: to < KERNEL -> borrowed[to] = borrowed[from]
  :: to >= KERNEL && borrowed[from] != to - KERNEL -> root[_pid - 1] = to - KERNEL
  :: else
  fi;
  if :: from < KERNEL -> borrowed[from] = LAZY :: else fi;
  busy[from] = 0; busy[to] = 1; runs[_pid - 1] = to
}

proctype processor() {
  byte old, new;
  end:
  do
  :: d_step { begun -> old = runs[_pid - 1]; instruction(old); old = 0 }
  :: atomic {
       begun && (!FIXED || runs[_pid - 1] >= KERNEL || at[runs[_pid - 1]] == 0) ->
       select(new : 0 .. TASKS - 1);
       if :: busy[new] == 0 -> old = runs[_pid - 1]; lend(old, new) :: else fi;
       old = 0; new = 0
     }
  od
}

init {
  byte n;
  d_step {
    for (n : 0 .. TASKS - 1) { borrowed[n] = (n < KERNEL -> LAZY : n - KERNEL); at[n] = FIRST }
    for (n : 0 .. CPUS - 1) { runs[n] = KERNEL + n; root[n] = n; busy[KERNEL + n] = 1 }
    n = 0
  }
  atomic { for (n : 0 .. CPUS - 1) { run processor() } n = 0; begun = 1 }
}
