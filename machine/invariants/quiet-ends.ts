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

/** Paths that begin with interrupts off and never turn them on: parts of the handlers of interrupts from other CPUs and from a RAID controller, and work that a caller does with interrupts off. */
const OFF = ['smp_invalidate_interrupt', 'call_function_interrupt', 'write_page', 'mapWithInterruptsOff'];

/** What such a path calls leaves interrupts off, as they were. */
export const interruptsStayOff = ({ cpus }: Kernel): Invariant => ({
  name: 'interruptsStayOff',
  check: () => {
    for (const cpu of cpus) {
      if (!cpu.IF || cpu.cpl !== 0) continue;
      const { context, paths } = cpu.describe();
      if (OFF.includes(paths.at(-1)!)) return `${cpu.name} (in ${context}) goes on in ${paths.at(-1)!}() with interrupts on, which were off when it began`;
    }
    return null;
  },
});

/** local_bh_enable() may run softirqs, which need interrupts; with interrupts off it warns. */
export const softirqsOnlyWithInterruptsOn = ({ cpus }: Kernel): Invariant => ({
  name: 'softirqsOnlyWithInterruptsOn',
  check: () => {
    for (const cpu of cpus) {
      if (cpu.IF || cpu.cpl !== 0) continue;
      const { context, paths } = cpu.describe();
      if (paths.at(-1) === 'local_bh_enable') return `${cpu.name} (in ${context}) calls local_bh_enable() with interrupts off`;
    }
    return null;
  },
});

/** A task switch is made with interrupts off from beginning to end: the queue of the CPU is locked, and a handler would wait for its lock. */
export const switchesWithInterruptsOff = ({ cpus }: Kernel): Invariant => ({
  name: 'switchesWithInterruptsOff',
  check: () => {
    for (const cpu of cpus) {
      if (!cpu.IF || cpu.cpl !== 0) continue;
      const { context, paths } = cpu.describe();
      if (paths.includes('context_switch') || paths.at(-1) === 'finish_task_switch') return `${cpu.name} (in ${context}) switches tasks with interrupts on`;
    }
    return null;
  },
});
