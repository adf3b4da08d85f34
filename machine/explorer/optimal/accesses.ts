import type { Touch } from './touch';

// Which event has accessed which shared cell in the current execution. For each
// cell the accesses form a chain, the latest first, so that what an event
// depends on is found without looking at unrelated events.

const NONE = -1;

export class Accesses {
  /** By cell: its latest access. */
  private readonly latest: number[] = [];
  // By access, in the order in which they were made:
  private count = 0;
  private readonly event: number[] = [];
  /** The access of the same cell before this one. */
  private readonly previous: number[] = [];
  /** The latest access, up to this one, that wrote the cell. */
  private readonly writing: number[] = [];

  /** Adds what `event` touches. */
  add(event: number, { accesses }: Touch): void {
    for (let a = 0; a < accesses.length; a++) {
      const cell = accesses[a]! >> 1;
      const previous = this.latestOf(cell);
      const access = this.count++;
      this.event[access] = event;
      this.previous[access] = previous;
      this.writing[access] = (accesses[a]! & 1) !== 0 ? access : previous === NONE ? NONE : this.writing[previous]!;
      this.latest[cell] = access;
    }
  }

  /** Removes what the latest event touches. */
  remove({ accesses }: Touch): void {
    for (let a = accesses.length - 1; a >= 0; a--) this.latest[accesses[a]! >> 1] = this.previous[--this.count]!;
  }

  private latestOf(cell: number): number {
    while (cell >= this.latest.length) this.latest.push(NONE);
    return this.latest[cell]!;
  }

  /**
   * Writes into `into` the events that must precede an event with this touch, except
   * for those that precede another one of them by accesses of the same cell.
   *
   * @returns their number; `into` keeps what it had beyond that
   */
  last({ accesses }: Touch, into: number[]): number {
    let count = 0;
    for (let a = 0; a < accesses.length; a++) {
      let access = this.latestOf(accesses[a]! >> 1);
      if (access === NONE) continue;
      const writing = this.writing[access]!;
      if ((accesses[a]! & 1) !== 0) for (; access !== writing; access = this.previous[access]!) into[count++] = this.event[access]!;
      if (writing !== NONE) into[count++] = this.event[writing]!;
    }
    return count;
  }

  /** The same for all events before `end` that conflict with this touch. */
  before(end: number, { accesses }: Touch, into: number[]): number {
    let count = 0;
    for (let a = 0; a < accesses.length; a++) {
      for (let access = this.first(accesses[a]!); access !== NONE; access = this.next(accesses[a]!, access)) {
        if (this.event[access]! < end) into[count++] = this.event[access]!;
      }
    }
    return count;
  }

  /** The same for all events after `start` that conflict with this touch. */
  after(start: number, { accesses }: Touch, into: number[]): number {
    let count = 0;
    for (let a = 0; a < accesses.length; a++) {
      for (let access = this.first(accesses[a]!); access !== NONE && this.event[access]! > start; access = this.next(accesses[a]!, access)) {
        into[count++] = this.event[access]!;
      }
    }
    return count;
  }

  /** The latest access that does not commute with `access` (a cell, and whether it is written). */
  private first(access: number): number {
    const latest = this.latestOf(access >> 1);
    return (access & 1) !== 0 || latest === NONE ? latest : this.writing[latest]!;
  }

  private next(access: number, before: number): number {
    const previous = this.previous[before]!;
    return (access & 1) !== 0 || previous === NONE ? previous : this.writing[previous]!;
  }
}
