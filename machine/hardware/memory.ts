import type { Store } from '../state/store';
import { Cell, TrackedMap } from '../state/tracked';

// Physical memory: 32-bit words, all zero at first, sparse, addressable beyond
// 4 GiB. Addresses are plain numbers (bytes); a 64-bit entry is two words, low
// word first, as on the bus of a 32-bit processor.

/** Size of a page frame in bytes. */
export const PAGE_SIZE = 4096;

/** Page frame number: a physical address divided by 4096. */
export type Pfn = number & { readonly unit?: 'pfn' };

/** The words of one frame that were ever written; all others are zero. */
class WrittenWords {
  private readonly isWritten = new Uint8Array(PAGE_SIZE / 4);
  private readonly addresses: number[] = [];
  private isAscending = true;

  /** Whether `pa` is a new one. */
  add(pa: number): boolean {
    const word = (pa % PAGE_SIZE) >>> 2;
    if (this.isWritten[word] === 1) return false;
    this.isWritten[word] = 1;
    this.isAscending &&= this.addresses.length === 0 || this.addresses[this.addresses.length - 1]! < pa;
    this.addresses.push(pa);
    return true;
  }

  ascending(): readonly number[] {
    if (!this.isAscending) this.addresses.sort((one, other) => one - other);
    this.isAscending = true;
    return this.addresses;
  }
}

export class Memory {
  private readonly words: TrackedMap<number, number>;
  private readonly known = new Map<Pfn, WrittenWords>();
  /** Read by whoever goes through a frame, set by the first write to a word. */
  private readonly population: Cell<number>;

  constructor(store: Store, name = 'memory') {
    this.population = new Cell(store, `${name}.written`, 0, true);
    this.words = new TrackedMap<number, number>(store, name, 0, (pa) => `0x${pa.toString(16).padStart(8, '0')}`);
  }

  /** The word at `pa`, unsigned. `pa` must be a multiple of 4. */
  read32(pa: number): number {
    return this.words.get(pa) >>> 0;
  }

  /** Stores the low 32 bits of `value` at `pa`, a multiple of 4. */
  write32(pa: number, value: number): void {
    this.note(pa);
    this.words.set(pa, value | 0);
  }

  private note(pa: number): void {
    const frame = Math.floor(pa / PAGE_SIZE);
    let known = this.known.get(frame);
    if (!known) this.known.set(frame, known = new WrittenWords());
    if (known.add(pa)) this.population.value = 0;
  }

  /** The addresses of the words of a frame that are not zero, ascending. */
  wordsOf(frame: Pfn): number[] {
    void this.population.value;
    return (this.known.get(frame)?.ascending() ?? []).filter((pa) => this.words.get(pa) !== 0);
  }

  /** The 64-bit little-endian quantity at `pa`, a multiple of 8. */
  read64(pa: number): bigint {
    return (BigInt(this.read32(pa + 4)) << 32n) | BigInt(this.read32(pa));
  }

  write64(pa: number, value: bigint): void {
    this.write32(pa, Number(value & 0xffffffffn));
    this.write32(pa + 4, Number((value >> 32n) & 0xffffffffn));
  }
}
