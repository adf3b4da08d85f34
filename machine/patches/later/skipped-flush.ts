import type { HunkId, Patch } from '../types';

// Thread 101: Dave Hansen, May 2025; Stephen Dolan and Peter Zijlstra, October 2025.

const hunk = (name: string): HunkId => `skipped-flush/${name}`;

export const skippedFlush: Patch = {
  id: 'skipped-flush',
  thread: '101',
  title: 'A flush does not skip a CPU that is switching to the address space',
  author: 'Dave Hansen, Peter Zijlstra',
  date: '2025-05',
  against: '6.14',
  quote: 'A CPU has read the generation of the page tables and is about to load them, but its loaded_mm still names the address space that it is leaving. A flush that checks loaded_mm skips this CPU, and the old translation stays.',
  story: [
    'A flush increments the generation of the address space and then interrupts the CPUs that have it loaded. A CPU that loads it compares generations first. One of the two should notice the other: either the CPU sees the new generation and flushes, or the flush sees the CPU and interrupts it.',
    'Until early 2025 a flush interrupted every CPU in the mask of the address space. Then, to save interrupts, a filter was added that checks what each of these CPUs has loaded. A CPU that has read the generation but not yet stored loaded_mm is skipped. It keeps the translations in its TLB, and with tagged translations these include old ones.',
    'The first fix made the filter treat a CPU that is switching like one that has switched, and moved the mark to before the generation is read. The stable trees got the filter without the move. In mainline a full barrier was still missing after the mark if the mask bit was already set; it was added five months later.',
  ],
  hunks: [
    { id: hunk('filter'), file: 'arch/x86/mm/tlb.c', where: 'should_flush_tlb()', does: 'Interrupts a CPU whose loaded_mm says that it is switching.' },
    { id: hunk('switching-first'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'Marks loaded_mm as switching before the mask bit and the generation are read.' },
    { id: hunk('barrier'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'Adds a full barrier if the mask bit is already set.' },
    { id: hunk('barrier-before'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'Adds a full barrier before loaded_mm is marked as switching.' },
    { id: hunk('barrier-after-cr3'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'Adds a full barrier after CR3 is loaded.' },
    { id: hunk('bit-first'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'Always sets the mask bit with LOCK, before loaded_mm is marked as switching.' },
    { id: hunk('release'), file: 'arch/x86/mm/tlb.c', where: 'switch_mm_irqs_off()', does: 'Stores loaded_mm with release semantics.' },
  ],
  whole: [hunk('filter'), hunk('switching-first'), hunk('barrier')],
  variants: [
    { id: '6.15', kind: 'take', title: 'The filter and the earlier mark', hunks: [hunk('filter'), hunk('switching-first')], about: 'fea4e317f9e7, Dave Hansen, 8 May 2025, 6.15-rc6: CVE-2025-37964.' },
    { id: 'stable', kind: 'take', title: 'The filter alone', hunks: [hunk('filter')], about: 'As in 6.14.7, 6.12.29, 6.6.91, 6.1.139 and 5.15.183 in May 2025.' },
    { id: 'order-only', kind: 'near-miss', title: 'The earlier mark alone', hunks: [hunk('switching-first')], about: 'The mark is set in time, but the filter does not look for it.' },
    { id: 'barrier-before', kind: 'near-miss', title: 'The barrier before the mark', hunks: [hunk('filter'), hunk('switching-first'), hunk('barrier-before')], about: 'The barrier is on the wrong side of the store; what matters is the load after it.' },
    { id: 'barrier-after-cr3', kind: 'near-miss', title: 'The barrier after CR3', hunks: [hunk('filter'), hunk('switching-first'), hunk('barrier-after-cr3')], about: 'Loading CR3 already is a barrier, and by then the generation has been read.' },
    { id: 'bit-first', kind: 'near-miss', title: 'Set the bit always, in its old place', hunks: [hunk('filter'), hunk('switching-first'), hunk('bit-first')], about: 'The locked instruction that used to be the barrier is back, but one line too early.' },
    { id: 'release', kind: 'near-miss', title: 'Store the mark with release semantics', hunks: [hunk('filter'), hunk('switching-first'), hunk('release')], about: 'On x86 every store is a release; what is missing is the order between a store and a later load.' },
  ],
  citations: [
    { source: '209954cbc7d0 (6.14)', says: 'the mask is updated lazily' },
    { source: '6db2526c1d69 (6.14; stable, February 2025)', says: 'the filter on loaded_mm, with a trim of the mask once a second' },
    { source: 'fea4e317f9e7 (6.15-rc6)', says: 'the first fix: CVE-2025-37964' },
    { source: 'Stephen Dolan, 9 Oct 2025', says: 'mainline lacks a fence, and the stable trees have the lines in the wrong order; with a reproducer' },
    { source: '83b0177a6c48 (6.18-rc2, 6.17.5)', says: 'the barrier: CVE-2025-40174' },
  ],
  notModelled: ['address-space identifiers that all CPUs share, and INVLPGB', 'isolation of page tables, with two identifiers for each address space', 'NMIs'],
};
