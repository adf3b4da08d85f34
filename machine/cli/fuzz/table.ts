import { PAE, TWO_LEVEL } from '../../hypervisors/xen/public-layout';
import { RULES, type RuleName } from '../../hypervisors/xen/rules';
import { fuzz, type Discovery } from './fuzzer';

// How good the fuzzer is: the hypervisor loses one rule after the other, and
// for each it is counted how many calls a guest needs until something breaks.

/** What became of the hypervisor without one rule. */
export interface RuleRow {
  readonly rule: RuleName;
  readonly says: string;
  /** For each shape of page tables the discovery, or null within the limit. */
  readonly found: Readonly<Record<'2-level' | 'PAE', Discovery | null>>;
}

/** One row for each rule; each search gives up after `limit` calls. */
export function ruleTable(seed: number, limit: number): RuleRow[] {
  return (Object.keys(RULES) as RuleName[]).map((rule) => {
    const without = new Set([rule]);
    const search = (layout: typeof PAE): Discovery | null => fuzz({ layout, seed, calls: limit, without }).discovery;
    return { rule, says: RULES[rule].says, found: { '2-level': search(TWO_LEVEL), PAE: search(PAE) } };
  });
}

/** The table as text: calls until found, and the length of the shortest script, on both shapes. */
export function formatRuleTable(rows: readonly RuleRow[]): string {
  const cell = (found: Discovery | null): string => (found === null ? 'not found' : `${found.calls} calls, ${found.script.length} left`);
  const width = Math.max(...rows.map(({ rule }) => rule.length));
  const line = (rule: string, two: string, pae: string, by: string): string => `${rule.padEnd(width)}  ${two.padEnd(20)}  ${pae.padEnd(20)}  ${by}`;
  return [
    line('without the rule', '2-level', 'PAE', 'broken'),
    ...rows.map(({ rule, found }) => line(rule, cell(found['2-level']), cell(found.PAE), (found.PAE ?? found['2-level'])?.violation.invariant ?? '')),
  ].join('\n');
}
