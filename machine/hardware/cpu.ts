import type { Context, Performer } from '../context';
import type { Place } from '../context-frames';
import { awaitedBy, RESTART, type Awaited } from '../path';
import type { Description, Move, Process } from '../explorer/system';
import type { Store } from '../state/store';
import { tracked } from '../state/tracked';
import { LocalApic } from './apic';
import { deliver, faultAfterWalk, isFaultAfterWalk } from './delivery';
import { FreeMoves, type Freedoms } from './freedoms';
import { VECTOR, type Gate, type InterruptSource } from './interrupts';
import type { Memory } from './memory';
import { accessUpToFault, pcidOf, type AccessKind, type Paged, type PagedMemory } from './mmu';
import type { PageFault } from './paging';
import { Registers } from './registers';
import { receive, type StartMessage, type Trampoline } from './start-up';
import { StoreBuffer, type CpuMemory, type MemoryOrder } from './store-buffer';
import { Tlb } from './tlb';

export type { Gate, InterruptSource, TrapFrame } from './interrupts';
export * from './registers';

// A processor: its registers, what it runs now, and which interrupts may reach
// it. It is one process of the explorer; its choices are to continue or to take
// an interrupt. Read interrupts.ts and apic.ts first, and instructions.ts for
// the instructions that it performs.

/** What a processor has besides the minimum, and what it may do on its own. */
export interface CpuOptions extends Freedoms {
  /** Whether stores can wait in a buffer (TSO); by default they cannot. */
  readonly order?: MemoryOrder;
  /** Whether it has a local APIC, so that handlers must acknowledge their interrupts. */
  readonly apic?: boolean;
  /** Whether it has process-context identifiers: CR4.PCIDE, INVPCID, and a MOV to CR3 that drops nothing. */
  readonly pcids?: boolean;
  /** Whether it has pages of 1 GiB; by default it has. */
  readonly gigabytePages?: boolean;
}

export class Cpu extends Registers implements Process, Performer {
  readonly tlb: Tlb;
  /** Bits of a physical address. */
  readonly maxphyaddr = 40;
  readonly hasPcids: boolean;
  readonly lacksGigabytePages: boolean;
  chosen = 0;
  /** Filled once, when the kernel installs itself. */
  readonly idt = new Map<number, Gate>();
  private readonly stepMoves = new Map<string, Move[]>();
  private readonly arrivals: { readonly move: Move; readonly source: InterruptSource; readonly taken: { value: number } }[] = [];
  private readonly ipiMoves = new Map<number, Move>();
  private readonly described = new WeakMap<Place, Description>();
  /** Names of interprocessor vectors, for schedules. */
  readonly vectorNames = new Map<number, string>();

  /** Memory as this CPU sees it: its own stores first, if they can wait. Only `allow` changes this field and the next ones. */
  memory: CpuMemory;
  /** Memory as its page walks see it. */
  walker: PagedMemory;
  strayBits = false;
  private walksPassStores = false;
  readonly apic: LocalApic | null;
  /** The code that start-up messages start, by page number. Filled at set-up. */
  readonly trampolines = new Map<number, Trampoline>();
  private buffer: StoreBuffer | null = null;
  private free: FreeMoves | null = null;
  private readonly messageMoves = new Map<StartMessage, Move>();

  constructor(store: Store, readonly id: number, private readonly bus: Memory, options: CpuOptions = {}) {
    super(store, `cpu${id}`);
    this.memory = bus;
    this.walker = bus;
    this.hasPcids = options.pcids ?? false;
    this.lacksGigabytePages = options.gigabytePages === false;
    this.tlb = new Tlb(store, `${this.name}.tlb`, this.hasPcids ? () => pcidOf(this) : null);
    this.apic = options.apic ? new LocalApic(store, `${this.name}.apic`) : null;
    this.allow(options);
  }

  /** Lets its stores wait, and gives it freedoms. Part of the set-up; it keeps what it already had. */
  allow({ order, walksPassStores, strayBits, ...freedoms }: Pick<CpuOptions, 'order' | keyof Freedoms>): void {
    const { store, bus } = this;
    if (order === 'TSO') this.memory = this.buffer = new StoreBuffer(store, `${this.name}.buffer`, bus);
    this.walksPassStores ||= walksPassStores ?? false;
    this.walker = this.walksPassStores ? bus : this.memory;
    this.strayBits ||= strayBits ?? false;
    this.tlb.allow(freedoms);
    if ((freedoms.earlyFills ?? []).length > 0 || freedoms.severalSizes) this.free = new FreeMoves(this, freedoms, () => this.paged);
  }

  /** This CPU as its memory management unit sees it. */
  protected get paged(): Paged {
    return this;
  }

  /** Lets `source` interrupt this CPU. Part of the set-up. */
  connect(source: InterruptSource): void {
    const taken = new Counter(this.store, `${this.name}.${source.name}`, source.limit);
    const move = this.outside(source.name, () => {
      if (source.limit !== Infinity) taken.value++;
      this.interrupt(source.vector);
    });
    this.arrivals.push({ source, taken, move });
  }

  /** Whether anything can happen here unprompted: an interrupt from a device or from the APIC's timer, or what the processor does on its own. A new source of such events must be added here too. */
  get isDisturbed(): boolean {
    return this.arrivals.length > 0 || this.apic !== null || this.free !== null;
  }

  /** Something that comes from outside: an interrupt arrives, a store drains. */
  private outside(name: string, perform: () => void): Move {
    return { process: this, kind: 'interrupt', label: `${name}@${this.name}`, perform };
  }

  moves(into: Move[]): void {
    if (this.shutdown) return;
    const { context } = this;
    if (context !== null) {
      if (this.buffer === null) this.contextMoves(context, into);
      else this.seeing(() => this.contextMoves(context, into));
    }
    if (this.messages.length > 0) into.push(this.messageMove(this.messages[0]!));
    if (this.buffer !== null && !this.buffer.isEmpty) into.push(this.drainMove);
    this.free?.appendTo(into);
  }

  private contextMoves(context: Context, into: Move[]): void {
    const step = context.pending;
    const ready = step !== null && context.isReady(this);
    if (ready) {
      const { choices } = step.instruction;
      if (!choices) into.push(this.stepMove(context.name, 0));
      else choices(this as never, ...step.operands).forEach((choice, i) => into.push(this.stepMove(`${context.name}->${choice}`, i)));
    }
    for (const vector of this.ipis) if (this.listensTo(vector, ready)) into.push(this.ipiMove(vector));
    for (const { move, source, taken } of this.arrivals) {
      if ((source.limit === Infinity || taken.value < source.limit) && this.listensTo(source.vector, ready)) into.push(move);
    }
    if (this.apic !== null && this.apic.timerMode !== 'off' && this.listensTo(this.apic.timerVector, ready)) into.push(this.timerMoves[this.apic.timerMode]);
  }

  /** Whether an interrupt would be taken now. A shadow lasts until the next instruction is done, so there is none while that waits. */
  private listensTo(vector: number, ready: boolean): boolean {
    if (vector === VECTOR.NMI) return !this.nmiBlocked && !(this.nmiShadow && ready);
    return this.IF && !(this.interruptShadow && ready) && (this.apic === null || this.apic.admits(vector));
  }

  private readonly drainMove = this.outside('drain', () => this.buffer!.drainOne());

  /** That a one-shot timer fires is certain, so it is a step; a periodic one may always fire once more. */
  private readonly timerMoves = {
    'one-shot': { ...this.outside('apic timer', () => {
      this.apic!.timerMode = 'off';
      this.interrupt(this.apic!.timerVector);
    }), kind: 'step' },
    periodic: this.outside('apic timer', () => this.interrupt(this.apic!.timerVector)),
  } as const satisfies Record<string, Move>;

  /** Calls `look`, which sees memory as this processor does: with its own waiting stores. */
  seeing<T>(look: () => T): T {
    const { store, buffer } = this;
    if (buffer === null) return look();
    const { view } = store;
    store.view = buffer;
    try {
      return look();
    } finally {
      store.view = view;
    }
  }

  /** What fences, locked and serialising instructions do first: every store reaches memory. */
  drain(): void {
    this.buffer?.drain();
  }

  private stepMove(label: string, chosen: number): Move {
    let moves = this.stepMoves.get(label);
    if (!moves) this.stepMoves.set(label, moves = []);
    return moves[chosen] ??= { process: this, kind: 'step', label, perform: () => this.step(chosen) };
  }

  /** Performs the pending instruction, and ends the interrupt shadow that it was in. */
  private step(chosen: number): void {
    this.chosen = chosen;
    this.lastAccess = null;
    const { interruptShadow } = this;
    if (this.buffer === null) this.context!.perform(this);
    else this.seeing(() => this.context!.perform(this));
    if (!interruptShadow || (this.buffer !== null && isFaultAfterWalk(this.context?.pending ?? null))) return;
    this.interruptShadow = false;
    this.nmiShadow = false;
  }

  private ipiMove(vector: number): Move {
    let move = this.ipiMoves.get(vector);
    if (!move) {
      move = {
        process: this,
        kind: 'step',
        label: `${this.vectorNames.get(vector) ?? `vector 0x${vector.toString(16)}`}@${this.name}`,
        perform: () => {
          this.ipis = this.ipis.filter((pending) => pending !== vector);
          this.interrupt(vector);
        },
      };
      this.ipiMoves.set(vector, move);
    }
    return move;
  }

  private messageMove(message: StartMessage): Move {
    let move = this.messageMoves.get(message);
    if (!move) {
      const label = message === 'INIT' ? `INIT@${this.name}` : `start-up 0x${message.toString(16)}@${this.name}`;
      move = { process: this, kind: 'step', label, perform: () => receive(this, message) };
      this.messageMoves.set(message, move);
    }
    return move;
  }

  busy(): boolean {
    const step = this.context?.pending ?? null;
    return this.shutdown || (step !== null && !step.instruction.idle) || this.messages.length > 0 || (this.buffer !== null && !this.buffer.isEmpty);
  }

  point(): object | null {
    return this.context?.point ?? null;
  }

  position(): number {
    return this.context?.position ?? 0;
  }

  describe(): Description {
    const { context } = this;
    const place = context?.place() ?? null;
    if (this.shutdown || context === null || place === null) return { context: context?.name ?? this.name, paths: place?.paths ?? [], text: this.shutdown ? 'shutdown' : 'halted' };
    let described = this.described.get(place);
    if (described === undefined) this.described.set(place, described = { context: context.name, paths: place.paths, get text() { return place.text; } });
    return described;
  }

  awaited(): Awaited | null {
    return this.shutdown ? null : this.seeing(() => awaitedBy(this.context?.pending ?? null, this));
  }

  /** An interrupt from outside, at the boundary before the pending instruction. */
  private interrupt(vector: number): void {
    this.interruptShadow = false;
    this.nmiShadow = false;
    if (vector === VECTOR.NMI) this.nmiBlocked = true;
    else this.apic?.serve(vector);
    this.enter(vector, 0);
  }

  /** Goes through the IDT: saves the flags, and puts the handler on top of what is running. */
  enter(vector: number, errorCode: number): void {
    deliver(this, vector, errorCode);
  }

  /** Raises a fault of the instruction that is being performed, which must then return RESTART. */
  raise(vector: number, errorCode: number): typeof RESTART {
    this.enter(vector, errorCode);
    return RESTART;
  }

  /**
   * Where a linear address leads for an access of `size` bytes. A fault is
   * raised at once; the instruction must then return RESTART.
   */
  translate(kind: AccessKind, la: number, size = 4): number | typeof RESTART {
    const result = accessUpToFault(this, kind, la, this.cpl, this.ac, size);
    if (result.out === 'ok') {
      this.lastAccess = { la, pa: result.pa, kind };
      return result.pa;
    }
    if (result.out === 'gp') return this.raise(VECTOR.GP, 0);
    if (result.early) return this.stopBeforeFault(result);
    this.cr2 = result.cr2;
    return this.raise(VECTOR.PF, result.err);
  }

  /** Other processors may act between a walk, with the mark that it may have set, and the fault, which drains the buffer; but no interrupt is taken in between. */
  private stopBeforeFault({ cr2, err }: PageFault): typeof RESTART {
    this.interruptShadow = true;
    this.nmiShadow = true;
    this.context!.interrupt(faultAfterWalk(cr2, err), this);
    return RESTART;
  }
}

/** How often a limited source has interrupted; for unlimited ones there is no count. */
class Counter extends tracked<{ taken: number }>({ taken: 0 }) {
  constructor(store: Store, name: string, private readonly limit: number) {
    super(store, name);
  }

  get value(): number {
    return this.limit === Infinity ? 0 : this.taken;
  }

  set value(value: number) {
    this.taken = value;
  }
}
