import { Bits } from '../optimal/bits';
import { Findings } from '../verdict/findings';
import { Fingerprints } from '../stateful/fingerprints';
import { Symmetry } from './symmetry';
import { outcomeAtRest, refuseTwins, violationOf, type Move, type Process, type System } from '../system';
import { EachForItself, Unnoticed } from './unnoticed';
import { lowest, Vantage } from './vantage';
import { Footprint } from '../../state/footprint';
import type { Mark } from '../../state/store';

// The stateful search without everything that shows nothing new:
//
// - steps that no other process will ever notice are made together with the move
//   before them (unnoticed.ts);
// - of two orders of independent events only one is followed to the state in
//   which both end: a process whose next event was tried before, and on which
//   nothing since depends, sleeps (Godefroid, 1996);
// - states that differ only in the names of interchangeable things are one state
//   (symmetry.ts).
//
// It sees every state that matters, but not every move from it: for shortest
// runs, windows and endless loops the search with the whole graph is needed.

/** What the next event of a process touches, for all of its moves. */
interface Tried {
  readonly touches: Footprint[];
  /** It is a step that affects no other process, and the only move of its process: it will be made sooner or later. */
  isCertain: boolean;
}

/** A state on the current run, and what is still to be tried from it. */
interface Level {
  readonly state: number;
  readonly mark: Mark;
  /** How many events of the run lead here. */
  readonly events: number;
  /** Bit set of the processes still to be tried. */
  todo: number;
  /** Those that need not be tried unless a run returns here. */
  rest: number;
  /** Bit set of those whose next event is covered elsewhere, and what that event touches. */
  sleep: number;
  readonly covered: readonly (Tried | undefined)[];
  /** The process being tried, its moves and which of them comes next. */
  process: number;
  moves: readonly Move[];
  next: number;
  tried: Tried;
}

export interface ReducedCounts {
  /** States up to symmetry, without those in the middle of unnoticed steps. */
  readonly states: number;
  readonly events: number;
  readonly depth: number;
}

/** Which reductions to make; by default all of them. For showing what each achieves. */
export interface Reductions {
  readonly fusing?: boolean;
  readonly sleeping?: boolean;
  readonly symmetry?: boolean;
  /** Forgets that this cell is shared: only to show that the comparison with brute force notices. */
  readonly leaveOut?: string;
  /** Forgets something that a reduction easily forgets: for the same purpose. */
  readonly forget?: Forgotten;
}

/** What a reduction may be made to forget. */
export type Forgotten =
  /** Two writes to cells that the invariants read do not commute. */
  | 'order of observed writes'
  /** A process notices that another one moves it. */
  | 'whom an event moves';

/** A chain of unnoticeable steps longer than this is a loop in the model's own code. */
const FUSED_LIMIT = 200_000;

/** The cost of asking a process what it can do, relative to an event of the optimal reduction. */
const QUESTION = 0.6;
/** And of executing the step of a kernel, which is expensive: this search remembers no steps. */
const KERNEL_STEP = 15;

export class ReducedSearch {
  readonly findings = new Findings();
  /** Whether some run returns to a state that it has been in. */
  cyclic = false;
  private readonly processes: readonly Process[];
  private readonly symmetry: Symmetry | null;
  private readonly unnoticed: Unnoticed;
  private fingerprints = new Fingerprints();
  /** For each state, the processes (in the names of its symmetry) that were asleep every time it was reached. */
  private readonly sleepers: number[] = [];
  private readonly levels: Level[] = [];
  private readonly onRun = new Bits();
  /** The labels of the current run. */
  private readonly run: string[] = [];
  private readonly vantage: Vantage;
  /** Whether the last state that was reached is on the current run. */
  private cameBack = false;
  private events = 0;
  /** Events since the search was created, however often it has begun again. */
  private performed = 0;
  private depth = 0;
  /** The largest number of levels, and the smallest to which it has gone back; kept as a guess when it begins again. */
  private deepest = 0;
  private lowest = Infinity;
  /** Processes that could move in the states seen, and those of them that were tried there. */
  private readonly moves = { possible: 0, tried: 0 };
  private readonly start: Mark;
  private readonly isFusing: boolean;
  private readonly isSleeping: boolean;
  private readonly isOrderKept: boolean;

  constructor(private readonly system: System, reductions: Reductions = {}) {
    if (system.processes.length > 31) throw new Error(`the reduced search handles at most 31 processes, and there are ${system.processes.length}`);
    system.store.keepFingerprint();
    this.processes = system.processes;
    this.isFusing = reductions.fusing ?? true;
    this.isSleeping = reductions.sleeping ?? true;
    this.isOrderKept = reductions.forget !== 'order of observed writes';
    this.symmetry = system.interchangeable && (reductions.symmetry ?? true) ? new Symmetry(system.store, system.interchangeable, system.processes) : null;
    this.unnoticed = new Unnoticed(this.symmetry ?? new EachForItself(), (cell) => system.store.nameOf(cell) === reductions.leaveOut);
    this.vantage = new Vantage(system, this.unnoticed, reductions.forget === 'whom an event moves');
    this.start = system.store.mark();
    this.begin();
  }

  get counts(): ReducedCounts {
    return { states: this.fingerprints.count, events: this.events, depth: this.depth };
  }

  /** Its cost so far, in events of the optimal reduction: after each event every process is asked again what it can do. */
  get work(): number {
    return QUESTION * this.vantage.questions + (this.system.isKernel === true ? KERNEL_STEP * this.performed : 0);
  }

  /** How far it has gone back: the fraction of its depth below which everything was seen; from 0 to 1. */
  get height(): number {
    return this.lowest === Infinity ? 0 : 1 - this.lowest / this.deepest;
  }

  /** The depth of the current run. */
  get level(): number {
    return this.levels.length;
  }

  /** The memory for the visited states, including what they need when they next grow. */
  get bytes(): number {
    return this.fingerprints.bytes + 16 * this.sleepers.length;
  }

  /** The fraction of what processes could do in the states seen that was not tried. Interchangeable things divide the number of states at least by how many they are. */
  get leftOut(): number {
    const { possible, tried } = this.moves;
    return 1 - tried / Math.max(1, possible) / (this.symmetry === null ? 1 : 2);
  }

  get collisionBound(): number {
    return this.fingerprints.collisionBound;
  }

  /** Continues for about `count` events; returns whether everything was seen. */
  advance(count: number): boolean {
    const { levels } = this;
    for (const until = this.performed + count; this.performed < until;) {
      if (this.unnoticed.isStale) this.begin();
      while (levels.length > 0 && !this.turn(levels[levels.length - 1]!)) this.leave();
      const level = levels[levels.length - 1];
      if (level === undefined) return true;
      this.take(level, level.moves[level.next++]!);
    }
    return levels.length === 0 && !this.unnoticed.isStale;
  }

  /** Begins, or begins again with what was learned. */
  private begin(): void {
    this.system.store.undo(this.start);
    this.levels.length = 0;
    this.onRun.empty();
    this.sleepers.length = 0;
    this.run.length = 0;
    this.fingerprints = new Fingerprints();
    this.findings.clear();
    this.cyclic = false;
    this.events = 0;
    this.depth = 0;
    this.unnoticed.refresh();
    this.vantage.locate();
    this.vantage.lookAround();
    if (!this.observe()) this.arrive(null, 0, []);
  }

  private leave(): void {
    this.onRun.clear(this.levels.pop()!.state);
    if (this.levels.length < this.lowest) this.lowest = this.levels.length;
  }

  /** Finds the next move of a level: of the process being tried, or of the next one. False if nothing is left. */
  private turn(level: Level): boolean {
    if (level.process >= 0 && level.next >= level.moves.length) {
      if (this.isSleeping) {
        level.sleep |= 1 << level.process;
        (level.covered as (Tried | undefined)[])[level.process] = level.tried;
      }
      level.process = -1;
    }
    if (level.process >= 0) return true;
    if (level.todo === 0) return false;
    this.system.store.undo(level.mark);
    const process = lowest(level.todo);
    level.todo &= level.todo - 1;
    level.process = process;
    level.moves = this.vantage.movesOf(process).slice();
    refuseTwins(level.moves);
    level.next = 0;
    level.tried = { touches: [], isCertain: level.moves.length === 1 && level.moves[0]!.kind === 'step' };
    return true;
  }

  /** Performs a move of the level's process and the unnoticed steps, and records where that leads. */
  private take(level: Level, move: Move): void {
    const { store } = this.system;
    store.undo(level.mark);
    this.run.length = level.events;
    const { process } = level;
    this.vantage.locate();
    const footprint = this.vantage.perform(process, move.label)!;
    this.count();
    const isBroken = this.unnoticed.isObserved(footprint.writes) && this.observe();
    // An event that ends the run commutes with nothing.
    level.tried.touches.push(isBroken ? EVERYTHING : footprint);
    if (this.vantage.movedOthers) level.tried.isCertain = false;
    if (isBroken) return;
    const covered: Tried[] = [];
    let sleep = 0;
    for (let q = 0, bits = level.sleep & ~(1 << process); bits !== 0; q++, bits >>>= 1) {
      if ((bits & 1) === 0 || level.covered[q]!.touches.some((touch) => this.conflict(touch, footprint))) continue;
      sleep |= 1 << q;
      covered[q] = level.covered[q]!;
    }
    this.vantage.lookAround();
    if (this.isFusing && this.fuse(process, sleep, covered)) return;
    this.arrive(level.mark, sleep, covered);
    if (!this.cameBack) return;
    // What is postponed here might be postponed forever.
    level.todo |= level.rest;
    level.rest = 0;
  }

  /** Whether two events do not commute. The cells that the invariants read count as one cell: each of its states has to be seen. */
  private conflict(one: Footprint, other: Footprint): boolean {
    if (one === EVERYTHING || meets(one.writes, other.writes) || meets(one.writes, other.reads) || meets(one.reads, other.writes)) return true;
    return this.isOrderKept && this.unnoticed.isObserved(one.writes) && this.unnoticed.isObserved(other.writes);
  }

  /** Counts the event that was just performed. */
  private count(): void {
    this.events++;
    this.performed++;
    this.run.push(this.vantage.performed);
  }

  /** Lets the invariants check the state; returns whether one is broken. */
  private observe(): boolean {
    const { seen: violation, reads } = this.system.store.watch(() => violationOf(this.system));
    this.unnoticed.observe(reads);
    if (violation === null) return false;
    this.findings.note('violation', violation, this.run);
    return true;
  }

  /**
   * Makes steps that no other process can notice, of any process that is awake, as long as there
   * are any, and steps that are the only thing that can happen.
   *
   * @returns whether nothing more needs to follow: it is covered elsewhere, or an invariant is broken
   */
  private fuse(first: number, sleep: number, covered: Level['covered']): boolean {
    const { vantage, unnoticed, system: { store } } = this;
    const { length } = this.processes;
    let beacon: { a: number; b: number } | null = null;
    for (let steps = 1; ; steps++) {
      // If no process will notice an event that was tried before, every run from here is like one of those.
      for (let q = 0, bits = sleep; bits !== 0; q++, bits >>>= 1) {
        if ((bits & 1) === 0 || !covered[q]!.isCertain || !unnoticed.isUnnoticed(q, covered[q]!.touches[0]!, vantage.places)) continue;
        unnoticed.rely(q, covered[q]!.touches[0]!, vantage.places);
        return true;
      }
      let fused = false;
      for (let i = 0; i < length && !fused; i++) {
        const process = (first + i) % length;
        fused = (sleep & (1 << process)) === 0 && vantage.takeUnnoticed(process);
      }
      const only = fused || sleep !== 0 ? null : vantage.takeOnly();
      if (!fused && only === null) return false;
      this.count();
      if (only !== null && unnoticed.isObserved(only.writes) && this.observe()) return true;
      const { a, b } = store;
      if (beacon !== null && beacon.a === a && beacon.b === b) return false; // a loop: from here on it is a state like any other
      if ((steps & (steps - 1)) === 0) beacon = { a, b };
      if (steps > FUSED_LIMIT) throw new Error(`machine bug: ${FUSED_LIMIT} steps that no other process can notice, and no repeated state`);
    }
  }

  /** Records the current state; whatever is awake in it and has not been tried from it will be tried. */
  private arrive(since: Mark | null, sleep: number, covered: Level['covered']): void {
    const { system: { store }, symmetry, processes, vantage: { enabled, stepping } } = this;
    symmetry?.look(since);
    this.cameBack = false;
    const seen = this.fingerprints.findOrAdd(symmetry?.a ?? store.a, symmetry?.b ?? store.b);
    const sleepers = symmetry?.canonical(sleep) ?? sleep;
    if (seen >= 0) {
      if (this.onRun.has(seen)) this.cyclic = this.cameBack = true;
      const before = this.sleepers[seen]!;
      const awake = before & ~sleepers;
      if (awake === 0) return;
      this.sleepers[seen] = before & sleepers;
      this.enter(seen, (symmetry?.actual(awake) ?? awake) & enabled, 0, sleep & (symmetry?.actual(before) ?? before), covered);
      return;
    }
    const state = this.fingerprints.count - 1;
    this.sleepers[state] = sleepers;
    const isAtRest = stepping === 0 && !processes.some((process) => process.busy());
    if (isAtRest) this.findings.outcomes.add(outcomeAtRest(this.system, enabled !== 0));
    if (enabled === 0) {
      if (!isAtRest) this.findings.note('deadlock', null, this.run);
      return;
    }
    const chosen = this.isFusing ? this.vantage.closedSet() : enabled;
    this.moves.possible += sizeOf(enabled);
    this.enter(state, chosen & ~sleep, enabled & ~chosen & ~sleep, sleep, covered);
  }

  private enter(state: number, todo: number, rest: number, sleep: number, covered: Level['covered']): void {
    if (todo === 0) return;
    this.moves.tried += sizeOf(todo);
    this.onRun.add(state);
    this.levels.push({ state, mark: this.system.store.mark(), events: this.run.length, todo, rest, sleep, covered, process: -1, moves: [], next: 0, tried: NOTHING_TRIED });
    this.depth = Math.max(this.depth, this.run.length);
    this.deepest = Math.max(this.deepest, this.levels.length);
  }
}

const NOTHING_TRIED: Tried = { touches: [], isCertain: false };

/** Stands for the footprint of an event that ends the run. */
const EVERYTHING = new Footprint(-1, [], []);

function sizeOf(bits: number): number {
  let size = 0;
  for (let left = bits; left !== 0; left &= left - 1) size++;
  return size;
}

function meets(one: readonly number[], other: readonly number[]): boolean {
  for (const cell of one) if (other.includes(cell)) return true;
  return false;
}
