import { Footprint } from './footprint';
import { checked, digestOf, digestOfString, exactText, frozen, mix, type Hashed, type Things, type Value } from './hash';
import { PathMistake } from './mistake';

// Every piece of state that a path can change lives here, in cells. There is
// one way to write: it logs the old value (so that any moment can be undone),
// updates the fingerprint of the whole state, and records the footprint. A cell
// is identified by its name, so the same cell contributes the same to the
// fingerprint however the run came to allocate it.

/** A moment to which the store can return. */
export interface Mark {
  readonly length: number;
  readonly a: number;
  readonly b: number;
}

/** One cell that differs between two moments. */
export interface Change {
  readonly cell: string;
  readonly before: Value;
  readonly after: Value;
}

/** Is told of each access while it is active. */
export interface Lookout {
  /** A cell is read, and holds `value`. */
  read(loc: number, value: Value): void;
  /** A cell that holds `old` is set to `value`. Returns the value to store: `value`, or an equal one. */
  write(loc: number, old: Value, value: Value): Value;
}

/** How one processor sees the cells that are words of memory: with its own waiting stores (`inMemory` in tracked.ts). */
export interface View {
  read(loc: number): Value;
  /** @param of the struct whose `field` lies at `loc` */
  write(loc: number, value: Value, of: Hashed, field: string): void;
}

const isEqual = (one: Hashed, other: Hashed): boolean => one.hashA === other.hashA && one.hashB === other.hashB;

const PLAIN = 0;
const RECORDING = 1;
const WATCHING = 2;
const LOOKED_OUT = 3;
const IN_PATH = 4;

export class Store {
  private readonly values: Value[] = [];
  private readonly defaults: Value[] = [];
  private readonly names: string[] = [];
  private readonly keysA: number[] = [];
  private readonly keysB: number[] = [];
  private readonly ghosts: boolean[] = [];
  /** The digest of each initial object that was compared. */
  private readonly initialDigests: Hashed[] = [];
  /** The last object of each cell that was digested, and its digest. */
  private readonly digested: Value[] = [];
  private readonly digests: Hashed[] = [];
  private readonly index = new Map<string, number>();
  /** The things that cells have held, by name. */
  private readonly things: Things = new Map();
  private readonly readings = new Map<string, (value: Value) => Value>();

  /** How many writes can be undone. The rest of the log is kept for reuse, since its arrays would otherwise shrink and grow all the time. */
  private logged = 0;
  /** The minimum of that since the last request. */
  private lowest = 0;
  private readonly logCells: number[] = [];
  private readonly logValues: Value[] = [];

  /** The fingerprint of the state, lane A: 0 when every cell has its default. */
  a = 0;
  /** The fingerprint of the state, lane B. */
  b = 0;

  /** Called with the text of each silent instruction before it acts, when a run is shown; null otherwise. */
  onSilent: ((text: string) => void) | null = null;

  /** The view through which words of memory are currently read and written; null for what all processors see. */
  view: View | null = null;

  private isUnprinted = false;
  private mode = PLAIN;
  /** For each process, the empty footprint. */
  private readonly untouched: Footprint[] = [];
  /** What was touched since `record`. */
  private footprint = this.untouchedBy(0);

  /** What has been read since a watch began, and the last watch in which each cell was read. */
  private watched: number[] = [];
  private watches = 0;
  private readonly watchedAt: number[] = [];

  private lookout: Lookout | null = null;
  /** For each cell, a bit set of the observers that have read it. */
  private readonly onlookers: number[] = [];
  /** Bit set of the observers of all cells that were written; its user resets it. */
  touched = 0;

  private readonly asideCells: number[] = [];
  private readonly asideValues: Value[] = [];

  /**
   * Allocates a cell. One that holds its initial value adds nothing to the
   * fingerprint, so it may be allocated at any time. A ghost never does: it is
   * for statistics that no path reads.
   *
   * @throws Error if there is a cell of that name
   */
  cell(name: string, initial: Value, ghost = false): number {
    return this.allocate(name, initial, ghost);
  }

  /** Whether there is already a cell called `name`. */
  has(name: string): boolean {
    return this.index.has(name);
  }

  /** Makes changes and snapshots show `reading(value)` for the cell called `name`. */
  showAs(name: string, reading: (value: Value) => Value): void {
    this.readings.set(name, reading);
  }

  private reading(loc: number, value: Value): Value {
    const reading = this.readings.get(this.names[loc]!);
    return reading ? reading(value) : value;
  }

  /** Allocates adjoining cells `name.field` for each field; returns the first. */
  struct(name: string, fields: readonly string[], initials: readonly Value[], ghosts: ReadonlySet<string>): number {
    const first = this.values.length;
    fields.forEach((field, i) => this.allocate(`${name}.${field}`, initials[i], ghosts.has(field)));
    return first;
  }

  private allocate(name: string, initial: Value, ghost: boolean): number {
    if (this.index.has(name)) throw new Error(`machine bug: two cells are called ${name}, and reports and symmetries could not tell them apart; rename one`);
    if (typeof initial === 'number') checked(initial);
    const loc = this.values.length;
    const digest = digestOfString(name);
    this.values.push(frozen(initial, this.things));
    this.defaults.push(initial);
    this.names.push(name);
    this.keysA.push(digest.hashA);
    this.keysB.push(digest.hashB);
    this.ghosts.push(ghost);
    this.onlookers.push(0);
    this.digested.push(undefined);
    this.digests.push(digest);
    this.index.set(name, loc);
    return loc;
  }

  get(loc: number): Value {
    if (this.mode !== PLAIN) {
      this.noteRead(loc);
    }
    return this.values[loc];
  }

  set(loc: number, value: Value): void {
    const old = this.values[loc];
    if (typeof value === 'number' ? value === 0 || value !== value : typeof value === 'object') this.consider(value);
    if (this.mode !== PLAIN) {
      if (this.mode === LOOKED_OUT) value = this.lookout!.write(loc, old, value);
      else this.noteWrite(loc);
    }
    // Even if nothing changes: a second check must not depend on the value of an unread cell.
    this.touched |= this.onlookers[loc]!;
    if (old === value) return;
    this.logCells[this.logged] = loc;
    this.logValues[this.logged++] = old;
    this.values[loc] = value;
    if (this.isUnprinted || this.ghosts[loc]) return;
    this.toggle(loc, old);
    this.toggle(loc, value);
  }

  /** Refuses a number that cannot be compared, and freezes anything else. */
  private consider(value: Value): void {
    if (typeof value === 'number') checked(value);
    else frozen(value, this.things);
  }

  /** Adds or removes (the same, under xor) the contribution of `value` in `loc` to the fingerprint: nothing if it equals the cell's initial value, whether or not it is the same object. */
  private toggle(loc: number, value: Value): void {
    const initial = this.defaults[loc];
    if (value === initial) return;
    if (typeof value === 'number' && (value | 0) === value) {
      this.a ^= mix(value ^ this.keysA[loc]!, 0x85ebca6b);
      this.b ^= mix(value ^ this.keysB[loc]!, 0x9e3779b1);
      return;
    }
    const digest = this.digestIn(loc, value);
    if (typeof initial === 'object' && initial !== null && isEqual(digest, (this.initialDigests[loc] ??= digestOf(initial)))) return;
    this.a ^= mix(digest.hashA ^ this.keysA[loc]!, 0xcc9e2d51);
    this.b ^= mix(digest.hashB ^ this.keysB[loc]!, 0x1b873593);
  }

  /** The digest of a value of a cell: known already if it is the one that was asked for last, as when a value is replaced. */
  private digestIn(loc: number, value: Value): Hashed {
    if (typeof value !== 'object' || value === null) return digestOf(value);
    if (this.digested[loc] !== value) {
      this.digests[loc] = digestOf(value);
      this.digested[loc] = value;
    }
    return this.digests[loc]!;
  }

  /** How the fingerprint changes if `loc` holds `value` instead of `old`. */
  difference(loc: number, old: Value, value: Value): { readonly a: number; readonly b: number } {
    const { a, b } = this;
    if (!this.ghosts[loc]) {
      this.toggle(loc, old);
      this.toggle(loc, value);
    }
    const difference = { a: this.a ^ a, b: this.b ^ b };
    this.a = a;
    this.b = b;
    return difference;
  }

  /** Stops maintaining the fingerprint, for a search that does not compare states. */
  forgoFingerprint(): void {
    this.isUnprinted = true;
  }

  /** Maintains the fingerprint from now on, even if an earlier search stopped it. */
  keepFingerprint(): void {
    if (!this.isUnprinted) return;
    this.isUnprinted = false;
    Object.assign(this, this.recomputed());
  }

  /** How many writes can be undone: the current moment, for searches without the fingerprint. */
  get writes(): number {
    return this.logged;
  }

  /** Undoes all but the first `writes` of them, for searches without the fingerprint. */
  undoTo(writes: number): void {
    const { logCells, logValues, values } = this;
    for (let i = this.logged - 1; i >= writes; i--) values[logCells[i]!] = logValues[i];
    this.logged = writes;
    if (writes < this.lowest) this.lowest = writes;
  }

  /** The number of writes of which none has been undone since the last call; -1 if the beginning has changed. */
  takeLowest(): number {
    const { lowest } = this;
    this.lowest = this.logged;
    return lowest;
  }

  /** Calls `visit` for each write except the first `writes`, in order, with the cell's old value. */
  eachWriteSince(writes: number, visit: (loc: number, old: Value) => void): void {
    for (let i = writes; i < this.logged; i++) visit(this.logCells[i]!, this.logValues[i]);
  }

  /** The current moment. */
  mark(): Mark {
    return { length: this.logged, a: this.a, b: this.b };
  }

  /** Undoes every write since `mark`. */
  undo(mark: Mark): void {
    this.undoTo(mark.length);
    this.a = mark.a;
    this.b = mark.b;
  }

  /** Appends each cell written since `mark`, with its current value. */
  copyWrites(mark: Mark, cells: number[], values: Value[]): void {
    for (let i = mark.length; i < this.logged; i++) {
      const loc = this.logCells[i]!;
      cells.push(loc);
      values.push(this.values[loc]);
    }
  }

  /** Repeats the copied writes from `from` to before `to`, which lead to the fingerprint `a`, `b`. They can be undone like others. */
  rewrite(cells: readonly number[], values: readonly Value[], from: number, to: number, a: number, b: number): void {
    const { isUnprinted } = this;
    this.isUnprinted = true;
    for (let i = from; i < to; i++) this.set(cells[i]!, values[i]);
    this.isUnprinted = isUnprinted;
    this.a = a;
    this.b = b;
  }

  /** Gives each of `cells` its value, which leads to the fingerprint `a`, `b`. It can be undone like any write. */
  rewriteTo(cells: readonly number[], values: readonly Value[], a: number, b: number): void {
    const { logCells, logValues, values: held } = this;
    for (let i = 0; i < cells.length; i++) {
      const loc = cells[i]!;
      logCells[this.logged] = loc;
      logValues[this.logged++] = held[loc];
      held[loc] = values[i];
    }
    this.a = a;
    this.b = b;
  }

  /**
   * Calls `look` in the state without some of the writes, and restores them. `look` may write if it undoes that itself.
   *
   * @param stretches pairs of log lengths (from, to), ascending: the writes to leave out. No remaining write may follow an omitted
   * one to the same cell.
   * @param length how many numbers of `stretches` count
   */
  without<T>(stretches: readonly number[], length: number, look: () => T): T {
    const { logCells, logValues, values, asideCells, asideValues } = this;
    let count = 0;
    for (let s = length - 2; s >= 0; s -= 2) {
      for (let i = stretches[s + 1]! - 1; i >= stretches[s]!; i--) {
        const loc = logCells[i]!;
        asideCells[count] = loc;
        asideValues[count++] = values[loc];
        values[loc] = logValues[i];
      }
    }
    const result = look();
    for (let i = count - 1; i >= 0; i--) values[asideCells[i]!] = asideValues[i];
    return result;
  }

  /** Clears the log: the current state becomes the beginning. For the end of a set-up. */
  settle(): void {
    this.logged = 0;
    this.lowest = -1;
    this.logCells.length = 0;
    this.logValues.length = 0;
  }

  /** The cells that differ between `mark` and now, in the order in which they were first written. */
  changesSince(mark: Mark): Change[] {
    const before = new Map<number, Value>();
    for (let i = mark.length; i < this.logged; i++) {
      const loc = this.logCells[i]!;
      if (!before.has(loc)) before.set(loc, this.logValues[i]);
    }
    return [...before]
      .filter(([loc, old]) => this.values[loc] !== old && exactText(this.values[loc]) !== exactText(old))
      .map(([loc, old]) => ({ cell: this.names[loc]!, before: this.reading(loc, old), after: this.reading(loc, this.values[loc]) }));
  }

  /** The cells that were written since the log had `writes` entries, in order; one may come several times. */
  writtenAfter(writes: number): readonly number[] {
    return this.logCells.slice(writes, this.logged);
  }

  /** Calls `each` for every cell that differs from when the log had `writes` entries, in the order in which they were first written. */
  changesAfter(writes: number, each: (loc: number, before: Value, after: Value) => void): void {
    const seen = new Set<number>();
    for (let i = writes; i < this.logged; i++) {
      const loc = this.logCells[i]!;
      if (seen.has(loc)) continue;
      seen.add(loc);
      if (this.values[loc] !== this.logValues[i]) each(loc, this.logValues[i], this.values[loc]);
    }
  }

  /** The number of cells; they are numbered from 0 on, in the order of their creation. */
  get size(): number {
    return this.values.length;
  }

  /** The value of a cell; this does not count as an access. */
  peek(loc: number): Value {
    return this.values[loc];
  }

  /** The initial value of a cell. */
  initialOf(loc: number): Value {
    return this.defaults[loc];
  }

  /** The cells that were written since `mark`, in order; one may come several times. */
  writtenSince(mark: Mark): readonly number[] {
    return this.logCells.slice(mark.length, this.logged);
  }

  /** The name of a cell, as in `cpu0.cr3`. */
  nameOf(loc: number): string {
    return this.names[loc] ?? `no cell ${loc}`;
  }

  /** Whether a cell is a statistic that the fingerprint leaves out. */
  isGhost(loc: number): boolean {
    return this.ghosts[loc] ?? false;
  }

  /** Starts recording which cells `process` touches, until `takeFootprint`. */
  record(process = 0): void {
    this.footprint = this.untouched[process] ?? this.untouchedBy(process);
    this.mode = RECORDING;
  }

  /** What has been touched since `record`. */
  get footprintSoFar(): Footprint {
    return this.footprint;
  }

  /** What has been touched since `record`; stops recording. */
  takeFootprint(): Footprint {
    this.mode = PLAIN;
    return this.footprint;
  }

  /**
   * Calls `look`, which must not write, and records which cells it reads, each
   * once: for code that reads a lot, whose footprint is not worth keeping.
   */
  watch<T>(look: () => T): { readonly seen: T; readonly reads: readonly number[] } {
    this.mode = WATCHING;
    this.watched = [];
    this.watches++;
    const seen = look();
    this.mode = PLAIN;
    return { seen, reads: this.watched };
  }

  /** Tells `lookout` of each access from now on. */
  lookOut(lookout: Lookout): void {
    this.lookout = lookout;
    this.mode = LOOKED_OUT;
  }

  stopLooking(): void {
    this.mode = PLAIN;
  }

  /** The value of a cell for a scan of a table: an access only if every access is recorded. */
  lookAt(loc: number): Value {
    return this.mode === LOOKED_OUT ? this.get(loc) : this.values[loc];
  }

  /** Whether every access is recorded: then a scan of a table must read all of it. */
  get isLookedOut(): boolean {
    return this.mode === LOOKED_OUT;
  }

  /** Makes the observers with these bits observe `loc`. Returns whether one of them did not observe it before. */
  addOnlooker(loc: number, bits: number): boolean {
    const before = this.onlookers[loc]!;
    this.onlookers[loc] = before | bits;
    return (before & bits) !== bits;
  }

  /** Bit set of the observers of `loc`. */
  onlookersOf(loc: number): number {
    return this.onlookers[loc]!;
  }

  /** Removes all observers. */
  forgetOnlookers(): void {
    this.onlookers.fill(0);
  }

  private untouchedBy(process: number): Footprint {
    return (this.untouched[process] = new Footprint(process, [], []));
  }

  private noteRead(loc: number): void {
    if (this.mode >= IN_PATH) {
      throw new PathMistake(`a path reads ${this.names[loc]} between its instructions, where the reading would be forgotten; read it by an instruction`);
    }
    if (this.mode === LOOKED_OUT) {
      this.lookout!.read(loc, this.values[loc]);
    } else if (this.mode === RECORDING) {
      this.footprint = this.footprint.andRead(loc);
    } else if (this.watchedAt[loc] !== this.watches) {
      this.watchedAt[loc] = this.watches;
      this.watched.push(loc);
    }
  }

  private noteWrite(loc: number): void {
    if (this.mode >= IN_PATH) {
      throw new PathMistake(`a path writes ${this.names[loc]} between its instructions; write it by an instruction`);
    }
    this.footprint = this.footprint.andWritten(loc);
  }

  /** Runs a path's own code, which must not touch any cell: its locals depend only on its inputs. */
  outsideInstructions<T>(run: () => T): T {
    const mode = this.mode;
    this.mode = IN_PATH;
    try {
      return run();
    } finally {
      this.mode = mode;
    }
  }

  /** Every cell with its current value, in the order of creation. For readers. */
  snapshot(): ReadonlyMap<string, Value> {
    return new Map(this.names.map((name, loc) => [name, this.reading(loc, this.values[loc])]));
  }

  /**
   * The whole state as one text: equal texts mean equal states, of this store and of others of the same program. Slow; for the oracle.
   *
   * @param word the text for a value other than a number, the same only for equal values
   */
  exactState(word: (value: Value) => string = exactText): string {
    const lines: string[] = [];
    for (let loc = 0; loc < this.values.length; loc++) {
      const [value, initial] = [this.values[loc], this.defaults[loc]];
      if (value === initial || this.ghosts[loc]) continue;
      if (typeof value === 'object' && typeof initial === 'object' && exactText(value) === exactText(initial)) continue;
      lines.push(`${this.names[loc]!}=${typeof value === 'number' ? value : word(value)}`);
    }
    // Another store of the same program may have created its cells in another order.
    return lines.sort().join('\n');
  }

  /** The fingerprint computed from all cells, to compare with the one that each write updates. */
  recomputed(): { a: number; b: number } {
    const kept = { a: this.a, b: this.b };
    this.a = 0;
    this.b = 0;
    for (let loc = 0; loc < this.values.length; loc++) if (!this.ghosts[loc]) this.toggle(loc, this.values[loc]);
    const fresh = { a: this.a, b: this.b };
    this.a = kept.a;
    this.b = kept.b;
    return fresh;
  }
}
