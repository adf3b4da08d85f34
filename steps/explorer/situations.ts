// Every situation by every engine that can hold it: the same verdict, the same outcomes, the same cost of what is shown.

import type { EngineName } from '../../machine/explorer/engine';
import { explore, type Verdict } from '../../machine/explorer/explore';
import type { Program } from '../../machine/explorer/program';
import { PATCHES } from '../../machine/patches';
import { selectHunks } from '../../machine/patches/selection';
import { SITUATIONS } from '../../machine/situations';
import { parametersOf, type Situation } from '../../machine/situations/types';

/** Where the search with the whole graph sees more states than this, brute force is not asked. */
const ORACLE = 40_000;

/** More events than so many for each event of the search with the whole graph, and an engine is passed over. */
const PATIENCE = 20;

const OTHERS: readonly EngineName[] = ['layered', 'reduced', 'optimal', 'brute-force'];

/** What one engine says of a program beside the search with the whole graph. */
export interface Row {
  readonly engine: EngineName;
  readonly verdict: Verdict;
  /** In words; empty if they agree. */
  readonly differences: readonly string[];
  /** Why there is nothing to compare; null if there is. */
  readonly passedOver: string | null;
}

/** Holds every engine against the search with the whole graph. */
export function rowsFor(program: Program, engines: readonly EngineName[] = OTHERS): readonly [Verdict, readonly Row[]] {
  const whole = explore(program, {}, undefined, { engine: 'stateful' });
  const { processes, runsOut } = program();
  return [whole, engines.map((engine): Row => {
    const none = (passedOver: string, verdict: Verdict = whole): Row => ({ engine, verdict, differences: [], passedOver });
    if (engine === 'brute-force' && whole.states > ORACLE) return none(`more than ${ORACLE} states`);
    if (processes.length > 31 && (engine === 'reduced' || engine === 'optimal')) return none('too many processes');
    const limit = 20_000 + PATIENCE * whole.events;
    const verdict = explore(program, {}, ({ events }) => (events > limit ? 'stop' : 'go on'), { engine });
    if (!verdict.complete) return none(whole.search.cyclic && engine !== 'layered' ? 'goes round' : `did not end within ${limit} events`, verdict);
    return { engine, verdict, differences: differencesBetween(whole, verdict, engine !== 'optimal' || runsOut === true), passedOver: null };
  })];
}

function differencesBetween(whole: Verdict, other: Verdict, withOutcomes: boolean): string[] {
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

/** A situation without its patch, or with all of it. */
export function programOf(situation: Situation, patches: 'none' | 'all'): Program {
  const choice = { hunks: selectHunks(PATCHES, patches), parameters: parametersOf(situation), invariants: situation.requirements ?? situation.invariants };
  return () => situation.build(choice);
}

/** Explores every situation, before and after, and tells of each; how many differences there were. */
export function inspectSituations(tell: (line: string) => void): number {
  let differences = 0;
  for (const situation of SITUATIONS) {
    for (const patches of ['none', 'all'] as const) {
      const [whole, rows] = rowsFor(programOf(situation, patches));
      const words = rows.map(({ engine, verdict, passedOver, differences: found }) => `${engine} ${passedOver ?? (found.length > 0 ? 'DIFFERS' : verdict.states > 0 ? `${verdict.states} states` : `${verdict.executions} executions`)}`);
      tell(`${situation.id} with ${patches}: ${whole.findings.length} findings, ${whole.outcomes.length} outcomes, ${whole.states} states; ${words.join('; ')}`);
      for (const row of rows) for (const line of row.differences) tell(`    ${row.engine} ${line}`);
      differences += rows.reduce((sum, row) => sum + row.differences.length, 0);
    }
  }
  tell(`${2 * SITUATIONS.length} kernels, ${differences} differences`);
  return differences;
}
