import type { Claim } from '../types';

// Thread 106: what the commits and the thread say.

export const claims106: readonly Claim[] = [
  { id: '106.1', says: 'A processor in lazy TLB mode may use page tables that are gone by then, by looking ahead, and bring the machine down.', hypothesis: 'it keeps upper entries apart, and loads translations that no access asked for' },
  { id: '106.2', says: 'A lazy CPU must be told when page tables are freed that it may still walk, and must leave them.' },
  { id: '106.3', says: 'For pages alone no lazy CPU need be told: it finds out by tlb_gen when it returns.' },
  { id: '106.4', says: 'CPUs that are not lazy were flushed when the pages went.' },
  { id: '106.5', says: 'Tables that wait for an interrupt or for RCU are safe from walks of the kernel; that says nothing about walks of the hardware.' },
  { id: '106.6', says: 'Freeing tables is rarer than changing what pages may be used for.', recorded: [{ source: '2ff6ddf19c0e', says: 'munmap() frees them in larger ranges, and mprotect() and madvise() free none' }] },
  { id: '106.7', says: 'A CPU that loads init_mm at once, instead of borrowing the address space, need not be told of freed tables.', hypothesis: 'tables are freed by RCU, for which a CPU with interrupts off is waited: the CPU leaves the mask before it has loaded CR3' },
  { id: '106.8', says: 'Handing tables to RCU takes the place of a flush before they are freed.', hypothesis: 'the flush comes before they are handed over, as since 4.19' },
];
