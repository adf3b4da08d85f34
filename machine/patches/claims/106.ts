import type { Claim } from '../types';

// Thread 106: what the commits and the thread say.

export const claims106: readonly Claim[] = [
  { id: '106.1', says: 'A processor in lazy TLB mode may speculatively walk page tables that were already freed, and bring the machine down.', hypothesis: 'it caches upper entries, and loads translations that no access needs' },
  { id: '106.2', says: 'A lazy CPU must be told when page tables that it may still walk are freed, and must switch away from them.' },
  { id: '106.3', says: 'If only pages are freed, a lazy CPU need not be told: it learns of the flush from tlb_gen when it returns.' },
  { id: '106.4', says: 'CPUs that are not lazy were already flushed when the pages were unmapped.' },
  { id: '106.5', says: 'Tables that are freed only after an interrupt or by RCU are safe from walks by the kernel; that says nothing about walks by the hardware.' },
  { id: '106.6', says: 'Freeing tables is rarer than changing what pages may be used for.', recorded: [{ source: '2ff6ddf19c0e', says: 'munmap() frees them in larger ranges, and mprotect() and madvise() free none' }] },
  { id: '106.7', says: 'A CPU that loads init_mm at once, instead of borrowing the address space, need not be told of freed tables.', hypothesis: 'tables are freed by RCU, which waits for a CPU with interrupts off: the CPU leaves the mask before it has loaded CR3' },
  { id: '106.8', says: 'If tables are handed to RCU, no flush is needed right before they are freed.', hypothesis: 'the flush comes before they are handed over, as since 4.19' },
];
