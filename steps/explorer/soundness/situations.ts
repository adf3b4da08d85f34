// Every situation by every engine that can finish it: the verdict, the outcomes and the cost of the run that is shown must be the same.

import type { EngineName } from '../../../machine/explorer/engine';
import { explore, type Verdict } from '../../../machine/explorer/explore';
import type { Program } from '../../../machine/explorer/program';
import { PATCHES } from '../../../machine/patches';
import { selectHunks } from '../../../machine/patches/selection';
import { SITUATIONS } from '../../../machine/situations';
import { parametersOf, type Situation } from '../../../machine/situations/types';

/** Random runs that challenge each verdict: few, since the verdicts are compared with each other. */
const CHALLENGE = 20;

/** The answer of one engine about a program, up to where it stopped. */
export interface Row {
  readonly verdict: Verdict;
  /** Of processor time. */
  readonly seconds: number;
}

/** Runs one engine for about this many events. */
export function rowOf(program: Program, engine: EngineName, limit: number): Row {
  const start = process.cpuUsage();
  const verdict = explore(program, {}, ({ events }) => (events > limit ? 'stop' : 'go on'), { engine, challenge: CHALLENGE });
  const { user, system } = process.cpuUsage(start);
  return { verdict, seconds: (user + system) / 1e6 };
}

/** How one verdict differs from that of the search with the whole graph. */
export function differencesBetween(whole: Verdict, other: Verdict, withOutcomes: boolean): string[] {
  const kinds = (verdict: Verdict): string[] => verdict.findings.map(({ kind, invariant, message, witness }) => {
    const { events } = witness.trace;
    const switches = events.filter((event, i) => i > 0 && event.process !== events[i - 1]!.process).length;
    // Of several deadlocks and loops only one is shown, and the place where a loop is seen to begin does not identify it.
    return kind === 'violation' ? `${invariant}: ${message} by ${witness.interrupts}, ${switches}, ${witness.steps}` : kind;
  });
  const sets: [string, readonly string[], readonly string[]][] = [['finding', kinds(whole), kinds(other)]];
  if (withOutcomes) sets.push(['outcome', whole.outcomes, other.outcomes]);
  return sets.flatMap(([what, is, said]) => [
    ...is.filter((one) => !said.includes(one)).map((one) => `lost ${what}: ${one}`),
    ...said.filter((one) => !is.includes(one)).map((one) => `invented ${what}: ${one}`),
  ]);
}

/** @throws Error for a name that does not exist */
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
