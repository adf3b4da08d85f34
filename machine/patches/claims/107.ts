import type { Claim } from '../types';

// Thread 107: what the commit says, and a comment beside the code.

export const claims107: readonly Claim[] = [
  { id: '107.1', says: 'After a CPU has read the mask of an address space and called the CPUs in it, one of these may leave the mask before it answers.' },
  { id: '107.2', says: 'The CPU that answers must check that it is still lazy before it calls leave_mm().' },
  { id: '107.3', says: 'The crash hardly ever happened until 831d52bc1539, which clears the bit of the mask after the state has changed, made it frequent.' },
  { id: '107.4', says: 'The crash is in leave_mm(), which is called by the handler of the call.' },
  { id: '107.5', says: 'cpu_tlbstate is local to its CPU, so the order of the two stores to it cannot matter.' },
  { id: '107.6', says: 'If the handler tests the state, page tables that are still loaded are dropped by the comparison of CR3 that follows.' },
];
