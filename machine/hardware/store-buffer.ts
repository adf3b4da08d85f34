import { digestOf, Digest, type Hashed, type Value } from '../state/hash';
import type { Store, View } from '../state/store';
import { Cell } from '../state/tracked';
import { PAGE_SIZE, type Pfn } from './memory';
import type { PagedMemory } from './mmu';

// The memory order of x86 (Owens, Sarkar, Sewell, "A better x86 memory model:
// x86-TSO", 2009): the stores of a CPU wait in its buffer, first in first out;
// it reads its own from there; other CPUs, and their page walks, see a store
// once it has drained. A CPU without a buffer is sequentially consistent. A
// store of 8 bytes reaches memory at once, and one of 1 or 2 leaves the other
// bytes of the word as they are in memory at that moment.

/** How the stores of a CPU reach memory: each at once, or through its buffer. */
export type MemoryOrder = 'SC' | 'TSO';

/** Memory as a CPU's own instructions use it. */
export interface CpuMemory extends PagedMemory {
  /** Stores the bits of `value` that are set in `mask` at `pa`. */
  writeBits(pa: number, value: number, mask: number): void;
  /** Stores two words at `pa`, a multiple of 8, at once. */
  writePair(pa: number, low: number, high: number): void;
}

/** Memory as seen by code that walks page tables. */
export interface SeenMemory extends CpuMemory {
  /** The addresses of the words of a frame that are not zero, ascending. */
  wordsOf(frame: Pfn): readonly number[];
}

/** Memory behind the buffers, which knows the names of its words. */
interface NamedMemory extends SeenMemory {
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
   * @param high the next word, if 8 bytes are stored
   */
  constructor(private readonly memory: NamedMemory, readonly pa: number, readonly value: number, readonly mask: number, readonly high: number | null) {
    let digest = new Digest(1, 2).then(pa).then(value);
    if (mask !== EVERY_BIT) digest = digest.then(mask);
    if (high !== null) digest = digest.then('pair').then(high);
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
  }

  /** Whether it overwrites the whole word at `pa`. */
  isWholeOf(pa: number): boolean {
    return (pa === this.pa && this.mask === EVERY_BIT) || (this.high !== null && pa === this.pa + 4);
  }

  /** The addresses of the words that it changes. */
  get words(): readonly number[] {
    return this.high === null ? [this.pa] : [this.pa, this.pa + 4];
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

/** A waiting store to a field of the kernel. */
class PendingField implements Hashed {
  readonly hashA: number;
  readonly hashB: number;
  readonly parts: readonly Value[];

  constructor(private readonly store: Store, readonly loc: number, readonly value: Value, of: Hashed, field: string) {
    const { hashA, hashB } = new Digest(of.hashA, of.hashB).then(field).then(digestOf(value));
    this.hashA = hashA;
    this.hashB = hashB;
    this.parts = [of, field, value];
  }

  /** A field has no address. */
  isWholeOf(): boolean {
    return false;
  }

  appliedTo(word: number): number {
    return word;
  }

  reach(): void {
    this.store.set(this.loc, this.value);
  }

  toString(): string {
    const { value } = this;
    return `${this.store.nameOf(this.loc)} = ${value === null ? 'NULL' : Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`;
  }
}

const hex = (word: number): string => (word >>> 0).toString(16);

/** Memory as one CPU sees it: its own stores first. Any number of them may wait. */
export class StoreBuffer implements CpuMemory, View {
  private readonly pending: Cell<readonly (PendingStore | PendingField)[]>;

  constructor(private readonly store: Store, name: string, private readonly memory: NamedMemory) {
    this.pending = new Cell<readonly (PendingStore | PendingField)[]>(store, name, NONE);
  }

  /** The field at `loc`: the youngest store to it that still waits, else what all CPUs see. */
  read(loc: number): Value {
    const pending = this.pending.value;
    for (let i = pending.length - 1; i >= 0; i--) {
      const store = pending[i]!;
      if (store instanceof PendingField && store.loc === loc) return store.value;
    }
    return this.store.get(loc);
  }

  write(loc: number, value: Value, of: Hashed, field: string): void {
    this.wait(new PendingField(this.store, loc, value, of, field));
  }

  /** The word at `pa`: the youngest store to it that still waits, else what memory has, with the waiting stores to parts of it. */
  read32(pa: number): number {
    const pending = this.pending.value;
    let last = pending.length - 1;
    while (last >= 0 && !pending[last]!.isWholeOf(pa)) last--;
    let word = last < 0 ? this.memory.read32(pa) : 0;
    for (let i = Math.max(last, 0); i < pending.length; i++) word = pending[i]!.appliedTo(word, pa);
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

  private wait(store: PendingStore | PendingField): void {
    this.pending.value = [...this.pending.value, store];
  }

  wordsOf(frame: Pfn): readonly number[] {
    const within = (pa: number): boolean => Math.floor(pa / PAGE_SIZE) === frame;
    const waiting = this.pending.value.flatMap((store) => (store instanceof PendingStore ? store.words.filter(within) : []));
    if (waiting.length === 0) return this.memory.wordsOf(frame);
    return [...new Set([...this.memory.wordsOf(frame), ...waiting])].filter((pa) => this.read32(pa) !== 0).sort((one, other) => one - other);
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
    const waiting = this.pending.value;
    if (waiting.length === 0) return;
    this.pending.value = NONE;
    for (const store of waiting) store.reach();
  }
}

const NONE: readonly (PendingStore | PendingField)[] = [];
