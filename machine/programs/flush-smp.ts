import { Context, type Performer } from '../context';
import type { Place } from '../context-frames';
import { instruction, path, type Call } from '../path';
import { Entity } from '../state/hash';
import { Store } from '../state/store';
import { tracked } from '../state/tracked';
import type { Program } from '../explorer/program';
import type { Description, Move, Process } from '../explorer/system';
import { upTo } from './program';

// Thread 002 in miniature with a scheduler: processors that run tasks which
// never end, and may preempt what they run before any instruction. The explorer
// is compared with other model checkers on it.

/** An address space. */
class Mm extends Entity {}

class Task extends tracked({ active_mm: null as Mm | null, isRunning: false, preempt_count: 0 }) {
  readonly context: Context;

  constructor(store: Store, name: string, readonly mm: Mm | null, readonly body: () => Call<unknown>) {
    super(store, name, { active_mm: mm });
    this.context = new Context(store, `${name}.context`);
  }
}

class Cpu extends tracked({ cr3: null as Mm | null, current: null as Task | null, failure: '' }) implements Process, Performer {
  chosen = 0;
  private readonly step: Move;
  private readonly preemptions: Move[] = [];
  private readonly described = new WeakMap<Place, Description>();

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
    if (next.mm === null) next.active_mm = previous.active_mm;
    else if (previous.active_mm !== next.mm) this.cr3 = next.mm;
    if (previous.mm === null) previous.active_mm = null;
    previous.isRunning = false;
    next.isRunning = true;
    this.current = next;
  }

  busy(): boolean {
    return true;
  }

  point(): object | null {
    return this.context.point;
  }

  position(): number {
    return this.context.position;
  }

  describe(): Description {
    const { name, context } = this.current!;
    const place = context.place();
    if (place === null) return { context: name, paths: [], text: '' };
    let described = this.described.get(place);
    if (described === undefined) this.described.set(place, described = { context: name, paths: place.paths, text: place.text });
    return described;
  }
}

const movFromCr3 = instruction('movl %cr3, reg', (me: Cpu) => me.cr3);
const movToCr3 = instruction('movl reg, %cr3', (me: Cpu, value: Mm | null) => { me.cr3 = value; });
const preemptDisable = instruction('preempt_disable', (me: Cpu) => { me.current!.preempt_count++; });
const preemptEnable = instruction('preempt_enable', (me: Cpu) => { me.current!.preempt_count--; });
const access = instruction('access', (me: Cpu) => {
  const task = me.current!;
  if (me.cr3 !== task.mm) me.failure = `${task.name} runs on the page tables of ${me.cr3!.name.split('.')[0]!}`;
});

/** `kernelThreads` that flush forever and `users` that access memory forever, on `cpus` processors. */
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
    const kernels = upTo(kernelThreads).map((i) => new Task(store, `K${i + 1}`, null, flush));
    const editors = upTo(users).map((i) => new Task(store, `U${i + 1}`, new Mm(`U${i + 1}.mm`), user));
    const processors = upTo(cpus).map((i) => new Cpu(store, `cpu${i}`, [...kernels, ...editors]));
    processors.forEach((cpu, i) => cpu.begin(editors[i]!));
    store.settle();
    const check = (): string | null => {
      for (const cpu of processors) if (cpu.failure !== '') return cpu.failure;
      return null;
    };
    return {
      store,
      processes: processors,
      endless: true,
      interchangeable: [
        { kind: 'CPUs', members: processors.map(({ name }) => [name]) },
        { kind: 'kernel threads', members: kernels.map(({ name }) => [name]) },
        { kind: 'user tasks', members: editors.map(({ name, mm }) => [name, mm!.name]) },
      ],
      invariants: [{ name: 'taskOnOwnPageTables', check }],
    };
  };
}
