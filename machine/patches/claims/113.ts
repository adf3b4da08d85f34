import type { Claim } from '../types';

// Thread 113: what the commit says.

export const claims113: readonly Claim[] = [
  { id: '113.1', says: 'A processor can set A or D in an entry after it was read, and the bit is lost when the entry is written back.' },
  { id: '113.2', says: 'An exchange with 0 prevents the loss of A and D: the entry is not present until it is written back.' },
  { id: '113.3', says: 'An exchange cannot be batched.', recorded: [{ source: '1ea0704e0da6', says: 'its result is needed at once' }] },
  { id: '113.4', says: 'On bare metal the code does the same as before the patch.' },
  { id: '113.5', says: 'The pair of functions protects only against processors; the lock of the page table must be held around it.' },
];
