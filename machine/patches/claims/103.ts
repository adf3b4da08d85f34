import type { Claim } from '../types';

// Thread 103: what the two fixes and the mails about them say.

export const claims103: readonly Claim[] = [
  { id: '103.1', says: 'Reclaim flushes after it has given up the lock of the page table; until then another CPU uses the page that it has unmapped.' },
  { id: '103.2', says: 'An mprotect() in that time finds nothing present, flushes nothing, and returns while its caller\'s threads can still write.' },
  { id: '103.3', says: 'An munmap() in that time returns while the page can still be reached at the address.' },
  { id: '103.4', says: 'A page that reclaim frees is never reached afterwards, since it flushes before it frees.' },
  { id: '103.5', says: 'It is enough to note in the address space that one of its pages has joined a batch, and to flush under the lock of the page table if so.', hypothesis: 'all pages are mapped by one page table, or no note is left over from an earlier batch' },
  { id: '103.6', says: 'The note is made and looked for under the lock of the page table, so that no barrier is needed.', hypothesis: 'both are done under the lock of the same page table' },
  { id: '103.7', says: 'Tracking the address spaces of a batch would be dear; the note costs one flush for each cycle of reclaim.', recorded: [{ source: '3ea277194daa', says: 'why there is a mark and no list' }] },
  { id: '103.8', says: 'The note must be made after the entry is cleared.' },
  { id: '103.9', says: 'Clearing the mark after the flush loses a page of another table that joined in between.' },
  { id: '103.10', says: 'Two counts, of which the second takes over only what the first held before the flush, lose nothing.' },
  { id: '103.11', says: 'The lost mark takes a refill within a tiny window, so that it is a matter of theory.', recorded: [{ source: 'Huang Ying, November 2021', says: 'it has not been seen to happen' }] },
];
