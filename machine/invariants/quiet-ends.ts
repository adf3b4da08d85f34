import type { Invariant } from '../explorer/system';
import type { Cpu } from '../hardware/cpu';
import type { Kernel } from '../kernel/kernel';

// What a path has to restore: a path that disables preemption or interrupts and
// never enables them again does no immediate harm.

/** No task yields the CPU while preemption is off, about which schedule() complains. */
export const neverSchedulesAtomically = (k: Kernel): Invariant => ({
  name: 'neverSchedulesAtomically',
  check: () => k.schedulingWhileAtomic.value,
});

/** A system call ends with interrupts on, as it began. */
export const interruptsComeBack = (cpus: readonly Cpu[]): Invariant => ({
  name: 'interruptsComeBack',
  check: () => {
    for (const cpu of cpus) {
      if (cpu.IF) continue;
      const { context, paths, text } = cpu.describe();
      if (text === 'cli' && paths.at(-1) === 'work_resched' && paths.at(-3) === 'system_call') return `${context} comes to the end of its system call with interrupts off, and nothing turns them on again`;
    }
    return null;
  },
});
