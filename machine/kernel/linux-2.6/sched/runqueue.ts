import type { Cpu } from '../../../hardware/cpu';
import type { Store } from '../../../state/store';
import { inMemory } from '../../../state/tracked';
import type { Mm, Task } from '../../task';

// struct runqueue, kernel/sched.c. Model: no priorities and no time slices;
// whichever runnable task the scheduler could pick, the explorer tries.

interface RunQueueFields {
  /** Who holds rq->lock. */
  lock: Cpu | null;
  /** The macro `current` too, which is the stack pointer in disguise. */
  curr: Task | null;
  idle: Task | null;
  /** The mm that the task just left had borrowed, to be dropped once the switch is over. */
  prev_mm: Mm | null;
  /** Runnable tasks, the running one among them, in the order of their names. */
  tasks: readonly Task[];
}

export class RunQueue extends inMemory<RunQueueFields>({ lock: null, curr: null, idle: null, prev_mm: null, tasks: [] }, ['curr']) {
  constructor(store: Store, name: string) {
    super(store, name);
  }

  enqueue(task: Task): void {
    if (!this.tasks.includes(task)) this.tasks = [...this.tasks, task].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  dequeue(task: Task): void {
    this.tasks = this.tasks.filter((other) => other !== task);
  }
}
