// The visited states of a search on several cores: a table in open addressing
// in shared memory. Whoever first puts a state there owns it. A slot is taken by
// compare-and-swap, so a state never has two owners and is never missed; a table
// of one thread finds the same states (stateful/fingerprints.ts).

/** Lane A, lane B, and one more than the number of the state; 0 where there is none, -1 while one is being written. */
const WIDTH = 3;
const FREE = 0;
const BUSY = -1;

/** A table that holds more than this part of its slots is to grow; one that cannot grow is full a little later. */
const CROWDED = 0.6;
const FULL = 0.9;

/** The most slots there can be: 40 million states or so, in 768 MB, of which only the part in use takes memory. */
export const MOST_SLOTS = 2 ** 26;

export class SharedTable {
  private readonly slots: Int32Array<SharedArrayBuffer>;

  /**
   * @param buffer made by `bufferFor`
   * @param head one number in shared memory: how many slots are in use, less one
   */
  constructor(buffer: SharedArrayBuffer, private readonly head: Int32Array<SharedArrayBuffer>) {
    this.slots = new Int32Array(buffer);
  }

  /** Room for a table that can grow to `most` slots, a power of two. */
  static bufferFor(most: number): SharedArrayBuffer {
    return new SharedArrayBuffer(most * WIDTH * 4);
  }

  /** To be called once, by one thread, before the table is used. */
  begin(slots: number): void {
    Atomics.store(this.head, 0, Math.min(slots, this.most) - 1);
  }

  private get most(): number {
    return this.slots.length / WIDTH;
  }

  /** How many states make the table too full for its present size. */
  get room(): number {
    return CROWDED * (Atomics.load(this.head, 0) + 1);
  }

  get canGrow(): boolean {
    return Atomics.load(this.head, 0) + 1 < this.most;
  }

  /** How many states make it too full for its largest size. */
  get limit(): number {
    return Math.floor(FULL * this.most);
  }

  /** The number of the state with this fingerprint; -1 if it is new, and its number is then `number`. */
  findOrAdd(a: number, b: number, number: number): number {
    const { slots } = this;
    const mask = Atomics.load(this.head, 0);
    for (let slot = (a ^ Math.imul(b, 0x9e3779b1)) & mask; ; slot = (slot + 1) & mask) {
      const at = WIDTH * slot;
      let holds = Atomics.load(slots, at + 2);
      if (holds === FREE) {
        holds = Atomics.compareExchange(slots, at + 2, FREE, BUSY);
        if (holds === FREE) {
          slots[at] = a;
          slots[at + 1] = b;
          Atomics.store(slots, at + 2, number + 1);
          return -1;
        }
      }
      while (holds === BUSY) holds = Atomics.load(slots, at + 2);
      if (slots[at] === a && slots[at + 1] === b) return holds - 1;
    }
  }

  /** Whether there is a state with this fingerprint; for when nobody adds any. */
  has(a: number, b: number): boolean {
    const { slots } = this;
    const mask = Atomics.load(this.head, 0);
    for (let slot = (a ^ Math.imul(b, 0x9e3779b1)) & mask; ; slot = (slot + 1) & mask) {
      const at = WIDTH * slot;
      if (slots[at + 2] === FREE) return false;
      if (slots[at] === a && slots[at + 1] === b) return true;
    }
  }

  /** Takes four times as many slots into use. Nobody else may use the table meanwhile. */
  grow(): void {
    const { slots } = this;
    const before = Atomics.load(this.head, 0) + 1;
    const old = slots.slice(0, before * WIDTH);
    slots.fill(0, 0, before * WIDTH);
    const mask = Math.min(4 * before, this.most) - 1;
    for (let from = 0; from < old.length; from += WIDTH) {
      if (old[from + 2] === FREE) continue;
      let slot = (old[from]! ^ Math.imul(old[from + 1]!, 0x9e3779b1)) & mask;
      while (slots[WIDTH * slot + 2] !== FREE) slot = (slot + 1) & mask;
      for (let lane = 0; lane < WIDTH; lane++) slots[WIDTH * slot + lane] = old[from + lane]!;
    }
    Atomics.store(this.head, 0, mask);
  }
}
