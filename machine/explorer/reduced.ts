import { Bits } from './bits';
import { Findings } from './findings';
import { Fingerprints } from './fingerprints';
import { Symmetry } from './symmetry';
import { violationOf, type Move, type Process, type System } from './system';
import { EachForItself, Unnoticed, type Place } from './unnoticed';
import { Footprint } from '../state/footprint';
import type { Mark } from '../state/store';

// The stateful search with everything left out that shows nothing new:
//
// - steps that nobody else will ever notice are taken together with the move
//   before them (unnoticed.ts);
// - of two orders of independent events only one is followed to the state in
//   which both end: a process whose next event was tried before, and that
//   nothing since depends on, sleeps (Godefroid, 1996);
// - states that are the same but for which of several interchangeable things
//   is which are one state (symmetry.ts).
//
// It sees every state that matters, but not every move from it: for shortest
// runs, windows and endless loops the search with the whole graph is needed.

/** What the next event of a process was found to touch, whichever of its moves it is. */
interface Tried {
  readonly touches: Footprint[];
  /** It is a step, and the only move there is: it will be taken sooner or later. */
  readonly isCertain: boolean;
}

/** A state on the present run, and what is still to be tried from it. */
interface Level {
  readonly state: number;
  readonly mark: Mark;
  /** How many events of the run lead here. */
  readonly events: number;
  /** Bit set of the processes still to be tried. */
  todo: number;
  /** Those that need not be tried, unless a run comes back here. */
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
  /** States up to symmetry, without those in the middle of steps that nobody notices. */
  readonly states: number;
  readonly events: number;
  readonly depth: number;
}

/** Which reductions to make; all of them, if not told otherwise. For showing what each is good for. */
export interface Reductions {
  readonly fusing?: boolean;
  readonly sleeping?: boolean;
  readonly symmetry?: boolean;
  /** Forgets that this cell is shared: only to show that the comparison with brute force notices. */
  readonly leaveOut?: string;
}

/** A chain of unnoticeable steps longer than this is a loop in the model's own code. */
const FUSED_LIMIT = 200_000;

export class ReducedSearch {
  readonly findings = new Findings();
  /** Whether some run comes back to a state that it was in. */
  cyclic = false;
  private readonly processes: readonly Process[];
  private readonly symmetry: Symmetry | null;
  private readonly unnoticed: Unnoticed;
  private fingerprints = new Fingerprints();
  /** For each state the processes (as its symmetry calls them) that were asleep whenever it was met. */
  private readonly sleepers: number[] = [];
  private readonly levels: Level[] = [];
  private readonly onRun = new Bits();
  /** The labels of the present run. */
  private readonly run: string[] = [];
  /** What the next event touched, by the point of the code, when it was last performed there: a guess, for not trying in vain. */
  private readonly guesses = new WeakMap<object, Footprint>();
  /** Where each process stands in its code, in the present state. */
  private readonly places: Place[] = [];
  private readonly scratch: Move[] = [];
  /** How often a closed set was looked for in vain, and with success. */
  private misses = 0;
  private hits = 4;
  /** Bit sets of the processes that can do something in the present state, and of those that can step. */
  private enabled = 0;
  private stepping = 0;
  /** Whether the last state arrived at is one of the present run. */
  private cameBack = false;
  private events = 0;
  private depth = 0;
  private readonly start: Mark;
  private readonly isFusing: boolean;
  private readonly isSleeping: boolean;

  constructor(private readonly system: System, reductions: Reductions = {}) {
    if (system.processes.length > 31) throw new Error('the reduced search handles at most 31 processes');
    this.processes = system.processes;
    this.isFusing = reductions.fusing ?? true;
    this.isSleeping = reductions.sleeping ?? true;
    this.symmetry = system.interchangeable && (reductions.symmetry ?? true) ? new Symmetry(system.store, system.interchangeable, system.processes) : null;
    this.unnoticed = new Unnoticed(this.symmetry ?? new EachForItself(), (cell) => system.store.nameOf(cell) === reductions.leaveOut);
    this.start = system.store.mark();
    this.begin();
  }

  get counts(): ReducedCounts {
    return { states: this.fingerprints.count, events: this.events, depth: this.depth };
  }

  /** How deep the present run is. */
  get level(): number {
    return this.levels.length;
  }

  /** What the visited states take, with what they need when they next grow. */
  get bytes(): number {
    return this.fingerprints.bytes + 16 * this.sleepers.length;
  }

  get collisionBound(): number {
    return this.fingerprints.collisionBound;
  }

  /** Takes up to `count` moves; whether everything was seen. */
  advance(count: number): boolean {
    const { levels } = this;
    for (let taken = 0; taken < count; taken++) {
      if (this.unnoticed.isStale) this.begin();
      while (levels.length > 0 && !this.turn(levels[levels.length - 1]!)) this.leave();
      const level = levels[levels.length - 1];
      if (level === undefined) return true;
      this.take(level, level.moves[level.next++]!);
    }
    return levels.length === 0 && !this.unnoticed.isStale;
  }

  /** Begins, or begins again with what was learnt. */
  private begin(): void {
    this.system.store.undo(this.start);
    this.levels.length = 0;
    this.sleepers.length = 0;
    this.run.length = 0;
    this.fingerprints = new Fingerprints();
    this.findings.clear();
    this.cyclic = false;
    this.events = 0;
    this.depth = 0;
    this.unnoticed.refresh();
    this.locate();
    this.lookAround();
    if (!this.observe()) this.arrive(null, 0, []);
  }

  private leave(): void {
    this.onRun.clear(this.levels.pop()!.state);
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
    const process = 31 - Math.clz32(level.todo & -level.todo);
    level.todo &= level.todo - 1;
    level.process = process;
    level.moves = this.movesOf(process).slice();
    level.next = 0;
    level.tried = { touches: [], isCertain: level.moves.length === 1 && level.moves[0]!.kind === 'step' };
    return true;
  }

  private movesOf(process: number): Move[] {
    this.scratch.length = 0;
    this.processes[process]!.moves(this.scratch);
    return this.scratch;
  }

  /** Performs a move of the level's process and the steps that nobody notices, and notes where that leads. */
  private take(level: Level, move: Move): void {
    const { store } = this.system;
    store.undo(level.mark);
    this.run.length = level.events;
    const { process } = level;
    this.locate();
    const footprint = this.perform(process, move.label)!;
    const isBroken = this.unnoticed.isObserved(footprint.writes) && this.observe();
    // What ends the run can change places with nothing.
    level.tried.touches.push(isBroken ? EVERYTHING : footprint);
    if (isBroken) return;
    const covered: Tried[] = [];
    let sleep = 0;
    for (let q = 0, bits = level.sleep & ~(1 << process); bits !== 0; q++, bits >>>= 1) {
      if ((bits & 1) === 0 || level.covered[q]!.touches.some((touch) => conflict(touch, footprint))) continue;
      sleep |= 1 << q;
      covered[q] = level.covered[q]!;
    }
    this.lookAround();
    if (this.isFusing && this.fuse(process, sleep, covered)) return;
    this.arrive(level.mark, sleep, covered);
    if (!this.cameBack) return;
    // What is put off here might be put off for ever.
    level.todo |= level.rest;
    level.rest = 0;
  }

  /**
   * Performs one move of a process, which is at its position, and learns from it.
   *
   * @param label which move; without it the only one, if that is a step
   * @returns what it touched; null if there is no such move
   */
  private perform(process: number, label?: string): Footprint | null {
    const { store } = this.system;
    const point = this.processes[process]!.point?.() ?? null;
    store.record(process);
    const moves = this.movesOf(process);
    const move = label === undefined ? only(moves) : moves.find((candidate) => candidate.label === label);
    if (move === undefined) {
      store.takeFootprint();
      return null;
    }
    const { label: performed } = move;
    move.perform();
    const footprint = store.takeFootprint();
    if (point !== null) this.guesses.set(point, footprint);
    this.learn(process, footprint);
    this.events++;
    this.run.push(performed);
    return footprint;
  }

  /**
   * Sees what a process can do, and learns what it looks at for that. Whatever
   * changes that is noticed, so it has to be known before an event is taken for
   * one that is not.
   */
  private look(process: number): void {
    const { store } = this.system;
    store.record(process);
    const moves = this.movesOf(process);
    this.unnoticed.learnLook(process, this.places[process]!, store.takeFootprint());
    const bit = 1 << process;
    this.enabled &= ~bit;
    this.stepping &= ~bit;
    if (moves.length > 0) this.enabled |= bit;
    for (const move of moves) if (move.kind === 'step') this.stepping |= bit;
  }

  private lookAround(): void {
    for (let p = 0; p < this.processes.length; p++) this.look(p);
  }

  /** Notes where the event has led its process, and any other that it has moved. */
  private learn(process: number, footprint: Footprint): void {
    const { places, processes, unnoticed } = this;
    for (let q = 0; q < processes.length; q++) {
      const from = places[q]!;
      const to = this.placeOf(q);
      places[q] = to;
      if (q === process) unnoticed.learn(q, from, footprint, to);
      else if (to !== from) unnoticed.learn(q, from, NOTHING, to);
    }
  }

  private locate(): void {
    for (let p = 0; p < this.processes.length; p++) this.places[p] = this.placeOf(p);
  }

  private placeOf(process: number): Place {
    return this.unnoticed.placeOf(process, this.processes[process]!.position?.() ?? 0);
  }

  /** Has the invariants look at the state; whether one is broken. */
  private observe(): boolean {
    const { seen: violation, reads } = this.system.store.watch(() => violationOf(this.system));
    this.unnoticed.observe(reads);
    if (violation === null) return false;
    this.findings.note('violation', violation, this.run);
    return true;
  }

  /**
   * Takes steps that nobody can notice, of whichever process is awake, for as
   * long as there are any, and steps that are all that can happen.
   *
   * @returns whether nothing more is to follow: it is covered elsewhere, or an invariant is broken
   */
  private fuse(first: number, sleep: number, covered: Level['covered']): boolean {
    const { store } = this.system;
    const { length } = this.processes;
    let beacon: { a: number; b: number } | null = null;
    for (let steps = 1; ; steps++) {
      // If nobody will notice an event that was tried before, every run from here is like one of those.
      for (let q = 0, bits = sleep; bits !== 0; q++, bits >>>= 1) {
        if ((bits & 1) === 0 || !covered[q]!.isCertain || !this.unnoticed.isUnnoticed(q, covered[q]!.touches[0]!, this.places)) continue;
        this.unnoticed.rely(q, covered[q]!.touches[0]!, this.places);
        return true;
      }
      let fused = false;
      for (let i = 0; i < length && !fused; i++) {
        const process = (first + i) % length;
        fused = (sleep & (1 << process)) === 0 && this.fuseOne(process);
      }
      if (!fused) {
        const only = sleep === 0 ? this.fuseOnly() : 'none';
        if (only === 'none') return false;
        if (only === 'broken') return true;
      }
      const { a, b } = store;
      if (beacon !== null && beacon.a === a && beacon.b === b) return false; // round and round: from here on it is a state like any other
      if ((steps & (steps - 1)) === 0) beacon = { a, b };
      if (steps > FUSED_LIMIT) throw new Error(`machine bug: ${FUSED_LIMIT} steps that nobody can notice, and no repeated state`);
    }
  }

  /** Takes the next step of `process` if it has just that one move and nobody will notice it. */
  private fuseOne(process: number): boolean {
    const { unnoticed, places } = this;
    const point = this.processes[process]!.point?.() ?? null;
    const guess = point === null ? undefined : this.guesses.get(point);
    if (guess !== undefined && !unnoticed.isUnnoticed(process, guess, places)) return false;
    const { store } = this.system;
    const mark = store.mark();
    const footprint = this.perform(process);
    if (footprint === null) return false;
    if (unnoticed.isUnnoticed(process, footprint, places)) {
      unnoticed.rely(process, footprint, places);
      this.look(process);
      return true;
    }
    store.undo(mark);
    this.locate();
    this.events--;
    this.run.pop();
    return false;
  }

  /** Takes the one step that is all that can happen, if there is just one. */
  private fuseOnly(): 'none' | 'taken' | 'broken' {
    const { enabled } = this;
    if (enabled === 0 || (enabled & (enabled - 1)) !== 0) return 'none';
    const process = lowest(enabled);
    const footprint = this.perform(process);
    if (footprint === null) return 'none';
    this.lookAround();
    return this.unnoticed.isObserved(footprint.writes) && this.observe() ? 'broken' : 'taken';
  }

  /** Notes the present state; what is awake in it and was not tried from it before will be. */
  private arrive(since: Mark | null, sleep: number, covered: Level['covered']): void {
    const { system: { store }, symmetry, processes, enabled } = this;
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
    if (this.stepping === 0 && !processes.some((process) => process.busy())) this.findings.outcomes.add(this.system.outcome?.() ?? '');
    else if (enabled === 0) this.findings.note('deadlock', null, this.run);
    else {
      const chosen = this.isFusing ? this.closedAmong(enabled) : enabled;
      this.enter(state, chosen & ~sleep, enabled & ~chosen & ~sleep, sleep, covered);
    }
  }

  /**
   * Some of the enabled processes whose next events nobody else will notice, so
   * that it is enough to try theirs first: a persistent set (Godefroid, 1996),
   * made by adding whoever might notice until nobody is left who might. All of
   * them where no smaller set is found.
   */
  private closedAmong(enabled: number): number {
    const { places, unnoticed } = this;
    // Where hardly any attempt is worth its while, one in sixteen shows when that changes.
    if (this.misses > 16 * this.hits && (this.fingerprints.count & 15) !== 0) return enabled;
    let best = enabled;
    let closed = 0;
    const touched: (Footprint | null | undefined)[] = [];
    for (let seed = 0; seed < places.length && size(enabled) > 2; seed++) {
      if ((best & (1 << seed)) === 0) continue;
      let set = 1 << seed;
      for (let at = seed, done = 0; at >= 0; at = lowest(set & ~done)) {
        done |= 1 << at;
        const footprint = (touched[at] === undefined ? (touched[at] = this.probe(at)) : touched[at])!;
        if (footprint === null || unnoticed.isObserved(footprint.writes)) set = enabled;
        if ((set & enabled) === enabled) break;
        for (let q = 0; q < places.length; q++) if ((set & (1 << q)) === 0 && unnoticed.mayNotice(places[q]!, at, footprint!)) set |= 1 << q;
      }
      if (size(set & enabled) >= size(best)) continue;
      best = set & enabled;
      closed = set;
    }
    for (let at = lowest(closed), left = closed; at >= 0; at = lowest(left &= left - 1)) unnoticed.rely(at, touched[at]!, places, closed);
    if (best === enabled) this.misses++;
    else this.hits++;
    return best;
  }

  /** What the next step of `process` would touch, or what it looks at while it waits; null if it has several moves. */
  private probe(process: number): Footprint | null {
    const { store } = this.system;
    const mark = store.mark();
    store.record(process);
    const moves = this.movesOf(process);
    if (moves.length > 0) only(moves)?.perform();
    const footprint = store.takeFootprint();
    store.undo(mark);
    return moves.length > 1 || (moves.length === 1 && moves[0]!.kind !== 'step') ? null : footprint;
  }

  private enter(state: number, todo: number, rest: number, sleep: number, covered: Level['covered']): void {
    if (todo === 0) return;
    this.onRun.add(state);
    this.levels.push({ state, mark: this.system.store.mark(), events: this.run.length, todo, rest, sleep, covered, process: -1, moves: [], next: 0, tried: NOTHING_TRIED });
    this.depth = Math.max(this.depth, this.run.length);
  }
}

/** The move that is all that a process can do, if it is a step. */
function only(moves: readonly Move[]): Move | undefined {
  return moves.length === 1 && moves[0]!.kind === 'step' ? moves[0] : undefined;
}

/** How many processes a set has. */
function size(set: number): number {
  let count = 0;
  for (let bits = set; bits !== 0; bits &= bits - 1) count++;
  return count;
}

/** The process of lowest number in a set; -1 if it is empty. */
function lowest(set: number): number {
  return 31 - Math.clz32(set & -set);
}

const NOTHING_TRIED: Tried = { touches: [], isCertain: false };

const NOTHING = new Footprint(-1, [], []);

/** Stands for the footprint of an event that ends the run. */
const EVERYTHING = new Footprint(-1, [], []);

function conflict(one: Footprint, other: Footprint): boolean {
  return one === EVERYTHING || meets(one.writes, other.writes) || meets(one.writes, other.reads) || meets(one.reads, other.writes);
}

function meets(one: readonly number[], other: readonly number[]): boolean {
  for (const cell of one) if (other.includes(cell)) return true;
  return false;
}
