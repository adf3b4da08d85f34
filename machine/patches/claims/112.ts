import type { Claim } from '../types';

// Thread 112: what the commits say.

export const claims112: readonly Claim[] = [
  { id: '112.1', says: 'A walk with interrupts off is safe as long as flushes are interrupts.' },
  { id: '112.2', says: 'If the flush is a hypercall, a table can be freed and used again while it is walked.' },
  { id: '112.3', says: 'Rereading the entry above a table shows that the table was still there when the reference was taken, but does not protect the walk itself.' },
  { id: '112.4', says: 'An interrupt that every CPU has to answer, between cutting the table off and freeing it, protects the walk.' },
  { id: '112.5', says: 'A table that is freed after a grace period of RCU lives as long as a walk with interrupts off, whatever kind of flush is used.' },
];
