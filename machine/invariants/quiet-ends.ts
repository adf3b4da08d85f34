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

/** Where a task is giving up the CPU, or about to ask whether it should. */
const GIVING_WAY: ReadonlySet<string> = new Set(['preempt_schedule', 'preempt_from_interrupt', 'schedule', 'idle_round']);

/**
 * With CONFIG_PREEMPT, the kernel does not go on with a task that a timer has told to give way, once its preempt count is
 * zero and interrupts are on: the last preempt_enable() and the way out of each interrupt call the scheduler.
 */
export const givesWayWhenAsked = (k: Kernel): Invariant => ({
  name: 'givesWayWhenAsked',
  check: () => {
    if (!k.config.PREEMPT) return null;
    for (const cpu of k.cpus) {
      const task = k.current(cpu);
      if (!task.need_resched || task.preempt_count !== 0 || !cpu.IF || cpu.cpl !== 0) continue;
      const { paths } = cpu.describe();
      if (!paths.some((name) => GIVING_WAY.has(name))) return `${task.name} goes on in ${paths.at(-1) ?? 'the kernel'}() although it has been told to give way, and nothing keeps it from being preempted`;
    }
    return null;
  },
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

/** The first CPU that runs the kernel with interrupts on, or off, in paths about which `says` has something to say. */
function firstCpu(cpus: readonly Cpu[], IF: boolean, says: (paths: readonly string[]) => string | null): string | null {
  for (const cpu of cpus) {
    if (cpu.IF !== IF || cpu.cpl !== 0) continue;
    const { context, paths } = cpu.describe();
    const said = says(paths);
    if (said !== null) return `${cpu.name} (in ${context}) ${said}`;
  }
  return null;
}

/** Parts of the handlers of interrupts from other CPUs and from a RAID controller: they begin with interrupts off and never turn them on. */
const HANDLERS = ['smp_invalidate_interrupt', 'call_function_interrupt', 'write_page'];

/**
 * What a path calls that runs with interrupts off leaves them off, as they were.
 *
 * @param off the names of such paths
 */
export const interruptsStayOff = ({ cpus }: Kernel, off: readonly string[] = HANDLERS): Invariant => ({
  name: 'interruptsStayOff',
  check: () => firstCpu(cpus, true, (paths) => (off.includes(paths.at(-1)!) ? `goes on in ${paths.at(-1)!}() with interrupts on, which were off when it began` : null)),
});

/** local_bh_enable() may run softirqs, which need interrupts; with interrupts off it warns. */
export const softirqsOnlyWithInterruptsOn = ({ cpus }: Kernel): Invariant => ({
  name: 'softirqsOnlyWithInterruptsOn',
  check: () => firstCpu(cpus, false, (paths) => (paths.at(-1) === 'local_bh_enable' ? 'calls local_bh_enable() with interrupts off' : null)),
});

/** A task switch is made with interrupts off from beginning to end: the queue of the CPU is locked, and a handler would wait for its lock. */
export const switchesWithInterruptsOff = ({ cpus }: Kernel): Invariant => ({
  name: 'switchesWithInterruptsOff',
  check: () => firstCpu(cpus, true, (paths) => (paths.includes('context_switch') || paths.at(-1) === 'finish_task_switch' ? 'switches tasks with interrupts on' : null)),
});
