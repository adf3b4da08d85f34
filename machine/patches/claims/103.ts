import type { Claim } from '../types';

// Thread 103: what the two fixes and the mails about them say.

export const claims103: readonly Claim[] = [
  { id: '103.1', says: 'Reclaim flushes after it has released the lock of the page table; until then another CPU can use the page that reclaim has unmapped.' },
  { id: '103.2', says: 'An mprotect() that runs after reclaim has unmapped a page but before it flushes finds nothing present, flushes nothing, and returns while its caller\'s threads can still write.' },
  { id: '103.3', says: 'An munmap() that runs after reclaim has unmapped a page but before it flushes returns while the page can still be reached at its address.' },
  { id: '103.4', says: 'A page that reclaim frees is never reached afterwards, since reclaim flushes before it frees.' },
  { id: '103.5', says: 'It is enough to set a flag in the address space when one of its pages joins a batch, and to flush under the lock of the page table if the flag is set.', hypothesis: 'all pages are mapped by one page table, or the flag is not still set from an earlier batch' },
  { id: '103.6', says: 'The flag for batched flushes is set and read under the lock of the page table, so no barrier is needed.', hypothesis: 'both happen under the lock of the same page table' },
  { id: '103.7', says: 'Tracking the address spaces of a batch would be expensive; the flag costs one flush for each cycle of reclaim.', recorded: [{ source: '3ea277194daa', says: 'why there is a flag and no list' }] },
  { id: '103.8', says: 'The flag for batched flushes must be set after the entry is cleared.' },
  { id: '103.9', says: 'If the flag is cleared after the flush, a page of another page table that joined the batch in between is lost.' },
  { id: '103.10', says: 'With two counts, of which the second takes over only what the first held before the flush, no page is lost.' },
  { id: '103.11', says: 'Losing the flag does harm only if a TLB is refilled within a tiny window, so the bug is theoretical.', recorded: [{ source: 'Huang Ying, November 2021', says: 'it has never been observed' }] },
];
