import { digestOf, isHashed, type Value } from '../../state/hash';
import type { Lookout, Store } from '../../state/store';

// What one event has read and written, or one question to a process or an invariant, so that it can be repeated
// without performing it; and which observer reads which cell, so that nothing is asked again unless something has changed.

/** Writes that are repeated whenever the same is read. */
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

/** What one event reads and does. */
export interface Deed {
  /** The cells that it reads before it writes them, in order, and their values. */
  readonly cells: readonly number[];
  readonly held: readonly Value[];
  /** Every cell that it writes, even if the value stays the same. */
  readonly written: readonly number[];
  readonly writes: Writes;
}

/** What is read and written in one go, and in what order. */
export class Notes implements Lookout {
  /** The observer that currently reads cells, as a bit; 0 for an event. */
  who = 0;
  /** How often an observer has read a cell that it had not read before. */
  news = 0;
  /** How many cells the current observer has read. */
  reads = 0;

  /** Cells that were read before they were written, and their values. */
  readonly cells: number[] = [];
  readonly held: Value[] = [];
  /** Cells that were written, and their values before. */
  readonly written: number[] = [];
  readonly before: Value[] = [];
  private go = 0;
  /** For each cell, the last time that it was read before it was written, and the last time that it was written. */
  private readonly readIn: number[] = [];
  private readonly writtenIn: number[] = [];
  private readonly composites = new Map<string, Value>();
  private isKept = false;
  /** The fingerprint at the beginning. */
  private a = 0;
  private b = 0;

  constructor(private readonly store: Store) {}

  /** Begins anew, with what `who` reads. It is only kept if it may be repeated. */
  begin(who: number, isKept: boolean): void {
    this.isKept = isKept;
    this.who = who;
    this.reads = 0;
    if (!isKept) return;
    this.go++;
    this.cells.length = 0;
    this.held.length = 0;
    this.written.length = 0;
    this.before.length = 0;
    this.a = this.store.a;
    this.b = this.store.b;
  }

  read(cell: number, value: Value): void {
    if (this.who !== 0) {
      this.reads++;
      if (this.store.addOnlooker(cell, this.who)) this.news++;
    }
    if (!this.isKept || this.readIn[cell] === this.go || this.writtenIn[cell] === this.go) return;
    this.readIn[cell] = this.go;
    this.cells.push(cell);
    this.held.push(value);
  }

  write(cell: number, old: Value, value: Value): Value {
    if (!this.isKept) return value;
    if (this.writtenIn[cell] !== this.go) {
      this.writtenIn[cell] = this.go;
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

  /** What was read and done since `begin`. */
  deed(): Deed {
    const { store, cells, held, written, before, a, b } = this;
    return { cells: [...cells], held: [...held], written: [...written], writes: writesOf(store, { written, before, a, b, wasRead: (cell) => this.readIn[cell] === this.go }) };
  }
}


/** What was written from one moment to another. */
export interface Written {
  /** Each cell once, and its value before. */
  readonly written: readonly number[];
  readonly before: readonly Value[];
  /** The fingerprint before. */
  readonly a: number;
  readonly b: number;
  /** Whether a cell was read before it was written. */
  wasRead(cell: number): boolean;
}

/** The writes that led to the present state. */
export function writesOf(store: Store, { written, before, a, b, wasRead }: Written): Writes {
  const writes = { cells: [] as number[], values: [] as Value[], a: a ^ store.a, b: b ^ store.b, blindCells: [] as number[], blindValues: [] as Value[] };
  for (let i = 0; i < written.length; i++) {
    const cell = written[i]!;
    const value = store.peek(cell);
    const old = before[i];
    if (!wasRead(cell)) {
      writes.blindCells.push(cell);
      writes.blindValues.push(value);
      if (value === old) continue;
      const difference = store.difference(cell, old, value);
      writes.a ^= difference.a;
      writes.b ^= difference.b;
    } else if (value !== old) {
      writes.cells.push(cell);
      writes.values.push(value);
    }
  }
  return writes;
}
