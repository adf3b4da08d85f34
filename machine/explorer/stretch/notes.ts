import { digestOf, isHashed, type Value } from '../../state/hash';
import type { Lookout, Store } from '../../state/store';

// What one stretch of a run has read and written, so that it can be repeated
// without performing it; and which observer reads which cell, so that nothing
// is checked again unless something has changed.

/** The writes of a stretch, which are repeated whenever it reads the same. */
export interface Writes {
  /** Cells that were read first: their old values are known, and so is the effect of the writes on the fingerprint. */
  readonly cells: readonly number[];
  readonly values: readonly Value[];
  readonly a: number;
  readonly b: number;
  /** Cells that were only written. */
  readonly blindCells: readonly number[];
  readonly blindValues: readonly Value[];
}

export class Notes implements Lookout {
  /** The observer that currently reads cells, as a bit; 0 for the stretch itself. */
  who = 0;
  /** How often an observer has read a cell that it had not read before. */
  news = 0;
  /** How many cells the current observer has read. */
  reads = 0;

  readonly cells: number[] = [];
  readonly held: Value[] = [];
  private readonly written: number[] = [];
  private readonly before: Value[] = [];
  private stretch = 0;
  /** For each cell, the last stretch that read it before writing it, and the last one that wrote it. */
  private readonly readIn: number[] = [];
  private readonly writtenIn: number[] = [];
  private readonly composites = new Map<string, Value>();
  private isKept = false;
  /** The fingerprint where the stretch began. */
  private a = 0;
  private b = 0;

  constructor(private readonly store: Store) {}

  /** Begins a stretch. What it reads and writes is only kept if it may be repeated. */
  begin(isKept: boolean): void {
    this.isKept = isKept;
    this.stretch++;
    this.who = 0;
    if (!isKept) return;
    this.cells.length = 0;
    this.held.length = 0;
    this.written.length = 0;
    this.before.length = 0;
    this.a = this.store.a;
    this.b = this.store.b;
  }

  /** From now on `who` is the observer that reads cells. */
  lookAs(who: number): void {
    this.who = who;
    this.reads = 0;
  }

  read(cell: number, value: Value): void {
    if (this.who !== 0) {
      this.reads++;
      if (this.store.addOnlooker(cell, this.who)) this.news++;
    }
    if (!this.isKept || this.readIn[cell] === this.stretch || this.writtenIn[cell] === this.stretch) return;
    this.readIn[cell] = this.stretch;
    this.cells.push(cell);
    this.held.push(value);
  }

  write(cell: number, old: Value, value: Value): Value {
    if (!this.isKept) return value;
    if (this.writtenIn[cell] !== this.stretch) {
      this.writtenIn[cell] = this.stretch;
      this.written.push(cell);
      this.before.push(old);
    }
    return this.sole(value);
  }

  /** The representative of equal lists and records, so that they can be compared by identity. */
  private sole(value: Value): Value {
    if (typeof value !== 'object' || value === null || isHashed(value)) return value;
    const { hashA, hashB } = digestOf(value);
    const key = `${hashA} ${hashB}`;
    const known = this.composites.get(key);
    if (known !== undefined) return known;
    this.composites.set(key, value);
    return value;
  }

  /** What was written since `begin`. */
  writes(): Writes {
    const { store } = this;
    const writes = { cells: [] as number[], values: [] as Value[], a: this.a ^ store.a, b: this.b ^ store.b, blindCells: [] as number[], blindValues: [] as Value[] };
    this.written.forEach((cell, i) => {
      const value = store.peek(cell);
      const old = this.before[i];
      if (this.readIn[cell] !== this.stretch) {
        writes.blindCells.push(cell);
        writes.blindValues.push(value);
        if (value === old) return;
        const difference = store.difference(cell, old, value);
        writes.a ^= difference.a;
        writes.b ^= difference.b;
      } else if (value !== old) {
        writes.cells.push(cell);
        writes.values.push(value);
      }
    });
    return writes;
  }
}
