import type { Claim } from '../types';

// Thread 114: what the series and the answers to it say.

export const claims114: readonly Claim[] = [
  { id: '114.1', says: 'Code that a loop in lazy MMU mode calls enables the mode once more, which Xen answers with a BUG.' },
  { id: '114.2', says: 'After lazy_mmu_mode_disable() the caller may rely on all that it has updated, nested or not.' },
  { id: '114.3', says: 'An inner section that simply ends the mode is correct, and collects nothing afterwards.' },
  { id: '114.4', says: 'The depth belongs to the task, and not to the CPU.' },
  { id: '114.5', says: 'A pause makes updates take effect at once, and what was enabled before goes on afterwards.' },
  { id: '114.6', says: 'The flag TIF_LAZY_MMU_UPDATES says nothing that the count of the task does not say.', hypothesis: 'being in the mode already, or out of it, does no harm' },
  { id: '114.7', says: 'A switch of tasks must leave the mode for the task that goes, and enter it again for the task that comes back.' },
  { id: '114.8', says: 'Whether the count changes before or after the mode is entered or left does not matter.', hypothesis: 'no task is preempted in between, or the mode is tolerated where it is found' },
  { id: '114.9', says: 'In interrupt context the mode is off, whatever the task has enabled.', wouldDecide: 'a handler in the situation that updates an entry and relies on it' },
];
