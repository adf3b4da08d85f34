/* The pinning race as in machine/situations/xen/pin.ts, reduced to
 * flags: the pinner locks the pages of a batch, makes and pins them one after
 * the other, and unlocks them. WRITERS writers visit PAGES pages. */
#ifndef BATCH
#define BATCH 16
#endif
bit held[PAGES], readonly[PAGES], pinned[PAGES];
byte entry[PAGES];

active proctype pinner() {
  byte first, last, p;
  do
  :: first == PAGES -> break
  :: else ->
     last = (first + BATCH < PAGES -> first + BATCH : PAGES);
     p = first;
     do
     :: FIXED && p < last -> atomic { !held[p]; held[p] = 1 }; p++
     :: else -> break
     od;
     p = first;
     do
     :: p < last -> readonly[p] = 1; if :: FIXED -> pinned[p] = 1 :: else fi; p++
     :: else -> break
     od;
     p = first;
     do
     :: FIXED && p < last -> held[p] = 0; p++
     :: else -> break
     od;
     first = last
  od;
  if
  :: FIXED
  :: else -> d_step { p = 0; do :: p < PAGES -> pinned[p] = 1; p++ :: else -> break od }
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
