/* xenpin of machine/programs/published.ts in Promela: one pinner, WRITERS
 * writers, PAGES pages, each with its lock; FIXED lets the pinner take it. */
bit held[PAGES], readonly[PAGES], pinned[PAGES];
byte entry[PAGES];

active proctype pinner() {
  byte p;
  do
  :: p == PAGES -> break
  :: p < PAGES ->
     if :: FIXED -> atomic { !held[p]; held[p] = 1 } :: !FIXED fi;
     readonly[p] = 1;
     if :: FIXED -> pinned[p] = 1; held[p] = 0 :: !FIXED fi;
     p++
  od;
  if
  :: FIXED
  :: !FIXED -> d_step { p = 0; do :: p < PAGES -> pinned[p] = 1; p++ :: else -> break od }
  fi
}

active [WRITERS] proctype writer() {
  byte p;
  do
  :: p == PAGES -> break
  :: p < PAGES ->
     atomic { !held[p]; held[p] = 1 };
     if :: readonly[p] -> assert(pinned[p]) :: else fi;
     entry[p]++;
     held[p] = 0;
     p++
  od
}
