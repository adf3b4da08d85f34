import type { Execution } from './execution';
import { movesOf, type Move, type System } from '../system';

// Equivalences of executions that are coarser than the order of independent
// events, to count classes of them; and how many switches a class of executions
// needs.

/** The write that each read of a shared cell reads from; equal texts mean the same class. */
export function readsFrom(execution: Execution): string {
  return describe(execution).reads.sort().join(' ');
}

/** Reads-from, and the order of the writes of each cell. */
export function graphOf(execution: Execution): string {
  const { reads, writes } = describe(execution);
  return `${reads.sort().join(' ')} | ${[...writes].map(([cell, order]) => `${cell}: ${order.join(' ')}`).sort().join(', ')}`;
}

function describe(execution: Execution): { reads: string[]; writes: Map<number, string[]> } {
  const performed = new Map<number, number>();
  const reads: string[] = [];
  const writes = new Map<number, string[]>();
  for (let i = 0; i < execution.length; i++) {
    const process = execution.process[i]!;
    const ordinal = (performed.get(process) ?? 0) + 1;
    performed.set(process, ordinal);
    const event = `${process}.${ordinal}`;
    const touch = execution.touch[i]!;
    for (const cell of touch.reads) reads.push(`${event}:${cell}<${writes.get(cell)?.at(-1) ?? 'start'}`);
    for (const cell of touch.writes) {
      const order = writes.get(cell) ?? [];
      writes.set(cell, order);
      order.push(event);
    }
  }
  return { reads, writes };
}

/**
 * How many switches the simplest execution of this class needs: changes from a
 * process that could have continued. `system` is a fresh one of the same
 * program, and is left as it was.
 */
export function fewestSwitches(system: System, execution: Execution): number {
  const { store, processes } = system;
  const events: number[][] = processes.map(() => []);
  for (let i = 0; i < execution.length; i++) events[execution.process[i]!]!.push(i);
  const known = new Map<string, number>();
  const done = processes.map(() => 0);
  const moves: Move[] = [];

  const isNext = (i: number): boolean => {
    for (let k = 0; k < i; k++) {
      if (execution.happensBefore(k, i) && events[execution.process[k]!]!.indexOf(k) >= done[execution.process[k]!]!) return false;
    }
    return true;
  };
  const fewest = (last: number): number => {
    const key = `${done.join(' ')} ${last}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let best = done.every((count, p) => count === events[p]!.length) ? 0 : Infinity;
    moves.length = 0;
    if (last >= 0) processes[last]!.moves(moves);
    const couldGoOn = moves.length > 0;
    for (let p = 0; p < processes.length; p++) {
      const i = events[p]![done[p]!];
      if (i === undefined || !isNext(i)) continue;
      const mark = store.mark();
      movesOf(system).find((move) => move.process === processes[p] && move.label === execution.label[i])!.perform();
      done[p]!++;
      best = Math.min(best, fewest(p) + (last !== p && couldGoOn ? 1 : 0));
      done[p]!--;
      store.undo(mark);
    }
    known.set(key, best);
    return best;
  };
  return fewest(-1);
}
