import type { Dependence } from './dependence';
import { lowest, type Point, type Sleeper } from './point';
import type { Touch } from './touch';
import { Branch } from './wakeup-tree';

// The points of an execution as plain data: numbers and words, for a file.
// Touches and labels occur repeatedly, so they are listed once and then
// referred to by their index.

/** A point, without its plans. */
interface SavedPoint {
  readonly silent: number;
  readonly foreign: number;
  readonly ended: number;
  readonly process: number;
  /** The sleeping moves, three numbers each: process, label, touch. */
  readonly asleep: readonly number[];
}

export interface SavedPlans {
  readonly points: readonly SavedPoint[];
  /** Reads and writes of each touch, by the numbers of shared cells; null for the touch of everything. */
  readonly touches: readonly (readonly [readonly number[], readonly number[]] | null)[];
  readonly labels: readonly string[];
  /**
   * Four numbers for each branch: its predecessor, process, label, touch. The predecessor is the number of an earlier branch; or
   * the branch is planned at point i (-1 - 2 * i), or being tried there (-2 - 2 * i).
   */
  readonly branches: readonly number[];
}

/** Converts points to plain data. */
export function savePlans(points: readonly Point[]): SavedPlans {
  const touches = new Numbered<Touch>();
  const labels = new Numbered<string>();
  const branches: number[] = [];
  const add = (after: number, first: Branch | null): void => {
    const left: [number, Branch][] = [];
    for (let branch = first; branch !== null; branch = branch.sibling) left.unshift([after, branch]);
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [parent, { process, label, touch, child }] = next;
      const number = branches.length / 4;
      branches.push(parent, process, labels.numberOf(label), touches.numberOf(touch));
      const at = left.length;
      for (let branch = child; branch !== null; branch = branch.sibling) left.splice(at, 0, [number, branch]);
    }
  };
  const saved = points.map((point, i): SavedPoint => {
    add(-1 - 2 * i, point.planned.first);
    add(-2 - 2 * i, point.current);
    const asleep: number[] = [];
    for (let bits = point.sleeping; bits !== 0; bits &= bits - 1) {
      const p = lowest(bits);
      for (let sleeper: Sleeper | null = point.sleepers[p]!; sleeper !== null; sleeper = sleeper.next) asleep.push(p, labels.numberOf(sleeper.label), touches.numberOf(sleeper.touch));
    }
    const { silent, foreign, ended, process } = point;
    return { silent, foreign, ended, process, asleep };
  });
  return {
    points: saved,
    touches: touches.all.map((touch) => (touch.isEverything ? null : [touch.reads, touch.writes])),
    labels: labels.all,
    branches,
  };
}

/** Restores the saved contents of points, after the execution has been repeated. */
export function restorePlans({ points: saved, touches, labels, branches }: SavedPlans, points: readonly Point[], dependence: Dependence): void {
  const known = touches.map((touch) => (touch === null ? dependence.everything : dependence.touchOf(...touch)));
  saved.forEach(({ silent, foreign, ended, process, asleep }, i) => {
    const point = points[i]!;
    point.sleeping = 0;
    for (let n = asleep.length - 3; n >= 0; n -= 3) {
      const [p, label, touch] = asleep.slice(n, n + 3) as [number, number, number];
      point.putToSleep(p, labels[label]!, known[touch]!, Infinity);
    }
    Object.assign(point, { silent, foreign, ended, process, current: null, possible: null });
    point.planned.first = null;
  });
  const made: Branch[] = [];
  const lastAfter = new Map<number, Branch>();
  for (let b = 0; b < branches.length; b += 4) {
    const [parent, process, label, touch] = branches.slice(b, b + 4) as [number, number, number, number];
    const branch = new Branch(process, labels[label]!, known[touch]!);
    const before = lastAfter.get(parent);
    if (before !== undefined) before.sibling = branch;
    else if (parent >= 0) made[parent]!.child = branch;
    else if (parent % 2 !== 0) points[(-1 - parent) / 2]!.planned.first = branch;
    else points[(-2 - parent) / 2]!.current = branch;
    lastAfter.set(parent, branch);
    made.push(branch);
  }
}

/** Values in the order in which they first occurred. */
class Numbered<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<T, number>();

  numberOf(thing: T): number {
    let number = this.numbers.get(thing);
    if (number === undefined) this.numbers.set(thing, (number = this.all.push(thing) - 1));
    return number;
  }
}
