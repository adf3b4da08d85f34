import { Digest, type Hashed } from '../state/hash';
import type { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { PagedMemory } from './mmu';

// Memory order as x86 has it (Owens, Sarkar, Sewell, "A better x86 memory model:
// x86-TSO", 2009): the stores of a CPU wait in its buffer, first in first out;
// it reads its own from there; other CPUs, their page walks among them, see a
// store once it has drained. A CPU without a buffer is sequentially consistent.
// A store of 8 bytes reaches memory at once, and one of 1 or 2 leaves the other
// bytes of the word as memory has them then.

/** How the stores of a CPU reach memory: each at once, or through its buffer. */
export type MemoryOrder = 'SC' | 'TSO';

/** The memory as a CPU's own instructions use it. */
export interface CpuMemory extends PagedMemory {
  /** Stores those bits of `value` at `pa` that are set in `mask`. */
  writeBits(pa: number, value: number, mask: number): void;
  /** Stores two words at `pa`, a multiple of 8, at once. */
  writePair(pa: number, low: number, high: number): void;
}

/** Memory behind the buffers, which knows how a reader calls its words. */
interface NamedMemory extends CpuMemory {
  nameOf(pa: number): string;
  shown(pa: number, value: number): string;
}

const EVERY_BIT = -1;

/** A store that waits. */
class PendingStore implements Hashed {
  readonly hashA: number;
  readonly hashB: number;

  /**
   * @param mask the bits that are stored
   * @param high the word after it, where 8 bytes are stored
   */
  constructor(private readonly memory: NamedMemory, readonly pa: number, readonly value: number, readonly mask: number, readonly high: number | null) {
    let digest = new Digest(1, 2).then(pa).then(value);
    if (mask !== EVERY_BIT) digest = digest.then(mask);
    if (high !== null) digest = digest.then('pair').then(high);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  /** Whether it says all of the word at `pa`. */
  isWholeOf(pa: number): boolean {
    return (pa === this.pa && this.mask === EVERY_BIT) || (this.high !== null && pa === this.pa + 4);
  }

  /** The word at `pa` once this store is done, if it was `word` before. */
  appliedTo(word: number, pa: number): number {
    if (pa === this.pa) return (word & ~this.mask) | (this.value & this.mask);
    return this.high !== null && pa === this.pa + 4 ? this.high : word;
  }

  reach(): void {
    const { memory, pa, value, mask, high } = this;
    if (high !== null) memory.writePair(pa, value, high);
    else if (mask === EVERY_BIT) memory.write32(pa, value);
    else memory.writeBits(pa, value, mask);
  }

  toString(): string {
    const { memory, pa, value, mask, high } = this;
    const place = memory.nameOf(pa);
    if (high !== null) return `${place} = 0x${hex(high)}${hex(value).padStart(8, '0')}`;
    return mask === EVERY_BIT ? `${place} = ${memory.shown(pa, value)}` : `${place} = 0x${hex(value)} in the bits 0x${hex(mask)}`;
  }
}

const hex = (word: number): string => (word >>> 0).toString(16);

/** The memory as one CPU sees it: its own stores first. Without a bound on how many may wait. */
export class StoreBuffer implements CpuMemory {
  private readonly pending: Cell<readonly PendingStore[]>;

  constructor(store: Store, name: string, private readonly memory: NamedMemory) {
    this.pending = new Cell<readonly PendingStore[]>(store, name, NONE);
  }

  /** The word at `pa`: the youngest store to it that still waits, else what memory has, with what waits for parts of it. */
  read32(pa: number): number {
    const pending = this.pending.value;
    let first = pending.length;
    while (first > 0 && !pending[first - 1]!.isWholeOf(pa)) first--;
    let word = first === 0 ? this.memory.read32(pa) : 0;
    for (let i = Math.max(first - 1, 0); i < pending.length; i++) word = pending[i]!.appliedTo(word, pa);
    return word >>> 0;
  }

  write32(pa: number, value: number): void {
    this.wait(new PendingStore(this.memory, pa, value | 0, EVERY_BIT, null));
  }

  writeBits(pa: number, value: number, mask: number): void {
    this.wait(new PendingStore(this.memory, pa, value & mask, mask, null));
  }

  writePair(pa: number, low: number, high: number): void {
    this.wait(new PendingStore(this.memory, pa, low | 0, EVERY_BIT, high | 0));
  }

  private wait(store: PendingStore): void {
    this.pending.value = [...this.pending.value, store];
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
    oldest.reach();
  }

  /** Lets all reach memory: what fences, locked and serialising instructions, interrupts and faults do. SDM volume 3A, 11.10. */
  drain(): void {
    while (!this.isEmpty) this.drainOne();
  }
}

const NONE: readonly PendingStore[] = [];
