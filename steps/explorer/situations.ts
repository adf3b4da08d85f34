// Every situation by every engine that can hold it: the same verdict, the same outcomes, the same cost of what is shown.

import type { EngineName } from '../../machine/explorer/engine';
import { explore, type Verdict } from '../../machine/explorer/explore';
import type { Program } from '../../machine/explorer/program';
import { PATCHES } from '../../machine/patches';
import { selectHunks } from '../../machine/patches/selection';
import { SITUATIONS } from '../../machine/situations';
import { StatefulSearch } from '../../machine/explorer/stateful/search';
import { parametersOf, type Situation } from '../../machine/situations/types';

/** Where the search with the whole graph sees more states than this, brute force is not asked. */
const ORACLE = 40_000;

/** More events than so many for each event of the search with the whole graph, and an engine is passed over. */
const PATIENCE = 20;

export const OTHERS: readonly EngineName[] = ['layered', 'reduced', 'optimal', 'brute-force'];

/** Random runs that challenge each verdict: few, as the verdicts are compared with each other. */
const CHALLENGE = 20;

/** What one engine says of a program beside the search with the whole graph. */
export interface Row {
  readonly engine: EngineName;
  readonly verdict: Verdict;
  /** In words; empty if they agree. */
  readonly differences: readonly string[];
  /** Why there is nothing to compare; null if there is. */
  readonly passedOver: string | null;
  /** Of processor time. */
  readonly seconds: number;
}

/** What each engine is allowed: events of the search with the whole graph, and of the others for each of its; for brute force, states, which it compares by their text. */
const WHOLE_EVENTS = 1_500_000;
const OWN_BOUNDS: Partial<Record<EngineName, { readonly least: number; readonly foreach: number }>> = {
  layered: { least: 50_000, foreach: 3 }, reduced: { least: 50_000, foreach: 4 }, optimal: { least: 200_000, foreach: 1 }, auto: { least: 100_000, foreach: 6 },
};
const MOST_STATES_BY_TEXT = 4_000;

/** The same, each engine within a bound of its own: what it cannot hold within that is said to be too large. The search with the whole graph comes first. */
export function boundedRowsFor(program: Program, engines: readonly EngineName[]): readonly Row[] {
  const whole = rowOf(program, 'stateful', WHOLE_EVENTS);
  const { complete, states, events, search: { cyclic } } = whole.verdict;
  if (!complete) return [{ ...whole, passedOver: `too large: more than ${WHOLE_EVENTS} events` }, ...engines.map((engine): Row => ({ ...whole, engine, seconds: 0, passedOver: 'nothing to compare with' }))];
  const { processes: { length }, runsOut } = program();
  return [whole, ...engines.map((engine): Row => {
    if (engine === 'brute-force' && states > MOST_STATES_BY_TEXT) return { ...whole, engine, seconds: 0, passedOver: `too large: more than ${MOST_STATES_BY_TEXT} states` };
    if (cyclic && (engine === 'reduced' || engine === 'optimal')) return { ...whole, engine, seconds: 0, passedOver: 'cannot end, as runs go round' };
    const { least = Infinity, foreach = 0 } = OWN_BOUNDS[engine] ?? {};
    if (length > 31 && (engine === 'reduced' || engine === 'optimal')) return { ...whole, engine, seconds: 0, passedOver: 'cannot tell so many processes apart' };
    const row = rowOf(program, engine, least + foreach * events);
    if (!row.verdict.complete) return { ...row, passedOver: `too large: more than ${least + foreach * events} events` };
    return { ...row, differences: differencesBetween(whole.verdict, row.verdict, row.verdict.engine !== 'optimal' || runsOut === true) };
  })];
}

/** Compares engines with the search with the whole graph, which comes first. */
export function rowsFor(program: Program, engines: readonly EngineName[] = OTHERS): readonly [Row, readonly Row[]] {
  const whole = rowOf(program, 'stateful', Infinity);
  const { states, events, search: { cyclic } } = whole.verdict;
  const { processes, runsOut } = program();
  return [whole, engines.map((engine): Row => {
    if (engine === 'brute-force' && states > ORACLE) return { ...whole, engine, passedOver: `has no answer to more than ${ORACLE} states` };
    if (processes.length > 31 && (engine === 'reduced' || engine === 'optimal')) return { ...whole, engine, passedOver: 'cannot tell so many processes apart' };
    const limit = 20_000 + PATIENCE * events;
    const row = rowOf(program, engine, limit);
    if (!row.verdict.complete) return { ...row, passedOver: cyclic && (engine === 'reduced' || engine === 'optimal') ? 'cannot end, as runs go round' : `did not end within ${limit} events` };
    return { ...row, differences: differencesBetween(whole.verdict, row.verdict, row.verdict.engine !== 'optimal' || runsOut === true) };
  })];
}

function rowOf(program: Program, engine: EngineName, limit: number): Row {
  const start = process.cpuUsage();
  const verdict = explore(program, {}, ({ events }) => (events > limit ? 'stop' : 'go on'), { engine, challenge: CHALLENGE });
  const { user, system } = process.cpuUsage(start);
  return { engine, verdict, differences: [], passedOver: null, seconds: (user + system) / 1e6 };
}

/** What one verdict says otherwise than the search with the whole graph. */
export function differencesBetween(whole: Verdict, other: Verdict, withOutcomes: boolean): string[] {
  const kinds = (verdict: Verdict): string[] => verdict.findings.map(({ kind, invariant, message, witness }) => {
    const { events } = witness.trace;
    const switches = events.filter((event, i) => i > 0 && event.process !== events[i - 1]!.process).length;
    // Of several deadlocks and loops one is shown, and where one is seen to begin is nothing that it is known by.
    return kind === 'violation' ? `${invariant}: ${message} by ${witness.interrupts}, ${switches}, ${witness.steps}` : kind;
  });
  const sets: [string, readonly string[], readonly string[]][] = [['finding', kinds(whole), kinds(other)]];
  if (withOutcomes) sets.push(['outcome', whole.outcomes, other.outcomes]);
  return sets.flatMap(([what, is, said]) => [
    ...is.filter((one) => !said.includes(one)).map((one) => `lost ${what}: ${one}`),
    ...said.filter((one) => !is.includes(one)).map((one) => `invented ${what}: ${one}`),
  ]);
}

/** @throws Error for a name that there is not */
export function situationCalled(id: string): Situation {
  const situation = SITUATIONS.find((one) => one.id === id);
  if (!situation) throw new Error(`there is no situation "${id}"`);
  return situation;
}

/** `visitors=2, unpin=true` */
export function settingsIn(text: string): Record<string, string | number | boolean> {
  return Object.fromEntries(text.split(', ').map((setting) => {
    const [name, value] = setting.split('=') as [string, string];
    return [name, /^\d+$/.test(value) ? Number(value) : value === 'true' ? true : value === 'false' ? false : value];
  }));
}

/** A situation without its patch, or with all of it. */
export function programOf(situation: Situation, patches: 'none' | 'all', settings: Readonly<Record<string, string | number | boolean>> = {}): Program {
  const choice = { hunks: selectHunks(PATCHES, patches), parameters: parametersOf(situation, settings), invariants: situation.requirements ?? situation.invariants };
  return () => situation.build(choice);
}

/** Whether nothing can come once all work of a program is done, whatever it says of itself. */
export function runsOut(program: Program): boolean {
  const search = new StatefulSearch({ ...program(), runsOut: true });
  try {
    while (search.advance(LARGE) === 'under way') continue;
  } catch (error) {
    if (error instanceof Error && error.message.includes('says that it runs out')) return false;
    throw error;
  }
  return true;
}

/** A kernel to search: a situation without its patch, or with all of it. */
interface Kernel {
  readonly situation: Situation;
  readonly patches: 'none' | 'all';
  /** How many moves the search with the whole graph takes; Infinity where they are more than LARGE. */
  readonly moves: number;
}

/** Kernels with more moves than this come last, whatever their order. */
const LARGE = 8_000;

/** The kernels of one part of `parts`, the smallest first, so that a run that is stopped has left out the largest. */
export function kernelsOf(part: number, parts: number): readonly Kernel[] {
  return SITUATIONS.flatMap((situation) => (['none', 'all'] as const).map((patches) => ({ situation, patches })))
    .filter((_, n) => n % parts === part - 1)
    .map((kernel) => ({ ...kernel, moves: movesIn(programOf(kernel.situation, kernel.patches)) }))
    .sort((one, other) => (one.moves === other.moves ? 0 : one.moves - other.moves));
}

function movesIn(program: Program): number {
  const search = new StatefulSearch(program());
  return search.advance(LARGE) === 'ended' ? search.result().graph.size : Infinity;
}

/**
 * Explores the situations of one part, before and after, by every engine.
 *
 * @param tell is told a line for each kernel, and one for each difference
 * @returns how many differences there were
 */
export function inspectSituations(tell: (line: string) => void, part = 1, parts = 1): number {
  let [differences, comparisons, passedOver] = [0, 0, 0];
  const kernels = kernelsOf(part, parts);
  tell(`${kernels.length} kernels${parts === 1 ? '' : `, part ${part} of ${parts}`}; each engine with its states or executions, and the seconds of processor time that it took`);
  for (const [n, { situation, patches }] of kernels.entries()) {
    const [whole, rows] = rowsFor(programOf(situation, patches), [...OTHERS, 'auto']);
    const { verdict: { findings, outcomes } } = whole;
    tell(`${n + 1}. ${situation.id} with ${patches}: ${findings.length} findings, ${outcomes.length} outcomes; ${[whole, ...rows].map(inWords).join('; ')}`);
    for (const { engine, differences: found } of rows) for (const line of found) tell(`    ${engine} ${line}`);
    differences += rows.reduce((sum, row) => sum + row.differences.length, 0);
    comparisons += rows.length;
    passedOver += rows.filter((row) => row.passedOver !== null).length;
  }
  tell(`${kernels.length} kernels, ${comparisons - passedOver} comparisons, ${passedOver} passed over, ${differences} differences`);
  return differences;
}

function inWords({ engine, verdict, passedOver, differences, seconds }: Row): string {
  const size = verdict.states > 0 ? `${verdict.states} states` : `${verdict.executions} executions`;
  return `${engine} ${passedOver ?? `${differences.length > 0 ? 'DIFFERS, ' : ''}${engine === 'auto' ? `by the ${verdict.engine} engine, ` : ''}${size}, ${seconds.toFixed(2)} s`}`;
}
