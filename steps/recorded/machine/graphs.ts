// What the graph of each kernel looks like, in a line: a change of the machine or of a kernel path that
// no verdict shows still changes states, moves or what a run says of itself.

import { randomFrom } from '../../../machine/explorer/oracle/sampling';
import { StatefulSearch } from '../../../machine/explorer/stateful/search';
import { movesOf, type System } from '../../../machine/explorer/system';
import { replay } from '../../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../../machine/explorer/verdict/schedule';
import { showTrace } from '../../../machine/explorer/verdict/evidence';
import { PATCHES } from '../../../machine/patches';
import { SITUATIONS } from '../../../machine/situations';
import { prepare } from '../../../machine/situations/check';
import type { Situation } from '../../../machine/situations/types';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** How far each kernel is searched, in states: with its initial parameters, with one thing changed, and with everything drawn. */
const STATES = { initial: 800, changed: 50, drawn: 40 } as const;

/** Kernels of each situation of which everything is drawn. */
const DRAWN = 5;

/** How many events of a run are described. */
const EVENTS = 90;

/** The kernels of each situation, by the hunks and the parameters: `none`, `all`, or as in `all with order=TSO`. Of kernels with the same line, one is recorded. */
export const graphs: Recording = { name: 'graphs', parts: SITUATIONS.map(({ id }) => id), linesOf: kernelsOf };

type Parameters = Readonly<Record<string, string | number | boolean>>;

function kernelsOf(id: string, names?: readonly string[]): Lines {
  const situation = SITUATIONS.find((one) => one.id === id)!;
  const lines: Record<string, string> = {};
  const add = (patches: string, parameters: Parameters, states: number, seed = 1): void => {
    const words = Object.entries(parameters).map(([name, value]) => `${name}=${value}`).join(', ');
    const name = `${patches}${words === '' ? '' : ` with ${words}`}`;
    if (names === undefined || names.includes(name)) lines[name] ??= orRefusal(() => lineOf(situation, patches, parameters, states, seed));
  };
  const { hunks, variants } = PATCHES.find((patch) => patch.id === situation.patch)!;
  const others = [...hunks.map((hunk) => `all,-${hunk.id}`), ...variants.map((variant) => `none,+${situation.patch}@${variant.id}`)];
  for (const patches of ['none', 'all']) add(patches, {}, STATES.initial);
  for (const patches of others) add(patches, {}, STATES.changed);
  for (const [name, { legal, initially }] of Object.entries(situation.parameters)) {
    for (const value of legal) if (value !== initially) add('all', { [name]: value }, STATES.changed);
  }
  const random = randomFrom(id.length);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  for (let i = 1; i <= DRAWN; i++) {
    const parameters = Object.fromEntries(Object.entries(situation.parameters).map(([name, { legal }]) => [name, pick(legal)]));
    add(pick(['none', 'none', 'all', 'all', ...others]), parameters, STATES.drawn, i + 1);
  }
  return names ? lines : distinct(lines);
}

/** Of lines that are the same, only the first. */
function distinct(lines: Lines): Lines {
  const first = new Map(Object.entries(lines).reverse().map(([name, line]) => [line, name]));
  return Object.fromEntries(Object.entries(lines).filter(([name, line]) => first.get(line) === name));
}

/** All invariants are looked at, also those that the kernel need not keep. */
function lineOf({ id, invariants }: Situation, patches: string, parameters: Parameters, states: number, seed: number): string {
  const { situation: { build }, choice } = prepare({ situation: id, patches, parameters, invariants });
  return graphAndRun(build(choice), states, seed);
}

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

/** The schedule of one run, or of its beginning, and the fingerprints along it; the system is left at its end. */
export function drawn(system: System, seed: number, events: number = EVENTS): { readonly schedule: string; readonly fingerprints: readonly number[] } {
  const { store } = system;
  const random = randomFrom(seed);
  const labels: string[] = [];
  const fingerprints: number[] = [];
  for (let moves = movesOf(system); moves.length > 0 && labels.length < events; moves = movesOf(system)) {
    const move = moves[Math.floor(random() * moves.length)]!;
    labels.push(move.label);
    move.perform();
    fingerprints.push(store.a, store.b);
  }
  return { schedule: formatSchedule(labels), fingerprints };
}
