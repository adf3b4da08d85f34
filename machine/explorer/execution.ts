import type { Mark } from '../state/store';
import type { Dependence, Touch } from './dependence';

// One execution as a partial order: the events in the order in which they
// were performed, and for each the events that happen before it (a vector
// clock: how many events of each process).

export class Execution {
  length = 0;
  /** The process of each event, by number. */
  readonly process: number[] = [];
  /** Which of its process's moves each event was. */
  readonly label: string[] = [];
  readonly touch: Touch[] = [];
  /** What the process could have touched there by any of its moves. */
  readonly reach: Touch[] = [];
  /** The moment before each event. */
  readonly before: Mark[] = [];
  /** How many events of its process each event is the last of. */
  private readonly ordinal: number[] = [];
  /** Row i: the clock of event i. */
  private clocks: Int32Array;
  /** For each process the number of its last event; -1 before the first. */
  private readonly last: Int32Array;
  private readonly previous: number[] = [];
  /** For each event the earlier ones that it races with, latest first. */
  private readonly racing: number[][] = [];
  private readonly scratch: Int32Array;

  constructor(private readonly width: number, private readonly dependence: Dependence) {
    this.clocks = new Int32Array(width * 64);
    this.last = new Int32Array(width).fill(-1);
    this.scratch = new Int32Array(width);
  }

  /** Appends an event and finds what happens before it. */
  push(process: number, label: string, touch: Touch, reach: Touch, before: Mark): void {
    const i = this.length++;
    this.process[i] = process;
    this.label[i] = label;
    this.touch[i] = touch;
    this.reach[i] = reach;
    this.before[i] = before;
    const previous = this.last[process]!;
    this.previous[i] = previous;
    this.last[process] = i;
    this.ordinal[i] = previous < 0 ? 1 : this.ordinal[previous]! + 1;
    const clock = this.clockAfter(process, previous);
    this.order(i, process, touch, clock, (this.racing[i] ??= []));
    clock[process] = this.ordinal[i]!;
    if ((i + 1) * this.width > this.clocks.length) this.grow();
    for (let q = 0, row = i * this.width; q < this.width; q++) this.clocks[row + q] = clock[q]!;
  }

  /** Takes back the last event. */
  pop(): void {
    const i = --this.length;
    this.last[this.process[i]!] = this.previous[i]!;
  }

  private grow(): void {
    const larger = new Int32Array(this.clocks.length * 2);
    larger.set(this.clocks);
    this.clocks = larger;
  }

  /** What happens before the next event of `process`, by its own order alone. In scratch space. */
  private clockAfter(process: number, previous: number): Int32Array {
    const { scratch, width, clocks } = this;
    if (previous < 0) scratch.fill(0);
    else for (let q = 0, row = previous * width; q < width; q++) scratch[q] = clocks[row + q]!;
    return scratch;
  }

  /** Joins into `clock` all that `touch` comes after, and lists the last links of those chains. */
  private order(end: number, process: number, touch: Touch, clock: Int32Array, racing: number[]): void {
    racing.length = 0;
    if (touch === this.dependence.nothing) return;
    for (let k = end - 1; k >= 0; k--) {
      const other = this.process[k]!;
      if (other === process || clock[other]! >= this.ordinal[k]! || !this.dependence.conflict(this.touch[k]!, touch)) continue;
      racing.push(k);
      this.joinInto(clock, k);
    }
  }

  private joinInto(clock: Int32Array, k: number): void {
    const { width, clocks } = this;
    for (let q = 0, row = k * width; q < width; q++) if (clocks[row + q]! > clock[q]!) clock[q] = clocks[row + q]!;
  }

  /** Whether event `one` happens before event `other`, or is it. */
  happensBefore(one: number, other: number): boolean {
    return this.clocks[other * this.width + this.process[one]!]! >= this.ordinal[one]!;
  }

  /**
   * The races of the event at `i`, latest first, each tried: an earlier event that
   * could not be overtaken because the process would have to wait there makes
   * way for those before it.
   *
   * @param canOvertake told the earlier event, and whether others between the two depend on it; whether the event at `i` could come before it
   */
  racesOf(i: number, canOvertake: (k: number, isDirect: boolean) => boolean): void {
    if (this.racing[i]!.every((k) => canOvertake(k, true))) return;
    this.retryRaces(i, this.process[i]!, this.touch[i]!, canOvertake);
  }

  /** The same for what `process` waits to do at the end. */
  racesOfWaiting(process: number, touch: Touch, canOvertake: (k: number, isDirect: boolean) => boolean): void {
    this.retryRaces(this.length, process, touch, canOvertake);
  }

  private retryRaces(end: number, process: number, touch: Touch, canOvertake: (k: number, isDirect: boolean) => boolean): void {
    const previous = end === this.length ? this.last[process]! : this.previous[end]!;
    const clock = this.clockAfter(process, previous).slice();
    for (let k = end - 1; k >= 0; k--) {
      const other = this.process[k]!;
      if (other === process || clock[other]! >= this.ordinal[k]! || !this.dependence.conflict(this.touch[k]!, touch)) continue;
      if (canOvertake(k, false)) this.joinInto(clock, k);
    }
  }
}
