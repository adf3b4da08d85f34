// The shared cells that one event touches, which decide whether two events
// depend on each other. Shared cells are numbered from 0 on, and the first of
// them have a bit of their own in a word, so the words alone almost always
// decide.

/** Cells with a lower number have their own bit; the others share these bits. */
const OWN_BITS = 31;
/** Set in every touch, even an empty one: an event that touches everything does not commute even with that. */
const ANYTHING = 1 << 31;

export class Touch {
  /** Each touched cell, as `2 * cell`, or `2 * cell + 1` if it is written. */
  readonly accesses: readonly number[];
  private readonly touched: number;
  private readonly written: number;
  private readonly isExact: boolean;

  constructor(readonly reads: readonly number[], readonly writes: readonly number[], readonly isEverything = false) {
    this.accesses = [...reads.filter((cell) => !writes.includes(cell)).map((cell) => 2 * cell), ...writes.map((cell) => 2 * cell + 1)];
    this.written = isEverything ? -1 : bitsOf(writes);
    this.touched = isEverything ? -1 : this.written | bitsOf(reads) | ANYTHING;
    this.isExact = isEverything || this.accesses.every((access) => access >> 1 < OWN_BITS);
  }

  /** Whether an event with this touch does not commute with an event of another process with the touch `other`. */
  conflictsWith(other: Touch): boolean {
    if (((this.written & other.touched) | (this.touched & other.written)) === 0) return false;
    return (this.isExact && other.isExact) || this.isEverything || other.isEverything
      || meet(this.writes, other.writes) || meet(this.writes, other.reads) || meet(this.reads, other.writes);
  }

  /** Whether an event with this touch may have read what an event with the touch `earlier` wrote. */
  mayReadFrom(earlier: Touch): boolean {
    return this.isEverything || earlier.isEverything || meet(this.reads, earlier.writes);
  }
}

function bitsOf(cells: readonly number[]): number {
  return cells.reduce((bits, cell) => bits | (1 << (cell % OWN_BITS)), 0);
}

function meet(some: readonly number[], others: readonly number[]): boolean {
  for (let i = 0; i < some.length; i++) {
    for (let k = 0; k < others.length; k++) if (some[i] === others[k]) return true;
  }
  return false;
}
