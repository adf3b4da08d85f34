import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../../hypervisors/xen/public/layout';
import { appliesTo, LAYOUTS, RULES, ruleNamed, type Rule, type RuleName } from '../../hypervisors/xen/rules';
import { releaseNamed, type Release } from '../../hypervisors/xen/releases/release';
import { fuzz, hostileGround, type Discovery } from './fuzzer';
import { Umpire } from './judge/umpire';

// How good the fuzzer is: the hypervisor loses one rule after the other, and
// for each it is counted how many calls a guest needs until something breaks.

/** What became of the hypervisor without one rule, with one shape of page tables. */
export interface Trial {
  readonly layout: Layout;
  /** The release that was tried, where it is not the one that these page tables are usual for. */
  readonly release: Release | null;
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

/** The rules that only an interleaving breaks; xen-interrupted.feature, xen-events.feature and xen-pairs.feature leave them out. */
const EXPLORED_RULES = (Object.keys(RULES) as RuleName[]).filter((rule) => (RULES[rule] as Rule).foundBy !== undefined);

/** One row for each rule; each search gives up after `limit` calls, or when `stop` says so. */
export function ruleTable(seed: number, limit: number, stop: (rule: string, calls: number) => boolean = () => false, rules: readonly RuleName[] = FUZZED_RULES): RuleRow[] {
  return rules.map((rule) => ({ rule, says: RULES[rule].says, trials: LAYOUTS.filter((layout) => appliesTo(rule, layout)).map((layout) => trial(rule, layout, seed, limit, stop)) }));
}

/** What breaks where a rule is left out beside another one, and it is the other one that is missed: a translation of what was given away. */
const BESIDES: ReadonlySet<string> = new Set(['xenGuestsIsolated']);

/** A playground for the scripts of one rule, with the rule or without it, and what is not looked for there. */
export function tableGround(rule: RuleName, layout: Layout, release: { readonly release?: Release }, isKept: boolean): { readonly umpire: Umpire; readonly besides: ReadonlySet<string> } {
  const { beside }: Rule = RULES[rule];
  const without = new Set<RuleName>([...(isKept ? [] : [rule]), ...(beside === undefined ? [] : [ruleNamed(beside)])]);
  return { umpire: new Umpire(hostileGround({ layout, without, ...release })), besides: beside === undefined ? new Set<string>() : BESIDES };
}

/** A rule that means nothing to the usual release is left out of the first one that has use for it. */
function trial(rule: RuleName, layout: Layout, seed: number, limit: number, stop: (rule: string, calls: number) => boolean): Trial {
  const { release: needed, beside }: Rule = RULES[rule];
  const release = needed === undefined ? null : releaseNamed(`${needed}+fixes`);
  const without = new Set([rule, ...(beside === undefined ? [] : [ruleNamed(beside)])]);
  const { discovery } = fuzz({ layout, seed, calls: limit, without, ...(release ? { release } : {}), ...(beside === undefined ? {} : { besides: BESIDES }), stop: (calls) => stop(rule, calls) });
  return { layout, release, found: discovery };
}

/** What the fuzzer has found of one rule on one shape of page tables, as it is kept for the suite and the report. */
export interface RecordedRow {
  readonly rule: string;
  readonly tables: string;
  /** The release that was tried, where it is not the usual one. */
  readonly xen: string | null;
  readonly invariant: string;
  /** Calls until it was found, for each seed. */
  readonly calls: readonly number[];
  /** The shortest script of all seeds. */
  readonly script: readonly string[];
}

export interface RecordedTable {
  readonly seeds: readonly number[];
  readonly limit: number;
  readonly rows: readonly RecordedRow[];
}

const FILE = join(__dirname, 'recorded', 'rules.json');

/** The table that this package keeps, wherever the command was called; null if there is none yet. */
export function recordedTable(): RecordedTable | null {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) as RecordedTable : null;
}

/** Keeps the table. Writes under another name first, so that a reader never sees half of it. */
export function keepTable(table: RecordedTable): void {
  writeFileSync(`${FILE}.half`, `${JSON.stringify(table, null, 1)}\n`);
  renameSync(`${FILE}.half`, FILE);
}

/**
 * Looks for every rule from each seed, on each shape of page tables, and goes on where an earlier run was stopped.
 *
 * @param onFound told of the table as it grows
 * @returns what was not found, in words
 */
export function recordTable(known: RecordedTable, limit: number, stop: (rule: string, calls: number) => boolean, onFound: (table: RecordedTable) => void): readonly string[] {
  const missed: string[] = [];
  const rows = new Map(known.rows.map((row) => [`${row.rule} on ${row.tables}`, row]));
  for (const [i, seed] of known.seeds.entries()) {
    for (const layout of [...LAYOUTS].reverse()) {
      for (const rule of FUZZED_RULES) {
        const name = `${rule} on ${layout.name}`;
        const row = rows.get(name);
        if (!appliesTo(rule, layout) || (row?.calls.length ?? 0) > i) continue;
        const { found, release } = trial(rule, layout, seed, limit, stop);
        if (stop(rule, 0)) return missed;
        if (found === null) missed.push(`${name} from seed ${seed}`);
        else rows.set(name, withFound(row ?? { rule, tables: layout.name, xen: release?.name ?? null, invariant: found.violation.invariant, calls: [], script: found.script }, found));
        onFound({ ...known, limit, rows: [...rows.values()] });
      }
    }
  }
  return missed;
}

function withFound(row: RecordedRow, { calls, script, violation: { invariant } }: Discovery): RecordedRow {
  const isShorter = script.length < row.script.length;
  return { ...row, calls: [...row.calls, calls], ...(isShorter ? { script, invariant } : {}) };
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
