// What the graph of each kernel looks like, in a line: a change of the machine or of a kernel path that
// no verdict shows still changes states, moves or what a run says of itself.

import { randomFrom } from '../../machine/explorer/oracle/sampling';
import { StatefulSearch } from '../../machine/explorer/stateful/search';
import { movesOf, type System } from '../../machine/explorer/system';
import { replay } from '../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../machine/explorer/verdict/schedule';
import { showTrace } from '../../machine/explorer/verdict/evidence';
import { SITUATIONS } from '../../machine/situations';
import { prepare } from '../../machine/situations/check';
import { digest, type Lines, type Recording } from './recording';

/** How far each kernel is searched, in states: with its initial parameters, and with one of them changed. */
const STATES = { initial: 1000, changed: 80 } as const;

/** How many events of a run are described. */
const EVENTS = 100;

/** The kernels of each situation, named `none`, `all`, or as in `all with order=TSO`. */
export const graphs: Recording = { name: 'graphs', parts: SITUATIONS.map(({ id }) => id), linesOf: kernelsOf };

function kernelsOf(id: string): Lines {
  const { parameters } = SITUATIONS.find((one) => one.id === id)!;
  const lines: Record<string, string> = {};
  for (const patches of ['none', 'all']) lines[patches] = lineOf(id, patches, {}, STATES.initial);
  for (const [name, { legal, initially }] of Object.entries(parameters)) {
    for (const value of legal) if (value !== initially) lines[`all with ${name}=${value}`] = lineOf(id, 'all', { [name]: value }, STATES.changed);
  }
  return lines;
}

function lineOf(situation: string, patches: string, parameters: Readonly<Record<string, string | number | boolean>>, states: number): string {
  const { situation: { build }, choice } = prepare({ situation, patches, parameters });
  const make = (): System => build(choice);
  return `${graphOf(make(), states)}; ${runOf(make)}`;
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

/** A run that is drawn, each event with its instruction and what it changes. */
export function runOf(make: () => System, seed = 1): string {
  const run = showTrace(replay(make(), parseSchedule(drawn(make(), seed))));
  return `a run of ${run.events.length} events, ${digest(run)}`;
}

/** The schedule of one run, or of its beginning; the system is left at its end. */
export function drawn(system: System, seed: number, events: number = EVENTS): string {
  const random = randomFrom(seed);
  const labels: string[] = [];
  for (let moves = movesOf(system); moves.length > 0 && labels.length < events; moves = movesOf(system)) {
    const move = moves[Math.floor(random() * moves.length)]!;
    labels.push(move.label);
    move.perform();
  }
  return formatSchedule(labels);
}
