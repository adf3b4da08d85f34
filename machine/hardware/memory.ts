import type { Value } from '../state/hash';
import type { Store } from '../state/store';
import { Cell, TrackedTable } from '../state/tracked';

// Physical memory: 32-bit words, all zero at first, sparse, addressable beyond
// 4 GiB. Addresses are plain numbers (bytes); a 64-bit entry is two words, low
// word first, as on the bus of a 32-bit processor. A word can be given a name,
// by which traces then show it.

/** Size of a page frame in bytes. */
export const PAGE_SIZE = 4096;

/** Page frame number: a physical address divided by 4096. */
export type Pfn = number & { readonly unit?: 'pfn' };

/** The words of one frame that have ever been nonzero. */
class WrittenWords {
  private readonly isWritten = new Uint8Array(PAGE_SIZE / 4);
  private readonly addresses: number[] = [];
  private isAscending = true;
  /** Read by a scan of the frame, written whenever a word becomes zero or stops being zero. */
  readonly population: Cell<number>;

  constructor(private readonly store: Store, private readonly name: string) {
    this.population = new Cell(store, name, 0, true);
  }

  /** @param isKnown whether the word was read before: an earlier scan of the frame did not read it, and a new cell makes the explorer forget what it remembers of that scan */
  add(pa: number, isKnown: boolean): void {
    const word = (pa % PAGE_SIZE) >>> 2;
    if (this.isWritten[word] === 1) return;
    if (isKnown) this.store.cell(`${this.name}[${word}]`, 0, true);
    this.isWritten[word] = 1;
    this.isAscending &&= this.addresses.length === 0 || this.addresses[this.addresses.length - 1]! < pa;
    this.addresses.push(pa);
  }

  ascending(): readonly number[] {
    if (!this.isAscending) this.addresses.sort((one, other) => one - other);
    this.isAscending = true;
    return this.addresses;
  }
}

/** The words by address, with the names that some were given. */
class NamedWords extends TrackedTable<number, number> {
  readonly names = new Map<number, string>();
  readonly readings = new Map<number, (value: Value) => Value>();

  has(pa: number): boolean {
    return this.locs.has(pa);
  }

  protected override cellName(pa: number): string {
    return this.names.get(pa) ?? super.cellName(pa);
  }
}

export class Memory {
  private readonly words: NamedWords;
  private readonly frames = new Map<Pfn, WrittenWords>();

  constructor(private readonly store: Store, private readonly called = 'memory') {
    this.words = new NamedWords(store, called, 0, (pa) => `0x${pa.toString(16).padStart(8, '0')}`);
  }

  /** The word at `pa`, unsigned. `pa` must be a multiple of 4. */
  read32(pa: number): number {
    return this.words.get(pa) >>> 0;
  }

  /** Stores the low 32 bits of `value` at `pa`, a multiple of 4. */
  write32(pa: number, value: number): void {
    const word = value | 0;
    if (this.store.isLookedOut || (this.words.peek(pa) === 0) !== (word === 0)) {
      const frame = this.frame(Math.floor(pa / PAGE_SIZE));
      frame.add(pa, this.words.has(pa));
      frame.population.value = 0;
    }
    this.words.set(pa, word);
  }

  /** Stores those bits of `value` at `pa`, a multiple of 4, that are set in `mask`: a store of one or two bytes. */
  writeBits(pa: number, value: number, mask: number): void {
    this.write32(pa, (this.words.get(pa) & ~mask) | (value & mask));
  }

  /** Names the word at `pa`, before it is first used; `name` must be unique. `reading` turns a value into what the reader sees. */
  name(pa: number, name: string, reading?: (value: Value) => Value): void {
    this.words.names.set(pa, name);
    if (!reading) return;
    this.words.readings.set(pa, reading);
    this.store.showAs(name, reading);
  }

  /** What a reader sees of `value` at `pa`. */
  shown(pa: number, value: number): string {
    const reading = this.words.readings.get(pa);
    const seen = reading ? reading(value) : value;
    return typeof seen === 'number' ? `0x${(seen >>> 0).toString(16)}` : seen === null ? 'NULL' : String(seen);
  }

  /** The name of the word at `pa`. */
  nameOf(pa: number): string {
    return this.words.names.get(pa) ?? `[0x${pa.toString(16).padStart(8, '0')}]`;
  }

  private frame(number: Pfn): WrittenWords {
    let frame = this.frames.get(number);
    if (!frame) this.frames.set(number, frame = new WrittenWords(this.store, `${this.called}.frame 0x${number.toString(16)}`));
    return frame;
  }

  /** The addresses of the words of a frame that are not zero, ascending. */
  wordsOf(number: Pfn): number[] {
    const frame = this.frame(number);
    void frame.population.value;
    return frame.ascending().filter((pa) => this.words.lookAt(pa) !== 0);
  }

  /** The 64-bit little-endian quantity at `pa`, a multiple of 8. */
  read64(pa: number): bigint {
    return (BigInt(this.read32(pa + 4)) << 32n) | BigInt(this.read32(pa));
  }

  write64(pa: number, value: bigint): void {
    this.writePair(pa, Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
  }

  /** Stores two words at `pa`, a multiple of 8, at once. */
  writePair(pa: number, low: number, high: number): void {
    this.write32(pa, low);
    this.write32(pa + 4, high);
  }
}
