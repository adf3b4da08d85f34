import type { Dependence } from './dependence';
import { lowest, type Point } from './point';
import type { Touch } from './touch';
import { Branch } from './wakeup-tree';

// The points of an execution as plain data: numbers and words, for a file.
// Touches and labels come again and again, so they are told once and then
// referred to by their places in a list.

/** A point: what stays there besides its plans. */
interface SavedPoint {
  readonly sleeping: number;
  readonly foreign: number;
  readonly ended: number;
  readonly process: number;
  readonly choice: number;
  /** A touch, or -1. */
  readonly tried: number;
  /** What those that sleep would touch, in the order of their numbers. */
  readonly asleep: readonly number[];
}

export interface SavedPlans {
  readonly points: readonly SavedPoint[];
  /** Reads and writes of each touch, by the numbers of shared cells; null for the one of everything. */
  readonly touches: readonly (readonly [readonly number[], readonly number[]] | null)[];
  readonly labels: readonly string[];
  /**
   * Five numbers for each branch: after which it comes, process, label (-1 for
   * any), touch, reach. It comes after an earlier branch, by number, or is
   * planned at point i (-1 - 2 * i) or being tried there (-2 - 2 * i).
   */
  readonly branches: readonly number[];
}

/** Puts points into words. */
export function savePlans(points: readonly Point[]): SavedPlans {
  const touches = new Numbered<Touch>();
  const labels = new Numbered<string>();
  const branches: number[] = [];
  const add = (after: number, first: Branch | null): void => {
    const left: [number, Branch][] = [];
    for (let branch = first; branch !== null; branch = branch.sibling) left.unshift([after, branch]);
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [parent, { process, label, touch, reach, child }] = next;
      const number = branches.length / 5;
      branches.push(parent, process, label === null ? -1 : labels.numberOf(label), touches.numberOf(touch), touches.numberOf(reach));
      const at = left.length;
      for (let branch = child; branch !== null; branch = branch.sibling) left.splice(at, 0, [number, branch]);
    }
  };
  const saved = points.map((point, i): SavedPoint => {
    add(-1 - 2 * i, point.planned.first);
    add(-2 - 2 * i, point.current);
    const asleep: number[] = [];
    for (let bits = point.sleeping; bits !== 0; bits &= bits - 1) asleep.push(touches.numberOf(point.sleepTouch[lowest(bits)]!));
    const { sleeping, foreign, ended, process, choice, tried } = point;
    return { sleeping, foreign, ended, process, choice, tried: tried === null ? -1 : touches.numberOf(tried), asleep };
  });
  return {
    points: saved,
    touches: touches.all.map((touch) => (touch.isEverything ? null : [touch.reads, touch.writes])),
    labels: labels.all,
    branches,
  };
}

/** Fills points, which have been gone through again, with what was saved of them. */
export function restorePlans({ points: saved, touches, labels, branches }: SavedPlans, points: readonly Point[], dependence: Dependence): void {
  const known = touches.map((touch) => (touch === null ? dependence.everything : dependence.touchOf(...touch)));
  saved.forEach(({ sleeping, foreign, ended, process, choice, tried, asleep }, i) => {
    const point = points[i]!;
    Object.assign(point, { sleeping, foreign, ended, process, choice, tried: known[tried] ?? null, current: null });
    point.planned.first = null;
    let n = 0;
    for (let bits = sleeping; bits !== 0; bits &= bits - 1) point.sleepTouch[lowest(bits)] = known[asleep[n++]!]!;
  });
  const made: Branch[] = [];
  const lastAfter = new Map<number, Branch>();
  for (let b = 0; b < branches.length; b += 5) {
    const [parent, process, label, touch, reach] = branches.slice(b, b + 5) as [number, number, number, number, number];
    const branch = new Branch(process, labels[label] ?? null, known[touch]!, known[reach]!);
    const before = lastAfter.get(parent);
    if (before !== undefined) before.sibling = branch;
    else if (parent >= 0) made[parent]!.child = branch;
    else if (parent % 2 !== 0) points[(-1 - parent) / 2]!.planned.first = branch;
    else points[(-2 - parent) / 2]!.current = branch;
    lastAfter.set(parent, branch);
    made.push(branch);
  }
}

/** Things in the order in which they were first met. */
class Numbered<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<T, number>();

  numberOf(thing: T): number {
    let number = this.numbers.get(thing);
    if (number === undefined) this.numbers.set(thing, (number = this.all.push(thing) - 1));
    return number;
  }
}
