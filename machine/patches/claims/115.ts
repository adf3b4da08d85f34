import type { Claim } from '../types';

// Thread 115: what the commits say.

export const claims115: readonly Claim[] = [
  { id: '115.1', says: 'Two threads can call madvise() for the same range at once, and the second one finds entries that are gone and not flushed.' },
  { id: '115.2', says: 'A thread that returns from madvise(MADV_DONTNEED) can then still reach the old page.' },
  { id: '115.3', says: 'A count of those that have unmapped and not flushed, and a flush by every thread that is not alone, repair it.' },
  { id: '115.4', says: 'The count goes down after the flush.' },
];
