import { Context, type Performer } from '../context';
import { instruction, path, type Call } from '../path';
import { Store } from '../state/store';
import { tracked } from '../state/tracked';
import type { Program } from '../explorer/explore';
import type { Description, Move, Process } from '../explorer/system';
import { upTo } from './program';

// Thread 002 in miniature with a scheduler: processors that run tasks which
// never end, and may preempt what they run before any instruction. What the
// explorer is compared with other model checkers on.

const NONE = -1;

class Task extends tracked({ active_mm: NONE, isRunning: false, preempt_count: 0 }) {
  readonly context: Context;

  constructor(store: Store, name: string, readonly mm: number, readonly body: () => Call<unknown>) {
    super(store, name, { active_mm: mm });
    this.context = new Context(store, `${name}.context`);
  }
}

class Cpu extends tracked({ cr3: 0, current: null as Task | null, failure: '' }) implements Process, Performer {
  chosen = 0;
  private readonly step: Move;
  private readonly preemptions: Move[] = [];

  constructor(store: Store, name: string, private readonly tasks: readonly Task[]) {
    super(store, name);
    this.step = { process: this, kind: 'step', label: name, perform: () => this.goOn() };
    for (const task of tasks) this.preemptions.push({ process: this, kind: 'interrupt', label: `timer@${name}->${task.name}`, perform: () => this.switchTo(task) });
  }

  get context(): Context {
    return this.current!.context;
  }

  begin(task: Task): void {
    this.current = task;
    this.cr3 = task.mm;
    task.isRunning = true;
    for (const any of this.tasks) if (any.context.ended) any.context.start(any.body(), this);
  }

  moves(into: Move[]): void {
    into.push(this.step);
    if (this.current!.preempt_count > 0) return;
    for (const [i, task] of this.tasks.entries()) if (!task.isRunning) into.push(this.preemptions[i]!);
  }

  private goOn(): void {
    const { context, body } = this.current!;
    context.perform(this);
    if (context.ended) context.start(body(), this);
  }

  /** kernel/sched.c, context_switch() of 2.6.10, in one step: it runs under the runqueue lock. */
  private switchTo(next: Task): void {
    const previous = this.current!;
    if (next.mm === NONE) next.active_mm = previous.active_mm;
    else if (previous.active_mm !== next.mm) this.cr3 = next.mm;
    if (previous.mm === NONE) previous.active_mm = NONE;
    previous.isRunning = false;
    next.isRunning = true;
    this.current = next;
  }

  busy(): boolean {
    return true;
  }

  describe(): Description {
    const place = this.context.place();
    return { context: this.current!.name, paths: place?.paths ?? [], text: place?.text ?? '' };
  }
}

const movFromCr3 = instruction('movl %cr3, reg', (me: Cpu) => me.cr3);
const movToCr3 = instruction('movl reg, %cr3', (me: Cpu, value: number) => { me.cr3 = value; });
const preemptDisable = instruction('preempt_disable', (me: Cpu) => { me.current!.preempt_count++; });
const preemptEnable = instruction('preempt_enable', (me: Cpu) => { me.current!.preempt_count--; });
const access = instruction('access', (me: Cpu) => {
  const task = me.current!;
  if (me.cr3 !== task.mm) me.failure = `${task.name} runs on the page tables of U${me.cr3 + 1}`;
});

/** `kernelThreads` that flush for ever beside `users` that access for ever, on `cpus` processors. */
export function flushSmp(cpus: number, kernelThreads: number, users: number, isFixed: boolean): Program {
  return () => {
    const store = new Store();
    const flush = path(function* flush() {
      if (isFixed) yield* preemptDisable();
      const tmpreg = yield* movFromCr3();
      yield* movToCr3(tmpreg);
      if (isFixed) yield* preemptEnable();
    });
    const user = path(function* user() { yield* access(); });
    const kernels = upTo(kernelThreads).map((i) => new Task(store, `K${i + 1}`, NONE, flush));
    const editors = upTo(users).map((i) => new Task(store, `U${i + 1}`, i, user));
    const processors = upTo(cpus).map((i) => new Cpu(store, `cpu${i}`, [...kernels, ...editors]));
    processors.forEach((cpu, i) => cpu.begin(editors[i]!));
    store.settle();
    const check = (): string | null => {
      for (const cpu of processors) if (cpu.failure !== '') return cpu.failure;
      return null;
    };
    return { store, processes: processors, invariants: [{ name: 'taskOnOwnPageTables', check }] };
  };
}
