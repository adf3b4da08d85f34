import type { Footprint } from '../../state/footprint';
import type { Store } from '../../state/store';
import { Touch } from './touch';

// Which cells are shared. Cells that only one process ever touches cannot create
// a dependence, so they are left out of what an event touches; which ones those
// are is learned during the search. If something is learned too late, earlier
// conclusions are invalid: `isStale` then says that the search must begin again.

/** What is known about sharing, by the names of cells: one search can pass this knowledge to another one of the same program. */
export interface Sharing {
  /** The shared cells, in the order of their numbers. */
  readonly shared: readonly string[];
  /** Cells that only one process is known to touch, with its number. */
  readonly owned: readonly (readonly [string, number])[];
  /** What the invariants look at. */
  readonly observed: readonly string[];
  /** Pairs of numbers: a cell, and the group of cells that are awaited together. */
  readonly groups: readonly (readonly [number, number])[];
}

/** What was derived from a footprint with the knowledge of that time. */
class Meaning {
  /** @param isObserved whether the invariants read any of the cells that were written */
  constructor(readonly knowledge: object, readonly touch: Touch, readonly isObserved: boolean) {}
}

const NOBODY = -1;
const SEVERAL = -2;
const OBSERVER = 'what the invariants read';

export class Dependence {
  private readonly touches = new Map<string, Touch>();
  readonly nothing: Touch;
  /** Touches everything: an event that ends the run commutes with none. */
  readonly everything = new Touch([], [], true);
  /** Changes whenever something is learned: what was derived from a footprint before must then be derived again. */
  private knowledge: object = {};
  isStale = false;

  /** Names of the shared cells, by number. */
  private readonly shared: string[] = [];
  /** By number: the group of cells that are awaited together. Touching one counts as touching all. */
  private readonly groups: number[] = [];
  /** Number of the cell that stands for all cells that the invariants read. */
  private readonly observer: number;

  // By cell of the store:
  private readonly owner: number[] = [];
  private readonly number: number[] = [];
  private readonly isWatched: boolean[] = [];
  /** Earlier knowledge about cells that the store has not allocated yet. */
  private readonly foretold = new Map<string, { owner: number; number: number; isWatched: boolean }>();

  /**
   * @param leaveOut ignores conflicts over this cell: only to show that the comparison with brute force notices
   * @param known what an earlier search of the same program has learned
   */
  constructor(private readonly store: Store, private readonly leaveOut: string | undefined, known?: Sharing) {
    this.nothing = this.interned([], []);
    this.observer = this.share(OBSERVER);
    if (known !== undefined) this.recall(known);
  }

  private share(name: string): number {
    return this.shared.push(name) - 1;
  }

  /** The shared cells that an event touches. Equal touches are the same object. */
  touch(footprint: Footprint): Touch {
    return this.meaningOf(footprint).touch;
  }

  /** Everything derived from a footprint, with the current knowledge. */
  meaningOf(footprint: Footprint): Meaning {
    const known = footprint.meaning as Meaning | null;
    // New meanings are made elsewhere: the closures there would cost an allocation here, for every event.
    return known !== null && known.knowledge === this.knowledge ? known : this.judge(footprint);
  }

  private judge(footprint: Footprint): Meaning {
    const touch = this.interned(this.sharedOf(footprint.reads, footprint.process), this.sharedOf(footprint.writes, footprint.process, true));
    // Only now: cells that became shared by this footprint have changed the knowledge.
    const meaning = new Meaning(this.knowledge, touch, footprint.writes.some((cell) => this.isWatched[cell]));
    footprint.meaning = meaning;
    return meaning;
  }

  private sharedOf(cells: readonly number[], process: number, areWritten = false): number[] {
    const numbers = new Set<number>();
    for (const cell of cells) {
      const number = this.numberOf(cell, process);
      if (number !== NOBODY) numbers.add(number);
      const group = this.groups[number];
      if (group !== undefined) numbers.add(group);
      if (areWritten && this.isWatched[cell]) numbers.add(this.observer);
    }
    return [...numbers].sort((a, b) => a - b);
  }

  private interned(reads: readonly number[], writes: readonly number[]): Touch {
    const key = `${reads.join()};${writes.join()}`;
    let touch = this.touches.get(key);
    if (touch === undefined) this.touches.set(key, (touch = new Touch(reads, writes)));
    return touch;
  }

  /** Records that `process` touches `cell`. Returns the number of the cell among the shared ones; -1 if, as far as is known, no other process touches it. */
  private numberOf(cell: number, process: number): number {
    const owner = this.ownerOf(cell);
    if (owner === process) return NOBODY;
    if (owner === NOBODY) {
      this.owner[cell] = process;
    } else if (owner !== SEVERAL) {
      this.owner[cell] = SEVERAL;
      const name = this.store.nameOf(cell);
      if (name !== this.leaveOut) {
        this.number[cell] = this.share(name);
        this.learn();
      }
    }
    return this.number[cell] ?? NOBODY;
  }

  private ownerOf(cell: number): number {
    const owner = this.owner[cell];
    if (owner !== undefined) return owner;
    if (this.foretold.size === 0) return NOBODY;
    const name = this.store.nameOf(cell);
    const known = this.foretold.get(name);
    if (known === undefined) return NOBODY;
    this.foretold.delete(name);
    this.number[cell] = known.number;
    this.isWatched[cell] = known.isWatched;
    return (this.owner[cell] = known.owner);
  }

  private learn(): void {
    this.knowledge = {};
    this.isStale = true;
  }

  /** Records which cells the invariants read. */
  observe(cells: readonly number[]): void {
    for (const cell of cells) {
      this.ownerOf(cell);
      if (this.isWatched[cell]) continue;
      this.isWatched[cell] = true;
      this.learn();
    }
  }

  /** Records that a process waits for these cells together: their writes no longer commute. */
  awaitTogether(footprint: Footprint): void {
    const { reads } = this.touch(footprint);
    const cells = reads.filter((number) => !this.groups.includes(number));
    if (cells.length < 2) return;
    const group = this.groups[cells[0]!] ?? this.share(`awaited with ${this.shared[cells[0]!]!}`);
    for (const cell of cells) {
      const other = this.groups[cell];
      if (other === group) continue;
      if (other === undefined) this.groups[cell] = group;
      else this.groups.forEach((joined, member) => { if (joined === other) this.groups[member] = group; });
      this.learn();
    }
  }

  /** Whether an event that touches this may break an invariant after a different history: it writes what invariants read. */
  mayBreak({ writes }: Touch): boolean {
    return writes[0] === this.observer; // it has the lowest number, and they are in order
  }

  /** Begins again with what is known about sharing. */
  refresh(): void {
    this.isStale = false;
  }

  /** The touch of these shared cells, by number. */
  touchOf(reads: readonly number[], writes: readonly number[]): Touch {
    return this.interned(reads, writes);
  }

  /** Everything that was learned. */
  get sharing(): Sharing {
    const owned: [string, number][] = [];
    const observed: string[] = [];
    for (const [name, { owner, isWatched }] of this.foretold) {
      if (owner !== SEVERAL) owned.push([name, owner]);
      if (isWatched) observed.push(name);
    }
    this.owner.forEach((owner, cell) => { if (owner >= 0) owned.push([this.store.nameOf(cell), owner]); });
    this.isWatched.forEach((isWatched, cell) => { if (isWatched) observed.push(this.store.nameOf(cell)); });
    return { shared: this.shared, owned, observed, groups: [...this.groups.entries()].filter(([, group]) => group !== undefined) };
  }

  private recall({ shared, owned, observed, groups }: Sharing): void {
    const entry = (name: string): { owner: number; number: number; isWatched: boolean } => {
      let known = this.foretold.get(name);
      if (known === undefined) this.foretold.set(name, (known = { owner: NOBODY, number: NOBODY, isWatched: false }));
      return known;
    };
    for (const [name, owner] of owned) entry(name).owner = owner;
    for (const name of shared.slice(1)) Object.assign(entry(name), { owner: SEVERAL, number: this.share(name) });
    for (const name of observed) entry(name).isWatched = true;
    for (const [cell, group] of groups) this.groups[cell] = group;
  }
}
