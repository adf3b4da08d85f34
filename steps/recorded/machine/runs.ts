// What one system does, in a line: the beginning of its graph, one run that is described, and walks to its end.

import { randomFrom } from '../../../machine/explorer/oracle/sampling';
import { StatefulSearch } from '../../../machine/explorer/stateful/search';
import { isAtRest, movesOf, type Move, type System } from '../../../machine/explorer/system';
import { replay } from '../../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../../machine/explorer/verdict/schedule';
import { showTrace } from '../../../machine/explorer/verdict/evidence';
import { digest } from '../recording';

/** How many events of a run are described. */
const EVENTS = 90;

/** How many events a walk has, if the system does not end before; how many of them may lead to a state that it has seen; and after how many the invariants are looked at again. */
const WALK = 500;
const SEEN_AGAIN = 60;
const LOOK = 25;

/** The graph and then a run of one system. */
export function graphAndRun(system: System, states: number, seed = 1): string {
  const start = system.store.mark();
  const graph = graphOf(system, states);
  system.store.undo(start);
  return `${graph}; ${runOf(system, seed)}`;
}

/** Counts of what is seen up to so many states, and a digest of the rest: moves with their ends, what is broken, what runs come to. */
export function graphOf(system: System, states: number): string {
  const search = new StatefulSearch(system, { states }, undefined, { goesOn: true });
  while (search.advance(1000) === 'under way') continue;
  const { graph, events, depth, complete, violations, outcomes, endings, states: seen } = search.result();
  const moves = Array.from({ length: graph.size }, (_, i) => {
    const { label, ...edge } = graph.edge(i);
    return { ...edge, label: graph.wordAt(label), place: graph.placeOf(i), broken: graph.breaksAt(i), ready: graph.stayReadyAlong(i) };
  });
  return `${complete ? '' : 'the first '}${seen} states, ${graph.size} moves, ${events} events, depth ${depth}, ${violations.length} broken, ${outcomes.size} outcomes, ${digest([moves, violations, [...outcomes], endings])}`;
}

/** A run that is drawn: each event with its instruction, what it changes, and the fingerprint after it. */
export function runOf(system: System, seed = 1): string {
  const start = system.store.mark();
  const { schedule, fingerprints } = drawn(system, seed);
  system.store.undo(start);
  const run = showTrace(replay(system, parseSchedule(schedule)));
  return `a run of ${run.events.length} events, ${digest([run, fingerprints])}`;
}

/** Walks that are drawn, to the end of the system: each event with its instruction and the fingerprint after it; now and then what each process waits for, and what is broken. */
export function walksOf(system: System, seeds: readonly number[]): string {
  const walks = seeds.map((seed) => {
    const start = system.store.mark();
    const { events, steps } = walk(system, seed);
    const end = isAtRest(system, movesOf(system)) ? system.outcome?.() : system.invariants.map((invariant) => invariant.check());
    system.store.undo(start);
    return { events, steps, end };
  });
  return `walks of ${walks.map(({ events }) => events).join(', ')} events, ${digest(walks)}`;
}

function walk(system: System, seed: number): { readonly events: number; readonly steps: readonly unknown[] } {
  const { store, processes, invariants } = system;
  const steps: unknown[] = [];
  const seen = new Set<string>();
  let events = 0;
  for (const move of drawnMoves(system, randomFrom(seed), WALK)) {
    const { context, paths, text } = move.process.describe();
    move.perform();
    steps.push(move.label, context, paths.at(-1), text, store.a, store.b);
    seen.add(`${store.a} ${store.b}`);
    if (++events - seen.size > SEEN_AGAIN) break;
    if (events % LOOK === 0) steps.push(processes.map((process) => process.awaited?.()), invariants.map((invariant) => invariant.check()));
  }
  return { events, steps };
}

/** Moves of one run, each drawn from those that are possible; the caller performs them. */
function* drawnMoves(system: System, random: () => number, events: number): Generator<Move> {
  let moves = movesOf(system);
  for (let i = 0; i < events && moves.length > 0; i++, moves = movesOf(system)) yield moves[Math.floor(random() * moves.length)]!;
}

/** The schedule of one run, or of its beginning, and the fingerprints along it; the system is left at its end. */
export function drawn(system: System, seed: number, events: number = EVENTS): { readonly schedule: string; readonly fingerprints: readonly number[] } {
  const { store } = system;
  const labels: string[] = [];
  const fingerprints: number[] = [];
  for (const move of drawnMoves(system, randomFrom(seed), events)) {
    labels.push(move.label);
    move.perform();
    fingerprints.push(store.a, store.b);
  }
  return { schedule: formatSchedule(labels), fingerprints };
}
