import type { Context, Performer } from '../context';
import { RESTART, type Call } from '../path';
import type { Description, Move, Process } from '../explorer/system';
import type { Store } from '../state/store';
import { tracked } from '../state/tracked';
import type { Memory } from './memory';
import { access, type AccessKind, type PagedMemory } from './mmu';
import { StoreBuffer, type MemoryOrder } from './store-buffer';
import { Tlb } from './tlb';

// A processor: its registers, what it runs now, and which interrupts may reach
// it. It is one process of the explorer; going on, or taking an interrupt, are
// its choices. Read hardware/instructions.ts for what it can be told to do.

/** What an interrupt or a fault saves, and IRET restores. */
export interface TrapFrame {
  readonly [key: string]: number | boolean;
  readonly vector: number;
  /** Of a fault; 0 otherwise. */
  readonly errorCode: number;
  readonly IF: boolean;
  readonly cpl: number;
}

/** An entry of the interrupt descriptor table. */
export interface Gate {
  /** Interrupt gates clear IF on entry, trap gates leave it. */
  readonly kind: 'interrupt' | 'trap';
  readonly handler: (frame: TrapFrame) => Call<unknown>;
}

/** Something outside that may interrupt a CPU at any boundary with IF set. */
export interface InterruptSource {
  /** As in a schedule: `timer` gives `timer@cpu0`. */
  readonly name: string;
  readonly vector: number;
  /** How often at most; Infinity for ever. Counted in the state. */
  readonly limit: number;
}

interface CpuFields {
  cr0: number;
  cr2: number;
  /** Physical address of the top table, with its control bits. */
  cr3: number;
  cr4: number;
  efer: number;
  /** The PDPTE registers of PAE paging: low and high word of each. */
  pdptes: readonly number[];
  /** The interrupt flag of EFLAGS. */
  IF: boolean;
  /** Current privilege level, 0 or 3. */
  cpl: number;
  /** The alignment-check flag of EFLAGS, which SMAP heeds at level 0. */
  ac: boolean;
  /** The instruction after STI or MOV SS is never preceded by an interrupt. */
  interruptShadow: boolean;
  context: Context | null;
  /** Vectors of interprocessor interrupts on their way, each at most once. */
  ipis: readonly number[];
  /** The memory access that the last instruction completed, for checkers. */
  lastAccess: { readonly la: number; readonly pa: number; readonly kind: string } | null;
}

/** CR0.PG, CR0.WP, CR0.PE. */
export const CR0_PG = 0x80000000;
export const CR0_WP = 0x00010000;
export const CR0_PE = 0x00000001;
/** CR4.PSE, CR4.PAE, CR4.PGE. */
export const CR4_PSE = 0x10;
export const CR4_PAE = 0x20;
export const CR4_PGE = 0x80;

/** Vector of the page fault. */
export const PAGE_FAULT = 14;

export class Cpu extends tracked<CpuFields>({
  cr0: CR0_PG | CR0_PE | CR0_WP,
  cr2: 0,
  cr3: 0,
  cr4: CR4_PSE | CR4_PGE,
  efer: 0,
  pdptes: [],
  IF: false,
  cpl: 0,
  ac: false,
  interruptShadow: false,
  context: null,
  ipis: [],
  lastAccess: null,
}, ['lastAccess']) implements Process, Performer {
  readonly tlb: Tlb;
  /** Bits of a physical address. */
  readonly maxphyaddr = 40;
  chosen = 0;
  /** Filled once, when the kernel installs itself. */
  readonly idt = new Map<number, Gate>();
  private readonly stepMoves = new Map<string, Move>();
  private readonly arrivals: { readonly move: Move; readonly source: InterruptSource; readonly taken: { value: number } }[] = [];
  private readonly ipiMoves = new Map<number, Move>();
  /** Names of interprocessor vectors, for schedules. */
  readonly vectorNames = new Map<number, string>();

  /** Memory as this CPU sees it: its own stores first, where they can wait. */
  readonly memory: PagedMemory;
  private readonly buffer: StoreBuffer | null;

  /** @param options `order`: whether stores can wait in a buffer; they do not unless it says TSO */
  constructor(store: Store, readonly id: number, memory: Memory, options: { readonly order?: MemoryOrder } = {}) {
    super(store, `cpu${id}`);
    this.buffer = options.order === 'TSO' ? new StoreBuffer(store, `${this.name}.buffer`, memory) : null;
    this.memory = this.buffer ?? memory;
    this.tlb = new Tlb(store, `${this.name}.tlb`);
  }

  /** Lets `source` interrupt this CPU. Part of the set-up. */
  connect(source: InterruptSource): void {
    const taken = new Counter(this.store, `${this.name}.${source.name}`, source.limit);
    this.arrivals.push({
      source,
      taken,
      move: {
        process: this,
        kind: 'interrupt',
        label: `${source.name}@${this.name}`,
        perform: () => {
          if (source.limit !== Infinity) taken.value++;
          this.interruptShadow = false;
          this.enter(source.vector, 0);
        },
      },
    });
  }

  moves(into: Move[]): void {
    this.contextMoves(into);
    if (this.buffer !== null && !this.buffer.isEmpty) into.push(this.drainMove);
  }

  private contextMoves(into: Move[]): void {
    const { context } = this;
    if (context === null) return;
    const step = context.pending;
    const ready = step !== null && context.isReady(this);
    if (ready) {
      const { choices } = step.instruction;
      if (!choices) into.push(this.stepMove(context.name, 0));
      else choices(this as never, ...step.operands).forEach((choice, i) => into.push(this.stepMove(`${context.name}->${choice}`, i)));
    }
    if (!this.IF || (this.interruptShadow && ready)) return;
    for (const vector of this.ipis) into.push(this.ipiMove(vector));
    for (const { move, source, taken } of this.arrivals) if (source.limit === Infinity || taken.value < source.limit) into.push(move);
  }

  private readonly drainMove: Move = {
    process: this,
    kind: 'interrupt',
    label: `drain@${this.name}`,
    perform: () => this.buffer!.drainOne(),
  };

  /** What fences, locked and serialising instructions do first: every store reaches memory. */
  drain(): void {
    this.buffer?.drain();
  }

  private stepMove(label: string, chosen: number): Move {
    const key = `${label} ${chosen}`;
    let move = this.stepMoves.get(key);
    if (!move) {
      move = {
        process: this,
        kind: 'step',
        label,
        perform: () => {
          this.chosen = chosen;
          this.lastAccess = null;
          const shadowed = this.interruptShadow;
          this.context!.perform(this);
          if (shadowed) this.interruptShadow = false;
        },
      };
      this.stepMoves.set(key, move);
    }
    return move;
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
          this.enter(vector, 0);
        },
      };
      this.ipiMoves.set(vector, move);
    }
    return move;
  }

  busy(): boolean {
    const step = this.context?.pending ?? null;
    return (step !== null && !step.instruction.idle) || (this.buffer !== null && !this.buffer.isEmpty);
  }

  describe(): Description {
    const place = this.context?.place();
    return { context: this.context?.name ?? this.name, paths: place?.paths ?? [], text: place?.text ?? 'halted' };
  }

  /** Goes through the IDT: saves the flags, and puts the handler on top of what runs. SDM vol. 3A, 6.12. */
  enter(vector: number, errorCode: number): void {
    this.drain();
    const gate = this.idt.get(vector);
    if (!gate) throw new Error(`machine bug: ${this.name} gets vector ${vector}, for which no gate was installed`);
    const frame: TrapFrame = { vector, errorCode, IF: this.IF, cpl: this.cpl };
    if (gate.kind === 'interrupt') this.IF = false;
    this.cpl = 0;
    this.context!.interrupt(gate.handler(frame), this);
  }

  /**
   * Where a linear address leads for an access of `size` bytes. A fault is
   * raised at once; the instruction must then return RESTART.
   */
  translate(kind: AccessKind, la: number, size = 4): number | typeof RESTART {
    const result = access(this, kind, la, this.cpl, this.ac, size);
    if (result.out === 'ok') {
      this.lastAccess = { la, pa: result.pa, kind };
      return result.pa;
    }
    if (result.out !== 'pf') throw new Error(`machine bug: ${this.name} raises #GP at 0x${la.toString(16)}, which no kernel path here expects`);
    this.cr2 = result.cr2;
    this.enter(PAGE_FAULT, result.err);
    return RESTART;
  }
}

/** How often a limited source has interrupted; for unlimited ones nothing is kept. */
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
