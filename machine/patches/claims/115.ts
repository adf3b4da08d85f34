import type { Claim } from '../types';

// Thread 115: what the commits say.

export const claims115: readonly Claim[] = [
  { id: '115.1', says: 'Two threads can call madvise() for the same range at once, and the second one finds entries that are already cleared but not yet flushed.' },
  { id: '115.2', says: 'If another thread has cleared the entry first, a thread that returns from madvise(MADV_DONTNEED) can still reach the old page.' },
  { id: '115.3', says: 'It is enough to count the threads that have unmapped but not yet flushed, and to let every thread flush that is not alone.' },
  { id: '115.4', says: 'The count of outstanding flushes may go down only after the flush.' },
];
