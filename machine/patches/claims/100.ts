import type { Claim } from '../types';

// What thread 100 says: the patch, its comments, and the request for a CVE number.

export const claims100: readonly Claim[] = [
  { id: '100.1', says: 'A flush by a CPU that does not use the address space can race with a CPU that switches to it, and then misses that CPU.' },
  { id: '100.2', says: 'The bit in the mask must be visible before the TLB can be filled from the new page tables.' },
  { id: '100.3', says: 'The outcome to be prevented is that the newcomer sees the new entry while the flusher sees its bit clear.' },
  { id: '100.4', says: 'The flushing CPU is the one that is left with the stale translation.' },
  { id: '100.5', says: 'The bad outcome is possible if either of the two loads before its own store is visible, so both need a full barrier.' },
  { id: '100.6', says: 'In switch_mm(), writing cr3 serialises and is the barrier that is needed there.', hypothesis: 'the bit is set by a plain store; a locked instruction, which the kernel uses, is a barrier of its own before cr3 is written' },
  { id: '100.7', says: 'Neither a locked instruction nor MFENCE orders TLB fills.', wouldDecide: 'a processor that fills its TLB ahead of its instructions: the one modelled here may fill at any time, but only from the page tables in cr3' },
  { id: '100.8', says: 'If the flusher flushes its own TLB, that already is a full barrier.' },
  { id: '100.9', says: 'A barrier was missing for a flusher that does not use the address space.' },
  { id: '100.10', says: 'A barrier was missing after leave_mm().', hypothesis: 'an earlier flush has already made the lazy CPU leave; the first time, leave_mm() is a barrier because of its locked instruction and the write to cr3' },
  { id: '100.11', says: 'With the barriers of the patch, flush and switch are synchronised.', hypothesis: 'a CPU that does not use the address space calls flush_tlb_page() only after a locked instruction has changed the entry, as ptep_clear_flush() does' },
  { id: '100.12', says: 'The fix belongs in the stable kernels.', recorded: [{ source: '3.16.7-ckt24', says: 'the patch in the extended stable series of 3.16' }, { source: '3.14 stable review, 14 Aug 2016', says: 'the patch for 3.14' }] },
];
