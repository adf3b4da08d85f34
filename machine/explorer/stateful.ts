import { Fingerprints } from './fingerprints';
import { StateGraph } from './graph';
import { movesOf, violationOf, type Move, type System, type Violation } from './system';
import type { Mark } from '../state/store';

// The workhorse: a depth-first search that visits each state once. Steps that
// are the only thing that can happen are taken together with the move before
// them, so states are the moments at which there is a choice.

/** What limits a search. Without limits it ends when everything was seen. */
export interface Bounds {
  /** Interrupts (and other outside events) on any one run. */
  readonly interrupts?: number;
  /** States to visit before giving up. */
  readonly states?: number;
  /** Megabytes that the search may keep of what it has seen before giving up. */
  readonly memory?: number;
}

/** Whether to go on; asked now and then. */
export interface Watch {
  (progress: Progress): 'go on' | 'stop';
}

export interface Progress {
  readonly states: number;
  readonly events: number;
  readonly depth: number;
}

/** What a state turned out to be. */
export type Ending = 'finished' | 'deadlock' | 'livelock';

export interface Search {
  /** Whether the search ended by itself, with everything within the bounds seen. */
  readonly complete: boolean;
  readonly bounds: Bounds;
  readonly states: number;
  readonly events: number;
  readonly depth: number;
  readonly graph: StateGraph;
  readonly violations: readonly Violation[];
  /** State numbers of each kind of ending. */
  readonly endings: Readonly<Record<Ending, readonly number[]>>;
  /** The outcomes of finished runs, with one state number of each. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly collisionBound: number;
  /** Whether some run comes back to a state that it has been in. */
  readonly cyclic: boolean;
}

interface Level {
  readonly state: number;
  readonly moves: readonly Move[];
  readonly mark: Mark;
  readonly interrupts: number;
  next: number;
}

/** A chain of forced steps longer than this is a loop in the model's own code. */
const FORCED_LIMIT = 200_000;

/** Visits every state of `system` within `bounds`. The system is left as it was. */
export function searchStates(system: System, bounds: Bounds = {}, watch?: Watch): Search {
  return new StatefulSearch(system, bounds, watch).run();
}

class StatefulSearch {
  private readonly fingerprints = new Fingerprints();
  private readonly graph = new StateGraph();
  private readonly violations: Violation[] = [];
  private readonly violationNumbers = new Map<string, number>();
  private readonly endings: Record<Ending, number[]> = { finished: [], deadlock: [], livelock: [] };
  private readonly outcomes = new Map<string, number>();
  private readonly levels: Level[] = [];
  /** States with work left in which only an interrupt can bring a step about. */
  private readonly waiting: number[] = [];
  /** One for each state that the present run has passed through. */
  private readonly onRun = new Bits();
  private cyclic = false;
  private readonly placeWords = new WeakMap<readonly string[], Map<string, number>>();
  private events = 0;
  private depth = 0;

  constructor(private readonly system: System, private readonly bounds: Bounds, private readonly watch: Watch | undefined) {}

  run(): Search {
    const start = this.system.store.mark();
    this.arrive(0);
    let complete = true;
    for (let turns = 1; this.levels.length > 0; turns++) {
      const level = this.levels[this.levels.length - 1]!;
      if (level.next >= level.moves.length) {
        this.onRun.clear(level.state);
        this.levels.pop();
        continue;
      }
      if (this.fingerprints.count > (this.bounds.states ?? Infinity) || this.bytes > (this.bounds.memory ?? Infinity) * 2 ** 20
        || (turns % 4096 === 0 && this.watch?.(this.progress) === 'stop')) {
        complete = false;
        break;
      }
      this.system.store.undo(level.mark);
      this.take(level, level.moves[level.next++]!);
    }
    this.system.store.undo(start);
    if (complete) this.judgeWaiting();
    return {
      complete,
      bounds: this.bounds,
      states: this.fingerprints.count,
      events: this.events,
      depth: this.depth,
      graph: this.graph,
      violations: this.violations,
      endings: this.endings,
      outcomes: this.outcomes,
      collisionBound: this.fingerprints.collisionBound,
      cyclic: this.cyclic,
    };
  }

  /** What the visited states and the graph take, with what they need when they next grow. */
  private get bytes(): number {
    return this.fingerprints.bytes + this.graph.bytes;
  }

  private get progress(): Progress {
    return { states: this.fingerprints.count, events: this.events, depth: this.levels.length };
  }

  /** Performs `move` and whatever must follow, and notes where that leads. */
  private take(level: Level, move: Move): void {
    const { system, graph } = this;
    const isInterrupt = move.kind === 'interrupt';
    const interrupts = level.interrupts + (isInterrupt ? 1 : 0);
    const place = isInterrupt ? this.placeOf(move) : -1;
    let steps = 0;
    let stayReady = readiness(system, level.moves);
    let next: Move = move;
    let moves: readonly Move[] = [];
    let violation: Violation | null;
    let beacon: { a: number; b: number } | null = null;
    let looped = false;
    for (;;) {
      next.perform();
      this.events++;
      steps++;
      violation = violationOf(system);
      if (violation) break;
      moves = movesOf(system);
      if (moves.length !== 1 || moves[0]!.kind !== 'step') break;
      const { a, b } = system.store;
      if (beacon !== null && beacon.a === a && beacon.b === b) { looped = true; break; }
      if ((steps & (steps - 1)) === 0) beacon = { a, b };
      if (steps > FORCED_LIMIT) throw new Error(`machine bug: ${FORCED_LIMIT} steps of ${moves[0]!.label} with no choice between them and no repeated state`);
      stayReady &= readiness(system, moves);
      next = moves[0]!;
    }
    const to = violation ? -1 - this.numberOf(violation) : this.arrive(interrupts, moves, looped);
    graph.add({
      from: level.state, to, process: system.processes.indexOf(move.process),
      label: graph.word(move.label), interrupt: isInterrupt, steps,
    }, stayReady, place);
  }

  /** Notes the present state; if it is new, it will be expanded. Returns its number. */
  private arrive(interrupts: number, known?: readonly Move[], looped = false): number {
    const { system } = this;
    const { a, b } = system.store;
    const spent = this.bounds.interrupts === undefined ? 0 : Math.imul(interrupts + 1, 0x9e3779b1);
    const seen = this.fingerprints.findOrAdd(a ^ spent, b ^ (spent >>> 3));
    if (seen >= 0) {
      if (this.onRun.has(seen)) this.cyclic = true;
      return seen;
    }
    const state = this.fingerprints.count - 1;
    if (looped) {
      this.cyclic = true;
      this.endings.livelock.push(state);
      return state;
    }
    let moves = known ?? movesOf(system);
    const canStep = moves.some((move) => move.kind === 'step');
    if (!canStep && !system.processes.some((process) => process.busy())) {
      this.endings.finished.push(state);
      const outcome = system.outcome?.() ?? '';
      if (!this.outcomes.has(outcome)) this.outcomes.set(outcome, state);
      return state;
    }
    if (moves.length === 0) {
      this.endings.deadlock.push(state);
      return state;
    }
    if (!canStep) this.waiting.push(state);
    if (interrupts >= (this.bounds.interrupts ?? Infinity)) moves = moves.filter((move) => move.kind === 'step');
    this.onRun.add(state);
    this.levels.push({ state, moves, mark: system.store.mark(), interrupts, next: 0 });
    this.depth = Math.max(this.depth, this.levels.length);
    return state;
  }

  /** A waiting state is a deadlock when no interrupt can lead from it to an end of the work. */
  private judgeWaiting(): void {
    if (this.waiting.length === 0) return;
    const finished = new Set(this.endings.finished);
    const reaches = this.graph.canReach(this.fingerprints.count, (to) => to < 0 || finished.has(to));
    this.endings.deadlock.push(...this.waiting.filter((state) => reaches[state] === 0));
  }

  /** The word for where an interrupt falls: which path of which context is about to do what. */
  private placeOf(move: Move): number {
    const { context, paths, text } = move.process.describe();
    let words = this.placeWords.get(paths);
    if (words === undefined) this.placeWords.set(paths, words = new Map());
    const key = `${context}: ${text}`;
    let word = words.get(key);
    if (word === undefined) words.set(key, word = this.graph.word(`${context}: ${paths.join(' > ')}: ${text}`));
    return word;
  }

  private numberOf(violation: Violation): number {
    const key = `${violation.invariant}\n${violation.message}`;
    let number = this.violationNumbers.get(key);
    if (number === undefined) {
      number = this.violations.length;
      this.violations.push(violation);
      this.violationNumbers.set(key, number);
    }
    return number;
  }
}

/** Bit set of the processes that can step by themselves. */
function readiness(system: System, moves: readonly Move[]): number {
  let bits = 0;
  for (const move of moves) if (move.kind === 'step') bits |= 1 << system.processes.indexOf(move.process);
  return bits;
}

/** A set of small numbers. */
class Bits {
  private words = new Int32Array(1 << 8);

  add(i: number): void {
    const word = i >> 5;
    if (word >= this.words.length) {
      const larger = new Int32Array(Math.max(word + 1, this.words.length * 2));
      larger.set(this.words);
      this.words = larger;
    }
    this.words[word]! |= 1 << (i & 31);
  }

  clear(i: number): void {
    this.words[i >> 5]! &= ~(1 << (i & 31));
  }

  has(i: number): boolean {
    return ((this.words[i >> 5] ?? 0) & (1 << (i & 31))) !== 0;
  }
}
