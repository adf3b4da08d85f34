import { Column } from '../stateful/edges';
import type { Bounds } from '../stateful/search';

// What a layered search still has to do. Its unit of work is the moves of one
// kind of one process in one state: so a state that is reached with different
// processes running is not expanded once for each of them, and every edge of
// the graph is taken once, at its lowest cost.

/** The cost of a run: interrupts, and changes of process, as one number. Smaller is cheaper, and interrupts count first. */
export type Cost = number;

/** A run has fewer changes of process than this. */
const WIDTH = 2 ** 24;

/** The cost of one more interrupt; one more change of process costs 1. */
export const INTERRUPT: Cost = WIDTH;

export const interruptsOf = (cost: Cost): number => Math.floor(cost / WIDTH);
export const changesOf = (cost: Cost): number => cost % WIDTH;

/** The progress of a unit. A unit that was queued without a change of process cannot become cheaper. */
export const NEW = 0;
export const QUEUED_WITH_CHANGE = 1;
export const QUEUED = 2;
export const DONE = 3;

/** Instead of a process: all moves of the kind that have not been made yet in the state. */
export const ALL = -1;

/** The units of all states, by number. */
export class Units {
  private standings = new Uint8Array(1 << 12);
  private readonly perState: number;

  constructor(processes: number) {
    this.perState = 2 * (processes + 1);
  }

  numberOf(state: number, process: number, isInterrupt: boolean): number {
    return state * this.perState + 2 * (process + 1) + (isInterrupt ? 1 : 0);
  }

  stateOf(unit: number): number {
    return Math.floor(unit / this.perState);
  }

  /** Null for all processes. */
  processOf(unit: number): number | null {
    const process = ((unit % this.perState) >> 1) - 1;
    return process === ALL ? null : process;
  }

  isInterrupt(unit: number): boolean {
    return (unit & 1) === 1;
  }

  /** Makes room for the units of `state`. */
  extendTo(state: number): void {
    const needed = (state + 1) * this.perState;
    if (needed <= this.standings.length) return;
    const larger = new Uint8Array(Math.max(needed, this.standings.length * 2));
    larger.set(this.standings);
    this.standings = larger;
  }

  standing(unit: number): number {
    return this.standings[unit]!;
  }

  put(unit: number, standing: number): void {
    this.standings[unit] = standing;
  }

  get bytes(): number {
    return this.standings.length * 3;
  }
}

/**
 * What was postponed, by its cost. Units of the same cost come back in the
 * order in which they were postponed: that of a walk, so the runs to neighbours
 * share long beginnings.
 */
export class Frontier {
  /** The cost of the current layer. */
  cost: Cost = 0;
  /** States from which something was left out because it costs more than allowed. */
  readonly cut = new Set<number>();
  private queue = new Column();
  private taken = 0;
  private readonly later = new Map<Cost, Column>();

  constructor(private readonly units: Units, private readonly bounds: Bounds) {}

  /** Postpones a unit to a layer that costs `more` than the current one, unless it is done, or is already queued there or earlier. */
  putOff(unit: number, more: Cost, standing: number): void {
    const { units, later } = this;
    if (units.standing(unit) >= standing) return;
    const cost = this.cost + more;
    if (interruptsOf(cost) > (this.bounds.interrupts ?? Infinity) || changesOf(cost) > (this.bounds.switches ?? Infinity)) {
      this.cut.add(units.stateOf(unit));
      return;
    }
    units.put(unit, standing);
    let layer = more === 0 ? this.queue : later.get(cost);
    if (layer === undefined) later.set(cost, layer = new Column());
    layer.push(unit);
  }

  /** Takes the next unit of the current layer; null if there is none. */
  take(): number | null {
    const { units, queue } = this;
    while (this.taken < queue.length) {
      const unit = queue.at(this.taken++);
      if (units.standing(unit) === DONE) continue;
      units.put(unit, DONE);
      return unit;
    }
    return null;
  }

  /** Continues with the cheapest remaining layer; false if there is none. */
  raise(): boolean {
    const { later } = this;
    if (later.size === 0) return false;
    this.cost = Math.min(...later.keys());
    this.queue = later.get(this.cost)!;
    this.taken = 0;
    later.delete(this.cost);
    return true;
  }
}
