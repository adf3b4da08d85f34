import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import { timer_interrupt } from '../irq/entry';
import type { Kernel } from '../../kernel';
import type { Task } from '../../task';

// kernel/sched.c, 2.6.10: how a task that waits for one CPU moves to another.
// Model: load is not weighed; at each tick, any task that is not running may be
// pulled, or none. The two queues' locks, which double_lock_balance() takes, are
// part of the instruction that pulls.

/** can_migrate_task(): tasks on other queues that are not running, while their queue is not locked. */
const movable = (cpu: Cpu, k: Kernel): readonly Task[] =>
  k.cpus.filter((other) => other !== cpu && k.rq(other).lock === null).flatMap((other) => k.rq(other).tasks.filter((task) => task.onCpu === null));

const pull_task = instruction('pull_task()', (cpu: Cpu, k: Kernel) => {
  const task = movable(cpu, k)[cpu.chosen - 1];
  if (!task) return;
  k.rq(task.onQueueOf!).dequeue(task);
  k.rq(cpu).enqueue(task);
  task.onQueueOf = cpu;
}, { locked: true, choices: (cpu: Cpu, k: Kernel) => ['none', ...movable(cpu, k).map((task) => task.name)] });

/** kernel/sched.c:2284-2397 (2.6.10), scheduler_tick() and rebalance_tick(). */
export const scheduler_tick = path(function* scheduler_tick(k: Kernel): Path {
  yield* timer_interrupt(k);
  yield* pull_task(k);
});
