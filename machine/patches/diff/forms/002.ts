import type { KnownForm } from '../known';

// What diffs of thread 002 look like.

/** The chunks of the diff of Ingo Molnar, 18 Nov 2004, as `KnownPlace.around` has them. */
const POSTED = [
  'f595ebc5 e82b0342 c253b959 e268b6bd 5c0f4377 +23cb5571 ac144804 95d64c4d ea6d1b1c cb2a772c 15d0e114 +6cf95786 79b4c50c',
  'e268b6bd 5c0f4377 +23cb5571 ac144804 b15ba48e 95d64c4d',
  'd59b9efe a582b309 44fa7a2c +6cf95786 79b4c50c 898efbd1',
  'e268b6bd 44f4ca0e +23cb5571 ac144804 bc72675d 6e07dfbe cb2a772c 15d0e114 +6cf95786 79b4c50c',
  'e268b6bd 44f4ca0e +23cb5571 ac144804 0c6d51d3 bc72675d',
  'd59b9efe a582b309 44fa7a2c +6cf95786 79b4c50c 898efbd1',
] as const;

export const forms002: readonly KnownForm[] = [
  {
    patch: 'flush-tlb',
    source: 'Ingo Molnar, 18 Nov 2004',
    places: [
      { hunk: 'flush-tlb/i386', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', lines: '+23cb5571', near: 'e82b0342 c253b959 e268b6bd 5c0f4377 ac144804 95d64c4d ea6d1b1c cb2a772c', around: POSTED[0] },
      { hunk: 'flush-tlb/i386', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', lines: '+6cf95786', near: '95d64c4d ea6d1b1c cb2a772c 15d0e114 79b4c50c', around: POSTED[0] },
      { hunk: 'flush-tlb/i386-global', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', lines: '+23cb5571', near: 'e268b6bd 5c0f4377 ac144804 b15ba48e 95d64c4d', around: POSTED[1] },
      { hunk: 'flush-tlb/i386-global', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', lines: '+6cf95786', near: 'd59b9efe a582b309 44fa7a2c 79b4c50c 898efbd1', around: POSTED[2] },
      { hunk: 'flush-tlb/x86-64', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb()', lines: '+23cb5571', near: 'e268b6bd 44f4ca0e ac144804 bc72675d 6e07dfbe cb2a772c', around: POSTED[3] },
      { hunk: 'flush-tlb/x86-64', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb()', lines: '+6cf95786', near: 'bc72675d 6e07dfbe cb2a772c 15d0e114 79b4c50c', around: POSTED[3] },
      { hunk: 'flush-tlb/x86-64-global', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb_global()', lines: '+23cb5571', near: 'e268b6bd 44f4ca0e ac144804 0c6d51d3 bc72675d', around: POSTED[4] },
      { hunk: 'flush-tlb/x86-64-global', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb_global()', lines: '+6cf95786', near: 'd59b9efe a582b309 44fa7a2c 79b4c50c 898efbd1', around: POSTED[5] },
    ],
  },
];
