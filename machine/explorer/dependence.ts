import type { Footprint, Store } from '../state/store';

// Which events may be exchanged. Two events of different processes depend on
// each other when one writes a cell that the other touches. Cells that only
// one process ever touches cannot make a dependence, so they are left out;
// which those are is learned on the way. What is learned too late makes
// earlier conclusions worthless: `isStale` then says that the search must begin again.

/** What one event touches of what is shared, interned: equal footprints are the same object. */
export class Touch {
  /** For each other touch by its number: 0 not yet asked, 1 independent, 2 in conflict. */
  readonly conflicts: number[] = [];
  private readonly next = new Map<number, Touch>();

  constructor(readonly id: number, readonly reads: readonly number[], readonly writes: readonly number[]) {}

  /** This touch and one more cell: a read of `key >> 1`, or a write of it when `key` is odd. */
  extended(key: number, make: (reads: readonly number[], writes: readonly number[]) => Touch): Touch {
    let longer = this.next.get(key);
    if (longer === undefined) {
      const cell = key >> 1;
      longer = (key & 1) === 1 ? make(this.reads, [...this.writes, cell]) : make([...this.reads, cell], this.writes);
      this.next.set(key, longer);
    }
    return longer;
  }
}

const NOBODY = -1;
const SEVERAL = -2;

export class Dependence {
  private touches = 0;
  readonly nothing = this.make([], []);
  /** Touches everything: an event that ends the run can change places with none. */
  readonly everything: Touch;
  private readonly owner: number[] = [];
  private readonly isShared: boolean[] = [];
  private readonly observed: Set<number> = new Set();
  /** Cells that are tested together by one who waits, under a common name: touching one is touching all. */
  private readonly groups: number[] = [];
  private readonly observer: number;
  isStale = false;

  /**
   * @param leaveOut forgets the conflicts that this cell makes: only for showing that the comparison with brute force notices
   */
  constructor(private readonly store: Store, private readonly leaveOut: string | undefined) {
    this.observer = store.cell('what the invariants read', 0, true);
    this.everything = this.make([], [this.observer]);
  }

  private readonly makeBound = (reads: readonly number[], writes: readonly number[]): Touch => this.make(reads, writes);

  private make(reads: readonly number[], writes: readonly number[]): Touch {
    return new Touch(this.touches++, reads, writes);
  }

  /** The interned footprint of an event of `process`. */
  touch(process: number, { reads, writes }: Footprint): Touch {
    let touch = this.nothing;
    for (const cell of reads) {
      if (this.matters(cell, process)) touch = touch.extended(2 * cell, this.makeBound);
      const group = this.groups[cell];
      if (group !== undefined) touch = touch.extended(2 * group, this.makeBound);
    }
    for (const cell of writes) {
      if (this.matters(cell, process)) touch = touch.extended(2 * cell + 1, this.makeBound);
      const group = this.groups[cell];
      if (group !== undefined) touch = touch.extended(2 * group + 1, this.makeBound);
      if (this.observed.has(cell)) touch = touch.extended(2 * this.observer + 1, this.makeBound);
    }
    return touch;
  }

  /** Notes who touches `cell`; whether anybody else does, as far as is known. */
  private matters(cell: number, process: number): boolean {
    if (this.isShared[cell]) return true;
    const owner = this.owner[cell] ?? NOBODY;
    if (owner === process) return false;
    if (owner === NOBODY) {
      this.owner[cell] = process;
      return false;
    }
    this.owner[cell] = SEVERAL;
    this.isShared[cell] = this.leaveOut === undefined || this.store.nameOf(cell) !== this.leaveOut;
    this.isStale ||= this.isShared[cell];
    return this.isShared[cell];
  }

  /** Notes what the invariants look at. */
  observe(cells: readonly number[]): void {
    for (const cell of cells) {
      if (this.observed.has(cell)) continue;
      this.observed.add(cell);
      this.isStale = true;
    }
  }

  /** Whether the invariants look at any of `cells`. */
  isObserved(cells: readonly number[]): boolean {
    for (const cell of cells) if (this.observed.has(cell)) return true;
    return false;
  }

  /** Notes that `process` waits for these cells together: their writes no longer commute. */
  awaitTogether(process: number, footprint: Footprint): void {
    const cells = footprint.reads;
    this.touch(process, footprint);
    const shared = cells.filter((cell) => this.isShared[cell]);
    if (shared.length < 2) return;
    const group = this.groups[shared[0]!] ?? this.store.cell(`awaited with ${this.store.nameOf(shared[0]!)}`, 0, true);
    for (const cell of shared) {
      const other = this.groups[cell];
      if (other === group) continue;
      this.isStale = true;
      if (other === undefined) this.groups[cell] = group;
      else this.groups.forEach((joined, member) => { if (joined === other) this.groups[member] = group; });
    }
  }

  /** Both touches as one. */
  union(one: Touch, other: Touch): Touch {
    if (one === other || other === this.nothing) return one;
    if (one === this.everything || other === this.everything) return this.everything;
    let touch = one;
    for (const cell of other.reads) if (!one.reads.includes(cell)) touch = touch.extended(2 * cell, this.makeBound);
    for (const cell of other.writes) if (!one.writes.includes(cell)) touch = touch.extended(2 * cell + 1, this.makeBound);
    return touch;
  }

  /** Whether two events of different processes that touch this may not be exchanged. */
  conflict(one: Touch, other: Touch): boolean {
    const known = one.conflicts[other.id];
    if (known !== undefined) return known === 2;
    const answer = one === this.everything || other === this.everything || meet(one, other);
    one.conflicts[other.id] = answer ? 2 : 1;
    other.conflicts[one.id] = answer ? 2 : 1;
    return answer;
  }

  /** Begins again with what is known about sharing. */
  refresh(): void {
    this.isStale = false;
  }
}

function meet(one: Touch, other: Touch): boolean {
  return one.writes.some((cell) => other.writes.includes(cell) || other.reads.includes(cell))
    || other.writes.some((cell) => one.reads.includes(cell));
}
