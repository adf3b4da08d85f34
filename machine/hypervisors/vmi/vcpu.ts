import { Cpu, type CpuOptions, type InterruptSource } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import { access, type AccessKind, type Paged } from '../../hardware/mmu';
import type { PageFault } from '../../hardware/paging';
import { RESTART } from '../../path';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';

// A processor as a hypervisor provides it to a guest: its accesses go through
// tables that the hypervisor keeps, and interrupts that arrive while the guest
// has them off wait in the hypervisor. The hypervisor delivers them inside its
// own calls, else at the next boundary.

type Move = Parameters<Cpu['moves']>[0][number];

/** What stands between a virtual CPU and the tables. */
export interface PagingHost {
  /** The words that a walk of `cpu` finds. */
  readonly tables: Paged['memory'];
  /** Whether the hypervisor handles a fault itself, so that the access is tried again. */
  absorbs(cpu: VirtualCpu, fault: PageFault, kind: AccessKind): boolean;
}

/** How often a source has interrupted, and which vectors wait for IF. */
class Waiting extends tracked<{ vectors: readonly number[] }>({ vectors: [] }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

class Taken extends tracked<{ times: number }>({ times: 0 }) {
  constructor(store: Store, name: string) {
    super(store, name);
  }
}

interface Line {
  readonly source: InterruptSource;
  readonly taken: Taken;
  readonly arrival: Move;
  readonly delivery: Move;
}

export class VirtualCpu extends Cpu {
  /** Set once, by the hypervisor. */
  host: PagingHost | null = null;
  private readonly waiting: Waiting;
  private readonly lines: Line[] = [];
  private readonly view: Paged;

  constructor(store: Store, id: number, memory: Memory, options: CpuOptions = {}) {
    super(store, id, memory, options);
    this.waiting = new Waiting(store, `${this.name}.pending`);
    this.view = viewOf(this);
  }

  protected override get paged(): Paged {
    return this.host === null ? this : this.view;
  }

  /** Lets `source` raise its interrupt at any boundary, whatever IF says. */
  connectLatched(source: InterruptSource): void {
    const taken = new Taken(this.store, `${this.name}.${source.name}`);
    this.lines.push({
      source,
      taken,
      arrival: { process: this, kind: 'interrupt', label: `${source.name}@${this.name}`, perform: () => this.arrive(source, taken) },
      delivery: { process: this, kind: 'step', label: `deliver ${source.name}@${this.name}`, perform: () => this.deliverPending() },
    });
  }

  override get isDisturbed(): boolean {
    return this.lines.length > 0 || super.isDisturbed;
  }

  private arrive(source: InterruptSource, taken: Taken): void {
    if (source.limit !== Infinity) taken.times++;
    this.waiting.vectors = [...this.waiting.vectors, source.vector].sort((one, other) => other - one);
    if (this.listens) this.deliverPending();
  }

  private get listens(): boolean {
    return this.IF && !this.interruptShadow;
  }

  /** Vectors of interrupts that have arrived and wait for IF, the most urgent first. */
  get pendingVectors(): readonly number[] {
    return this.waiting.vectors;
  }

  /** Delivers the most urgent waiting interrupt, if IF allows; also from inside an instruction. */
  deliverPending(): void {
    const [vector, ...rest] = this.waiting.vectors;
    if (vector === undefined || !this.IF) return;
    this.waiting.vectors = rest;
    this.interruptShadow = false;
    this.enter(vector, 0);
  }

  override moves(into: Move[]): void {
    const [urgent] = this.waiting.vectors;
    if (urgent !== undefined && this.listens) {
      into.push(this.lines.find(({ source }) => source.vector === urgent)!.delivery);
      return;
    }
    super.moves(into);
    if (this.context === null) return;
    for (const { source, taken, arrival } of this.lines) {
      if ((source.limit === Infinity || taken.times < source.limit) && !this.waiting.vectors.includes(source.vector)) into.push(arrival);
    }
  }

  /** Whether an access would succeed. It leaves the same in the TLB, but raises no fault. */
  reaches(kind: AccessKind, la: number): boolean {
    const result = access(this.paged, kind, la, this.cpl, this.ac, 4);
    if (result.out === 'ok') this.lastAccess = { la, pa: result.pa, kind };
    return result.out === 'ok';
  }

  override translate(kind: AccessKind, la: number, size = 4): number | typeof RESTART {
    if (this.host === null) return super.translate(kind, la, size);
    const result = access(this.view, kind, la, this.cpl, this.ac, size);
    if (result.out === 'ok') {
      this.lastAccess = { la, pa: result.pa, kind };
      return result.pa;
    }
    if (result.out === 'gp') throw new Error(`machine bug: ${this.name} raises #GP at 0x${la.toString(16)}`);
    if (this.host.absorbs(this, result, kind)) return RESTART;
    this.cr2 = result.cr2;
    return this.raise(14, result.err);
  }
}

/** The CPU as its MMU sees it: its own registers, and the hypervisor's tables. */
function viewOf(cpu: VirtualCpu): Paged {
  return Object.create(cpu, { memory: { get: () => cpu.host!.tables }, walker: { get: () => cpu.host!.tables } }) as Paged;
}
