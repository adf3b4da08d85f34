import type { Touch } from './touch';
import { Plan, type Branch } from './wakeup-tree';

// A point of the present execution: what was tried from it, what is being
// tried, what is planned. Sets of processes are bits of a number.

export class Point {
  /** Processes whose next event is covered elsewhere. */
  sleeping = 0;
  /** Those of them that are covered by another part of the search, whose races are not seen here. */
  foreign = 0;
  /** What the next event of each that sleeps touches. */
  readonly sleepTouch: Touch[] = [];
  /** Processes that cannot go on, whatever the others do: seen from what they asked, which nobody else touches. */
  ended = 0;
  readonly planned = new Plan();
  process = -1;
  choice = 0;
  choices = 1;
  /** What its choices touch, all together; null where there is no choice. */
  reach: Touch | null = null;
  /** What the choices tried so far touch. */
  tried: Touch | null = null;
  /** Plans that begin with the process being tried, by choice. */
  current: Branch | null = null;

  /** Turns to `process`, and to the plans that begin with it. */
  begin(process: number): void {
    this.process = process;
    this.choice = 0;
    this.tried = null;
    this.reach = null;
    this.current = this.planned.first === null ? null : this.planned.take(1 << process);
  }

  /** The first plan that does not begin with a process that sleeps; gives those before it up. */
  nextPlanned(): Branch | null {
    const { planned, sleeping } = this;
    while (planned.first !== null && (sleeping & (1 << planned.first.process)) !== 0) planned.take(1 << planned.first.process);
    return planned.first;
  }

  /** The process has had all its choices: what it would do is covered from now on. */
  end(): void {
    this.sleeping |= 1 << this.process;
    this.sleepTouch[this.process] = this.tried!;
    this.process = -1;
  }

  /** Makes this the point that an event of `process` leads to from `before`: who did not notice it sleeps on. */
  follow(before: Point, process: number, touch: Touch): void {
    this.process = -1;
    this.ended = before.ended;
    let sleeping = 0;
    for (let bits = before.sleeping & ~(1 << process); bits !== 0; bits &= bits - 1) {
      const q = lowest(bits);
      const asleep = before.sleepTouch[q]!;
      if (asleep.conflictsWith(touch)) continue;
      sleeping |= 1 << q;
      this.sleepTouch[q] = asleep;
    }
    this.sleeping = sleeping;
    this.foreign = before.foreign & sleeping;
  }

  /** Takes over the plans of `before` that begin with this choice. */
  inherit({ current }: Point, label: string): void {
    this.planned.first = null;
    for (let branch = current; branch !== null; branch = branch.sibling) {
      if (branch.label !== label || branch.child === null) continue;
      if (this.planned.first === null) this.planned.first = branch.child;
      else this.planned.add(branch.child);
    }
  }
}

/** The lowest number in a set that is not empty. */
export function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
