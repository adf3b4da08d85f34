import type { KnownForm } from '../known';

// What diffs of thread 002 look like.

export const forms002: readonly KnownForm[] = [
  {
    patch: 'flush-tlb',
    source: 'Ingo Molnar, 18 Nov 2004',
    places: [
      { hunk: 'flush-tlb/i386', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', lines: '+23cb5571', near: 'e82b0342 c253b959 e268b6bd 5c0f4377 ac144804 95d64c4d ea6d1b1c cb2a772c' },
      { hunk: 'flush-tlb/i386', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb()', lines: '+6cf95786', near: '95d64c4d ea6d1b1c cb2a772c 15d0e114 79b4c50c' },
      { hunk: 'flush-tlb/i386-global', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', lines: '+23cb5571', near: 'e268b6bd 5c0f4377 ac144804 b15ba48e 95d64c4d' },
      { hunk: 'flush-tlb/i386-global', file: 'include/asm-i386/tlbflush.h', where: '__flush_tlb_global()', lines: '+6cf95786', near: 'd59b9efe a582b309 44fa7a2c 79b4c50c 898efbd1' },
      { hunk: 'flush-tlb/x86-64', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb()', lines: '+23cb5571', near: 'e268b6bd 44f4ca0e ac144804 bc72675d 6e07dfbe cb2a772c' },
      { hunk: 'flush-tlb/x86-64', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb()', lines: '+6cf95786', near: 'bc72675d 6e07dfbe cb2a772c 15d0e114 79b4c50c' },
      { hunk: 'flush-tlb/x86-64-global', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb_global()', lines: '+23cb5571', near: 'e268b6bd 44f4ca0e ac144804 0c6d51d3 bc72675d' },
      { hunk: 'flush-tlb/x86-64-global', file: 'include/asm-x86_64/tlbflush.h', where: '__flush_tlb_global()', lines: '+6cf95786', near: 'd59b9efe a582b309 44fa7a2c 79b4c50c 898efbd1' },
    ],
  },
];
