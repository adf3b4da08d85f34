import type { Process } from '../explorer/system';
import { Cpu } from '../hardware/cpu';
import type { Situation } from './types';

// What a situation tells the explorer about its machine, so that the fastest
// engine can be chosen (`System.runsOut`). It is derived from the processors, as
// the parameters have set them up; a search that finds otherwise refuses to
// continue. No situation is `endless`: in each of them all work can be done.
// CPUs that do the same are `interchangeable` in the chapter of Xen's page-table
// locks, where situations declare it themselves (`XenBackground.exchangeable`).
// In later kernels a CPU that waits for others interrupts them one after the
// other, by number, so two walkers or readers are not interchangeable.

/** Whether nothing can come once all work is done: nothing is connected to the processors, and they do nothing on their own. */
function nothingComes(processes: readonly Process[]): boolean {
  return processes.every((process) => process instanceof Cpu && !process.isDisturbed);
}

/** The situation; its machine decides whether it runs out, unless the situation itself does. */
export function declaring(situation: Situation): Situation {
  return {
    ...situation,
    build: (choice) => {
      const system = situation.build(choice);
      return { ...system, isKernel: true, runsOut: system.runsOut ?? nothingComes(system.processes) };
    },
  };
}
