import { Digest, type Hashed } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { PagedMemory } from './mmu';

// Memory order as x86 has it (Owens, Sarkar, Sewell, "A better x86 memory model:
// x86-TSO", 2009): the stores of a CPU wait in its buffer, first in first out;
// it reads its own from there; other CPUs, their page walks among them, see a
// store once it has drained. A CPU without a buffer is sequentially consistent.

/** How the stores of a CPU reach memory: each at once, or through its buffer. */
export type MemoryOrder = 'SC' | 'TSO';

/** A store that waits. */
class PendingStore implements Hashed {
  readonly hashA: number;
  readonly hashB: number;

  constructor(readonly pa: number, readonly value: number) {
    const digest = new Digest(1, 2).then(pa).then(value);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  toString(): string {
    return `[0x${this.pa.toString(16).padStart(8, '0')}] = 0x${(this.value >>> 0).toString(16)}`;
  }
}

/** The memory as one CPU sees it: its own stores first. Without a bound on how many may wait. */
export class StoreBuffer implements PagedMemory {
  private readonly pending: Cell<readonly PendingStore[]>;

  constructor(store: Store, name: string, private readonly memory: PagedMemory) {
    this.pending = new Cell<readonly PendingStore[]>(store, name, NONE);
  }

  /** The word at `pa`: the youngest store to it that still waits, else what memory has. */
  read32(pa: number): number {
    const pending = this.pending.value;
    for (let i = pending.length - 1; i >= 0; i--) if (pending[i]!.pa === pa) return pending[i]!.value >>> 0;
    return this.memory.read32(pa);
  }

  write32(pa: number, value: number): void {
    this.pending.value = [...this.pending.value, new PendingStore(pa, value | 0)];
  }

  /** Whether no store waits. */
  get isEmpty(): boolean {
    return this.pending.value.length === 0;
  }

  /** Lets the oldest store reach memory. */
  drainOne(): void {
    const [oldest, ...rest] = this.pending.value;
    if (!oldest) throw new Error('machine bug: a store buffer drains and is empty');
    this.pending.value = rest.length === 0 ? NONE : rest;
    this.memory.write32(oldest.pa, oldest.value);
  }

  /** Lets all reach memory: what fences, locked and serialising instructions, interrupts and faults do. SDM volume 3A, 11.10. */
  drain(): void {
    while (!this.isEmpty) this.drainOne();
  }
}

const NONE: readonly PendingStore[] = [];
