import type { Claim } from '../types';

// Thread 109: what the two commits say.

export const claims109: readonly Claim[] = [
  { id: '109.1', says: 'An entry that is read in two halves while a page fault fills it can lead to a table that does not exist.', hypothesis: 'the compiler loads the high half first' },
  { id: '109.2', says: 'The bug needs more than 4 GiB of memory.' },
  { id: '109.3', says: 'If no large pages come and go, it is enough to read the low half of an entry, and then the high half if the low one is set.' },
  { id: '109.4', says: 'If large pages come and go, all 64 bits of an entry must be read at once.', hypothesis: 'the caller uses the rest of the entry of a large page; callers that only test whether it is one need only the order of the halves' },
  { id: '109.5', says: 'Every writer of such an entry writes its 64 bits at once.' },
  { id: '109.6', says: 'CMPXCHG8B cannot be used under Xen.' },
  { id: '109.7', says: 'An entry that has once been seen to lead to a table stays so while mmap_sem is held.' },
];
