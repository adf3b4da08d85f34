import type { Patch } from './types';

// Thread 100: Andy Lutomirski, January 2016.

export const switchMmBarrier: Patch = {
  id: 'switch-mm-barrier',
  thread: '100',
  title: 'A TLB flush reaches every CPU that is on its way into the address space',
  author: 'Andy Lutomirski',
  date: '2016-01',
  against: '4.4',
  quote: 'The flusher\'s store to the page table waits in its buffer while its load of the mask goes ahead: it sees nobody to tell, and the CPU that comes in sees the old entry.',
  story: [
    'A TLB flush interrupts only those CPUs whose bits are set in the mask of the address space. A CPU that switches to it sets its bit first and loads the page tables then. So either the flusher sees the bit and sends its interrupt, or the newcomer sees the changed entry: one of the two must have come first.',
    'On x86 both can miss. A store waits in a buffer while later loads go on, so the flusher may look at the mask before anybody else can see what it wrote to the page table. It finds no bit, sends nothing, returns, and frees the page. The newcomer has filled its TLB with the old entry meanwhile, and keeps it.',
    'A flusher that has the address space loaded itself flushes its own TLB on the way, and each of the instructions for that is a full barrier. The patch puts one where there is none: where the flusher does not hold the address space at all, and where it has just given it up, since giving it up a second time does nothing.',
    'The mail also wrote down why the other side is safe: writing cr3 serialises. The bug was given the number CVE-2016-2069 on 26 January 2016, and the patch went to the stable kernels. Later versions of the flush have one barrier for all ways in.',
  ],
  hunks: [
    { id: 'switch-mm-barrier/stranger', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'A full barrier where the current task does not hold the address space.' },
    { id: 'switch-mm-barrier/after-leave', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'A full barrier after leave_mm().' },
    { id: 'switch-mm-barrier/page-after-leave', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_page()', does: 'A full barrier after leave_mm().' },
    { id: 'switch-mm-barrier/page-stranger', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_page()', does: 'A full barrier where the current task does not hold the address space, which the patch does not add.' },
    { id: 'switch-mm-barrier/late', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'A full barrier after the mask was read.' },
    { id: 'switch-mm-barrier/write-barrier', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'A write barrier before the mask is read.' },
    { id: 'switch-mm-barrier/fence-in-switch', file: 'arch/x86/include/asm/mmu_context.h', where: 'switch_mm()', does: 'A full barrier after the bit is set.' },
    { id: 'switch-mm-barrier/bit-after-load', file: 'arch/x86/include/asm/mmu_context.h', where: 'switch_mm()', does: 'The bit is set after cr3 is loaded.' },
    { id: 'switch-mm-barrier/plain-bit', file: 'arch/x86/include/asm/mmu_context.h', where: 'switch_mm()', does: 'The bit is set without a LOCK prefix.' },
    { id: 'switch-mm-barrier/loose-cr3', file: 'arch/x86/include/asm/mmu_context.h', where: 'load_cr3()', does: 'Writing cr3 lets earlier stores wait, as on no real processor.' },
  ],
  whole: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave'],
  variants: [
    { id: 'late', kind: 'near-miss', title: 'The barrier after the mask was read', hunks: ['switch-mm-barrier/late'], about: 'A barrier is there, and everything is in memory when the function returns; the answer is old by then.' },
    { id: 'write-barrier', kind: 'near-miss', title: 'smp_wmb() in place of smp_mb()', hunks: ['switch-mm-barrier/write-barrier'], about: 'Orders stores among themselves, which x86 does anyway; here a load overtakes a store.' },
    { id: 'fence-in-switch', kind: 'near-miss', title: 'The barrier in switch_mm() alone', hunks: ['switch-mm-barrier/fence-in-switch'], about: 'The side that is named in the title of the patch, and the one that has its barrier already.' },
    { id: 'only-strangers', kind: 'near-miss', title: 'The barrier only where the flusher holds nothing', hunks: ['switch-mm-barrier/stranger'], about: 'leave_mm() looks like a barrier: it clears a bit with LOCK and loads cr3. It does neither when there is nothing to leave.' },
    { id: 'bit-after-load', kind: 'near-miss', title: 'The patch, and the bit set after cr3', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/bit-after-load'], about: 'No task touches memory between the two; the TLB may be filled there all the same.' },
    { id: 'plain-bit', kind: 'alternative', title: 'The patch, and the bit set without LOCK', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/plain-bit'], about: 'A thought experiment: is writing cr3 barrier enough? Nobody posted it, and two CPUs that set bits at once would lose one.' },
    { id: 'loose-cr3', kind: 'alternative', title: 'The patch, on a processor whose cr3 does not serialise', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/loose-cr3'], about: 'A thought experiment: is the LOCK of the bit barrier enough?' },
    { id: 'neither', kind: 'near-miss', title: 'Neither LOCK nor a cr3 that serialises', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/plain-bit', 'switch-mm-barrier/loose-cr3'], about: 'The mirror image of the bug: now the newcomer\'s store waits.' },
    { id: 'page-too', kind: 'alternative', title: 'The patch, with the barrier that flush_tlb_page() lacks', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/page-stranger'], about: 'Holds however the entry was changed. Later versions have one barrier for all ways in.' },
  ],
  citations: [
    { source: '71b3c126e611', says: 'the patch: the three barriers, and comments on those that were there' },
    { source: 'CVE-2016-2069, oss-security, 26 Jan 2016', says: 'the number, given for invalidating what the CPU itself does not use while another switches to it' },
    { source: '4eaffdd5a5fe', says: 'the comments again: TLB fills can happen for no reason, and neither LOCK nor MFENCE orders them' },
    { source: '3.16.7-ckt24; 3.14 review, 14 Aug 2016', says: 'the patch in stable kernels' },
  ],
  notModelled: ['more than one flush at a time, and the queue of remote calls beyond one entry', 'paging-structure caches, and page tables that are freed', 'address-space identifiers, CR4 and the local descriptor table', 'x86-64: page tables here have two levels'],
};
