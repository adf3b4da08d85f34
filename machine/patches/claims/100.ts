import type { Claim } from '../types';

// What thread 100 says: the patch, its comments, and the request for a CVE number.

export const claims100: readonly Claim[] = [
  { id: '100.1', says: 'A flush by a CPU that does not use the address space can race with a CPU that switches to it, and then never reaches that CPU.' },
  { id: '100.2', says: 'The bit in the mask must be visible before the TLB can be filled from the new page tables.' },
  { id: '100.3', says: 'The outcome to be prevented is that the newcomer sees the new entry while the flusher sees its bit clear.' },
  { id: '100.4', says: 'It is the flushing CPU that is left with the stale translation.' },
  { id: '100.5', says: 'It is enough for the bad outcome that one of the two, whichever, has its load before its own store; so both need a full barrier.' },
  { id: '100.6', says: 'In switch_mm(), writing cr3 serialises, and is the barrier that is needed there.', hypothesis: 'the bit is set by a plain store; a locked instruction, which the kernel uses, is a barrier of its own before cr3 is written' },
  { id: '100.7', says: 'Neither a locked instruction nor MFENCE orders TLB fills.', wouldDecide: 'a processor whose fills run ahead of its instructions: the one modelled here may fill at any time, but only from tables that are in cr3' },
  { id: '100.8', says: 'Where the flusher flushes its own TLB, that is a full barrier already.' },
  { id: '100.9', says: 'A barrier was missing where the flusher does not hold the address space.' },
  { id: '100.10', says: 'A barrier was missing after leave_mm().', hypothesis: 'an earlier flush has made the lazy CPU leave already; the first time, leave_mm() is a barrier by its locked instruction and by cr3' },
  { id: '100.11', says: 'With the barriers of the patch, flush and switch are synchronised.', hypothesis: 'flush_tlb_page() is called for an address space that is not held only after a locked instruction has changed the entry, as ptep_clear_flush() does' },
  { id: '100.12', says: 'The fix belongs into the stable kernels.', recorded: [{ source: '3.16.7-ckt24', says: 'the patch in the extended stable series of 3.16' }, { source: '3.14 stable review, 14 Aug 2016', says: 'the patch for 3.14' }] },
];
