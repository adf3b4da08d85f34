import { formatSchedule, ScheduleError, type Turn } from './schedule';
import { movesOf, refuseTwins, violationOf, type Move, type System, type Violation } from '../system';
import type { Change } from '../../state/store';
import type { StateGraph } from '../stateful/graph';

// Runs one schedule step by step, with what each step changed.

/** One event of a run. */
export interface TraceEvent {
  readonly label: string;
  readonly kind: Move['kind'];
  readonly process: string;
  /** The context in which it ran: a task, a thread. */
  readonly context: string;
  readonly paths: readonly string[];
  /** The instruction, or what arrived. */
  readonly text: string;
  readonly changes: readonly Change[];
}

export interface Trace {
  readonly schedule: string;
  readonly events: readonly TraceEvent[];
  /** What was broken first, and the index of the event that broke it, or -1 if it was broken before the first; the run may continue after that. */
  readonly violation: (Violation & { readonly event: number }) | null;
}

/**
 * Performs `turns` on `system` and leaves it there.
 *
 * @throws ScheduleError at the first word that is not a possible move, with what was possible
 */
export function replay(system: System, turns: readonly Turn[]): Trace {
  const labels = turns.flatMap(({ label, times }) => Array.from({ length: times }, () => label));
  const events: TraceEvent[] = [];
  const atFirst = violationOf(system);
  let violation: Trace['violation'] = atFirst === null ? null : { ...atFirst, event: -1 };
  for (const [i, label] of labels.entries()) {
    const moves = movesOf(system);
    refuseTwins(moves);
    const move = moves.find((candidate) => candidate.label === label);
    if (!move) {
      const legal = moves.map((candidate) => candidate.label).join(', ') || 'nothing, as the run has ended';
      throw new ScheduleError(`the schedule does not fit at choice ${i + 1}: it says "${label}"; legal: ${legal}`);
    }
    events.push(perform(system, move));
    if (violation !== null) continue;
    const broken = violationOf(system);
    if (broken !== null) violation = { ...broken, event: i };
  }
  return { schedule: formatSchedule(labels), events, violation };
}

function perform(system: System, move: Move): TraceEvent {
  const mark = system.store.mark();
  const { context, paths, text } = move.process.describe();
  move.perform();
  return {
    label: move.label,
    kind: move.kind,
    process: move.process.name,
    context,
    paths,
    text: move.kind === 'interrupt' ? `${move.label} arrives` : text,
    changes: system.store.changesSince(mark).filter(({ cell }) => !cell.endsWith('.stack')),
  };
}

/** The labels of the moves along `path`, a list of edge numbers from the start. Leaves the system as it was. */
export function labelsAlong(system: System, graph: StateGraph, path: readonly number[]): string[] {
  const start = system.store.mark();
  const labels: string[] = [];
  for (const i of path) {
    const edge = graph.edge(i);
    for (let step = 0; step < edge.steps; step++) {
      const moves = movesOf(system);
      const move = step === 0 ? moves.find((candidate) => candidate.label === graph.wordAt(edge.label)) : moves[0];
      if (!move) throw new Error(`machine bug: the run to a found state does not repeat; some state is kept outside tracked cells`);
      labels.push(move.label);
      move.perform();
    }
  }
  system.store.undo(start);
  return labels;
}
