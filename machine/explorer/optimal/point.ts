import type { Possible } from './probe';
import type { Touch } from './touch';
import { Plan, type Branch } from './wakeup-tree';

// A point of the current execution: what was tried from it, what is being
// tried, what is planned. Sets of processes are bits of a number.

/** A move that is covered elsewhere until something depends on it. What determines the moves of a process counts as read by each of its moves; so while one of them sleeps, the process has the same moves. */
export class Sleeper {
  /** @param next another move of the same process that sleeps */
  constructor(readonly label: string, readonly touch: Touch, readonly next: Sleeper | null) {}
}

export class Point {
  /** Processes with some sleeping move. */
  sleeping = 0;
  /** Those of them whose moves all sleep. */
  silent = 0;
  /** Those covered by another part of the search, whose races are not seen here. */
  foreign = 0;
  /** The first sleeping move, for each process that has one. */
  readonly sleepers: Sleeper[] = [];
  /** Processes that cannot continue, whatever the others do: no other process touches what they wait for. */
  ended = 0;
  readonly planned = new Plan();
  process = -1;
  /** The move that is being tried; empty if it has not been chosen yet. */
  label = '';
  /** What that move touched. */
  touch: Touch | null = null;
  /** How many moves the process has here. */
  choices = 1;
  /** The moves of the process that was asked last, if it has several here. */
  possible: { readonly process: number; readonly moves: readonly Possible[] } | null = null;
  /** Plans that begin with the move that is being tried. */
  current: Branch | null = null;

  /** Begins a move of `process`, with the plans that begin with it. */
  begin(process: number, label: string): void {
    this.process = process;
    this.label = label;
    this.current = this.planned.first === null ? null : this.planned.take(process, label);
  }

  /** The first plan that does not begin with a sleeping move; drops those before it. */
  nextPlanned(): Branch | null {
    const { planned } = this;
    for (let branch = planned.first; branch !== null && this.isAsleep(branch.process, branch.label); branch = planned.first) planned.take(branch.process, branch.label);
    return planned.first;
  }

  /** Whether a move sleeps. */
  isAsleep(process: number, label: string): boolean {
    if ((this.sleeping & (1 << process)) === 0) return false;
    for (let sleeper: Sleeper | null = this.sleepers[process]!; sleeper !== null; sleeper = sleeper.next) if (sleeper.label === label) return true;
    return false;
  }

  /** Everything after the move is covered: from now on it sleeps. */
  end(): void {
    const { process } = this;
    this.putToSleep(process, this.label, this.touch!, this.choices);
    this.process = -1;
  }

  /** @param moves how many the process has here */
  putToSleep(process: number, label: string, touch: Touch, moves: number): void {
    const bit = 1 << process;
    const sleeper = new Sleeper(label, touch, (this.sleeping & bit) === 0 ? null : this.sleepers[process]!);
    this.sleepers[process] = sleeper;
    this.sleeping |= bit;
    if (lengthOf(sleeper) === moves) this.silent |= bit;
  }

  /** Makes this the point to which an event of `process` leads from `before`: moves that do not depend on it stay asleep. */
  follow(before: Point, process: number, touch: Touch): void {
    this.process = -1;
    this.ended = before.ended;
    this.possible = null;
    let { sleeping, silent } = before;
    sleeping &= ~(1 << process);
    silent &= sleeping;
    for (let bits = sleeping; bits !== 0; bits &= bits - 1) {
      const q = lowest(bits);
      const all = before.sleepers[q]!;
      const left = unaware(all, touch);
      if (left !== all) silent &= ~(1 << q);
      if (left === null) sleeping &= ~(1 << q);
      else this.sleepers[q] = left;
    }
    this.sleeping = sleeping;
    this.silent = silent;
    this.foreign = before.foreign & sleeping;
  }

  /** Takes over the plans of `before` for the events after its move. */
  inherit({ current }: Point): void {
    this.planned.first = null;
    for (let branch = current; branch !== null; branch = branch.sibling) {
      if (branch.child === null) continue;
      if (this.planned.first === null) this.planned.first = branch.child;
      else this.planned.add(branch.child);
    }
  }
}

/** Those of these moves that do not depend on an event of another process with this touch. The same list if none depends on it. */
function unaware(sleeper: Sleeper, touch: Touch): Sleeper | null {
  const next = sleeper.next === null ? null : unaware(sleeper.next, touch);
  if (sleeper.touch.conflictsWith(touch)) return next;
  return next === sleeper.next ? sleeper : new Sleeper(sleeper.label, sleeper.touch, next);
}

function lengthOf(first: Sleeper): number {
  let length = 0;
  for (let sleeper: Sleeper | null = first; sleeper !== null; sleeper = sleeper.next) length++;
  return length;
}

/** The lowest number in a set that is not empty. */
export function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
