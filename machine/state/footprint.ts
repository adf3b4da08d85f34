// What one event touched, interned: since events touch the same cells again and
// again, each list is made once and then found by following the touches, one
// node for each. So recording a touch is usually one comparison.

const FEW = 8;

/** The cells that one event touched. */
export class Footprint {
  /** What the dependence analysis has derived from this footprint. */
  meaning: object | null = null;
  private lastKey = -1;
  private last: Footprint = this;
  /** The footprint after each further touch, and that touch: searched linearly while there are few, as is usual. */
  private readonly keys: number[] = [];
  private readonly longer: Footprint[] = [];
  private index: Map<number, Footprint> | null = null;

  /**
   * @param process the number of the event's process
   * @param reads the cells that it read, each once
   * @param writes the cells that it wrote, whether or not their values changed, each once
   */
  constructor(readonly process: number, readonly reads: readonly number[], readonly writes: readonly number[]) {}

  /** The footprint after also reading `cell`. */
  andRead(cell: number): Footprint {
    return this.lastKey === 2 * cell ? this.last : this.follow(2 * cell);
  }

  /** The footprint after also writing `cell`. */
  andWritten(cell: number): Footprint {
    return this.lastKey === 2 * cell + 1 ? this.last : this.follow(2 * cell + 1);
  }

  private follow(key: number): Footprint {
    const next = this.find(key) ?? this.add(key);
    this.lastKey = key;
    this.last = next;
    return next;
  }

  private find(key: number): Footprint | undefined {
    if (this.index !== null) return this.index.get(key);
    const { keys } = this;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return this.longer[i];
    return undefined;
  }

  private add(key: number): Footprint {
    const next = this.make(key >> 1, (key & 1) !== 0);
    this.keys.push(key);
    this.longer.push(next);
    if (this.keys.length > FEW) this.index ??= new Map(this.keys.map((known, i) => [known, this.longer[i]!]));
    this.index?.set(key, next);
    return next;
  }

  private make(cell: number, isWrite: boolean): Footprint {
    const { process, reads, writes } = this;
    if ((isWrite ? writes : reads).includes(cell)) return this;
    return isWrite ? new Footprint(process, reads, [...writes, cell]) : new Footprint(process, [...reads, cell], writes);
  }
}
