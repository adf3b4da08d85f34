import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Layout } from '../../hypervisors/xen/public/layout';
import { hasLayout, releaseNamed, type Release } from '../../hypervisors/xen/releases/release';
import { LAYOUTS, ruleNamed, type RuleName } from '../../hypervisors/xen/rules';
import { CorpusFolder, readScript } from '../fuzz/folder';
import { fuzz, hostileGround, type FuzzResult } from '../fuzz/fuzzer';
import { Umpire } from '../fuzz/judge/umpire';
import { formatTurn } from '../fuzz/script';
import { firstTable, FUZZED_RULES, formatRuleTable, keepTable, recordedTable, recordTable, ruleTable, type RecordedTable, type RuleRow } from '../fuzz/table';
import { NOBODY, Pace } from '../attend';
import { EXIT, worst } from '../exit';
import { counted } from '../search/bounds';
import { UsageError, wholeNumber, type Output } from '../options';
import { refuseEndless } from '../search/limits';

// `paravirt-spec fuzz`: hostile guests against the model of Xen.

/** The options of the command line, as commander passes them. */
export interface FuzzCommandOptions {
  readonly calls?: string;
  /** How long for each layout of page tables; without --calls, only this ends it. */
  readonly minutes?: string;
  readonly seed?: string;
  /** `2-level`, `PAE`, `PAE on 64-bit`, `64-bit`; by default all. */
  readonly tables?: string;
  /** A Xen as released, such as `4.8`, or with its holes closed, `4.8+fixes`. */
  readonly xen?: string;
  /** A rule that the hypervisor does not keep. */
  readonly without?: string;
  /** Leave out each rule in turn. */
  readonly rules?: boolean;
  /** The same with three seeds, recorded for the suite and the report. */
  readonly record?: boolean;
  /** A script to replay, one turn a line. */
  readonly replay?: string;
  /** A folder of scripts that earlier runs have kept, to which this one adds. */
  readonly corpus?: string;
  readonly json?: boolean;
}

/** The parsed options. */
interface Asked {
  readonly layouts: readonly Layout[];
  readonly calls: number;
  readonly minutes: number | null;
  readonly seed: number;
  readonly release: Release | null;
  readonly without: ReadonlySet<RuleName>;
  readonly corpus: CorpusFolder | null;
  readonly isJson: boolean;
}

/** Fuzzes, prints the table of rules, or replays a script. Returns the exit code. */
export function fuzzCommand(options: FuzzCommandOptions, output: Output): number {
  const asked = understood(options);
  if (options.record) return recorded(asked, output);
  if (options.rules) return rules(asked, output);
  if (options.replay !== undefined) return worst(replayed(options.replay, asked, output));
  return fuzzed(asked, output);
}

function understood(options: FuzzCommandOptions): Asked {
  const minutes = options.minutes === undefined ? null : wholeNumber('--minutes', options.minutes, 1);
  const calls = wholeNumber('--calls', options.calls ?? (minutes === null ? '100000' : String(Number.MAX_SAFE_INTEGER)), 1);
  const seed = wholeNumber('--seed', options.seed ?? '1', 1);
  if (options.replay !== undefined) refuseWith('--replay', { '--corpus': options.corpus, '--minutes': options.minutes, '--calls': options.calls, '--seed': options.seed, '--rules': options.rules, '--json': options.json });
  if (options.rules) refuseWith('--rules', { '--corpus': options.corpus, '--minutes': options.minutes, '--without': options.without, '--xen': options.xen, '--tables': options.tables });
  if (options.record) refuseWith('--record', { '--rules': options.rules, '--replay': options.replay, '--corpus': options.corpus, '--minutes': options.minutes, '--without': options.without, '--xen': options.xen, '--json': options.json });
  const release = options.xen === undefined ? null : named(() => releaseNamed(options.xen!));
  const without = new Set(options.without === undefined ? [] : [named(() => ruleNamed(options.without!))]);
  return {
    layouts: layouts(options.tables, release), calls, minutes, seed, release, without,
    corpus: options.corpus === undefined ? null : new CorpusFolder(options.corpus), isJson: options.json === true,
  };
}

function refuseWith(option: string, others: Readonly<Record<string, unknown>>): void {
  const odd = Object.keys(others).find((name) => others[name] !== undefined);
  if (odd !== undefined) throw new UsageError(`${odd} cannot be combined with ${option}`);
}

function named<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The result for one layout of page tables. */
interface Run extends FuzzResult {
  readonly tables: string;
  readonly seconds: number;
  /** Whether it was stopped before its calls or its minutes were used up. */
  readonly isStopped: boolean;
}

function fuzzed(asked: Asked, output: Output): number {
  const runs: Run[] = [];
  for (const layout of asked.layouts) {
    const run = fuzzOne(layout, asked, output);
    runs.push(run);
    if (!asked.isJson) output.stdout(inWords(run));
    if (run.isStopped) break;
  }
  const code = worst(runs.map(({ discovery, isStopped }) => (discovery !== null ? EXIT.fails : isStopped ? EXIT.undecided : EXIT.holds)));
  if (asked.isJson) output.stdout(`${JSON.stringify({ format: 'fuzz/1', seed: asked.seed, xen: asked.release?.name ?? null, without: [...asked.without], code, runs: runs.map(forJson) }, null, 2)}\n`);
  return code;
}

function fuzzOne(layout: Layout, { calls, minutes, seed, release, without, corpus }: Asked, output: Output): Run {
  const started = Date.now();
  const end = minutes === null ? Infinity : started + minutes * 60_000;
  const attend = output.attend ?? NOBODY;
  const pace = new Pace(attend, minutes === null ? calls : null);
  const prefix = layout.name.replaceAll(' ', '_');
  const { user, system } = process.cpuUsage();
  const result = fuzz({
    layout, seed, calls, without, ...(release ? { release } : {}),
    ...(corpus ? { kept: corpus.scripts(prefix), onKept: (script) => corpus.keep(prefix, script) } : {}),
    stop: (so) => pace.tell(`${layout.name}, calls`, so) || Date.now() >= end,
  });
  const used = process.cpuUsage();
  return { ...result, tables: layout.name, seconds: (used.user + used.system - user - system) / 1e6, isStopped: result.discovery === null && result.calls < calls && Date.now() < end };
}

function inWords({ tables, calls, guests, turns, accepted, interrupted, combinations, kept, seconds, discovery, isStopped }: Run): string {
  const made = `${counted(calls, 'call')} of ${counted(guests, 'guest')} in ${seconds.toFixed(1)} s of a processor, ${percent(accepted, turns)} of them accepted and ${percent(interrupted, turns)} interrupted; ${counted(combinations, 'combination')} seen, ${counted(kept, 'script')} kept`;
  if (discovery === null) return `${tables}: every rule held${isStopped ? ' so far' : ''}; ${made}\n`;
  return `${tables}: ${discovery.violation.invariant} is broken: ${discovery.violation.message}\n  after ${made}; these are enough:\n${discovery.script.map((line) => `    ${line}`).join('\n')}\n`;
}

const percent = (part: number, whole: number): string => `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;

function forJson({ tables, calls, guests, turns, accepted, interrupted, combinations, kept, seconds, discovery, isStopped }: Run): object {
  return {
    tables, calls, guests, turns, accepted, interrupted, combinations, kept, seconds, complete: !isStopped,
    discovery: discovery === null ? null : { invariant: discovery.violation.invariant, message: discovery.violation.message, calls: discovery.calls, script: discovery.script },
  };
}

function rules({ seed, calls, isJson }: Asked, output: Output): number {
  const attend = output.attend ?? NOBODY;
  const pace = new Pace(attend);
  const rows = ruleTable(seed, calls, (rule, made) => pace.tell(`without ${rule}, calls`, made));
  const isAll = rows.every(({ trials }) => trials.every(({ found }) => found !== null));
  const code = isAll ? EXIT.holds : attend.stopped() === null ? EXIT.fails : EXIT.undecided;
  output.stdout(isJson ? `${JSON.stringify({ format: 'fuzz-rules/1', seed, limit: calls, code, rules: rows.map(rowForJson) }, null, 2)}\n` : `${formatRuleTable(rows)}\n`);
  return code;
}

function recorded({ seed, calls, layouts: shapes }: Asked, output: Output): number {
  const attend = output.attend ?? NOBODY;
  const pace = new Pace(attend);
  const known = recordedTable() ?? firstTable(seed, calls);
  const { missed, searches } = recordTable(known, calls, (rule, made) => pace.tell(`without ${rule}, calls`, made), keepTable, FUZZED_RULES, shapes);
  if (attend.stopped() !== null) return EXIT.undecided;
  output.stdout(recordedInWords(known, calls, searches, missed));
  return recordingCode(missed);
}

/** The exit code, if these were not found. */
export const recordingCode = (missed: readonly string[]): number => (missed.length === 0 ? EXIT.holds : EXIT.fails);

/** The message after `searches` searches of at most `calls` calls each for a table that already has some rows; `missed` are those that found nothing. */
export function recordedInWords({ limit }: Pick<RecordedTable, 'limit'>, calls: number, searches: number, missed: readonly string[]): string {
  if (searches === 0) return 'the record is complete: it has every rule from each seed, and each script still exposes its rule\n';
  if (missed.length === 0) return `recorded what each of ${counted(searches, 'search')} found\n`;
  return `not found within ${counted(calls, 'call')}${calls < limit ? ` (the record allows ${limit.toLocaleString('en-US')})` : ''}; unchanged in the record: ${missed.join('; ')}\n`;
}

function rowForJson({ rule, says, trials }: RuleRow): object {
  return {
    rule, says,
    trials: trials.map(({ layout, release, found }) => ({ tables: layout.name, xen: release?.name ?? null, found: found === null ? null : { invariant: found.violation.invariant, calls: found.calls, script: found.script } })),
  };
}

/** Plays a script on each layout of page tables. Returns the exit codes. */
function replayed(file: string, { layouts: shapes, release, without }: Asked, output: Output): readonly number[] {
  if (!existsSync(file)) throw new UsageError(`there is no script "${file}"`);
  if (statSync(file).isDirectory()) throw new UsageError(`the script "${file}" is a folder`);
  refuseEndless(file);
  const script = readScript(readFileSync(file, 'utf8'));
  if (script.length === 0) throw new UsageError(`the script "${file}" is empty: it needs one turn on each line, such as "A0 alloc"`);
  return shapes.map((layout) => {
    const umpire = new Umpire(hostileGround({ layout, without, ...(release ? { release } : {}) }));
    const { xen } = umpire.ground;
    for (const turn of script) {
      const { outcome, violation } = umpire.play(turn);
      const refuser = outcome.done || outcome.isInterrupted ? null : xen.refuser();
      output.stdout(`${layout.name}: ${formatTurn(turn)} -> ${outcome.said}${refuser === null ? '' : `, refused by ${refuser}()`}\n`);
      if (violation) {
        output.stdout(`${layout.name}: ${violation.invariant} is broken: ${violation.message}\n`);
        return EXIT.fails;
      }
    }
    output.stdout(`${layout.name}: every rule held\n`);
    return EXIT.holds;
  });
}

function layouts(name: string | undefined, release: Release | null): readonly Layout[] {
  const legal = release === null ? LAYOUTS : LAYOUTS.filter((layout) => hasLayout(release, layout));
  if (name === undefined) return legal;
  const found = LAYOUTS.find((layout) => layout.name === name);
  if (found && !legal.includes(found)) throw new UsageError(`Xen ${release!.name} has no ${name} page tables; there are ${legal.map((layout) => layout.name).join(', ')}`);
  if (!found) throw new UsageError(`no page tables "${name}"; there are ${LAYOUTS.map((layout) => layout.name).join(', ')}`);
  return [found];
}
