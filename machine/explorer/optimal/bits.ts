/** A set of small numbers. */
export class Bits {
  private words = new Int32Array(8);

  add(i: number): void {
    const word = i >> 5;
    if (word >= this.words.length) {
      const larger = new Int32Array(Math.max(word + 1, this.words.length * 2));
      larger.set(this.words);
      this.words = larger;
    }
    this.words[word]! |= 1 << (i & 31);
  }

  clear(i: number): void {
    this.words[i >> 5]! &= ~(1 << (i & 31));
  }

  /** Removes everything. */
  empty(): void {
    this.words.fill(0);
  }

  has(i: number): boolean {
    return ((this.words[i >> 5] ?? 0) & (1 << (i & 31))) !== 0;
  }
}
