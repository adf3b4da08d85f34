import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';

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

/** What was read and written since a moment, each cell once. */
export class Accesses {
  /** Cells that were read before they were written, and their values. */
  readonly cells: number[] = [];
  readonly held: Value[] = [];
  /** Cells that were written, and their values before. */
  readonly written: number[] = [];
  readonly before: Value[] = [];
  private turn = 0;
  /** For each cell, the last turn in which it was read before it was written, and the last one in which it was written. */
  private readonly readIn: number[] = [];
  private readonly writtenIn: number[] = [];
  /** The fingerprint at the beginning. */
  private a = 0;
  private b = 0;

  constructor(protected readonly store: Store) {}

  begin(): void {
    this.turn++;
    this.cells.length = 0;
    this.held.length = 0;
    this.written.length = 0;
    this.before.length = 0;
    this.a = this.store.a;
    this.b = this.store.b;
  }

  /** A cell was read, which held `value`. */
  noteRead(cell: number, value: Value): void {
    if (this.readIn[cell] === this.turn || this.writtenIn[cell] === this.turn) return;
    this.readIn[cell] = this.turn;
    this.cells.push(cell);
    this.held.push(value);
  }

  /** A cell is written that held `before`. */
  noteWrite(cell: number, before: Value): void {
    if (this.writtenIn[cell] === this.turn) return;
    this.writtenIn[cell] = this.turn;
    this.written.push(cell);
    this.before.push(before);
  }

  readAll(cells: readonly number[], held: readonly Value[]): void {
    const { turn, readIn, writtenIn } = this;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (readIn[cell] === turn || writtenIn[cell] === turn) continue;
      readIn[cell] = turn;
      this.cells.push(cell);
      this.held.push(held[i]);
    }
  }

  /** All of `cells` are about to be written. */
  writeAll(cells: readonly number[]): void {
    const { turn, writtenIn, store } = this;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (writtenIn[cell] === turn) continue;
      writtenIn[cell] = turn;
      this.written.push(cell);
      this.before.push(store.peek(cell));
    }
  }

  /** What `other` has seen. */
  join({ cells, held, written, before }: Accesses): void {
    this.readAll(cells, held);
    for (let i = 0; i < written.length; i++) this.noteWrite(written[i]!, before[i]);
  }

  /** The writes that led to the present state. */
  writes(): Writes {
    const { store, written, before, turn, readIn } = this;
    const writes = { cells: [] as number[], values: [] as Value[], a: this.a ^ store.a, b: this.b ^ store.b, blindCells: [] as number[], blindValues: [] as Value[] };
    for (let i = 0; i < written.length; i++) {
      const cell = written[i]!;
      const value = store.peek(cell);
      const old = before[i];
      if (readIn[cell] !== turn) {
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
}
