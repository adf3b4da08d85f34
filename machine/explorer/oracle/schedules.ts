import type { BruteForce } from './brute-force';
import { formatSchedule } from '../verdict/schedule';
import { movesOf, violationOf, type System } from '../system';

// How many schedules a program has, counted over the graph of its states
// without walking each one: the schedules from a state are those from its
// successors. Exact, even if there are more than could ever be run.

/** Numbers of runs from the beginning to an end. */
export interface ScheduleCount {
  readonly all: bigint;
  /** Those that end in a violation. */
  readonly failing: bigint;
}

/**
 * Counts the schedules of a program whose runs all end.
 *
 * @param switches how often a run may change from one process to another; by default any number
 * @param first the process that counts as having run before the beginning; by default the first event is not a switch
 * @throws Error if the program can loop forever
 */
export function countSchedules(graph: BruteForce, switches?: number, first = -1): ScheduleCount {
  const { successors } = graph;
  const processes = successors.reduce((most, list) => list.reduce((least, { process }) => Math.max(least, process + 1), most), 0);
  const budgets = switches === undefined ? 1 : switches + 1;
  const known = new Map<number, ScheduleCount>();
  const keyOf = (state: number, last: number, left: number): number => (switches === undefined ? state : (state * (processes + 1) + last + 1) * budgets + left);

  const count = (state: number, last: number, left: number): ScheduleCount => {
    const key = keyOf(state, last, left);
    const before = known.get(key);
    if (before === IN_PROGRESS) throw new Error('the program can loop forever: it has no number of schedules');
    if (before !== undefined) return before;
    known.set(key, IN_PROGRESS);
    let all = 0n;
    let failing = 0n;
    if (successors[state]!.length === 0) all = 1n;
    for (const { process, to } of successors[state]!) {
      const isSwitch = switches !== undefined && last >= 0 && last !== process;
      if (isSwitch && left === 0) continue;
      const rest = to < 0 ? FAILED : count(to, process, isSwitch ? left - 1 : left);
      all += rest.all;
      failing += rest.failing;
    }
    const result = { all, failing };
    known.set(key, result);
    return result;
  };
  return count(0, first, switches ?? 0);
}

const FAILED: ScheduleCount = { all: 1n, failing: 1n };
const IN_PROGRESS: ScheduleCount = { all: -1n, failing: -1n };

/** Every schedule of a small program in words, each run to its end. The system is left as it was. */
export function listSchedules(system: System): string[] {
  const schedules: string[] = [];
  const labels: string[] = [];
  const visit = (): void => {
    const moves = movesOf(system);
    if (moves.length === 0) schedules.push(formatSchedule(labels));
    for (const move of moves) {
      const mark = system.store.mark();
      labels.push(move.label);
      move.perform();
      if (violationOf(system)) schedules.push(formatSchedule(labels));
      else visit();
      labels.pop();
      system.store.undo(mark);
    }
  };
  visit();
  return schedules;
}
