import type { Process } from '../explorer/system';
import { Cpu } from '../hardware/cpu';
import type { Situation } from './types';

// What a situation tells the explorer about its machine, so that the fastest
// engine can be chosen (`System.runsOut`). It is read off the processors, with
// whatever the parameters gave them; a search that sees otherwise refuses to go
// on. No situation is `endless`: in each of them all work can be done.
// CPUs that do the same are `interchangeable` in the chapter of Xen's page-table
// locks, where situations say so themselves (`XenBackground.exchangeable`). In
// later kernels those that wait for others tell them one after the other, by
// number, so that two walkers or readers are not.

/** Whether nothing can come once all work is done: nothing is connected to the processors, and they do nothing unasked. */
function nothingComes(processes: readonly Process[]): boolean {
  return processes.every((process) => process instanceof Cpu && !process.isDisturbed);
}

/** The situation, whose machine says whether it runs out, if the situation does not say so itself. */
export function declaring(situation: Situation): Situation {
  return {
    ...situation,
    build: (choice) => {
      const system = situation.build(choice);
      return { ...system, isKernel: true, runsOut: system.runsOut ?? nothingComes(system.processes) };
    },
  };
}
