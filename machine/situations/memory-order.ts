import { Cpu } from '../hardware/cpu';
import type { MemoryOrder } from '../hardware/store-buffer';
import type { Situation } from './types';

// Whether a verdict depends on the order in which stores reach memory: the
// same situation, kernel and all, on processors whose stores can wait. Which
// parts of a kernel are words of memory is declared with its structs
// (`inMemory`); each instruction says whether it drains the buffer.

/** The parameter that says how the stores of a situation's processors reach memory. */
const order = { about: 'SC: each store reaches memory at once; TSO: stores can wait in a buffer', legal: ['SC', 'TSO'] satisfies MemoryOrder[], initially: 'SC' } as const;

/** A situation that can be explored under TSO too. Stores can wait from the beginning of the exploration. */
export function underEitherOrder(situation: Situation): Situation {
  if ('order' in situation.parameters) return situation;
  return {
    ...situation,
    parameters: { ...situation.parameters, order },
    build: (choice) => {
      const system = situation.build(choice);
      if (choice.parameters['order'] !== 'TSO') return system;
      for (const process of system.processes) if (process instanceof Cpu) process.allow({ order: 'TSO' });
      system.store.settle();
      return system;
    },
  };
}
