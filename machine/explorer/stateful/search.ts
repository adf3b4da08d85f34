import { Fingerprints } from './fingerprints';
import { StateGraph } from './graph';
import { Bits } from '../optimal/bits';
import type { Kind } from './edges';
import type { Need, Raised } from '../layered/raised';
import { hopelessIn } from './cut';
import { Places } from './places';
import type { Spot } from '../stretch/spot';
import { Stretches } from '../stretch/stretches';
import { isAtRest, outcomeAtRest, type Move, type System, type Violation } from '../system';
import type { Mark } from '../../state/store';

// The main engine: a depth-first search that visits each state once. Steps that
// are the only thing that can happen are made together with the move before
// them, so states are the moments at which there is a choice.

/** What limits a search. Without limits it ends when everything has been seen. */
export interface Bounds {
  /** Interrupts (and other outside events) on any one run. Only the layered search knows of it. */
  readonly interrupts?: number;
  /** Changes of process on any one run, if the previous process could have continued. Only the layered search knows of it. */
  readonly switches?: number;
  /** States to visit before giving up. */
  readonly states?: number;
  /** Megabytes that the search may use before giving up. */
  readonly memory?: number;
}

/** Called now and then; returns whether to continue. */
export interface Watch {
  (progress: Progress): 'go on' | 'stop';
}

export interface Progress {
  readonly states: number;
  readonly events: number;
  readonly depth: number;
  /** An estimate of the fraction of the search that is done, from 0 to 1. */
  readonly share?: number;
  /** The cost of the runs that are being explored, if they are explored in that order. */
  readonly layer?: Need;
}

/** What a state turned out to be. */
export type Ending = 'finished' | 'deadlock' | 'livelock';

/** The states at which runs end, or might end. */
export interface Ends {
  /** The outcome of each finished state. */
  readonly outcomeOf: ReadonlyMap<number, string>;
  /** States with work left in which nothing can happen. */
  readonly deadlock: readonly number[];
  /** States with work left in which only an interrupt can bring a step about. */
  readonly waiting: readonly number[];
}

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
  /** For a search that continues after violations. */
  readonly ends?: Ends;
  readonly collisionBound: number;
  /** Whether some run returns to a state that it has been in. */
  readonly cyclic: boolean;
  /** What a search in layers knows in addition. */
  readonly raised?: Raised;
  /** Whether it has visited the state that a system of the same program is in, if there is a choice in that state. */
  readonly knows?: Knows;
}

/** Whether a search has visited the state that a system of its program is in. */
export type Knows = (system: System) => boolean;

interface Level {
  readonly state: number;
  readonly spot: Spot;
  readonly mark: Mark;
  next: number;
}

/** A search as plain data: notes, and tables of 32-bit numbers. */
export interface SavedSearch {
  readonly notes: {
    readonly events: number;
    readonly depth: number;
    readonly cyclic: boolean;
    readonly violations: readonly Violation[];
    readonly endings: Readonly<Record<Ending, readonly number[]>>;
    readonly outcomes: readonly (readonly [string, number])[];
    readonly waiting: readonly number[];
    /** The moves that led here, and how far each choice on the way was tried. */
    readonly levels: readonly { readonly state: number; readonly next: number }[];
    readonly words: readonly string[];
    readonly kinds: readonly Kind[];
  };
  readonly fingerprints: Int32Array;
  /** From, to and kind of each edge, one column after the other. */
  readonly edges: Int32Array;
}

/** How many moves to make between two calls of the watch. */
const STRIDE = 4096;

/** Visits every state of `system`, as far as `bounds` on states and memory allow. The system is left as it was. */
export function searchStates(system: System, bounds: Bounds = {}, watch?: Watch): Search {
  const search = new StatefulSearch(system, bounds);
  while (search.advance(STRIDE) === 'under way') if (watch?.(search.progress) === 'stop') break;
  return search.result();
}

/** Options of the search itself. */
export interface Manner {
  /** Whether a run continues when an invariant is broken; this is then recorded at the edge (see cut.ts). */
  readonly goesOn?: boolean;
  /** Whether stretches are remembered; without that it finds the same, more slowly. */
  readonly remembers?: boolean;
}

const NOTHING_BROKEN: readonly never[] = [];

/** A search that can be stopped at any move, kept, and taken up again. */
export class StatefulSearch {
  private readonly stretches: Stretches;
  private readonly goesOn: boolean;
  private fingerprints = new Fingerprints();
  private readonly graph: StateGraph = new StateGraph();
  private readonly violations: Violation[] = [];
  private readonly violationNumbers = new Map<Violation, number>();
  private endings: Record<Ending, number[]> = { finished: [], deadlock: [], livelock: [] };
  private readonly outcomes = new Map<string, number>();
  private readonly levels: Level[] = [];
  /** States with work left in which only an interrupt can bring a step about. */
  private waiting: number[] = [];
  /** The states that the present run has passed through. */
  private readonly onRun = new Bits();
  private cyclic = false;
  private readonly places: Places;
  private readonly outcomeOf = new Map<number, string>();
  private events = 0;
  private depth = 0;
  /** The lowest number of levels to which it has gone back. */
  private lowest = Infinity;
  private readonly start: Mark;

  constructor(private readonly system: System, private readonly bounds: Bounds = {}, saved?: SavedSearch, { goesOn = false, remembers = true }: Manner = {}) {
    system.store.keepFingerprint();
    this.start = system.store.mark();
    this.goesOn = goesOn;
    this.stretches = new Stretches(system, { endsWhenBroken: !goesOn, remembers });
    const spot = this.stretches.here();
    if (saved) this.graph = StateGraph.restore(saved.edges, saved.notes.words, saved.notes.kinds);
    this.places = new Places(this.graph);
    if (saved) this.restore(saved, spot);
    else this.arrive(spot, false);
  }

  /** Makes up to `count` moves. `out of bounds` when a bound on states or memory forbids more. */
  advance(count: number): 'ended' | 'under way' | 'out of bounds' {
    const { levels, system: { store } } = this;
    for (let taken = 0; taken < count;) {
      const level = levels[levels.length - 1];
      if (level === undefined) return 'ended';
      const { moves } = level.spot;
      if (level.next >= moves.length) {
        this.onRun.clear(level.state);
        levels.pop();
        if (levels.length < this.lowest) this.lowest = levels.length;
        continue;
      }
      if (this.isOutOfBounds) return 'out of bounds';
      store.undo(level.mark);
      this.take(level, moves[level.next++]!);
      taken++;
    }
    return levels.length === 0 ? 'ended' : 'under way';
  }

  /** What was found; complete if nothing is left to do. The system is left as it was; after this the search can only be saved or dropped. */
  result(): Search {
    const complete = this.levels.length === 0;
    this.system.store.undo(this.start);
    return {
      complete,
      bounds: this.bounds,
      states: this.fingerprints.count,
      events: this.events,
      depth: this.depth,
      graph: this.graph,
      violations: this.violations,
      endings: complete ? { ...this.endings, deadlock: [...this.endings.deadlock, ...this.hopeless()] } : this.endings,
      outcomes: this.outcomes,
      collisionBound: this.fingerprints.collisionBound,
      cyclic: this.cyclic,
      knows: ({ store: { a, b } }) => this.fingerprints.has(a, b),
      ...(this.goesOn ? { ends: { outcomeOf: this.outcomeOf, deadlock: this.endings.deadlock, waiting: this.waiting } } : {}),
    };
  }

  /** Everything needed to continue later, even in another process. */
  save(): SavedSearch {
    return {
      notes: {
        events: this.events,
        depth: this.depth,
        cyclic: this.cyclic,
        violations: this.violations,
        endings: this.endings,
        outcomes: [...this.outcomes],
        waiting: this.waiting,
        levels: this.levels.map(({ state, next }) => ({ state, next })),
        words: this.graph.allWords,
        kinds: this.graph.allKinds,
      },
      fingerprints: this.fingerprints.save(),
      edges: this.graph.save(),
    };
  }

  private restore({ notes, fingerprints }: SavedSearch, start: Spot): void {
    this.events = notes.events;
    this.depth = notes.depth;
    this.cyclic = notes.cyclic;
    for (const violation of notes.violations) this.numberOf(violation);
    this.endings = { finished: [...notes.endings.finished], deadlock: [...notes.endings.deadlock], livelock: [...notes.endings.livelock] };
    for (const [outcome, state] of notes.outcomes) this.outcomes.set(outcome, state);
    this.waiting = [...notes.waiting];
    this.fingerprints = Fingerprints.restore(fingerprints);
    let spot = start;
    for (const { state, next } of notes.levels) {
      const level: Level = { state, next, spot, mark: this.system.store.mark() };
      this.levels.push(level);
      this.onRun.add(state);
      const taken = spot.moves[next - 1];
      if (taken === undefined) continue;
      spot = this.stretches.follow(taken, spot).spot;
    }
  }

  private get isOutOfBounds(): boolean {
    const { states = Infinity, memory = Infinity } = this.bounds;
    return this.fingerprints.count > states || (memory !== Infinity && this.bytes > memory * 2 ** 20);
  }

  /** The fraction of all events that was repeated from memory. */
  get remembered(): number {
    return this.stretches.remembered;
  }

  /** The fraction of all stretches in which one process continues that was repeated from memory in one piece. */
  get rememberedWhole(): number {
    return this.stretches.rememberedWhole;
  }

  /** Its cost so far, in events of the optimal reduction. */
  get work(): number {
    return this.stretches.work;
  }

  /** How far it has gone back: the fraction of its depth below which everything was seen; from 0 to 1. */
  get height(): number {
    return this.lowest === Infinity ? 0 : 1 - this.lowest / this.depth;
  }

  /** The memory for the visited states and the graph, including what they need when they next grow. */
  private get bytes(): number {
    return this.fingerprints.bytes + this.graph.bytes;
  }

  get progress(): Progress {
    return { states: this.fingerprints.count, events: this.events, depth: this.levels.length, share: this.share };
  }

  /** The fraction of the search that is done, assuming that the rest is like what has been seen: an estimate. */
  private get share(): number {
    let done = 0;
    let weight = 1;
    for (const { next, spot: { moves } } of this.levels) {
      weight /= moves.length;
      done += weight * (next - 1);
      if (weight < 1e-9) break;
    }
    return this.levels.length === 0 ? 1 : Math.max(0, done);
  }

  /** Performs `move` and the forced steps that follow, and records where that leads. */
  private take(level: Level, move: Move): void {
    const { graph, stretches, goesOn } = this;
    const isInterrupt = move.kind === 'interrupt';
    const place = isInterrupt ? this.places.wordFor(move) : -1;
    const { spot, steps, stayReady, last, switches, looped, broken } = stretches.follow(move, level.spot);
    this.events += steps;
    const to = broken.length > 0 && !goesOn ? -1 - this.numberOf(broken[0]!.violation) : this.arrive(spot, looped);
    graph.add(
      { from: level.state, to, process: stretches.indexOf(move.process), label: graph.word(move.label), interrupt: isInterrupt, steps, last, switches },
      stayReady, place, goesOn && broken.length > 0 ? broken.map((one) => ({ violation: this.numberOf(one.violation), steps: one.steps, switches: one.switches, last: one.last })) : NOTHING_BROKEN,
    );
  }

  /** Records the current state; if it is new, it will be expanded. Returns its number. */
  private arrive(spot: Spot, looped: boolean): number {
    const { system } = this;
    const { a, b } = system.store;
    const seen = this.fingerprints.findOrAdd(a, b);
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
    const { moves } = spot;
    spot.refuseTwins();
    const isFinished = !spot.canStep && isAtRest(system, moves);
    if (isFinished) {
      this.endings.finished.push(state);
      const outcome = outcomeAtRest(system, moves.length > 0);
      if (this.goesOn) this.outcomeOf.set(state, outcome);
      if (!this.outcomes.has(outcome)) this.outcomes.set(outcome, state);
    }
    if (moves.length === 0) {
      if (!isFinished) this.endings.deadlock.push(state);
      return state;
    }
    if (!isFinished && !spot.canStep) this.waiting.push(state);
    this.onRun.add(state);
    this.levels.push({ state, spot, mark: system.store.mark(), next: 0 });
    this.depth = Math.max(this.depth, this.levels.length);
    return state;
  }

  private hopeless(): number[] {
    return hopelessIn(this.graph, this.fingerprints.count, this.waiting, this.endings.finished);
  }

  private numberOf(violation: Violation): number {
    let number = this.violationNumbers.get(violation);
    if (number === undefined) {
      number = this.violations.findIndex(({ invariant, message }) => invariant === violation.invariant && message === violation.message);
      if (number < 0) number = this.violations.push(violation) - 1;
      this.violationNumbers.set(violation, number);
    }
    return number;
  }
}
