import type { HunkId, Patch } from './types';

// Thread 101: Dave Hansen, May 2025; Stephen Dolan and Peter Zijlstra, October 2025.

const hunk = (name: string): HunkId => `skipped-flush/${name}`;

export const skippedFlush: Patch = {
  id: 'skipped-flush',
  thread: '101',
  title: 'A flush is not kept from a CPU that is on its way into the address space',
  author: 'Dave Hansen, Peter Zijlstra',
  date: '2025-05',
  against: '6.14',
  quote: 'A CPU has read the generation of the page tables and is about to load them; loaded_mm still names the address space that it leaves. A flush that looks at loaded_mm passes it over, and the old translation stays.',
  story: [
    'A flush counts up the generation of the address space and then interrupts the CPUs that have it loaded. A CPU that loads it compares generations first. One of the two is meant to notice: either the CPU sees the new generation and flushes, or the flush sees the CPU and interrupts it.',
    'Until early 2025 the mask of the address space said whom to interrupt. Then a filter was added that looks at what each CPU of the mask has loaded, to save interrupts. A CPU that has read the generation but not yet stored loaded_mm is passed over: it keeps what its TLB has, and with tagged translations it has kept the old ones.',
    'The first fix made the filter take a CPU that is switching for one that has arrived, and moved the mark to before the generation is read. The stable trees got the filter without the move. In mainline a full barrier was missing after the mark where the bit of the mask was set already; it came five months later.',
  ],
  hunks: [
    { id: hunk('filter'), file: 'arch/x86/mm/tlb.c', where: 'should_flush_tlb()', does: 'A CPU whose loaded_mm says that it is switching is interrupted.' },
    { id: hunk('switching-first'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'loaded_mm says so from before the bit of the mask is looked at and the generation is read.' },
    { id: hunk('barrier'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'A full barrier where the bit of the mask is found set.' },
    { id: hunk('barrier-before'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'A full barrier before loaded_mm says that the CPU is switching.' },
    { id: hunk('barrier-after-cr3'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'A full barrier after CR3 is loaded.' },
    { id: hunk('bit-first'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'The bit of the mask is always set with LOCK, before loaded_mm says that the CPU is switching.' },
    { id: hunk('release'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'loaded_mm is stored with release semantics.' },
  ],
  whole: [hunk('filter'), hunk('switching-first'), hunk('barrier')],
  variants: [
    { id: '6.15', kind: 'take', title: 'The filter and the earlier mark', hunks: [hunk('filter'), hunk('switching-first')], about: 'fea4e317f9e7, Dave Hansen, 8 May 2025, 6.15-rc6: CVE-2025-37964.' },
    { id: 'stable', kind: 'take', title: 'The filter alone', hunks: [hunk('filter')], about: 'What 6.14.7, 6.12.29, 6.6.91, 6.1.139 and 5.15.183 got in May 2025.' },
    { id: 'order-only', kind: 'near-miss', title: 'The earlier mark alone', hunks: [hunk('switching-first')], about: 'The mark is there in time, and the filter does not look for it.' },
    { id: 'barrier-before', kind: 'near-miss', title: 'The barrier before the mark', hunks: [hunk('filter'), hunk('switching-first'), hunk('barrier-before')], about: 'A barrier stands beside the store; what matters is the load after it.' },
    { id: 'barrier-after-cr3', kind: 'near-miss', title: 'The barrier after CR3', hunks: [hunk('filter'), hunk('switching-first'), hunk('barrier-after-cr3')], about: 'Loading CR3 is a barrier already, and the generation has been read by then.' },
    { id: 'bit-first', kind: 'near-miss', title: 'Set the bit always, in its old place', hunks: [hunk('filter'), hunk('switching-first'), hunk('bit-first')], about: 'The locked instruction that used to be the barrier is back, one line too early.' },
    { id: 'release', kind: 'near-miss', title: 'Store the mark with release semantics', hunks: [hunk('filter'), hunk('switching-first'), hunk('release')], about: 'On x86 every store is a release; what is missing is the order of a store before a load.' },
  ],
  citations: [
    { source: '209954cbc7d0 (6.14)', says: 'the mask is kept lazily' },
    { source: '6db2526c1d69 (6.14; stable, February 2025)', says: 'the filter on loaded_mm, with a trim of the mask once a second' },
    { source: 'fea4e317f9e7 (6.15-rc6)', says: 'the first fix: CVE-2025-37964' },
    { source: 'Stephen Dolan, 9 Oct 2025', says: 'mainline lacks a fence, and the stable trees have the lines in the wrong order; with a reproducer' },
    { source: '83b0177a6c48 (6.18-rc2, 6.17.5)', says: 'the barrier: CVE-2025-40174' },
  ],
  notModelled: ['address-space identifiers that all CPUs share, and INVLPGB', 'isolation of page tables, with two identifiers for each address space', 'NMIs'],
};
