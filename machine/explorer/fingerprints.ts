// A table from fingerprints (two 32-bit lanes) to state numbers, in open
// addressing: the visited states of a search.

export class Fingerprints {
  private size = 0;
  private mask: number;
  private lanes: Int32Array;
  private numbers: Int32Array;

  constructor(capacity = 1 << 12) {
    this.mask = capacity - 1;
    this.lanes = new Int32Array(capacity * 2);
    this.numbers = new Int32Array(capacity);
  }

  /** Both lanes of each state, in the order of their numbers. */
  save(): Int32Array {
    const saved = new Int32Array(this.size * 2);
    this.numbers.forEach((number, slot) => {
      if (number === 0) return;
      saved[2 * (number - 1)] = this.lanes[2 * slot]!;
      saved[2 * (number - 1) + 1] = this.lanes[2 * slot + 1]!;
    });
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

  /** What the table takes, and would take while it next grows. */
  get bytes(): number {
    const bytes = this.numbers.length * 12;
    return this.size * 2 > this.mask ? bytes * 3 : bytes;
  }

  /** The number of the state with this fingerprint; -1 when it is new, and it then gets the next number. */
  findOrAdd(a: number, b: number): number {
    let slot = (a ^ Math.imul(b, 0x9e3779b1)) & this.mask;
    for (;;) {
      const number = this.numbers[slot]!;
      if (number === 0) break;
      if (this.lanes[2 * slot] === a && this.lanes[2 * slot + 1] === b) return number - 1;
      slot = (slot + 1) & this.mask;
    }
    this.lanes[2 * slot] = a;
    this.lanes[2 * slot + 1] = b;
    this.numbers[slot] = ++this.size;
    if (this.size * 3 > this.mask * 2) this.grow();
    return -1;
  }

  private grow(): void {
    const { lanes, numbers } = this;
    const capacity = numbers.length * 2;
    this.mask = capacity - 1;
    this.lanes = new Int32Array(capacity * 2);
    this.numbers = new Int32Array(capacity);
    for (let old = 0; old < numbers.length; old++) {
      if (numbers[old] === 0) continue;
      const a = lanes[2 * old]!;
      const b = lanes[2 * old + 1]!;
      let slot = (a ^ Math.imul(b, 0x9e3779b1)) & this.mask;
      while (this.numbers[slot] !== 0) slot = (slot + 1) & this.mask;
      this.lanes[2 * slot] = a;
      this.lanes[2 * slot + 1] = b;
      this.numbers[slot] = numbers[old]!;
    }
  }

  /** The chance that two different states of this search had one fingerprint, at most. */
  get collisionBound(): number {
    return (this.size * this.size) / 2 ** 65;
  }
}
