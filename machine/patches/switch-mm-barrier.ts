import type { Patch } from './types';

// Thread 100: Andy Lutomirski, January 2016.

export const switchMmBarrier: Patch = {
  id: 'switch-mm-barrier',
  thread: '100',
  title: 'A TLB flush reaches every CPU that is switching to the address space',
  author: 'Andy Lutomirski',
  date: '2016-01',
  against: '4.4',
  quote: 'The flusher\'s store to the page table waits in its buffer while its load of the mask proceeds. So it sees no CPU to interrupt, while the CPU that is switching sees the old entry.',
  story: [
    'A TLB flush interrupts only those CPUs whose bits are set in the mask of the address space. A CPU that switches to it first sets its bit and then loads the page tables. So either the flusher sees the bit and sends an interrupt, or the newcomer sees the changed entry, because one of the two came first.',
    'On x86 both can be missed. A store waits in a buffer while later loads proceed, so the flusher may read the mask before its own change of the page table is visible to other CPUs. It finds no bit, sends no interrupt, returns, and frees the page. In the meantime the newcomer has filled its TLB with the old entry, and keeps it.',
    'A flusher that has the address space loaded also flushes its own TLB, and each instruction that does so is a full barrier. The patch adds a barrier where there was none: if the flusher does not use the address space at all, and if its CPU has called leave_mm(), which does nothing the second time.',
    'The patch also documents why the other side is safe: writing cr3 serialises. The bug was assigned CVE-2016-2069 on 26 January 2016, and the patch went to the stable kernels. Later versions of the flush have one barrier for all cases.',
  ],
  hunks: [
    { id: 'switch-mm-barrier/stranger', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'Adds a full barrier if the current task does not use the address space.' },
    { id: 'switch-mm-barrier/after-leave', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'Adds a full barrier after leave_mm().' },
    { id: 'switch-mm-barrier/page-after-leave', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_page()', does: 'Adds a full barrier after leave_mm().' },
    { id: 'switch-mm-barrier/page-stranger', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_page()', does: 'Adds a full barrier if the current task does not use the address space; the patch does not.' },
    { id: 'switch-mm-barrier/late', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'Adds a full barrier after the mask is read.' },
    { id: 'switch-mm-barrier/write-barrier', file: 'arch/x86/mm/tlb.c', where: 'flush_tlb_mm_range()', does: 'Adds a write barrier before the mask is read.' },
    { id: 'switch-mm-barrier/fence-in-switch', file: 'arch/x86/include/asm/mmu_context.h', where: 'switch_mm()', does: 'Adds a full barrier after the bit is set.' },
    { id: 'switch-mm-barrier/bit-after-load', file: 'arch/x86/include/asm/mmu_context.h', where: 'switch_mm()', does: 'Sets the bit after cr3 is loaded.' },
    { id: 'switch-mm-barrier/plain-bit', file: 'arch/x86/include/asm/mmu_context.h', where: 'switch_mm()', does: 'Sets the bit without a LOCK prefix.' },
    { id: 'switch-mm-barrier/loose-cr3', file: 'arch/x86/include/asm/mmu_context.h', where: 'load_cr3()', does: 'Lets earlier stores wait when cr3 is written, as no real processor does.' },
  ],
  whole: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave'],
  variants: [
    { id: 'late', kind: 'near-miss', title: 'The barrier after the mask is read', hunks: ['switch-mm-barrier/late'], about: 'There is a barrier, and everything is in memory when the function returns; but the mask was read too early.' },
    { id: 'write-barrier', kind: 'near-miss', title: 'smp_wmb() instead of smp_mb()', hunks: ['switch-mm-barrier/write-barrier'], about: 'Orders stores among themselves, which x86 does anyway; but here a load passes a store.' },
    { id: 'fence-in-switch', kind: 'near-miss', title: 'The barrier only in switch_mm()', hunks: ['switch-mm-barrier/fence-in-switch'], about: 'The side that is named in the title of the patch, which already has its barrier.' },
    { id: 'only-strangers', kind: 'near-miss', title: 'The barrier only for a flusher that does not use the address space', hunks: ['switch-mm-barrier/stranger'], about: 'leave_mm() looks like a barrier, since it clears a bit with LOCK and loads cr3. But it does neither if the CPU has already left.' },
    { id: 'bit-after-load', kind: 'near-miss', title: 'The patch, and the bit set after cr3', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/bit-after-load'], about: 'No task accesses memory between the two steps, but the TLB may still be filled there.' },
    { id: 'plain-bit', kind: 'alternative', title: 'The patch, and the bit set without LOCK', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/plain-bit'], about: 'A thought experiment: is writing cr3 a sufficient barrier? It was never posted, and two CPUs that set bits at the same time would lose one.' },
    { id: 'loose-cr3', kind: 'alternative', title: 'The patch, on a processor whose cr3 does not serialise', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/loose-cr3'], about: 'A thought experiment: is setting the bit with LOCK a sufficient barrier?' },
    { id: 'neither', kind: 'near-miss', title: 'Neither LOCK nor a cr3 that serialises', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/plain-bit', 'switch-mm-barrier/loose-cr3'], about: 'The mirror image of the bug: now the newcomer\'s store waits in the buffer.' },
    { id: 'page-too', kind: 'alternative', title: 'The patch, with the barrier that flush_tlb_page() lacks', hunks: ['switch-mm-barrier/stranger', 'switch-mm-barrier/after-leave', 'switch-mm-barrier/page-after-leave', 'switch-mm-barrier/page-stranger'], about: 'Works however the entry is changed. Later versions have one barrier for all cases.' },
  ],
  citations: [
    { source: '71b3c126e611', says: 'the patch: the three barriers, and comments on the existing ones' },
    { source: 'CVE-2016-2069, oss-security, 26 Jan 2016', says: 'the number, assigned for a CPU that invalidates an address space that it does not use while another CPU switches to it' },
    { source: '4eaffdd5a5fe', says: 'corrects the comments: TLB fills can happen for no reason, and neither LOCK nor MFENCE orders them' },
    { source: '3.16.7-ckt24; 3.14 review, 14 Aug 2016', says: 'the patch in stable kernels' },
  ],
  notModelled: ['more than one flush at a time, and the queue of remote calls beyond one entry', 'paging-structure caches, and page tables that are freed', 'address-space identifiers, CR4 and the local descriptor table', 'x86-64: page tables here have two levels'],
};
