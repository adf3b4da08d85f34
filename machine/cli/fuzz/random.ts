// Numbers that look random and are the same in every run: a seed identifies a
// fuzzed script.

/** Marsaglia's xorshift with 32 bits of state. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
    for (let i = 0; i < 4; i++) this.next();
  }

  private next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state >>> 0;
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    return this.next() % bound;
  }

  /** True with a probability of `percent` in a hundred. */
  percent(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** One of the keys of `weights`, with these relative frequencies. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const keys = Object.keys(weights) as K[];
    let left = this.below(keys.reduce((sum, key) => sum + weights[key], 0));
    for (const key of keys) {
      if (left < weights[key]) return key;
      left -= weights[key];
    }
    throw new Error('machine bug: no key was picked; the weights must be whole numbers');
  }
}
