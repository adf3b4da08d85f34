import type { Claim } from '../types';

// What thread 004 says, statement by statement.

export const claims004: readonly Claim[] = [
  { id: '004.1', says: 'A new page table can be found by the reverse mapping before it is pinned, and still be found while it is unpinned.' },
  { id: '004.2', says: 'Another CPU can therefore change an entry in a page that is read-only already and not pinned yet; its write faults.' },
  { id: '004.3', says: 'While a page table is unpinned, another CPU can fault on a write to its entries in the same way.' },
  { id: '004.4', says: 'The races of pinning and of unpinning are cured if each pte page is locked until Xen has carried out the batch that pins it.', hypothesis: 'a fault that only a stale read-only translation explains is ignored, as 2.6.25 does; 2.6.24 dies of it while it unpins' },
  { id: '004.5', says: 'If every pte page is locked at the same time, the preempt count may run over its PREEMPT_BITS.', hypothesis: 'CONFIG_PREEMPT is on, and more than 254 pte pages are in use' },
  { id: '004.6', says: 'A pin for each pte page, and an unlock when the batch ends, put a bound on how many locks are held.' },
  { id: '004.7', says: 'Without split pte locks no lock is taken, and none is needed.' },
  { id: '004.8', says: 'The threshold of 4096 CPUs for Xen is no longer needed; before the patch it was what kept the race away.' },
  { id: '004.9', says: 'A pte page that joins a pinned page table must be read-only and pinned itself, and unpinned before it is released; a high one must have no stray kernel mappings instead.' },
  { id: '004.10', says: 'Without PAE the boot page table was pinned at the wrong level.' },
  { id: '004.11', says: 'The page directory is visited last, and its call carries the TLB flush.' },
  { id: '004.12', says: 'The walk never goes past the kernel into entries of the hypervisor.' },
  { id: '004.13', says: 'Where execve() fails, its new page table was perhaps never pinned; then it must not be unpinned either.' },
  { id: '004.14', says: 'There is no deadlock: holding several pte locks until a batch has been made cannot form a cycle with any other holder.' },
];
