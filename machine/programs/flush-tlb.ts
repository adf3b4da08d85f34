import { instruction, path } from '../path';
import { Store } from '../state/store';
import { tracked } from '../state/tracked';
import { Thread } from '../explorer/thread';
import type { Program } from '../explorer/program';
import { upTo } from './program';

// Thread 002 in miniature, without a scheduler: one CPU, kernel threads that
// flush the TLB by reading and writing cr3, and user tasks that access their
// memory. Whichever task executes the next instruction is switched to first,
// lazily, as Linux 2.6.10 does.

/** No address space of its own, or none borrowed. */
const NONE = -1;

class Cpu extends tracked({ cr3: 0, current: 0, failure: '' }) {}
class Task extends tracked({ mm: NONE, active_mm: NONE }) {
  index = 0;
}

/** kernel/sched.c, context_switch() of 2.6.10, in one step: it runs under the runqueue lock. */
function switchTo(cpu: Cpu, tasks: readonly Task[], next: Task): void {
  const previous = tasks[cpu.current]!;
  if (previous === next) return;
  if (next.mm === NONE) next.active_mm = previous.active_mm;
  else if (previous.active_mm !== next.mm) cpu.cr3 = next.mm;
  if (previous.mm === NONE) previous.active_mm = NONE;
  cpu.current = next.index;
}

/** The size of the program. */
export interface FlushSize {
  readonly flushes: number;
  readonly accesses: number;
  readonly kernelThreads?: number;
  readonly users?: number;
  /** Whether a flush is one indivisible step, as with preemption disabled. */
  readonly isFixed?: boolean;
}

/** Kernel threads that flush and users that access memory, on one CPU; the first user has run before. */
export function flushTlb({ flushes, accesses, kernelThreads = 1, users = 2, isFixed = false }: FlushSize): Program {
  return () => {
    const store = new Store();
    const cpu = new Cpu(store, 'cpu');
    const makeTask = (name: string, mm: number): Task => new Task(store, name, { mm, active_mm: mm });
    const kernels = upTo(kernelThreads).map((i) => makeTask(`K${i + 1}`, NONE));
    const editors = upTo(users).map((i) => makeTask(`U${i + 1}`, i + 1));
    const tasks = [...kernels, ...editors];
    tasks.forEach((task, i) => { task.index = i; });
    cpu.current = kernels.length;
    cpu.cr3 = 1;

    const movFromCr3 = instruction('movl %cr3, reg', (_me: unknown, task: Task) => {
      switchTo(cpu, tasks, task);
      return cpu.cr3;
    });
    const movToCr3 = instruction('movl reg, %cr3', (_me: unknown, task: Task, value: number) => {
      switchTo(cpu, tasks, task);
      cpu.cr3 = value;
    });
    const flushAtOnce = instruction('flush', (_me: unknown, task: Task) => switchTo(cpu, tasks, task));
    const access = instruction('access', (_me: unknown, task: Task) => {
      switchTo(cpu, tasks, task);
      if (cpu.cr3 !== task.mm) cpu.failure = `${task.name} runs on the page tables of U${cpu.cr3}`;
    });

    const flush = path(function* flush(task: Task) {
      if (isFixed) {
        yield* flushAtOnce(task);
      } else {
        const tmpreg = yield* movFromCr3(task);
        yield* movToCr3(task, tmpreg);
      }
    });
    const kernelThread = path(function* kernelThread(task: Task) {
      for (let i = 0; i < flushes; i++) yield* flush(task);
    });
    const user = path(function* user(task: Task) {
      for (let i = 0; i < accesses; i++) yield* access(task);
    });
    const processes = [
      ...kernels.map((task) => new Thread(store, task.name, kernelThread(task))),
      ...editors.map((task) => new Thread(store, task.name, user(task))),
    ];
    store.settle();
    return {
      store,
      processes,
      runsOut: true,
      invariants: [{ name: 'taskOnOwnPageTables', check: () => cpu.failure || null }],
    };
  };
}
