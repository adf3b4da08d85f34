import type { Claim } from '../types';

// Thread 114: what the series and the answers to it say.

export const claims114: readonly Claim[] = [
  { id: '114.1', says: 'Code called from a loop in lazy MMU mode enables the mode again, which is a BUG on Xen.' },
  { id: '114.2', says: 'After lazy_mmu_mode_disable() the caller may rely on everything that it has updated, nested or not.' },
  { id: '114.3', says: 'An inner section that simply ends the mode is correct; the rest of the outer section is then not batched.' },
  { id: '114.4', says: 'The nesting depth belongs to the task, not to the CPU.' },
  { id: '114.5', says: 'A pause makes updates take effect at once, and afterwards lazy mode continues at the depth that it had before.' },
  { id: '114.6', says: 'The flag TIF_LAZY_MMU_UPDATES says nothing that the count of the task does not say.', hypothesis: 'it does no harm to enter the mode twice, or to leave it twice' },
  { id: '114.7', says: 'A task switch must leave lazy mode for the task that is switched out, and enter it again when that task comes back.' },
  { id: '114.8', says: 'Whether the count changes before or after the mode is entered or left does not matter.', hypothesis: 'no task is preempted in between, or entering the mode twice is tolerated' },
  { id: '114.9', says: 'In interrupt context the mode is off, whatever the task has enabled.', wouldDecide: 'a handler in the situation that updates an entry and relies on it' },
];
