import type { Claim } from '../types';

// What thread 004 says, statement by statement.

export const claims004: readonly Claim[] = [
  { id: '004.1', says: 'A new page table can be found through the reverse mapping before it is pinned, and still while it is being unpinned.' },
  { id: '004.2', says: 'While a page table is being pinned, another CPU can write to an entry in a page that is already read-only but not yet pinned, and the write faults.' },
  { id: '004.3', says: 'While a page table is being unpinned, another CPU can fault on a write to its entries in the same way.' },
  { id: '004.4', says: 'Locking each pte page until Xen has carried out the batch that pins or unpins it fixes the race during pinning and the one during unpinning.', hypothesis: 'a fault that is due only to a stale read-only translation is ignored, as in 2.6.25; 2.6.24 can oops on it while it unpins' },
  { id: '004.5', says: 'If every pte page is locked at the same time, the preempt count may overflow its PREEMPT_BITS.', hypothesis: 'CONFIG_PREEMPT is on, and more than 254 pte pages are in use' },
  { id: '004.6', says: 'Pinning each pte page on its own, and unlocking it when the batch ends, limits the number of locks that are held.' },
  { id: '004.7', says: 'Without split pte locks no lock is taken, and none is needed.' },
  { id: '004.8', says: 'The threshold of 4096 CPUs for split pte locks in kernels with Xen support is no longer needed; before the patch it prevented the race.' },
  { id: '004.9', says: 'A pte page that joins a pinned page table must be made read-only and pinned itself, and unpinned before it is released; a highmem page must have no stray kernel mappings.' },
  { id: '004.10', says: 'Without PAE the boot page table was pinned at the wrong level.' },
  { id: '004.11', says: 'The page directory is visited last, and its call carries the TLB flush.' },
  { id: '004.12', says: 'The walk never goes beyond the kernel\'s entries into those of the hypervisor.' },
  { id: '004.13', says: 'If execve() fails, its new page table may never have been pinned; then it must not be unpinned.' },
  { id: '004.14', says: 'There is no deadlock: holding several pte locks until a batch is issued cannot form a cycle with any other lock holder.' },
];
