// Checks whether a page can be trusted: every witness must replay, step by step, on the machine as it is now, and
// every mark in a table of versions must say what the searches of the scenario that it links to have found.

import type { ShownEvent } from '../machine/explorer/verdict/evidence';
import { ScheduleError } from '../machine/explorer/verdict/schedule';
import { SelectionError } from '../machine/patches/selection';
import type { RunScenario } from './messages';
import { play } from './trace/play';

/** One line for each witness that does not replay as recorded; empty if all do. */
export function recheck(scenarios: readonly RunScenario[]): string[] {
  return scenarios.flatMap(({ id, evidence }) => evidence.flatMap(({ request, verdict }) => verdict.findings.flatMap(({ invariant, witness }) => {
    const problem = compare(() => play(request, witness.schedule), witness.events);
    return problem === null ? [] : [`${id}: the witness of ${invariant} ${problem}`];
  })));
}

/** One line for each mark in the tables of `page` that does not say what its scenario found; empty if all do. */
export function recheckTables(page: string, scenarios: readonly RunScenario[]): string[] {
  return [...page.matchAll(/<a class="mark[^"]*" href="#([^"]+)"[^>]*data-property="(\w+)">([^<]+)</g)].flatMap(([, id, property = '', words = '']) => {
    const evidence = scenarios.find((scenario) => scenario.id === id)?.evidence ?? [];
    const found = new Set(evidence.flatMap(({ verdict, invariants }) => {
      if (verdict.findings.some(({ invariant, kind }) => invariant === property || kind === property)) return ['fails'];
      const asked = invariants.includes(property) || property === 'deadlock' || property === 'livelock';
      return asked ? [verdict.complete ? 'holds' : 'undecided'] : [];
    }));
    const said = words.split(':')[0]!;
    return found.has(said) ? [] : [`the table says "${said}" of ${property} and links to ${id}, which found ${[...found].join(' and ') || 'nothing about it'}`];
  });
}

const same = (one: ShownEvent, other: ShownEvent): boolean => one.text === other.text && one.label === other.label && JSON.stringify(one.changes) === JSON.stringify(other.changes);

function compare(replayed: () => ReturnType<typeof play>, recorded: readonly ShownEvent[]): string | null {
  try {
    const { events, refusal } = replayed();
    if (refusal !== null) return `cannot be replayed: ${refusal}`;
    const at = recorded.findIndex((event, i) => !same(event, events[i]!));
    if (at < 0) return null;
    const [then, now] = [recorded[at]!, events[at]!];
    const words = then.text === now.text ? 'changes other cells than now' : `is "${then.text}", and now "${now.text}"`;
    return `differs at step ${at + 1}: what was recorded ${words}`;
  } catch (error) {
    if (!(error instanceof SelectionError || error instanceof ScheduleError)) throw error;
    return `cannot be replayed: ${error.message}`;
  }
}
