import { fewestSwitches, graphOf, readsFrom } from './classes';
import { OptimalSearch } from './search';
import { formatSchedule } from '../verdict/schedule';
import type { Program } from '../program';

// A program's executions, counted up to the order of independent events: these
// numbers are compared with those of other checkers.

/** Counts of a complete optimal search. */
export interface TraceCounts {
  readonly executions: number;
  readonly blocked: number;
  readonly deadlocks: number;
  readonly events: number;
  /** The schedule of each execution, for programs with few of them. */
  readonly schedules: readonly string[];
  /** Classes of executions in which each read sees the same write. */
  readonly readsFromClasses: number;
  /** The same, if the writes of each cell also have the same order. */
  readonly graphs: number;
  /** Entry k: the executions that need at most k switches. The last entry is all of them. */
  readonly withinSwitches: readonly number[];
}

/** Which of the more expensive counts to make. */
export interface CountOptions {
  readonly switches?: boolean;
  readonly classes?: boolean;
  readonly schedules?: boolean;
}

/** Runs every execution of `program` and counts. */
export function countTraces(program: Program, { switches = false, classes = false, schedules = false }: CountOptions = {}): TraceCounts {
  const twin = program();
  const readings = new Set<string>();
  const graphs = new Set<string>();
  let needed: number[] = [];
  let deadlocks = 0;
  let listed: string[] = [];
  const search = new OptimalSearch(program(), (end, execution) => {
    if (end.kind === 'deadlock') deadlocks++;
    if (schedules) listed.push(formatSchedule(execution.label.slice(0, execution.length)));
    if (classes) {
      readings.add(readsFrom(execution));
      graphs.add(graphOf(execution));
    }
    if (switches) {
      const count = fewestSwitches(twin, execution);
      needed[count] = (needed[count] ?? 0) + 1;
    }
  });
  search.run(Infinity, () => {
    readings.clear();
    graphs.clear();
    needed = [];
    listed = [];
    deadlocks = 0;
  });
  let sum = 0;
  return {
    executions: search.counts.executions,
    blocked: search.counts.blocked,
    deadlocks,
    events: search.counts.events,
    schedules: listed,
    readsFromClasses: readings.size,
    graphs: graphs.size,
    withinSwitches: Array.from(needed, (count) => (sum += count ?? 0)),
  };
}
