import { Context, type Performer } from '../context';
import { awaitedBy, instruction, path, type Awaited, type Call } from '../path';
import { tracked } from '../state/tracked';
import type { Store } from '../state/store';
import type { Description, Move, Process } from '../explorer/system';
import type { Word } from './program';
import { IPI_LINE } from './script';

// A processor reduced to what makes exploring hard: it may be interrupted at
// any boundary, interrupts nest when a handler enables them, it can interrupt
// another one, and its stores may wait in a buffer. The explorer is tested on
// it; the real processor is in machine/hardware.

/** A store on its way to memory. */
type BufferedStore = readonly [Word, number];

const EMPTY: readonly BufferedStore[] = [];

/** What a processor runs, and what may interrupt it. */
export interface Workload {
  readonly body: Call<unknown>;
  /** Each of these arrives once, at any boundary at which interrupts are enabled. */
  readonly interrupts?: Readonly<Record<string, () => Call<unknown>>>;
  /** Runs for each interrupt from another processor. */
  readonly onIpi?: () => Call<unknown>;
  /** Whether stores wait in a buffer (x86-TSO) or reach memory at once. */
  readonly isBuffered?: boolean;
  /** Whether interrupts also arrive while it has nothing to do. */
  readonly comesAtRest?: boolean;
  /** It does nothing until it is started. */
  readonly isLate?: boolean;
  /** What its other task does, once it is switched to. */
  readonly second?: Call<unknown>;
  /** Whether an interrupt from another processor is a step of its own. */
  readonly hasCertainIpis?: boolean;
  /** The word from which its cache may be filled at any time. */
  readonly cache?: Word;
}

const NOTHING_CACHED = -1;

export class Processor extends tracked({ isEnabled: true, isIpiPending: false, buffer: EMPTY, arrived: 0, rearms: 0, masked: 0, running: 0, cached: NOTHING_CACHED, isAwake: false, starts: 0 }) implements Process, Performer {
  chosen = 0;
  private readonly tasks: readonly Context[];
  private readonly step: Move;
  private readonly drain: Move;
  private readonly fill: Move;
  private readonly ipi: Move;
  private readonly arrivals: readonly Move[];
  /** Through an interrupt gate: disabled until the handler enables them, or returns. */
  private readonly gate: (source: string) => Call<unknown>;

  constructor(store: Store, name: string, private readonly workload: Workload) {
    super(store, name);
    const handlers: Readonly<Record<string, (() => Call<unknown>) | undefined>> = { ...workload.interrupts, ipi: workload.onIpi };
    this.gate = path(function* interrupt(source: string) {
      yield* handlers[source]!();
      yield* iret();
    });
    const task = new Context(store, `${name}.context`);
    this.tasks = workload.second ? [task, new Context(store, `${name}.task`)] : [task];
    this.step = { process: this, kind: 'step', label: name, perform: () => this.context.perform(this) };
    this.drain = { process: this, kind: 'interrupt', label: `drain@${name}`, perform: () => this.drainOne() };
    this.fill = { process: this, kind: 'interrupt', label: `fill@${name}`, perform: () => { this.cached = workload.cache!.value; } };
    this.ipi = { process: this, kind: workload.hasCertainIpis === true ? 'step' : 'interrupt', label: `ipi@${name}`, perform: () => this.takeIpi() };
    this.arrivals = Object.keys(workload.interrupts ?? {}).map((source, i) => ({
      process: this, kind: 'interrupt', label: `${source}@${name}`, perform: () => this.take(i, source),
    }));
    if (workload.isLate !== true) this.context.start(workload.body, this);
    if (workload.second) this.tasks[1]!.start(workload.second, this);
  }

  /** The task that runs. */
  get context(): Context {
    return this.tasks.length === 1 ? this.tasks[0]! : this.tasks[this.running]!;
  }

  moves(into: Move[]): void {
    const isEnded = this.context.ended;
    if (!isEnded && this.context.isReady(this)) into.push(...this.steps());
    if (this.buffer.length > 0) into.push(this.drain);
    if (this.workload.cache !== undefined && this.cached === NOTHING_CACHED) into.push(this.fill);
    if (!this.isEnabled) return;
    if (this.isInterrupted) into.push(this.ipi);
    if (this.arrivals.length === 0 || (isEnded && this.workload.comesAtRest !== true)) return;
    const off = this.arrived | this.masked;
    this.arrivals.forEach((arrival, i) => { if ((off & (1 << i)) === 0) into.push(arrival); });
  }

  private steps(): Move[] {
    const step = this.context.pending!;
    const { choices } = step.instruction;
    if (!choices) return [this.step];
    return choices(this as never, ...step.operands).map((choice, i) => ({
      process: this, kind: 'step', label: `${this.name}=${choice}`, perform: () => {
        this.chosen = i;
        this.context.perform(this);
      },
    }));
  }

  busy(): boolean {
    const step = this.context.pending;
    return (step !== null && step.instruction.idle !== true) || this.buffer.length > 0 || this.isInterrupted;
  }

  /** Whether an interrupt from another processor is pending and would be taken. */
  private get isInterrupted(): boolean {
    return this.isEnabled && this.isIpiPending && (this.masked & (1 << IPI_LINE)) === 0;
  }

  point(): object | null {
    return this.context.point;
  }

  position(): number {
    return this.context.position;
  }

  describe(): Description {
    const place = this.context.place();
    return { context: this.name, paths: place?.paths ?? [], text: place?.text ?? 'ended' };
  }

  awaited(): Awaited | null {
    return awaitedBy(this.context.pending, this);
  }

  /** The value of `word` as this processor sees it: its own youngest store first. */
  load(word: Word): number {
    for (let i = this.buffer.length - 1; i >= 0; i--) if (this.buffer[i]![0] === word) return this.buffer[i]![1];
    return word.value;
  }

  put(word: Word, value: number): void {
    if (this.workload.isBuffered) this.buffer = [...this.buffer, [word, value]];
    else word.value = value;
  }

  /** Another processor interrupts this one. It is merged with one that is still pending here. */
  receiveIpi(): void {
    this.isIpiPending = true;
  }

  /** Starts its body, unless it is in the middle of something. */
  begin(limit: number): void {
    if (!this.context.ended || this.starts >= limit) return;
    this.starts++;
    this.context.start(this.workload.body, this);
  }

  /** Masks one of its lines, or unmasks it. */
  mask(line: number, isMasked: boolean): void {
    this.masked = isMasked ? this.masked | (1 << line) : this.masked & ~(1 << line);
  }

  /** Makes an interrupt arrive again that has arrived before. */
  rearm(line: number, limit: number): void {
    if ((this.arrived & (1 << line)) === 0 || this.rearms >= limit) return;
    this.arrived &= ~(1 << line);
    this.rearms++;
  }

  /** Continues with its other task, if it has one. */
  switchTask(): void {
    if (this.tasks.length > 1) this.running = 1 - this.running;
  }

  /** The value of `word` in the cache, or if that is empty, in memory as it sees it. */
  look(word: Word): number {
    return this.cached === NOTHING_CACHED ? this.load(word) : this.cached;
  }

  flush(): void {
    this.cached = NOTHING_CACHED;
  }

  private drainOne(): void {
    const [word, value] = this.buffer[0]!;
    word.value = value;
    this.buffer = this.buffer.length === 1 ? EMPTY : this.buffer.slice(1);
  }

  private take(i: number, source: string): void {
    this.arrived |= 1 << i;
    this.enter(source);
  }

  private takeIpi(): void {
    this.isIpiPending = false;
    if (this.workload.onIpi) this.enter('ipi');
  }

  private enter(source: string): void {
    this.isEnabled = false;
    this.isAwake = true;
    this.context.interrupt(this.gate(source), this);
  }
}

export const load = instruction((word: Word) => `load ${word.name}`, (me: Processor, word: Word) => me.load(word));

export const store = instruction((word: Word, value: number) => `store ${word.name} = ${value}`, (me: Processor, word: Word, value: number) => me.put(word, value));

const isDrained = (me: Processor): boolean => me.buffer.length === 0;

/** Waits for the store buffer to drain. */
export const mfence = instruction('mfence', (me: Processor) => isDrained(me), { when: isDrained });

/** Drains, then adds in one step. */
export const lockAdd = instruction(
  (word: Word, value: number) => `lock add ${word.name}, ${value}`,
  (_me: Processor, word: Word, value: number) => { word.value += value; },
  { when: isDrained },
);

/** Drains, then writes `value` if the word holds `expected`, in one step. */
export const swap = instruction(
  (word: Word, expected: number, value: number) => `lock cmpxchg ${word.name}, ${expected}, ${value}`,
  (_me: Processor, word: Word, expected: number, value: number) => {
    if (word.value !== expected) return false;
    word.value = value;
    return true;
  },
  { when: isDrained },
);

/** Waits for something to do. */
export const hlt = instruction('hlt', (me: Processor) => { me.isAwake = false; }, { idle: true, when: (me) => me.isAwake });

export const cli = instruction('cli', (me: Processor) => { me.isEnabled = false; });
export const sti = instruction('sti', (me: Processor) => { me.isEnabled = true; });
const iret = instruction('iret', (me: Processor) => { me.isEnabled = true; });
