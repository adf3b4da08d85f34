import type { Awaited } from '../path';
import type { Store } from '../state/store';
import type { Interchangeable } from './interchangeable';

// What the explorer drives. It knows processes and their moves, but not
// what they mean: the hardware's processors are processes, and so is a thread
// of a five-line test program.

/**
 * One thing that may happen next.
 * - `step`: the process continues by itself.
 * - `interrupt`: something from outside interferes (an interrupt arrives, a store buffer drains). Witnesses have as few as possible.
 */
export interface Move {
  readonly process: Process;
  readonly kind: 'step' | 'interrupt';
  /** Its name in a schedule; unique among the moves of one state. */
  readonly label: string;
  /** It is the only move of its process whenever the process is at this point, and always touches the same cells, whatever their values. */
  readonly isSteady?: boolean;
  perform(): void;
}

/**
 * A processor, or a thread of a small program. It decides itself what it may do
 * next; the explorer chooses between processes and among their moves.
 */
export interface Process {
  readonly name: string;
  /** Appends the moves that are possible now, the plain step first. */
  moves(into: Move[]): void;
  /** Whether it has work left, ready or waiting. Idling is not work. */
  busy(): boolean;
  /** The point in its code where it is: always the same object for the same point. A search may keep what it learns about that point. */
  point?(): object | null;
  /** A number for its place in the code, whatever values led there; the search uses it to learn what the process may still do. */
  position?(): number;
  /** What it would do next, for a reader: path names and the instruction's text. */
  describe(): Description;
  /** What it waits for, if it waits and can tell. */
  awaited?(): Awaited | null;
}

/** Where a process is in its code. It is immutable, so what was learned about it remains valid. */
export interface Description {
  /** The context (task, CPU, thread) that runs. */
  readonly context: string;
  readonly paths: readonly string[];
  readonly text: string;
}

/** A broken requirement: the actor, and the actual and the expected value. */
export interface Violation {
  /** The invariant's name. */
  readonly invariant: string;
  /** One sentence naming actor, actual and expected. */
  readonly message: string;
}

/** Checks the state after an event. */
export interface Invariant {
  readonly name: string;
  check(): string | null;
  /** Its parts, if it is broken exactly when one of them is, with the message of the first: each part need only be checked when its own cells were written. */
  readonly parts?: readonly { check(): string | null }[];
}

/** A finite instance, freshly built, ready to run. */
export interface System {
  readonly store: Store;
  readonly processes: readonly Process[];
  readonly invariants: readonly Invariant[];
  /** When all work is done nothing more can happen: no interrupt can arrive then. Helps the explorer to choose an engine; a search that finds otherwise refuses to continue. */
  readonly runsOut?: boolean;
  /** It is meant to loop forever: no loop of it is a finding. */
  readonly endless?: boolean;
  /** A step is expensive compared with what a search does with it, as in a kernel: remembering steps saves more than leaving some out. */
  readonly isKernel?: boolean;
  /** Things that may be exchanged for one another throughout, so states that differ only in this count as one. */
  readonly interchangeable?: readonly Interchangeable[];
  /** A description of a state in which all work is done; equal outcomes are equal strings. */
  outcome?(): string;
  /** The switches of the program that some path has consulted so far, on or off. */
  consulted?(): readonly string[];
}

/** Whether one of these moves is a step. */
export function canStep(moves: readonly Move[]): boolean {
  for (const move of moves) if (move.kind === 'step') return true;
  return false;
}

/** Whether all work is done: no process can step, and none waits for anything. An interrupt may still come. */
export function isAtRest({ processes }: System, moves: readonly Move[]): boolean {
  if (canStep(moves)) return false;
  for (const process of processes) if (process.busy()) return false;
  return true;
}

/**
 * The outcome of a run in which all work is done.
 *
 * @param mayGoOn whether something can still come from outside
 */
export function outcomeAtRest(system: System, mayGoOn: boolean): string {
  if (mayGoOn && system.runsOut) throw new Error(`machine bug: the program says that it runs out, and when all work is done "${movesOf(system).map(({ label }) => label).join('", "')}" can still come; declare runsOut only where nothing can`);
  if (system.endless) throw new Error('machine bug: the program says that it is endless, and all its work can be done; declare endless only where looping forever is what it is for');
  return system.outcome?.() ?? '';
}

/** Refuses two moves with the same name: a schedule could not tell them apart. */
export function refuseTwins(moves: readonly Move[]): void {
  for (let i = 1; i < moves.length; i++) {
    for (let k = 0; k < i; k++) {
      if (moves[i]!.label === moves[k]!.label) throw new Error(`machine bug: two moves of one state are called "${moves[i]!.label}" (of ${moves[k]!.process.name} and of ${moves[i]!.process.name}), so that a schedule could not say which; give each a name of its own`);
    }
  }
}

/** The moves possible now, over all processes. */
export function movesOf(system: System): Move[] {
  const moves: Move[] = [];
  for (const process of system.processes) process.moves(moves);
  return moves;
}

/** The first invariant that does not hold now. */
export function violationOf(system: System): Violation | null {
  for (const invariant of system.invariants) {
    const message = invariant.check();
    if (message !== null) return { invariant: invariant.name, message };
  }
  return null;
}
