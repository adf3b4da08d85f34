import { Dependence, type Touch } from './dependence';
import { Execution } from './execution';
import { Sequence, type Branch } from './wakeup-tree';
import type { Mark } from '../state/store';
import { violationOf, type Move, type Process, type System, type Violation } from './system';

// Optimal dynamic partial-order reduction: one execution for each class of
// executions that differ only in the order of independent events, and none
// begun in vain. A processor is a process of the reduction; what it may do
// next (go on, take this interrupt) are its choices, and all of them are tried
// wherever the processor is chosen.
//
// After each execution every race in it is looked at: two dependent events of
// different processes with nothing between them that orders them. Where the
// later one could have come first, a sequence that makes it so is planned in
// the wakeup tree of the point before the earlier one.

/** How one execution ended. */
export type ExecutionEnd =
  | { readonly kind: 'finished'; readonly outcome: string }
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'violation'; readonly violation: Violation };

/** Sees each complete execution while the system is still in its last state. */
export type Witnessing = (end: ExecutionEnd, execution: Execution) => void;

export interface OptimalCounts {
  /** Complete executions. */
  executions: number;
  /** Executions given up because all that could go on was covered elsewhere. */
  blocked: number;
  events: number;
  depth: number;
}

export interface OptimalOptions {
  /** Events on one execution before the program is taken not to end. */
  readonly depth?: number;
  /** Leaves the conflicts over this cell out: only to show that the comparison with brute force notices. */
  readonly leaveOut?: string;
  /**
   * Explores only what begins with these moves, except for what some other part
   * covers, given that at each of them every possible move has a part of its own.
   */
  readonly prefix?: readonly string[];
}

/** The program does not end within the depth allowed: only a search that knows states again can handle it. */
export class EndlessExecution extends Error {}

/** A point of the current execution: what was tried from it, what is being tried, what is planned. */
class Point {
  /** Bit set of processes whose next event is covered elsewhere, with what that event touches. */
  sleeping = 0;
  /** Those of them that are covered by another part of the search, whose races are not seen here. */
  foreign = 0;
  readonly sleepTouch: Touch[] = [];
  planned: Branch[] = [];
  process = -1;
  choice = 0;
  choices = 1;
  /** What its choices touch, all together; null where there is no choice. */
  reach: Touch | null = null;
  /** What the choices tried so far touch. */
  tried: Touch | null = null;
  /** Plans that begin with the process being tried, by choice. */
  current: Branch[] = [];
}

const DEPTH_LIMIT = 20_000;

export class OptimalSearch {
  readonly counts: OptimalCounts = { executions: 0, blocked: 0, events: 0, depth: 0 };
  private readonly dependence: Dependence;
  private readonly execution: Execution;
  private readonly points: Point[] = [];
  private readonly sequence: Sequence;
  private readonly moves: Move[] = [];
  private readonly processes: readonly Process[];
  private violation: Violation | null = null;
  /** Events before this one were there in the execution before. */
  private fresh = 0;
  /** The beginning of the program, before the prefix. */
  private readonly start: Mark;

  constructor(private readonly system: System, private readonly witnessing: Witnessing, private readonly options: OptimalOptions = {}) {
    if (system.processes.length > 31) throw new Error('optimal reduction handles at most 31 processes');
    this.processes = system.processes;
    this.dependence = new Dependence(system.store, options.leaveOut);
    this.execution = new Execution(this.processes.length, this.dependence);
    this.sequence = new Sequence(this.dependence);
    this.start = system.store.mark();
    system.store.forgoFingerprint();
    this.observeInvariants();
    this.dependence.refresh();
  }

  /**
   * Goes on for about `events` events. What was counted and witnessed before a
   * call of `onRestart` does not count: it rested on too little knowledge of what is shared.
   *
   * @returns whether everything was seen
   */
  run(events: number, onRestart: () => void): boolean {
    const until = this.counts.events + events;
    if (this.points.length === 0) {
      if (!this.enter()) return true;
    } else if (!this.backtrack()) {
      return true;
    }
    for (;;) {
      this.extend();
      if (this.dependence.isStale) {
        this.restart();
        onRestart();
        if (!this.enter()) return true;
        continue;
      }
      if (this.counts.events >= until) return false;
      if (!this.backtrack()) return true;
    }
  }

  private restart(): void {
    const { execution, points } = this;
    this.system.store.undo(this.start);
    while (execution.length > 0) execution.pop();
    points.length = 0;
    this.counts.executions = 0;
    this.counts.blocked = 0;
    this.fresh = 0;
    this.dependence.refresh();
  }

  /**
   * Goes through the prefix to the first point of the search. A process that
   * could have gone before the one that the prefix takes, and comes before it in
   * the order of parts, is covered by its own part: it sleeps.
   *
   * @returns false if the whole of this part is covered by others
   */
  private enter(): boolean {
    for (;;) {
      const isOpen = this.goThroughPrefix();
      if (!this.dependence.isStale) return isOpen;
      this.restart();
    }
  }

  private goThroughPrefix(): boolean {
    const { system: { store }, processes } = this;
    let point = new Point();
    for (const label of this.options.prefix ?? []) {
      const p = processes.findIndex((_, q) => this.movesOf(q).some((move) => move.label === label));
      if (p < 0) throw new Error(`the prefix does not fit: "${label}" is not possible`);
      if ((point.sleeping & (1 << p)) !== 0) return false;
      for (let q = 0; q < p; q++) {
        const touch = (point.sleeping & (1 << q)) === 0 ? this.touchNext(q) : null;
        if (touch === null) continue;
        point.sleeping |= 1 << q;
        point.foreign |= 1 << q;
        point.sleepTouch[q] = touch;
      }
      store.record();
      this.movesOf(p).find((move) => move.label === label)!.perform();
      const touch = this.dependence.touch(p, store.takeFootprint());
      this.observeInvariants();
      point = this.asleepAfter(point, p, this.violation === null ? touch : this.dependence.everything, new Point());
    }
    this.points.push(point);
    return true;
  }

  /** Lets sleep in `next` who sleeps in `point` and does not notice an event of `p` that touches this. */
  private asleepAfter(point: Point, p: number, touch: Touch, next: Point): Point {
    next.sleeping = 0;
    for (let q = 0, bits = point.sleeping & ~(1 << p); bits !== 0; q++, bits >>>= 1) {
      if ((bits & 1) !== 0 && !this.dependence.conflict(point.sleepTouch[q]!, touch)) {
        next.sleeping |= 1 << q;
        next.sleepTouch[q] = point.sleepTouch[q]!;
      }
    }
    next.foreign = point.foreign & next.sleeping;
    return next;
  }

  /** Follows the plan, then any way, to the end of an execution, and plans from its races. */
  private extend(): void {
    const { points, execution } = this;
    this.violation = null;
    for (;;) {
      const point = points[execution.length]!;
      if (point.process < 0 && !this.choose(point)) break;
      this.perform(point);
      if (this.violation !== null) break;
    }
    if (this.dependence.isStale) return;
    const point = points[execution.length]!;
    if (this.violation === null && point.sleeping !== 0) {
      this.counts.blocked++;
    } else {
      this.counts.executions++;
      this.witnessing(this.judge(), execution);
    }
    this.planReversals();
    this.fresh = execution.length;
  }

  private judge(): ExecutionEnd {
    if (this.violation !== null) return { kind: 'violation', violation: this.violation };
    if (this.processes.some((process) => process.busy())) return { kind: 'deadlock' };
    return { kind: 'finished', outcome: this.system.outcome?.() ?? '' };
  }

  /** Decides on the process to go on with: the first planned one, else any that is awake. */
  private choose(point: Point): boolean {
    const { length, process } = this.execution;
    if (point.sleeping !== 0 && point.planned.length > 0) point.planned = point.planned.filter((branch) => (point.sleeping & (1 << branch.process)) === 0);
    if (point.planned.length > 0) {
      this.begin(point, point.planned[0]!.process);
      return true;
    }
    const preferred = length > 0 ? process[length - 1]! : 0;
    for (let i = 0; i < this.processes.length; i++) {
      const p = (preferred + i) % this.processes.length;
      if ((point.sleeping & (1 << p)) === 0 && this.movesOf(p).length > 0) {
        this.begin(point, p);
        return true;
      }
    }
    return false;
  }

  private begin(point: Point, process: number): void {
    point.process = process;
    point.choice = 0;
    point.tried = null;
    point.reach = null;
    if (point.planned.every((branch) => branch.process === process)) {
      point.current = point.planned;
      point.planned = [];
    } else {
      point.current = point.planned.filter((branch) => branch.process === process);
      point.planned = point.planned.filter((branch) => branch.process !== process);
    }
  }

  private movesOf(process: number): Move[] {
    this.moves.length = 0;
    this.processes[process]!.moves(this.moves);
    return this.moves;
  }

  /** Performs the chosen move and makes the point after it. */
  private perform(point: Point): void {
    const { system: { store }, execution, dependence, points, counts } = this;
    const p = point.process;
    const before = store.mark();
    store.record();
    const moves = this.movesOf(p);
    if (moves.length > 1 && point.reach === null) {
      store.takeFootprint();
      point.reach = this.touchNext(p);
      store.record();
      this.movesOf(p);
    }
    const move = moves[point.choice];
    if (move === undefined) throw new Error(`machine bug: ${this.processes[p]!.name} cannot go on where it was seen to; some state is kept outside tracked cells`);
    point.choices = moves.length;
    move.perform();
    const footprint = store.takeFootprint();
    let touch = dependence.touch(p, footprint);
    if (dependence.isObserved(footprint.writes)) {
      this.observeInvariants();
      if (this.violation !== null) touch = dependence.everything;
    }
    point.tried = point.tried === null ? touch : dependence.union(point.tried, touch);
    execution.push(p, move.label, touch, point.reach ?? touch, before);
    counts.events++;
    counts.depth = Math.max(counts.depth, execution.length);
    if (execution.length > (this.options.depth ?? DEPTH_LIMIT)) throw new EndlessExecution(`an execution is longer than ${this.options.depth ?? DEPTH_LIMIT} events`);
    const next = (points[execution.length] ??= new Point());
    next.process = -1;
    next.planned = plansAfter(point.current, move.label);
    this.asleepAfter(point, p, touch, next);
  }

  private observeInvariants(): void {
    const { store } = this.system;
    store.record();
    this.violation = violationOf(this.system);
    this.dependence.observe(store.takeFootprint().reads);
  }

  /** Goes back to the latest point from which something is left to try, and begins on it. */
  private backtrack(): boolean {
    const { execution, points, system } = this;
    while (execution.length > 0) {
      const i = execution.length - 1;
      const point = points[i]!;
      system.store.undo(execution.before[i]!);
      execution.pop();
      this.fresh = Math.min(this.fresh, i);
      if (++point.choice < point.choices) return true;
      point.sleeping |= 1 << point.process;
      point.sleepTouch[point.process] = point.tried!;
      point.process = -1;
      if (point.planned.length > 0) return true;
    }
    return false;
  }

  private planReversals(): void {
    const { execution } = this;
    for (let i = this.fresh; i < execution.length; i++) {
      execution.racesOf(i, (k, isDirect) => this.planReversal(k, execution.process[i]!, i, isDirect));
    }
    const end = execution.length;
    for (let p = 0; p < this.processes.length; p++) {
      // A violation ends the run: whatever else could have happened first must be tried instead.
      const isCutOff = this.violation !== null && p !== execution.process[end - 1];
      if (isCutOff && this.planReversal(end - 1, p, end, false)) continue;
      const { store } = this.system;
      store.record();
      const canGoOn = this.movesOf(p).length > 0;
      const footprint = store.takeFootprint();
      if (canGoOn && !isCutOff) continue;
      const touch = this.dependence.touch(p, footprint);
      if (touch !== this.dependence.nothing) execution.racesOfWaiting(p, touch, (k) => this.planReversal(k, p, end, false));
    }
  }

  /**
   * Plans that the event `later` of process `p` (or what it would do next, if that
   * is the end) comes before event `earlier`.
   *
   * @returns false if `p` would have to wait there
   */
  private planReversal(earlier: number, p: number, later: number, isDirect: boolean): boolean {
    const { execution, sequence, points } = this;
    sequence.clear();
    sequence.appendIndependentOf(earlier, execution);
    const isUnaffected = isDirect && !readsFrom(execution.touch[earlier]!, execution.reach[later]!, this.dependence);
    const touch = isUnaffected ? execution.touch[later]! : this.touchInstead(earlier, p);
    if (touch === null) return false;
    sequence.append(p, null, touch, isUnaffected ? execution.reach[later]! : touch);
    const point = points[earlier]!;
    for (let q = 0, bits = point.sleeping; bits !== 0; q++, bits >>>= 1) {
      if ((bits & 1) === 0) continue;
      const first = sequence.firstOf(q, point.sleepTouch[q]!);
      // That an event of another part could also come first says nothing: the races that follow from it are found there, and not planned here.
      if (first >= 0 && ((point.foreign & (1 << q)) === 0 || first < sequence.length)) return true;
    }
    sequence.insertInto(point.planned);
    return true;
  }

  /** What process `p` would touch if `earlier` and what depends on it had not happened; null if it would have to wait. */
  private touchInstead(earlier: number, p: number): Touch | null {
    const { execution, system: { store } } = this;
    const stretches: number[] = [];
    const end = store.mark().length;
    for (let k = earlier; k < execution.length; k++) {
      if (!execution.happensBefore(earlier, k)) continue;
      stretches.push(execution.before[k]!.length, k + 1 < execution.length ? execution.before[k + 1]!.length : end);
    }
    return store.without(stretches, () => this.touchNext(p));
  }

  /** What process `p` would touch next, whichever of its moves it is; null if it has none. */
  private touchNext(p: number): Touch | null {
    const { dependence, system: { store } } = this;
    const mark = store.mark();
    store.record();
    const moves = this.movesOf(p);
    if (moves.length === 0) {
      dependence.awaitTogether(p, store.takeFootprint());
      return null;
    }
    for (const move of [...moves]) {
      move.perform();
      store.undo(mark);
    }
    return dependence.touch(p, store.takeFootprint());
  }
}

/** What the branches that begin with this choice plan after it. A branch is used once, so its list may be. */
function plansAfter(branches: readonly Branch[], label: string): Branch[] {
  if (branches.length === 0) return [];
  if (branches.length === 1 && branches[0]!.label === label) return branches[0]!.children;
  return branches.flatMap((branch) => (branch.label === label ? branch.children : []));
}

/** Whether `later` may have read what `earlier` wrote. */
function readsFrom(earlier: Touch, later: Touch, dependence: Dependence): boolean {
  if (later === dependence.everything || earlier === dependence.everything) return true;
  for (const cell of earlier.writes) if (later.reads.includes(cell)) return true;
  return false;
}
