import type { Claim } from '../types';

// Thread 111: what the commit of 2014 says.

export const claims111: readonly Claim[] = [
  { id: '111.1', says: 'A CPU can write to a page of a file after the dirty bit of its entry was passed on to the page, and the write is lost.', hypothesis: 'the TLB of the CPU has the translation as dirty; a write through a clean one walks to the entry first' },
  { id: '111.2', says: 'A flush before the lock of the page table is released is enough, since page_mkclean() takes that lock.' },
  { id: '111.3', says: 'The flush can be separated from freeing: the pages need not be freed under the lock.', recorded: [{ source: '1cf35d47712d', says: 'tlb_flush_mmu() became two functions' }] },
  { id: '111.4', says: 'set_page_dirty() races with page_mkclean().' },
];
