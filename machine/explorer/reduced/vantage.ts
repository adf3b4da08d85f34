import { Footprint } from '../../state/footprint';
import type { Move, Process, System } from '../system';
import type { Place, Unnoticed } from './unnoticed';

// The current position of a search: what each process can do, where in its code
// it is, and which of them can continue unnoticed. The search learns from
// whatever is performed here.

export class Vantage {
  /** Bit sets of the processes that can do something in the current state, and of those that can step. */
  enabled = 0;
  stepping = 0;
  /** The label of the move that was performed last. */
  performed = '';
  /** Whether that also moved another process: it started it, woke it, or gave it something else to do. */
  movedOthers = false;
  /** How often a process was asked what it can do. */
  questions = 0;
  /** The place of each process in its code. */
  readonly places: Place[] = [];
  /** By point of the code, what the next event touched when it was last performed there: a guess that saves failed attempts. */
  private readonly guesses = new WeakMap<object, Footprint>();
  private readonly scratch: Move[] = [];
  private readonly processes: readonly Process[];
  /** How often a closed set was looked for without success, and with success, and how often one was asked for. */
  private misses = 0;
  private hits = 4;
  private asked = 0;

  /** @param forgetsMoved whether it forgets to check which other processes an event has moved: only to show that this is noticed */
  constructor(private readonly system: System, private readonly unnoticed: Unnoticed, private readonly forgetsMoved = false) {
    this.processes = system.processes;
  }

  /** What a process can do; the list is valid until the next call. */
  movesOf(process: number): Move[] {
    this.questions++;
    this.scratch.length = 0;
    this.processes[process]!.moves(this.scratch);
    return this.scratch;
  }

  /**
   * Performs one move of a process, which is at its position, and learns from it.
   *
   * @param label which move; by default the only one, if that is a step
   * @returns what it touched; null if there is no such move
   */
  perform(process: number, label?: string): Footprint | null {
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
    this.performed = performed;
    return footprint;
  }

  /**
   * Determines what a process can do, and learns what it reads for that. A
   * change of that is noticed, so it has to be known before an event can count
   * as unnoticed.
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

  /** The same for all. */
  lookAround(): void {
    for (let p = 0; p < this.processes.length; p++) this.look(p);
  }

  /** Records where the event has led its process, and any other that it has moved. */
  private learn(process: number, footprint: Footprint): void {
    const { places, processes, unnoticed } = this;
    this.movedOthers = false;
    for (let q = 0; q < processes.length; q++) {
      const from = places[q]!;
      const to = this.placeOf(q);
      places[q] = to;
      if (q === process) unnoticed.learn(q, from, footprint, to);
      else if (to !== from) {
        unnoticed.learn(q, from, NOTHING, to);
        this.movedOthers = !this.forgetsMoved;
      }
    }
  }

  /** Determines the place of each process, after going back in time. */
  locate(): void {
    for (let p = 0; p < this.processes.length; p++) this.places[p] = this.placeOf(p);
  }

  private placeOf(process: number): Place {
    return this.unnoticed.placeOf(process, this.processes[process]!.position?.() ?? 0);
  }

  /** Makes the next step of `process` if it has only that move and no other process will notice it. */
  takeUnnoticed(process: number): boolean {
    const { unnoticed, places } = this;
    const point = this.processes[process]!.point?.() ?? null;
    const guess = point === null ? undefined : this.guesses.get(point);
    if (guess !== undefined && !unnoticed.isUnnoticed(process, guess, places)) return false;
    const { store } = this.system;
    const mark = store.mark();
    const footprint = this.perform(process);
    if (footprint === null) return false;
    // A process that was moved has noticed. And what it may do from its new place may not be known yet.
    if (!this.movedOthers && unnoticed.isUnnoticed(process, footprint, places)) {
      unnoticed.rely(process, footprint, places);
      this.look(process);
      return true;
    }
    store.undo(mark);
    this.locate();
    return false;
  }

  /** Makes the step that is the only thing that can happen. Returns what it touched; null if there is not exactly one. */
  takeOnly(): Footprint | null {
    const { enabled } = this;
    if (enabled === 0 || (enabled & (enabled - 1)) !== 0) return null;
    const footprint = this.perform(lowest(enabled));
    if (footprint !== null) this.lookAround();
    return footprint;
  }

  /**
   * Some of the enabled processes, whose next events no process outside the set will
   * notice, so that it is enough to try theirs first: a persistent set (Godefroid,
   * 1996), made by adding every process that might notice, until none is left. All
   * of them if no smaller set is found.
   */
  closedSet(): number {
    const { places, unnoticed, enabled } = this;
    // If hardly any attempt succeeds, one in sixteen shows when that changes.
    if (this.misses > 16 * this.hits && (++this.asked & 15) !== 0) return enabled;
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

  /** What the next step of `process` would touch, or what it reads while it waits; null if it has several moves. */
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
}

/** The only move of a process, if it is a step. */
function only(moves: readonly Move[]): Move | undefined {
  return moves.length === 1 && moves[0]!.kind === 'step' ? moves[0] : undefined;
}

/** The number of processes in a set. */
function size(set: number): number {
  let count = 0;
  for (let bits = set; bits !== 0; bits &= bits - 1) count++;
  return count;
}

/** The process of lowest number in a set; -1 if it is empty. */
export function lowest(set: number): number {
  return 31 - Math.clz32(set & -set);
}

const NOTHING = new Footprint(-1, [], []);
