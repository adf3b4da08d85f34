// A table from fingerprints (two 32-bit lanes) to state numbers, in open
// addressing: the visited states of a search. Both lanes and the number of a
// state lie side by side, so that a look-up waits for memory only once.

/** Lane A, lane B, and one more than the number; 0 if there is no state. */
const WIDTH = 3;

export class Fingerprints {
  private size = 0;
  private mask: number;
  private slots: Int32Array;

  constructor(capacity = 1 << 8) {
    this.mask = capacity - 1;
    this.slots = new Int32Array(capacity * WIDTH);
  }

  /** Both lanes of each state, in the order of their numbers. */
  save(): Int32Array {
    const { slots } = this;
    const saved = new Int32Array(this.size * 2);
    for (let at = 0; at < slots.length; at += WIDTH) {
      const number = slots[at + 2]!;
      if (number === 0) continue;
      saved[2 * (number - 1)] = slots[at]!;
      saved[2 * (number - 1) + 1] = slots[at + 1]!;
    }
    return saved;
  }

  static restore(saved: Int32Array): Fingerprints {
    const restored = new Fingerprints();
    for (let i = 0; i < saved.length; i += 2) restored.findOrAdd(saved[i]!, saved[i + 1]!);
    return restored;
  }

  /** How many fingerprints are known. */
  get count(): number {
    return this.size;
  }

  /** The memory that the table takes, including what it needs while it next grows. */
  get bytes(): number {
    const bytes = this.slots.length * 4;
    return this.size * 2 > this.mask ? bytes * 3 : bytes;
  }

  /** The number of the state with this fingerprint; -1 if it is new; it then gets the next number. */
  findOrAdd(a: number, b: number): number {
    const { slots, mask } = this;
    let slot = (a ^ Math.imul(b, 0x9e3779b1)) & mask;
    for (;;) {
      const at = WIDTH * slot;
      const number = slots[at + 2]!;
      if (number === 0) break;
      if (slots[at] === a && slots[at + 1] === b) return number - 1;
      slot = (slot + 1) & mask;
    }
    const at = WIDTH * slot;
    slots[at] = a;
    slots[at + 1] = b;
    slots[at + 2] = ++this.size;
    if (this.size * 3 > mask * 2) this.grow();
    return -1;
  }

  /** Whether there is a state with this fingerprint. */
  has(a: number, b: number): boolean {
    const { slots, mask } = this;
    for (let slot = (a ^ Math.imul(b, 0x9e3779b1)) & mask; ; slot = (slot + 1) & mask) {
      const at = WIDTH * slot;
      if (slots[at + 2] === 0) return false;
      if (slots[at] === a && slots[at + 1] === b) return true;
    }
  }

  private grow(): void {
    const { slots: old } = this;
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array(old.length * 2);
    const { slots, mask } = this;
    for (let from = 0; from < old.length; from += WIDTH) {
      const number = old[from + 2]!;
      if (number === 0) continue;
      const a = old[from]!;
      const b = old[from + 1]!;
      let slot = (a ^ Math.imul(b, 0x9e3779b1)) & mask;
      while (slots[WIDTH * slot + 2] !== 0) slot = (slot + 1) & mask;
      slots[WIDTH * slot] = a;
      slots[WIDTH * slot + 1] = b;
      slots[WIDTH * slot + 2] = number;
    }
  }

  /** An upper bound of the probability that two different states of this search had the same fingerprint. */
  get collisionBound(): number {
    return (this.size * this.size) / 2 ** 65;
  }
}
