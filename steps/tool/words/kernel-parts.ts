// Parts of the kernels, each by itself: what a table calls.

import { compareReleases } from '../../../machine/kernel/kernel';
import { RunQueue } from '../../../machine/kernel/linux-2.6/sched/runqueue';
import { add_preempt_count, sub_preempt_count } from '../../../machine/kernel/linux-2.6/sched/preempt';
import type { Task } from '../../../machine/kernel/task';
import type { Step } from '../../../machine/path';
import { Background } from '../../../machine/situations/flush-tlb/background';
import { Entity } from '../../../machine/state/hash';
import { Store } from '../../../machine/state/store';

/** Which of two releases is older. */
function older(one: string, other: string): string {
  const order = compareReleases(one, other);
  return order === 0 ? 'neither' : order < 0 ? one : other;
}

/** A task's preempt count after these changes, and the warning that they cause. */
function preemptCount(hasDebug: boolean, ...changes: readonly number[]): string {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: { PREEMPT: true, DEBUG_PREEMPT: hasDebug } });
  const { kernel, cpus: [cpu] } = background;
  const task = background.task('editor', null, function* program() { /* it does nothing */ } as never);
  background.running(task);
  task.preempt_count = 0;
  for (const change of changes) ((change < 0 ? sub_preempt_count(kernel, -change) : add_preempt_count(kernel, change)) as unknown as Step).act(cpu!);
  return `0x${task.preempt_count.toString(16)}${kernel.debugLocksWarning.value === null ? '' : `: ${kernel.debugLocksWarning.value}`}`;
}

/** The tasks of a run queue after these have come, and those with a minus have gone. */
function queued(...names: readonly string[]): string {
  const queue = new RunQueue(new Store(), 'rq');
  const tasks = new Map<string, Task>();
  for (const name of names) {
    const bare = name.replace('-', '');
    const task = tasks.get(bare) ?? new Entity(bare) as Task;
    tasks.set(bare, task);
    if (name.startsWith('-')) queue.dequeue(task);
    else queue.enqueue(task);
  }
  return queue.tasks.map(({ name }) => name).join(', ');
}

/* eslint-disable @typescript-eslint/no-explicit-any -- as in words.ts */
export const KERNEL_PARTS: Readonly<Record<string, (...given: any[]) => unknown>> = { older, preemptCount, queued };
/* eslint-enable @typescript-eslint/no-explicit-any */
