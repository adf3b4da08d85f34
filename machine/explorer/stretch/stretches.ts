import { nobody, type Ready } from '../stateful/ready';
import type { Move, Process, System, Violation } from '../system';
import { Accesses, type Writes } from './accesses';
import { Notes } from './notes';
import { Pieces, type Observer } from './pieces';
import { Recall, Trial } from './recall';
import { Requirements, type Broke } from './requirements';
import { Spots, type Spot } from './spot';

// From one choice to the next: a move, and each step that is then the only
// thing that can happen. After an event only the processes and invariants that have
// read a cell which it wrote are asked again. And a stretch that was executed before,
// from a state that agrees in everything it read, is not executed again: only its
// writes are repeated. If no whole stretch is known, its pieces may be (pieces.ts).

/** What one event broke. */
export interface Broken {
  readonly violation: Violation;
  /** How many steps of the stretch lead to it, including the last one, and how often the process has changed by then. */
  readonly steps: number;
  readonly switches: number;
  /** The process of the last of them. */
  readonly last: number;
}

/** The result of a move and of the forced steps that follow. */
export interface Stretch {
  readonly spot: Spot;
  readonly steps: number;
  /** The processes that could step at each point, and did not, except for the move itself. */
  readonly stayReady: Ready;
  /** The process of the last step, and how often the process changed on the way. */
  readonly last: number;
  readonly switches: number;
  /** The steps returned to an earlier state. */
  readonly looped: boolean;
  readonly broken: readonly Broken[];
}

/** The result of a part of a stretch, in which one process continues. */
interface Part {
  readonly writes: Writes;
  readonly steps: number;
  /** The processes whose moves may have changed, by number, and their moves now. */
  readonly changed: readonly number[];
  readonly moves: readonly (readonly Move[])[];
  /** Violation, and after how many steps of the part. */
  readonly broken: readonly Broke[];
  /** Bit set of the invariants with a wide view that must be checked again. */
  readonly wide: number;
}

/** The fingerprint of a state to which the run may return. */
type Beacon = { readonly a: number; readonly b: number } | null;

/** How many bits there are; higher numbers share the last one. */
const BITS = 31;
/** The cost of a part of a stretch that is repeated from memory, of a single event that is, and of one that is executed, relative to an event of the optimal reduction. */
const REMEMBERED_PART = 1.1;
const REMEMBERED_EVENT = 2.4;
const EXECUTED_EVENT = 10;
/** The fraction of questions about a move that the memory of its parts must answer to be kept: below it, the memory of single events is as fast. */
const USEFUL = 3 / 4;

const NONE: readonly never[] = [];

/** How far stretches go. */
export interface StretchLimits {
  /** More steps than this with no choice between them are a loop in the model's own code. */
  readonly steps: number;
  /** A part of a stretch that can be remembered has at most this many steps. */
  readonly part: number;
  /** How much may be remembered, in cells read: of parts, and again of single events. */
  readonly remembered: number;
}

const LIMITS: StretchLimits = { steps: 200_000, part: 4096, remembered: 3_000_000 };

export interface StretchOptions {
  /** Whether a run ends where an invariant is broken. */
  readonly endsWhenBroken: boolean;
  /** Whether stretches are remembered; by default they are. */
  readonly remembers?: boolean;
  readonly limits?: StretchLimits;
}

export class Stretches {
  private readonly processes: readonly Process[];
  private readonly numberOf = new Map<Process, number>();
  private readonly requirements: Requirements;
  private readonly notes: Notes;
  /** What the pieces of the current part have read and written. */
  private readonly joined: Accesses;
  private readonly pieces: Pieces;
  private readonly spots: Spots;
  /** Each process as one who is asked for its moves. */
  private readonly observers: readonly Observer<readonly Move[]>[];
  /** By move: for when the others have nothing to do, and for when they have. */
  private readonly alone = new Map<Move, Trial<Part>>();
  private readonly among = new Map<Move, Trial<Part>>();
  private kept = 0;
  /** How many parts of stretches there were, and how many of them were repeated from memory; and how many events there were. */
  private readonly parts = { all: 0, again: 0 };
  private followed = 0;
  private readonly isRemembering: boolean;
  /** How many cells there were, and how many had been read, when the memory was started. */
  private known = { cells: 0, news: 0 };
  private readonly endsWhenBroken: boolean;
  private readonly limits: StretchLimits;

  constructor(private readonly system: System, { endsWhenBroken, remembers = true, limits = LIMITS }: StretchOptions) {
    this.processes = system.processes;
    this.processes.forEach((process, i) => this.numberOf.set(process, i));
    this.notes = new Notes(system.store);
    this.joined = new Accesses(system.store);
    this.limits = limits;
    this.pieces = new Pieces(system.store, this.notes, this.joined, remembers, limits.remembered);
    this.spots = new Spots(this.processes);
    this.observers = this.processes.map((_, p) => this.pieces.observer(bitOf(p), () => this.spots.movesOf(p)));
    this.requirements = new Requirements(system.store, system.invariants, this.notes, this.pieces, remembers, this.processes.length, bitOf);
    this.endsWhenBroken = endsWhenBroken;
    this.isRemembering = remembers;
    system.store.forgetOnlookers();
  }

  /** Determines what can happen here, for the first time or again. */
  here(): Spot {
    const of = this.observers.map((observer) => this.pieces.answer(observer, false));
    this.requirements.lookAround();
    return this.spots.at(of);
  }

  /** The fraction of all events that was repeated from memory. */
  get remembered(): number {
    return 1 - this.pieces.executed / Math.max(1, this.followed);
  }

  /** The fraction of all parts of stretches that was repeated from memory in one piece. */
  get rememberedWhole(): number {
    return this.parts.again / Math.max(1, this.parts.all);
  }

  /** The cost so far, in events of the optimal reduction: a remembered part costs about as much as such an event, and any other far more. */
  get work(): number {
    const { executed, repeated } = this.pieces;
    return REMEMBERED_PART * this.parts.again + REMEMBERED_EVENT * repeated + EXECUTED_EVENT * executed;
  }

  /** The number of a process. */
  indexOf(process: Process): number {
    return this.numberOf.get(process)!;
  }

  /** Performs `move`, one of `from`'s, and then each step that is the only thing that can happen. */
  follow(move: Move, from: Spot): Stretch {
    const { store } = this.system;
    const { a, b, writes } = store;
    const stretch = this.go(move, from, false);
    if (!stretch.looped) return stretch;
    // How far a loop is followed must not depend on what is remembered, since that differs between searches.
    store.undo({ length: writes, a, b });
    return this.go(move, from, true);
  }

  /** @param stepwise whether each step is performed and checked separately */
  private go(move: Move, from: Spot, stepwise: boolean): Stretch {
    const { store } = this.system;
    let spot = from;
    let steps = 0;
    let switches = 0;
    let stayReady = from.ready;
    let broken = null as Broken[] | null;
    let beacon: Beacon = null;
    for (let next = move; ;) {
      const last = this.indexOf(next.process);
      const part = stepwise ? this.perform(next, last, false, spot, steps, null, null) : this.part(next, last, spot, steps, beacon);
      spot = after(spot, part);
      const found = part.wide === 0 ? part.broken : this.requirements.lookWidely(part.wide, part.steps, part.broken);
      for (const { violation, steps: within } of found) {
        // What is broken stays broken in the following steps; only the first one matters.
        if (broken?.some((one) => one.violation === violation) === true) continue;
        (broken ??= []).push({ violation, steps: steps + within, switches, last });
      }
      if (part.steps > 1) stayReady = nobody(this.processes);
      steps += part.steps;
      this.followed += part.steps;
      const { moves } = spot;
      const looped = part === this.looping;
      if (looped || moves.length !== 1 || moves[0]!.kind !== 'step' || (this.endsWhenBroken && broken !== null)) {
        return { spot, steps, stayReady, last, switches, looped, broken: broken === null ? NONE : this.endsWhenBroken ? broken.slice(0, 1) : broken };
      }
      const { a, b } = store;
      if (beacon !== null && beacon.a === a && beacon.b === b) return { spot, steps, stayReady, last, switches, looped: true, broken: broken ?? NONE };
      beacon = this.beacon(beacon, steps);
      if (steps > this.limits.steps) throw new Error(`machine bug: ${this.limits.steps} steps of ${moves[0]!.label} with no choice between them and no repeated state`);
      // A process that was ready and now moves has had its turn; no other is ready.
      stayReady = nobody(this.processes);
      next = moves[0]!;
      if (this.indexOf(next.process) !== last) switches++;
    }
  }

  /** A state for detecting loops, renewed after 1, 2, 4, 8 … steps. */
  private beacon(last: Beacon, steps: number): Beacon {
    return (steps & (steps - 1)) === 0 ? { a: this.system.store.a, b: this.system.store.b } : last;
  }

  /** The part that returned to an earlier state, if the last one did. */
  private looping: Part | null = null;

  /** Performs `move` of `process`, and what follows as long as only that process can move: from memory or anew. */
  private part(move: Move, process: number, from: Spot, before: number, beacon: Beacon): Part {
    const { store } = this.system;
    this.parts.all++;
    const isAlone = from.moves.length === from.of[process]!.length;
    const mayRemember = this.isRemembering && before < this.limits.part;
    if (!mayRemember) return this.perform(move, process, isAlone, from, before, beacon, null);
    this.refresh();
    const memory = isAlone ? this.alone : this.among;
    let kept = memory.get(move);
    if (kept === undefined) memory.set(move, kept = new Trial(USEFUL));
    if (!kept.isKept) return this.perform(move, process, isAlone, from, before, beacon, null);
    const known = kept.find(store);
    if (known === null) return this.perform(move, process, isAlone, from, before, beacon, kept.recall);
    this.parts.again++;
    this.looping = null;
    const { cells, values, a, b, blindCells, blindValues } = known.writes;
    store.rewriteTo(cells, values, store.a ^ a, store.b ^ b);
    for (let i = 0; i < blindCells.length; i++) store.set(blindCells[i]!, blindValues[i]);
    return known;
  }

  /** Forgets everything if a cell is new, or has a new observer: what was remembered did not account for it. */
  private refresh(): void {
    const { store } = this.system;
    if (store.size === this.known.cells && this.notes.news === this.known.news && this.kept < this.limits.remembered) return;
    this.known = { cells: store.size, news: this.notes.news };
    for (const memory of [this.alone, this.among]) for (const kept of memory.values()) kept.recall = new Recall();
    this.kept = 0;
  }

  private perform(first: Move, process: number, isAlone: boolean, from: Spot, before: number, beacon: Beacon, recall: Recall<Part> | null): Part {
    const { notes, joined, pieces, observers, requirements, limits, system: { store } } = this;
    const { cells: cellsBefore, news: newsBefore } = { cells: store.size, news: notes.news };
    let spot = from;
    const changed: number[] = [];
    const broken: Broke[] = [];
    let wide: number;
    let looped = false;
    let steps = 0;
    const joins = recall !== null;
    if (joins) joined.begin();
    for (let move = first; ;) {
      const touched = pieces.act(move, joins) | requirements.always;
      steps++;
      wide = touched & requirements.wide;
      for (let p = 0; p < this.processes.length; p++) {
        if ((touched & bitOf(p)) === 0) continue;
        spot = spot.with(p, pieces.answer(observers[p]!, joins));
        if (!changed.includes(p)) changed.push(p);
      }
      requirements.lookNarrowly(touched & ~wide, steps, joins, broken);
      const own = spot.of[process]!;
      if (!isAlone || wide !== 0 || own.length !== 1 || own[0]!.kind !== 'step' || (this.endsWhenBroken && broken.length > 0) || steps >= limits.part) break;
      if (spot.moves.length !== 1) break;
      looped = beacon !== null && beacon.a === store.a && beacon.b === store.b;
      if (looped) break;
      beacon = this.beacon(beacon, before + steps);
      move = own[0]!;
    }
    const isNew = store.size !== cellsBefore || notes.news !== newsBefore;
    const moves = changed.map((p) => spot.of[p]!);
    const part: Part = { writes: recall === null || isNew || looped ? NO_WRITES : joined.writes(), steps, changed, moves, broken, wide };
    this.looping = looped ? part : null;
    if (recall !== null && !isNew && !looped) {
      recall.learn(joined.cells, joined.held, part);
      this.kept += joined.cells.length;
    }
    return part;
  }
}

const NO_WRITES: Writes = { cells: NONE, values: NONE, a: 0, b: 0, blindCells: NONE, blindValues: NONE };

function bitOf(number: number): number {
  return 1 << Math.min(number, BITS - 1);
}

function after(before: Spot, { changed, moves }: Part): Spot {
  let spot = before;
  for (let i = 0; i < changed.length; i++) spot = spot.with(changed[i]!, moves[i]!);
  return spot;
}
