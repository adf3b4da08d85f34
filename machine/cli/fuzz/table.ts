import type { Layout } from '../../hypervisors/xen/public/layout';
import { appliesTo, LAYOUTS, RULES, type Rule, type RuleName } from '../../hypervisors/xen/rules';
import { fuzz, type Discovery } from './fuzzer';

// How good the fuzzer is: the hypervisor loses one rule after the other, and
// for each it is counted how many calls a guest needs until something breaks.

/** What became of the hypervisor without one rule, with one shape of page tables. */
export interface Trial {
  readonly layout: Layout;
  /** Null where nothing was found within the limit. */
  readonly found: Discovery | null;
}

export interface RuleRow {
  readonly rule: RuleName;
  readonly says: string;
  /** One for each shape on which the rule means anything. */
  readonly trials: readonly Trial[];
}

/** The rules that one call after the other can break. */
export const FUZZED_RULES = (Object.keys(RULES) as RuleName[]).filter((rule) => (RULES[rule] as Rule).foundBy === undefined);

/** The rules that only an interleaving breaks; features/machine/xen-interrupted.feature and xen-events.feature leave them out. */
const EXPLORED_RULES = (Object.keys(RULES) as RuleName[]).filter((rule) => (RULES[rule] as Rule).foundBy === 'explorer');

/** One row for each rule; each search gives up after `limit` calls, or when `stop` says so. */
export function ruleTable(seed: number, limit: number, stop: (rule: string, calls: number) => boolean = () => false): RuleRow[] {
  return FUZZED_RULES.map((rule) => ({
    rule,
    says: RULES[rule].says,
    trials: LAYOUTS.filter((layout) => appliesTo(rule, layout)).map((layout) => ({ layout, found: fuzz({ layout, seed, calls: limit, without: new Set([rule]), stop: (calls) => stop(rule, calls) }).discovery })),
  }));
}

/** The table as text: calls until found, and the length of the shortest script, on each shape. */
export function formatRuleTable(rows: readonly RuleRow[]): string {
  const width = Math.max(...rows.map(({ rule }) => rule.length));
  const line = (rule: string, cells: readonly string[], by: string): string => [rule.padEnd(width), ...cells.map((cell) => cell.padEnd(20)), by].join('  ');
  const cell = (row: RuleRow, layout: Layout): string => {
    const trial = row.trials.find((candidate) => candidate.layout === layout);
    if (!trial) return '-';
    return trial.found === null ? 'not found' : `${trial.found.calls} calls, ${trial.found.script.length} left`;
  };
  return [
    line('without the rule', LAYOUTS.map(({ name }) => name), 'broken'),
    ...rows.map((row) => line(row.rule, LAYOUTS.map((layout) => cell(row, layout)), [...new Set(row.trials.map(({ found }) => found?.violation.invariant ?? ''))].join(', '))),
    `By the explorer, since it takes another virtual CPU in the middle of a call: ${EXPLORED_RULES.join(', ')}`,
  ].join('\n');
}
