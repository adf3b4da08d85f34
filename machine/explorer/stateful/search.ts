import { Fingerprints } from './fingerprints';
import { StateGraph } from './graph';
import { Bits } from '../optimal/bits';
import type { Kind } from './edges';
import type { Need, Raised } from '../layered/raised';
import { movesOf, violationOf, type Move, type Process, type System, type Violation } from '../system';
import type { Mark } from '../../state/store';

// The workhorse: a depth-first search that visits each state once. Steps that
// are the only thing that can happen are taken together with the move before
// them, so states are the moments at which there is a choice.

/** What limits a search. Without limits it ends when everything was seen. */
export interface Bounds {
  /** Interrupts (and other outside events) on any one run. Only the layered search knows of it. */
  readonly interrupts?: number;
  /** Changes of process on any one run where the one before could have gone on. Only the layered search knows of it. */
  readonly preemptions?: number;
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
  /** A guess at the part of the search that is behind, from 0 to 1. */
  readonly share?: number;
  /** What the runs cost that are being seen, where they are seen in that order. */
  readonly layer?: Need;
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
  /** What a search in layers knows besides. */
  readonly raised?: Raised;
}

interface Level {
  readonly state: number;
  readonly moves: readonly Move[];
  readonly mark: Mark;
  next: number;
}

/** What came of one move and the steps that had to follow. */
interface Followed {
  readonly moves: readonly Move[];
  readonly steps: number;
  /** Bit set of the processes that could step at each point, and did not but for the move itself. */
  readonly stayReady: number;
  readonly violation: Violation | null;
  /** The process of the last step, and how often the process changed on the way. */
  readonly last: Process;
  readonly switches: number;
  /** The steps came back to where they were. */
  readonly looped: boolean;
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

/** A chain of forced steps longer than this is a loop in the model's own code. */
const FORCED_LIMIT = 200_000;

/** How many moves to take between two looks at the watch. */
const STRIDE = 4096;

/** Visits every state of `system`, as far as `bounds` on states and memory let it. The system is left as it was. */
export function searchStates(system: System, bounds: Bounds = {}, watch?: Watch): Search {
  const search = new StatefulSearch(system, bounds);
  while (search.advance(STRIDE) === 'under way') if (watch?.(search.progress) === 'stop') break;
  return search.result();
}

/** A search that can be stopped at any move, kept, and taken up again. */
export class StatefulSearch {
  private fingerprints = new Fingerprints();
  private graph = new StateGraph();
  private readonly violations: Violation[] = [];
  private readonly violationNumbers = new Map<string, number>();
  private endings: Record<Ending, number[]> = { finished: [], deadlock: [], livelock: [] };
  private readonly outcomes = new Map<string, number>();
  private readonly levels: Level[] = [];
  /** States with work left in which only an interrupt can bring a step about. */
  private waiting: number[] = [];
  /** The states that the present run has passed through. */
  private readonly onRun = new Bits();
  private cyclic = false;
  private readonly placeWords = new WeakMap<readonly string[], { readonly context: string; readonly text: string; readonly word: number }>();
  private events = 0;
  private depth = 0;
  private readonly start: Mark;

  constructor(private readonly system: System, private readonly bounds: Bounds = {}, saved?: SavedSearch) {
    this.start = system.store.mark();
    if (saved) this.restore(saved);
    else this.arrive();
  }

  /** Takes up to `count` moves. `out of bounds` when a bound on states or memory forbids more. */
  advance(count: number): 'ended' | 'under way' | 'out of bounds' {
    const { levels, system: { store } } = this;
    for (let taken = 0; taken < count;) {
      const level = levels[levels.length - 1];
      if (level === undefined) return 'ended';
      if (level.next >= level.moves.length) {
        this.onRun.clear(level.state);
        levels.pop();
        continue;
      }
      if (this.isOutOfBounds) return 'out of bounds';
      store.undo(level.mark);
      this.take(level, level.moves[level.next++]!);
      taken++;
    }
    return levels.length === 0 ? 'ended' : 'under way';
  }

  /** What was found; complete if nothing is left to do. The system is as it was; the search can only be kept or dropped after this. */
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
    };
  }

  /** All that is needed to go on later, in another process too. */
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

  private restore({ notes, fingerprints, edges }: SavedSearch): void {
    this.events = notes.events;
    this.depth = notes.depth;
    this.cyclic = notes.cyclic;
    for (const violation of notes.violations) this.numberOf(violation);
    this.endings = { finished: [...notes.endings.finished], deadlock: [...notes.endings.deadlock], livelock: [...notes.endings.livelock] };
    for (const [outcome, state] of notes.outcomes) this.outcomes.set(outcome, state);
    this.waiting = [...notes.waiting];
    this.fingerprints = Fingerprints.restore(fingerprints);
    this.graph = StateGraph.restore(edges, notes.words, notes.kinds);
    let moves: readonly Move[] = movesOf(this.system);
    for (const { state, next } of notes.levels) {
      const level: Level = { state, next, moves, mark: this.system.store.mark() };
      this.levels.push(level);
      this.onRun.add(state);
      const taken = level.moves[next - 1];
      if (taken === undefined) continue;
      moves = this.follow(taken, level.moves).moves;
    }
  }

  private get isOutOfBounds(): boolean {
    const { states = Infinity, memory = Infinity } = this.bounds;
    return this.fingerprints.count > states || (memory !== Infinity && this.bytes > memory * 2 ** 20);
  }

  /** What the visited states and the graph take, with what they need when they next grow. */
  private get bytes(): number {
    return this.fingerprints.bytes + this.graph.bytes;
  }

  get progress(): Progress {
    return { states: this.fingerprints.count, events: this.events, depth: this.levels.length, share: this.share };
  }

  /** The part of the search that is behind, if all that lies ahead were like what came: a guess. */
  private get share(): number {
    let done = 0;
    let weight = 1;
    for (const { next, moves } of this.levels) {
      weight /= moves.length;
      done += weight * (next - 1);
      if (weight < 1e-9) break;
    }
    return this.levels.length === 0 ? 1 : Math.max(0, done);
  }

  /** Performs `move` and whatever must follow, and notes where that leads. */
  private take(level: Level, move: Move): void {
    const { system, graph } = this;
    const isInterrupt = move.kind === 'interrupt';
    const place = isInterrupt ? this.placeOf(move) : -1;
    const { moves, steps, stayReady, violation, last, switches, looped } = this.follow(move, level.moves);
    this.events += steps;
    const to = violation ? -1 - this.numberOf(violation) : this.arrive(moves, looped);
    graph.add({
      from: level.state, to, process: system.processes.indexOf(move.process),
      label: graph.word(move.label), interrupt: isInterrupt, steps, last: system.processes.indexOf(last), switches,
    }, stayReady, place);
  }

  /** Performs `move`, one of `before`, and then each step that is the only thing that can happen. */
  private follow(move: Move, before: readonly Move[]): Followed {
    const { system } = this;
    let steps = 0;
    let switches = 0;
    let stayReady = readiness(system, before);
    let next: Move = move;
    let beacon: { a: number; b: number } | null = null;
    for (;;) {
      next.perform();
      steps++;
      const violation = violationOf(system);
      const last = next.process;
      if (violation) return { moves: [], steps, stayReady, violation, last, switches, looped: false };
      const moves = movesOf(system);
      if (moves.length !== 1 || moves[0]!.kind !== 'step') return { moves, steps, stayReady, violation, last, switches, looped: false };
      const { a, b } = system.store;
      if (beacon !== null && beacon.a === a && beacon.b === b) return { moves, steps, stayReady, violation, last, switches, looped: true };
      if ((steps & (steps - 1)) === 0) beacon = { a, b };
      if (steps > FORCED_LIMIT) throw new Error(`machine bug: ${FORCED_LIMIT} steps of ${moves[0]!.label} with no choice between them and no repeated state`);
      // Whoever was ready before and moves now has had its turn; nobody else is ready.
      stayReady = 0;
      next = moves[0]!;
      if (next.process !== last) switches++;
    }
  }

  /** Notes the present state; if it is new, it will be expanded. Returns its number. */
  private arrive(known?: readonly Move[], looped = false): number {
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
    const moves = known ?? movesOf(system);
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
    this.onRun.add(state);
    this.levels.push({ state, moves, mark: system.store.mark(), next: 0 });
    this.depth = Math.max(this.depth, this.levels.length);
    return state;
  }

  /** Waiting states from which no interrupt can lead to an end of the work: deadlocks. */
  private hopeless(): number[] {
    if (this.waiting.length === 0) return [];
    const finished = new Set(this.endings.finished);
    const reaches = this.graph.canReach(this.fingerprints.count, (to) => to < 0 || finished.has(to));
    return this.waiting.filter((state) => reaches[state] === 0);
  }

  /** The word for where an interrupt falls: which path of which context is about to do what. */
  private placeOf(move: Move): number {
    const { context, paths, text } = move.process.describe();
    const known = this.placeWords.get(paths);
    if (known !== undefined && known.context === context && known.text === text) return known.word;
    const word = this.graph.word(`${context}: ${paths.join(' > ')}: ${text}`);
    this.placeWords.set(paths, { context, text, word });
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
