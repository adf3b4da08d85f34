import type { Claim } from '../types';

// Thread 107: what the commit says, and a comment beside the code.

export const claims107: readonly Claim[] = [
  { id: '107.1', says: 'A CPU may leave the set of those that use an address space between the look of the CPU that asks and its own answer.' },
  { id: '107.2', says: 'The CPU that answers must check that it is still lazy before it calls leave_mm().' },
  { id: '107.3', says: 'The crash could hardly be met until 831d52bc1539 made it frequent, which clears the bit of the mask after the state has changed.' },
  { id: '107.4', says: 'What crashes is leave_mm(), called from the answer to the call.' },
  { id: '107.5', says: 'The state is local to its CPU, so that the order of its two stores cannot matter.' },
  { id: '107.6', says: 'With the state asked for, what remains loaded is dropped by the comparison of CR3 that follows.' },
];
