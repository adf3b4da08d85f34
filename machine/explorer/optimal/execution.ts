import { Accesses } from './accesses';
import type { Possible } from './probe';
import type { Touch } from './touch';

// One execution as a partial order: the events in the order in which they
// were performed, and for each the events that happen before it (a vector
// clock: how many events of each process).

/** Returns whether the event `later` of `process` could come before `earlier`; `isDirect` says whether nothing between the two orders them. */
export type Overtaking = (earlier: number, process: number, later: number, isDirect: boolean) => boolean;

export class Execution {
  length = 0;
  /** The process of each event, by number. */
  readonly process: number[] = [];
  /** Which of its process's moves each event was. */
  readonly label: string[] = [];
  readonly touch: Touch[] = [];
  /** The moves that its process had, if there were several. */
  readonly moves: (readonly Possible[] | null)[] = [];
  /** The cells that decided which moves it had. */
  readonly guard: Touch[] = [];
  /** Whether the event touches the same cells whenever its process is at that point. */
  readonly isSteady: boolean[] = [];
  /** How many writes the store had logged before each event. */
  readonly writes: number[] = [];
  private readonly accesses = new Accesses();
  /** For each event, how many events of its process there are up to it. */
  private readonly ordinal: number[] = [];
  /** Row i: the clock of event i. */
  private clocks: Int32Array;
  /** For each process the number of its last event; -1 before the first. */
  private readonly last: Int32Array;
  private readonly previous: number[] = [];
  /** The earlier events that each event races with, latest first: those of event i from `racingFrom[i]` on. */
  private readonly racing: number[] = [];
  private readonly racingFrom: number[] = [0];
  /** Scratch space for event numbers. */
  private readonly found: number[] = [];

  constructor(private readonly width: number) {
    this.clocks = new Int32Array(width * 64);
    this.last = new Int32Array(width).fill(-1);
  }

  /** Appends an event and determines what happens before it. */
  push(process: number, label: string, touch: Touch, moves: readonly Possible[] | null, guard: Touch, isSteady: boolean, writes: number): void {
    const { width, ordinal } = this;
    const i = this.length++;
    this.process[i] = process;
    this.label[i] = label;
    this.touch[i] = touch;
    this.moves[i] = moves;
    this.guard[i] = guard;
    this.isSteady[i] = isSteady;
    this.writes[i] = writes;
    const previous = this.last[process]!;
    this.previous[i] = previous;
    this.last[process] = i;
    ordinal[i] = previous < 0 ? 1 : ordinal[previous]! + 1;
    if ((i + 1) * width > this.clocks.length) this.grow();
    this.beginClock(i * width, previous);
    this.findRaces(i, touch);
    this.clocks[i * width + process] = ordinal[i]!;
    this.accesses.add(i, touch);
  }

  /** Removes the last event. */
  pop(): void {
    const i = --this.length;
    this.last[this.process[i]!] = this.previous[i]!;
    this.accesses.remove(this.touch[i]!);
  }

  /** Adds an event as if it came next, without ordering it; returns its number. */
  pretend(process: number, label: string, touch: Touch): number {
    this.process[this.length] = process;
    this.label[this.length] = label;
    this.touch[this.length] = touch;
    return this.length;
  }

  private grow(): void {
    const larger = new Int32Array(this.clocks.length * 2);
    larger.set(this.clocks);
    this.clocks = larger;
  }

  /** Starts a row with what happens before its event by program order alone. */
  private beginClock(row: number, previous: number): void {
    const { width, clocks } = this;
    if (previous < 0) for (let q = 0; q < width; q++) clocks[row + q] = 0;
    else for (let q = 0, from = previous * width; q < width; q++) clocks[row + q] = clocks[from + q]!;
  }

  /** Joins everything that precedes event `i` into its clock, and lists the last links of those chains. */
  private findRaces(i: number, touch: Touch): void {
    const { found, process, ordinal, clocks, racing } = this;
    const row = i * this.width;
    let count = this.racingFrom[i]!;
    const candidates = touch.isEverything ? this.lastOfEach(i, found) : this.accesses.last(touch, found);
    if (candidates > 1) latestFirst(found, candidates);
    for (let n = 0; n < candidates; n++) {
      const k = found[n]!;
      if (clocks[row + process[k]!]! >= ordinal[k]!) continue;
      racing[count++] = k;
      this.joinInto(row, k);
    }
    this.racingFrom[i + 1] = count;
  }

  private lastOfEach(end: number, into: number[]): number {
    let count = 0;
    for (const k of this.last) if (k >= 0 && k < end) into[count++] = k;
    return count;
  }

  private joinInto(row: number, k: number): void {
    const { width, clocks } = this;
    for (let q = 0, from = k * width; q < width; q++) if (clocks[from + q]! > clocks[row + q]!) clocks[row + q] = clocks[from + q]!;
  }

  /** Whether event `one` happens before event `other`, or they are the same. */
  happensBefore(one: number, other: number): boolean {
    return this.clocks[other * this.width + this.process[one]!]! >= this.ordinal[one]!;
  }

  /** The latest event of another process that event `i` depends on by what the two touch; -1 if there is none. */
  cause(i: number): number {
    const from = this.racingFrom[i]!;
    return from < this.racingFrom[i + 1]! ? this.racing[from]! : -1;
  }

  /** Whether some event from number `fresh` on does not happen after event `k`. */
  hasOthers(k: number, fresh: number): boolean {
    for (let i = fresh; i < this.length; i++) if (!this.happensBefore(k, i)) return true;
    return false;
  }

  /** Whether an event after `k` that does not happen after it may have written what an event with this touch reads. */
  isAffected(k: number, touch: Touch): boolean {
    for (let i = k + 1; i < this.length; i++) if (!this.happensBefore(k, i) && touch.mayReadFrom(this.touch[i]!)) return true;
    return false;
  }

  /** Whether an event after `earlier` that does not happen after it conflicts with `touch`. */
  isHindered(earlier: number, touch: Touch): boolean {
    if (touch.isEverything) {
      for (let k = earlier + 1; k < this.length; k++) if (!this.happensBefore(earlier, k)) return true;
      return false;
    }
    const { found } = this;
    const conflicting = this.accesses.after(earlier, touch, found);
    for (let n = 0; n < conflicting; n++) if (!this.happensBefore(earlier, found[n]!)) return true;
    return false;
  }

  /**
   * Tries each race of the event at `i`, latest first: an earlier event that
   * cannot be overtaken, because the process would have to wait there, gives way
   * to those before it.
   *
   * @param canOvertake whether the event could come before the earlier one
   */
  racesOf(i: number, canOvertake: Overtaking): void {
    for (let r = this.racingFrom[i]!, end = this.racingFrom[i + 1]!; r < end; r++) {
      if (!canOvertake(this.racing[r]!, this.process[i]!, i, true)) {
        this.retryRaces(i, this.process[i]!, this.touch[i]!, canOvertake);
        return;
      }
    }
  }

  /** The same for what `process` is waiting to do at the end. */
  racesOfWaiting(process: number, touch: Touch, canOvertake: Overtaking): void {
    this.retryRaces(this.length, process, touch, canOvertake);
  }

  private retryRaces(end: number, process: number, touch: Touch, canOvertake: Overtaking): void {
    const { width, ordinal } = this;
    const previous = end === this.length ? this.last[process]! : this.previous[end]!;
    if ((this.length + 1) * width > this.clocks.length) this.grow();
    // The row after the last serves as scratch space.
    const row = this.length * width;
    this.beginClock(row, previous);
    const before: number[] = [];
    let conflicting = 0;
    if (touch.isEverything) for (let k = end - 1; k >= 0; k--) before[conflicting++] = k;
    else conflicting = this.accesses.before(end, touch, before);
    latestFirst(before, conflicting);
    for (let n = 0; n < conflicting; n++) {
      const k = before[n]!;
      if (k === before[n - 1] || this.clocks[row + this.process[k]!]! >= ordinal[k]!) continue;
      if (canOvertake(k, process, end, false)) this.joinInto(row, k);
    }
  }
}

/** Sorts the first `count` event numbers, latest first. There are few. */
function latestFirst(events: number[], count: number): void {
  for (let n = 1; n < count; n++) {
    const event = events[n]!;
    let k = n - 1;
    for (; k >= 0 && events[k]! < event; k--) events[k + 1] = events[k]!;
    events[k + 1] = event;
  }
}
