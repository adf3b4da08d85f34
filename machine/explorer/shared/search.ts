import { Column, type Break, type Kind } from '../stateful/edges';
import { StateGraph } from '../stateful/graph';
import { Places } from '../stateful/places';
import type { Manner } from '../stateful/search';
import type { Spot } from '../stretch/spot';
import { Stretches } from '../stretch/stretches';
import { isAtRest, outcomeAtRest, type Move, type System, type Violation } from '../system';
import type { Mark } from '../../state/store';
import { Crew, type Stop, type Task } from './crew';
import { FULL, NEW, Tallied, type SharedTable, type Tally } from './table';

// One member of a crew that explores one graph together. It goes depth first,
// like a single search (stateful/search.ts), and continues only from the states
// that it was the first to reach. When another member has run out of work, it
// hands over the moves that it would have tried last. join.ts puts the portions
// of the members together.
//
// Each state belongs to the member that was the first to put it in the table,
// and each move from it is taken once: by that member, or by the one to which
// it was handed, which may hand part of it over again.

/** The target of a move that was not taken, or that was handed over. */
export const UNTAKEN = 0;
export const HANDED_OVER = -(2 ** 31);

/** What one member has seen, as plain data. The number of a state is its number among those of its owner, times the number of members, plus the owner's number. */
export interface Portion {
  /** For each of its own states, the index of its first move; and at the end, the number of moves. */
  readonly starts: Int32Array;
  /** For each move of its own states, in order, two numbers: 1 more than the state it leads to, or `-1 - violation`; and the kind of the edge. */
  readonly moves: Int32Array;
  /** Of moves that were handed to it: state, move, target and kind, one after the other. */
  readonly taken: Int32Array;
  readonly words: readonly string[];
  readonly kindsOf: readonly Kind[];
  readonly breaks: readonly (readonly Break[])[];
  readonly violations: readonly Violation[];
  readonly outcomes: readonly string[];
  /** Its states in which all work is done, and the number of the outcome of each. */
  readonly finished: Int32Array;
  readonly outcomeOf: Int32Array;
  readonly deadlock: readonly number[];
  readonly livelock: readonly number[];
  readonly waiting: readonly number[];
  /** Hunks and other switches that its program has consulted. */
  readonly consulted: readonly string[];
  /** Its states, to be compared with what the table holds; and what the table holds in one share of its slots for each member, if the members have looked. */
  readonly tally: Tally;
  readonly held: Tally | null;
}

/** The portion of a member that was given no work. */
export const NO_PORTION: Portion = {
  starts: new Int32Array(1), moves: new Int32Array(0), taken: new Int32Array(0), words: [], kindsOf: [], breaks: [], violations: [],
  outcomes: [], finished: new Int32Array(0), outcomeOf: new Int32Array(0), deadlock: [], livelock: [], waiting: [], consulted: [], tally: new Tallied(), held: null,
};

interface Level {
  readonly state: number;
  /** The index of its first move among this member's moves; -1 if the state belongs to another member. */
  readonly first: number;
  readonly spot: Spot;
  readonly mark: Mark;
  next: number;
  end: number;
}

const NOTHING_BROKEN: readonly never[] = [];

/** The partners of a search, as it sees them: a crew of threads (crew.ts), or the other shards (shared/round.ts). */
export interface Partners {
  readonly members: number;
  readonly table: Pick<SharedTable, 'enter' | 'leave' | 'findOrAdd'>;
  readonly states: number;
  readonly isDone: boolean;
  readonly stopped: Stop | null;
  takeTask(): Task | null;
  findIdle(): number;
  give(member: number, task: Task | null): void;
  tell(states: number, events: number): void;
  rest(): void;
  stop(why: Stop): void;
}

/** A point of the run that is being continued. */
interface Point {
  readonly spot: Spot;
  readonly mark: Mark;
}

/** Moves between two checks of what the others are doing. */
const STRIDE = 64;

/** What a member does next: it continues, it waits for work, or everything is done. */
export type Standing = 'under way' | 'waiting' | 'ended';

export class SharedSearch {
  private readonly stretches: Stretches;
  private readonly graph = new StateGraph();
  private readonly places = new Places(this.graph);
  private readonly lanes = new Column();
  private readonly starts = new Column();
  private readonly moves = new Moves();
  private readonly taken = new Column();
  private readonly violations: Violation[] = [];
  private readonly violationNumbers = new Map<Violation, number>();
  private readonly outcomes: string[] = [];
  private readonly outcomeNumbers = new Map<string, number>();
  private readonly finished = new Column();
  private readonly outcomeOf = new Column();
  private readonly deadlock: number[] = [];
  private readonly livelock: number[] = [];
  private readonly waiting: number[] = [];
  private readonly levels: Level[] = [];
  /** The moves that lead to the lowest level, and the points to which they lead: what the next piece of work has in common with it is not performed again. */
  private base: readonly number[] = [];
  private trail: Point[];
  private hasWork: boolean;
  private events = 0;
  private readonly start: Mark;
  private readonly origin: Spot;
  private readonly goesOn: boolean;

  /**
   * @param me the number of this member
   * @param begins whether it begins at the state that `system` is in; the others are given work
   */
  constructor(private readonly system: System, private readonly crew: Partners, private readonly me: number, private readonly mostStates = Infinity, { goesOn = false }: Manner = {}, begins = me === 0) {
    this.goesOn = goesOn;
    system.store.keepFingerprint();
    this.start = system.store.mark();
    this.stretches = new Stretches(system, { endsWhenBroken: !goesOn });
    this.origin = this.stretches.here();
    this.trail = [{ spot: this.origin, mark: this.start }];
    this.hasWork = begins;
    if (!begins) return;
    crew.table.enter();
    this.arrive(this.origin, false);
    crew.table.leave();
  }

  /** Makes up to `moves` moves, if there is work for it. */
  advance(moves: number): Standing {
    const { crew, levels } = this;
    for (let taken = 0; taken < moves; taken += STRIDE) {
      if (crew.isDone || crew.stopped !== null) return 'ended';
      if (!crew.table.enter()) return 'waiting';
      try {
        if (!this.hasWork && !this.begin()) return 'waiting';
        this.stride(Math.min(STRIDE, moves - taken));
      } finally {
        crew.table.leave();
      }
      crew.tell(this.starts.length, this.events);
      if (this.mostStates !== Infinity && crew.states > this.mostStates) crew.stop('bounds');
      if (levels.length > 0) this.share();
      else {
        this.hasWork = false;
        crew.rest();
      }
    }
    return 'under way';
  }

  private stride(moves: number): void {
    const { levels, system: { store } } = this;
    for (let taken = 0; taken < moves;) {
      const level = levels[levels.length - 1];
      if (level === undefined) return;
      if (level.next >= level.end) {
        levels.pop();
        continue;
      }
      store.undo(level.mark);
      this.take(level, level.next++);
      taken++;
    }
  }

  /** Begins with what was handed over, if anything was. */
  private begin(): boolean {
    const { crew, stretches, system: { store }, base, trail } = this;
    const task = crew.takeTask();
    if (task === null) return false;
    const { path } = task;
    let common = 0;
    while (common < path.length && path[common] === base[common]) common++;
    trail.length = common + 1;
    let { spot, mark } = trail[common]!;
    let looped = false;
    store.undo(mark);
    for (let i = common; i < path.length; i++) {
      ({ spot, looped } = stretches.follow(spot.moves[path[i]!]!, spot));
      trail.push({ spot, mark: mark = store.mark() });
    }
    if (store.a !== task.a || store.b !== task.b) throw new Error('machine bug: the same moves led to different states in two places; the program is not deterministic');
    this.base = path;
    this.hasWork = true;
    if (task.isNew === true) this.arrive(spot, looped);
    else this.levels.push({ state: task.state, first: -1, spot, mark, next: task.next, end: task.end });
    return true;
  }

  /** The moves that lead from the beginning to the current state. */
  get path(): number[] {
    return [...this.base, ...this.levels.map(({ next }) => next - 1)];
  }

  /** If another member has nothing to do, hands it the moves that this one would try last. */
  private share(): void {
    const { crew, levels } = this;
    const open = levels.findIndex(({ next, end }) => next < end);
    if (open < 0 || !hasMore(levels, open)) return;
    const member = crew.findIdle();
    if (member >= 0) crew.give(member, this.handOver(open));
  }

  private handOver(open: number): Task | null {
    const { base, levels } = this;
    if (!Crew.canHandOver(base.length + open)) return null;
    const level = levels[open]!;
    const { state, first, mark: { a, b }, next, end } = level;
    const isOnly = !hasMore(levels, open, level.end);
    const from = isOnly ? next + Math.ceil((end - next) / 2) : next;
    if (first >= 0) for (let move = from; move < end; move++) this.moves.set(first + move, HANDED_OVER, 0);
    level.end = from;
    return { state, a, b, next: from, end, path: [...base, ...levels.slice(0, open).map((lower) => lower.next - 1)] };
  }

  private take(level: Level, number: number): void {
    const { graph, stretches, goesOn } = this;
    const move: Move = level.spot.moves[number]!;
    const isInterrupt = move.kind === 'interrupt';
    const place = isInterrupt ? this.places.wordFor(move) : -1;
    const { spot, steps, stayReady, last, switches, looped, broken } = stretches.follow(move, level.spot);
    this.events += steps;
    const to = broken.length > 0 && !goesOn ? -1 - this.numberOf(broken[0]!.violation) : this.arrive(spot, looped);
    const kind = graph.kindFor(
      { process: stretches.indexOf(move.process), label: graph.word(move.label), interrupt: isInterrupt, steps, last, switches },
      stayReady, place, goesOn && broken.length > 0 ? broken.map((one) => ({ violation: this.numberOf(one.violation), steps: one.steps, switches: one.switches, last: one.last })) : NOTHING_BROKEN,
    );
    if (level.first >= 0) this.moves.set(level.first + number, to, kind);
    else for (const cell of [level.state, number, to, kind]) this.taken.push(cell);
  }

  /** Returns 1 more than the number of the current state; if no member was here before, this member owns it, and will expand it. */
  private arrive(spot: Spot, looped: boolean): number {
    const { system, me, crew: { members, table } } = this;
    const { a, b } = system.store;
    const state = this.starts.length * members + me;
    const seen = table.findOrAdd(a, b, state);
    if (seen === FULL) {
      this.crew.stop('full');
      return UNTAKEN;
    }
    if (seen !== NEW) return 1 + seen;
    const { moves } = spot;
    this.starts.push(this.moves.count);
    this.lanes.push(a);
    this.lanes.push(b);
    if (looped) {
      this.livelock.push(state);
      return 1 + state;
    }
    spot.refuseTwins();
    const isFinished = !spot.canStep && isAtRest(system, moves);
    if (isFinished) this.finish(state, outcomeAtRest(system, moves.length > 0));
    if (moves.length === 0) {
      if (!isFinished) this.deadlock.push(state);
      return 1 + state;
    }
    if (!isFinished && !spot.canStep) this.waiting.push(state);
    this.levels.push({ state, first: this.moves.extend(moves.length), spot, mark: system.store.mark(), next: 0, end: moves.length });
    return 1 + state;
  }

  private finish(state: number, outcome: string): void {
    let number = this.outcomeNumbers.get(outcome);
    if (number === undefined) this.outcomeNumbers.set(outcome, number = this.outcomes.push(outcome) - 1);
    this.finished.push(state);
    this.outcomeOf.push(number);
  }

  private numberOf(violation: Violation): number {
    let number = this.violationNumbers.get(violation);
    if (number === undefined) this.violationNumbers.set(violation, number = this.violations.push(violation) - 1);
    return number;
  }

  /** Of its own states. */
  private tally(): Tally {
    const { lanes, me, crew: { members } } = this;
    const tally = new Tallied();
    for (let own = 0; 2 * own < lanes.length; own++) tally.add(lanes.at(2 * own), lanes.at(2 * own + 1), own * members + me);
    return tally;
  }

  /** How many choices the current run has made. */
  get depth(): number {
    return this.hasWork ? this.base.length + this.levels.length : 0;
  }

  /**
   * What this member has seen. The system is as it was.
   *
   * @param held what this member's share of the table holds, if it has looked
   */
  portion(held: Tally | null = null): Portion {
    const { graph } = this;
    this.system.store.undo(this.start);
    this.starts.push(this.moves.count);
    return {
      starts: this.starts.toArray(), moves: this.moves.toArray(), taken: this.taken.toArray(),
      words: graph.allWords, kindsOf: graph.allKinds, breaks: graph.allBreaks, violations: this.violations,
      outcomes: this.outcomes, finished: this.finished.toArray(), outcomeOf: this.outcomeOf.toArray(),
      deadlock: this.deadlock, livelock: this.livelock, waiting: this.waiting, consulted: this.system.consulted?.() ?? [], tally: this.tally(), held,
    };
  }
}

/** Whether there are moves to try besides the first of level `open`. */
function hasMore(levels: readonly Level[], open: number, end = levels[open]!.next + 1): boolean {
  return levels[open]!.end > end || levels.some(({ next, end: last }, i) => i > open && next < last);
}

/** For each move its target and its kind, side by side. */
class Moves {
  private cells = new Int32Array(2 ** 12);
  count = 0;

  /** Makes room for `count` moves that have not been taken. Returns the index of the first. */
  extend(count: number): number {
    const first = this.count;
    this.count += count;
    if (2 * this.count > this.cells.length) {
      const larger = new Int32Array(4 * this.count);
      larger.set(this.cells);
      this.cells = larger;
    }
    return first;
  }

  set(move: number, to: number, kind: number): void {
    this.cells[2 * move] = to;
    this.cells[2 * move + 1] = kind;
  }

  toArray(): Int32Array {
    return this.cells.slice(0, 2 * this.count);
  }
}
