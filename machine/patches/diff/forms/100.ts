import type { KnownForm } from '../known';

// What diffs of thread 100 look like.

export const forms100: readonly KnownForm[] = [
  {
    patch: 'switch-mm-barrier',
    source: '71b3c126e611',
    places: [
      { hunk: 'switch-mm-barrier/stranger', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', lines: '-06f8552c +4fee57f5 +6d9b6895', near: '23cb5571 921d1023 bc8ba70b fcdab73b' },
      { hunk: 'switch-mm-barrier/after-leave', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', lines: '+6d9b6895', near: '921d1023 bc8ba70b fcdab73b' },
      { hunk: null, file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_page(): braces', lines: '-f95385e1 +187b516e', near: '23cb5571 38730d61 a8031ee1 fcdab73b d2deedff' },
      { hunk: 'switch-mm-barrier/page-after-leave', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_page()', lines: '+6d9b6895', near: 'a8031ee1 fcdab73b d2deedff' },
    ],
  },
];
