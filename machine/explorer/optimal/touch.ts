// What one event touches of what is shared: the ground on which two events
// are told to depend on each other. Shared cells are numbered from 0 on, and
// the first of them have a bit of their own in a word, so that the question is
// answered by the words alone, almost always.

/** Cells below this one have their own bit; the others share these. */
const OWN_BITS = 31;
/** Set for every touch, also for one of nothing: what touches everything may not change places even with that. */
const ANYTHING = 1 << 31;

export class Touch {
  /** Each cell that is touched, as `2 * cell`, or `2 * cell + 1` where it is written. */
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

  /** Whether an event that touches this and one of another process that touches `other` may not be exchanged. */
  conflictsWith(other: Touch): boolean {
    if (((this.written & other.touched) | (this.touched & other.written)) === 0) return false;
    return (this.isExact && other.isExact) || this.isEverything || other.isEverything
      || meet(this.writes, other.writes) || meet(this.writes, other.reads) || meet(this.reads, other.writes);
  }

  /** Whether one that touches this may have read what one that touched `earlier` wrote. */
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
