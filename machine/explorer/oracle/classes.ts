import { Dependence, type Sharing } from '../optimal/dependence';
import { Execution } from '../optimal/execution';
import type { Program } from '../program';
import { movesOf, violationOf, type Move } from '../system';

// How many classes of executions a program has, counted without selective search:
// every beginning of a run is extended by every move, and of the beginnings that
// differ only in the order of independent events one is kept. For small programs;
// the optimal reduction must make the same number of executions.

export interface Classes {
  /** Classes of complete executions. */
  readonly complete: number;
  /** Classes of beginnings, including complete executions. */
  readonly beginnings: number;
}

/**
 * Counts the classes of `program`.
 *
 * @param sharing what a search has learned about shared cells, which decides whether events are independent
 * @returns null if there are more than `limit` beginnings
 * @throws Error if some run shows that more is shared
 */
export function classesOf(program: Program, sharing: Sharing, limit: number): Classes | null {
  const system = program();
  const { store, processes } = system;
  const dependence = new Dependence(store, undefined, sharing);
  const execution = new Execution(processes.length);
  const known = new Set<string>();
  let complete = 0;

  const visit = (): void => {
    if (known.size > limit) return;
    const before = store.writes;
    const moves = movesOf(system);
    if (moves.length === 0) complete++;
    for (const { label, process } of moves) {
      const p = processes.indexOf(process);
      store.record(p);
      const own: Move[] = [];
      process.moves(own);
      const guard = dependence.touch(store.footprintSoFar);
      own.find((move) => move.label === label)!.perform();
      const { touch, isObserved } = dependence.meaningOf(store.takeFootprint());
      const isBroken = isObserved && violationOf(system) !== null;
      if (dependence.isStale) throw new Error(`the search did not learn all that is shared: "${label}" shows more`);
      execution.push(p, label, isBroken ? dependence.everything : touch, null, guard, false, before);
      const name = nameOf(execution);
      if (!known.has(name)) {
        known.add(name);
        if (isBroken) complete++;
        else visit();
      }
      execution.pop();
      store.undoTo(before);
    }
  };
  visit();
  return known.size > limit ? null : { complete, beginnings: known.size };
}

/** The events of each process, each with how many of the others happen before it: this is the same for all executions of a class. */
function nameOf(execution: Execution): string {
  const events: string[][] = [];
  for (let i = 0; i < execution.length; i++) {
    const before: number[] = [];
    for (let k = 0; k < i; k++) if (execution.happensBefore(k, i)) before[execution.process[k]!] = (before[execution.process[k]!] ?? 0) + 1;
    (events[execution.process[i]!] ??= []).push(`${execution.label[i]!} ${before.join()}`);
  }
  return Array.from(events, (all) => (all ?? []).join('; ')).join(' | ');
}
