import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../../hypervisors/xen/public/layout';
import { appliesTo, LAYOUTS, RULES, ruleNamed, type Rule, type RuleName } from '../../hypervisors/xen/rules';
import { releaseNamed, type Release } from '../../hypervisors/xen/releases/release';
import { fuzz, hostileGround, type Discovery } from './fuzzer';
import { Umpire } from './judge/umpire';
import { parseTurn } from './script';

// How good the fuzzer is: each rule is left out in turn, and the calls that a
// guest needs until something breaks are counted.

/** The result for the hypervisor without one rule, on one layout of page tables. */
export interface Trial {
  readonly layout: Layout;
  /** The release that was tried, if it is not the usual one for these page tables. */
  readonly release: Release | null;
  /** Null if nothing was found within the limit. */
  readonly found: Discovery | null;
}

export interface RuleRow {
  readonly rule: RuleName;
  readonly says: string;
  /** One for each layout to which the rule applies. */
  readonly trials: readonly Trial[];
}

/** The rules that calls made one after the other can break. */
export const FUZZED_RULES = (Object.keys(RULES) as RuleName[]).filter((rule) => (RULES[rule] as Rule).foundBy === undefined);

/** The rules that only an interleaving breaks; xen-interrupted.feature, xen-events.feature and xen-pairs.feature leave them out. */
const EXPLORED_RULES = (Object.keys(RULES) as RuleName[]).filter((rule) => (RULES[rule] as Rule).foundBy !== undefined);

/** One row for each rule; each search ends after `limit` calls, or when `stop` returns true. */
export function ruleTable(seed: number, limit: number, stop: (rule: string, calls: number) => boolean = () => false, rules: readonly RuleName[] = FUZZED_RULES): RuleRow[] {
  return rules.map((rule) => ({ rule, says: RULES[rule].says, trials: LAYOUTS.filter((layout) => appliesTo(rule, layout)).map((layout) => trial(rule, layout, seed, limit, stop)) }));
}

/** For a rule that is left out together with another one: the violations that only come from the other one. */
interface Beside {
  readonly without: ReadonlySet<RuleName>;
  /** Violations of the other one after which nothing else can be judged: a translation of a frame that was given away. */
  readonly besides: ReadonlySet<string>;
  /** Violations of the other one that do not affect the rest. */
  readonly ignored: ReadonlySet<string>;
}

function besideOf(rule: RuleName, isKept = false): Beside {
  const { beside }: Rule = RULES[rule];
  const other = beside === undefined ? [] : [ruleNamed(beside)];
  const ends = other.length > 0 && beside !== 'linear-chains-refused';
  return { without: new Set<RuleName>([...(isKept ? [] : [rule]), ...other]), besides: new Set(ends ? ['xenGuestsIsolated'] : []), ignored: new Set(beside === 'linear-chains-refused' ? ['xenLinearChainsShort'] : []) };
}

/** A playground for the scripts of one rule, with or without the rule, and what is not checked there. */
export function tableGround(rule: RuleName, layout: Layout, release: { readonly release?: Release }, isKept: boolean): { readonly umpire: Umpire; readonly besides: ReadonlySet<string> } {
  const { without, besides, ignored } = besideOf(rule, isKept);
  return { umpire: new Umpire(hostileGround({ layout, without, ...release }), undefined, ignored), besides };
}

/** A rule that does not apply to the usual release is left out of the first one to which it does. */
function trial(rule: RuleName, layout: Layout, seed: number, limit: number, stop: (rule: string, calls: number) => boolean, leavesLong = false): Trial {
  const { release: needed }: Rule = RULES[rule];
  const release = needed === undefined ? null : releaseNamed(`${needed}+fixes`);
  const { discovery } = fuzz({ layout, seed, calls: limit, ...besideOf(rule), ...(release ? { release } : {}), leavesLong, stop: (calls) => stop(rule, calls) });
  return { layout, release, found: discovery };
}

/** What the fuzzer has found for one rule on one layout of page tables, as recorded for the suite and the report. */
export interface RecordedRow {
  readonly rule: string;
  readonly tables: string;
  /** The release that was tried, if it is not the usual one. */
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

/** Whether the record includes a rule on these page tables. For 64-bit guests it includes only rules about them; `fuzz --rules` tries the others there as well. */
export function isRecorded(rule: RuleName, layout: Layout): boolean {
  const { on }: Rule = RULES[rule];
  return appliesTo(rule, layout) && (layout.levels < 4 || on === '64-bit guests');
}

const FILE = join(__dirname, 'recorded', 'rules.json');

/** The recorded table of this package, wherever the command was called; null if there is none yet. */
export function recordedTable(file = FILE): RecordedTable | null {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as RecordedTable : null;
}

/** A table without any row, for three seeds. */
export const firstTable = (seed: number, limit: number): RecordedTable => ({ seeds: [seed, seed + 1, seed + 2], limit, rows: [] });

/**
 * Writes the table, with rows that another run has found meanwhile, so that two runs can share the work. Writes under another
 * name first, so that a reader never sees half of it.
 *
 * @param row the new row
 * @param file where it is written
 */
export function keepTable(table: RecordedTable, row: RecordedRow, file = FILE): void {
  const rows = (recordedTable(file) ?? table).rows;
  const isKnown = rows.some((other) => nameOf(other) === nameOf(row));
  write(file, { ...table, rows: isKnown ? rows.map((other) => (nameOf(other) === nameOf(row) ? row : other)) : [...rows, row] });
}

function write(file: string, table: RecordedTable): void {
  writeFileSync(`${file}.half`, `${JSON.stringify(table, null, 1)}\n`);
  renameSync(`${file}.half`, file);
}

/** What a run has added to the record, and what it did not find. */
export interface Recording {
  readonly missed: readonly string[];
  /** How many searches were needed. */
  readonly searches: number;
}

/**
 * Fuzzes every rule with each seed, on each layout of page tables, if the record has nothing yet, or a script that no
 * longer exposes the rule; so it continues where an earlier run was stopped. What is found within a lower limit would have
 * been found within a higher one, so the record keeps the higher limit; what is not found leaves the record as it is.
 *
 * @param onFound called with the growing table and the new row
 */
export function recordTable(known: RecordedTable, limit: number, stop: (rule: string, calls: number) => boolean, onFound: (table: RecordedTable, row: RecordedRow) => void, rules: readonly RuleName[] = FUZZED_RULES, layouts: readonly Layout[] = LAYOUTS): Recording {
  const missed: string[] = [];
  let searches = 0;
  const rows = new Map(known.rows.map((row) => [nameOf(row), row]));
  const stale = new Set(known.rows.filter(({ rule, tables }) => (rules as readonly string[]).includes(rule) && layouts.some((layout) => layout.name === tables)).filter((row) => !isShown(row)).map(nameOf));
  const anew = new Map<string, RecordedRow>();
  for (const [i, seed] of known.seeds.entries()) {
    for (const layout of [...layouts].reverse()) {
      for (const rule of rules) {
        const name = nameOf({ rule, tables: layout.name });
        const row = stale.has(name) ? anew.get(name) : rows.get(name);
        if (!isRecorded(rule, layout) || (row?.calls.length ?? 0) > i) continue;
        searches++;
        const { found, release } = trial(rule, layout, seed, limit, stop, row !== undefined && row.script.length <= SHORT);
        if (stop(rule, 0)) return { missed, searches };
        if (found === null) {
          missed.push(`${name} from seed ${seed}`);
          continue;
        }
        const longer = withFound(row ?? { rule, tables: layout.name, xen: release?.name ?? null, invariant: found.violation.invariant, calls: [], script: found.script }, found);
        if (stale.has(name)) anew.set(name, longer);
        // A row that is no longer true is replaced once there is a result for every seed.
        if (stale.has(name) && longer.calls.length < known.seeds.length) continue;
        rows.set(name, longer);
        onFound({ ...known, limit: Math.max(limit, known.limit), rows: [...rows.values()] }, longer);
      }
    }
  }
  return { missed, searches };
}

const nameOf = ({ rule, tables }: { readonly rule: string; readonly tables: string }): string => `${rule} on ${tables}`;

/** What a recorded script breaks first; null if nothing. */
export function playRow({ rule, tables, xen, script }: RecordedRow, isKept: boolean): string | null {
  const layout = LAYOUTS.find(({ name }) => name === tables)!;
  const { umpire, besides } = tableGround(ruleNamed(rule), layout, xen === null ? {} : { release: releaseNamed(xen) }, isKept);
  for (const turn of script.map(parseTurn)) {
    const { violation } = umpire.play(turn);
    if (violation && !besides.has(violation.invariant)) return violation.invariant;
  }
  return null;
}

/** If a script has at most this many turns, those of other seeds are not shortened: shortening takes longer than finding. */
const SHORT = 6;

/** Whether a recorded script still breaks the same promise without its rule, and nothing with it. */
function isShown(row: RecordedRow): boolean {
  return playRow(row, false) === row.invariant && playRow(row, true) === null;
}

function withFound(row: RecordedRow, { calls, script, violation: { invariant } }: Discovery): RecordedRow {
  const isShorter = script.length < row.script.length;
  return { ...row, calls: [...row.calls, calls], ...(isShorter ? { script, invariant } : {}) };
}

/** The table as text: calls until found, and the length of the shortest script, on each layout. */
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
    `Found only by the explorer, since another virtual CPU must act in the middle of a call: ${EXPLORED_RULES.join(', ')}`,
  ].join('\n');
}
