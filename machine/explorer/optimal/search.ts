import { Dependence, type Sharing } from './dependence';
import { Execution } from './execution';
import { Point } from './point';
import { Probe, type Possible } from './probe';
import { Reversals } from './reversals';
import { restorePlans, savePlans, type SavedPlans } from './saved-plans';
import { outcomeAtRest, refuseTwins, violationOf, type Move, type Process, type System, type Violation } from '../system';

// Optimal dynamic partial-order reduction: one execution for each class of
// executions that differ only in the order of independent events, and none
// begun in vain. A processor is a process of the reduction; what it may do next
// (continue, take this interrupt) are moves that exclude each other: when it
// makes one, the others are planned separately from the same point.
//
// After each execution the races of its new events are examined (reversals),
// and what would reverse them is planned in the wakeup tree of the point before
// the earlier of the two. Then the search continues from the latest point at
// which something is left to do.

/** How one execution ended. */
export type ExecutionEnd =
  | { readonly kind: 'finished'; readonly outcome: string }
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'violation'; readonly violation: Violation };

/** Called for each complete execution while the system is still in its last state. */
export type Witnessing = (end: ExecutionEnd, execution: Execution) => void;

export interface OptimalCounts {
  /** Complete executions. */
  executions: number;
  /** Executions abandoned because every process that could continue was covered elsewhere. */
  blocked: number;
  events: number;
  depth: number;
}

export interface OptimalOptions {
  /** Events on one execution before the program counts as endless. */
  readonly depth?: number;
  /** Ignores conflicts over this cell: only to show that the comparison with brute force notices. */
  readonly leaveOut?: string;
  /**
   * Explores only what begins with these moves, except for what other parts cover, provided
   * that each possible alternative to each of these moves has a part of its own.
   */
  readonly prefix?: readonly string[];
}

/** A search as plain data. */
export interface SavedOptimal {
  readonly counts: OptimalCounts;
  readonly sharing: Sharing;
  /** The moves of the last execution; null if the search had not begun. */
  readonly labels: readonly string[] | null;
  readonly plans: SavedPlans;
}

/** The program does not end within the depth allowed: only a search that recognises visited states can handle it. */
export class EndlessExecution extends Error {}

const DEPTH_LIMIT = 20_000;

export class OptimalSearch {
  readonly counts: OptimalCounts = { executions: 0, blocked: 0, events: 0, depth: 0 };
  private readonly dependence: Dependence;
  private readonly execution: Execution;
  /** The points of the execution, one more than it has events; those beyond are kept for reuse. */
  private readonly points: Point[] = [];
  private readonly probe: Probe;
  private readonly reversals: Reversals;
  private readonly processes: readonly Process[];
  private readonly depthLimit: number;
  /** Whether some process had several moves at one point. */
  hasChoices = false;
  private violation: Violation | null = null;
  private hasBegun = false;
  /** Events before this one were part of the previous execution. */
  private fresh = 0;
  /** The lowest number of events to which it has gone back; kept as a guess when the search begins again. */
  private lowest = Infinity;
  /** The beginning of the program, before the prefix. */
  private readonly start: number;

  /** @param saved a search of the same program, with the same options, that this one continues */
  constructor(private readonly system: System, private readonly witnessing: Witnessing, private readonly options: OptimalOptions = {}, saved?: SavedOptimal) {
    if (system.processes.length > 31) throw new Error('optimal reduction handles at most 31 processes');
    this.processes = system.processes;
    this.depthLimit = options.depth ?? DEPTH_LIMIT;
    this.dependence = new Dependence(system.store, options.leaveOut, saved?.sharing);
    this.execution = new Execution(this.processes.length);
    this.probe = new Probe(system, this.dependence);
    this.reversals = new Reversals(this.execution, this.points, this.dependence, this.probe);
    this.start = system.store.writes;
    system.store.forgoFingerprint();
    this.observeInvariants();
    this.dependence.refresh();
    if (saved) this.restore(saved);
  }

  /** Everything needed to continue later, even in another process. */
  save(): SavedOptimal {
    const { counts, dependence: { sharing }, execution, points, hasBegun } = this;
    return {
      counts: { ...counts }, sharing,
      labels: hasBegun ? execution.label.slice(0, execution.length) : null,
      plans: savePlans(hasBegun ? points.slice(0, execution.length + 1) : []),
    };
  }

  private restore({ counts, labels, plans }: SavedOptimal): void {
    if (labels !== null) {
      this.enter();
      labels.forEach((label, i) => {
        const point = this.points[i]!;
        point.process = plans.points[i]!.process;
        point.label = label;
        const moves = this.probe.ask(point.process);
        if (!moves.some((move) => move.label === label)) throw new Error(`what was saved does not fit the program: its event ${i + 1} is "${label}", here there ${moves.length === 0 ? 'is nothing' : `are ${moves.map((move) => `"${move.label}"`).join(', ')}`}`);
        this.perform(point, moves);
      });
      restorePlans(plans, this.points, this.dependence);
      this.fresh = labels.length;
    }
    Object.assign(this.counts, counts);
  }

  /**
   * Continues for about `events` events. What was counted and witnessed before a call of
   * `onRestart` is void: too little was known about what is shared.
   *
   * @returns whether everything was seen
   */
  run(events: number, onRestart: () => void): boolean {
    const until = this.counts.events + events;
    if (!this.hasBegun) {
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

  /** How far it has gone back: the fraction of its depth below which everything was seen; from 0 to 1. */
  get height(): number {
    return this.lowest === Infinity ? 0 : 1 - this.lowest / this.counts.depth;
  }

  private restart(): void {
    const { execution, points } = this;
    this.system.store.undoTo(this.start);
    while (execution.length > 0) execution.pop();
    points.length = 0;
    this.counts.executions = 0;
    this.counts.blocked = 0;
    this.fresh = 0;
    this.dependence.refresh();
  }

  /**
   * Follows the prefix to the first point of the search. A process that could
   * have moved instead of the one in the prefix, and precedes it in the order of
   * parts, is covered by its own part: it sleeps.
   *
   * @returns false if other parts cover this whole part
   */
  private enter(): boolean {
    this.hasBegun = true;
    for (;;) {
      const isOpen = this.goThroughPrefix();
      if (!this.dependence.isStale) return isOpen;
      this.restart();
    }
  }

  private goThroughPrefix(): boolean {
    const { system: { store }, probe, processes } = this;
    let point = new Point();
    for (const label of this.options.prefix ?? []) {
      const p = processes.findIndex((_, q) => probe.ask(q).some((move) => move.label === label));
      if (p < 0) throw new Error(`the prefix does not fit: "${label}" is not possible`);
      if (point.isAsleep(p, label)) return false;
      for (let q = 0; q < p; q++) {
        const moves = probe.possible(q);
        for (const { label: other, touch } of moves) {
          if (point.isAsleep(q, other)) continue;
          point.foreign |= 1 << q;
          point.putToSleep(q, other, touch, moves.length);
        }
      }
      probe.ask(p).find((move) => move.label === label)!.perform();
      const touch = this.dependence.touch(store.takeFootprint());
      this.observeInvariants();
      const next = new Point();
      next.follow(point, p, this.violation === null ? touch : this.dependence.everything);
      point = next;
    }
    this.points.push(point);
    return true;
  }

  /** Follows the plan, then arbitrary moves, to the end of an execution, and plans from its races. */
  private extend(): void {
    const { points, execution, counts } = this;
    this.violation = null;
    do {
      const point = points[execution.length]!;
      const moves = this.choose(point);
      if (moves === null) break;
      this.perform(point, moves);
    } while (this.violation === null);
    if (execution.length > counts.depth) counts.depth = execution.length;
    if (this.dependence.isStale) return;
    if (this.violation === null && points[execution.length]!.sleeping !== 0) {
      counts.blocked++;
    } else {
      counts.executions++;
      this.witnessing(this.judge(), execution);
    }
    this.reversals.plan(this.fresh, this.hasChoices);
    this.reversals.planFromEnd(this.processes.length, this.violation !== null);
    this.fresh = execution.length;
  }

  private judge(): ExecutionEnd {
    if (this.violation !== null) return { kind: 'violation', violation: this.violation };
    if (this.processes.some((process) => process.busy())) return { kind: 'deadlock' };
    return { kind: 'finished', outcome: outcomeAtRest(this.system, false) };
  }

  /** Chooses the process to continue with: the first planned one, else any that is awake. Returns its moves; null if there is none. */
  private choose(point: Point): readonly Move[] | null {
    const { execution: { length, process }, probe, dependence, processes } = this;
    const planned = point.nextPlanned();
    if (planned !== null) {
      point.begin(planned.process, planned.label);
      return probe.ask(point.process);
    }
    const preferred = length > 0 ? process[length - 1]! : 0;
    for (let i = 0; i < processes.length; i++) {
      const p = preferred + i < processes.length ? preferred + i : preferred + i - processes.length;
      if (((point.silent | point.ended) & (1 << p)) !== 0) continue;
      const moves = probe.ask(p);
      for (const { label } of moves) {
        if (point.isAsleep(p, label)) continue;
        point.begin(p, label);
        return moves;
      }
      if (moves.length === 0 && dependence.touch(probe.footprint()) === dependence.nothing) point.ended |= 1 << p;
    }
    return null;
  }

  /** Performs the chosen one of these moves, which the process has just reported, and creates the next point. */
  private perform(point: Point, moves: readonly Move[]): void {
    const { system: { store }, execution, dependence, points, counts, probe } = this;
    const p = point.process;
    const before = store.writes;
    const guard = dependence.touch(store.footprintSoFar);
    point.choices = moves.length;
    const possible = moves.length > 1 ? this.possibleAt(point, moves) : null;
    const move = (possible === null ? moves : probe.ask(p)).find(({ label }) => label === point.label);
    if (move === undefined) throw new Error(`machine bug: ${this.processes[p]!.name} cannot go on where it was seen to; some state is kept outside tracked cells`);
    move.perform();
    const { touch: seen, isObserved } = dependence.meaningOf(store.takeFootprint());
    if (isObserved) this.observeInvariants();
    const touch = this.violation === null ? seen : dependence.everything;
    point.touch = touch;
    execution.push(p, move.label, touch, possible, guard, move.isSteady === true && this.violation === null, before);
    counts.events++;
    const { length } = execution;
    if (length > this.depthLimit) throw new EndlessExecution(`an execution is longer than ${this.depthLimit} events`);
    if (length === points.length) points.push(new Point());
    const next = points[length]!;
    next.inherit(point);
    next.follow(point, p, touch);
  }

  /** What these moves of the process being tried at a point would touch. */
  private possibleAt(point: Point, moves: readonly Move[]): readonly Possible[] {
    const { process } = point;
    if (point.possible?.process === process) return point.possible.moves;
    refuseTwins(moves);
    this.hasChoices = true;
    const possible = this.probe.possible(process);
    point.possible = { process, moves: possible };
    return possible;
  }

  private observeInvariants(): void {
    const { seen, reads } = this.system.store.watch(() => violationOf(this.system));
    this.violation = seen;
    this.dependence.observe(reads);
  }

  /** Goes back to the latest point from which something is left to try. */
  private backtrack(): boolean {
    const { execution, points, system: { store } } = this;
    while (execution.length > 0) {
      const i = execution.length - 1;
      const point = points[i]!;
      store.undoTo(execution.writes[i]!);
      execution.pop();
      if (i < this.fresh) this.fresh = i;
      point.end();
      if (i < this.lowest) this.lowest = i;
      if (point.planned.first !== null) return true;
    }
    return false;
  }
}
