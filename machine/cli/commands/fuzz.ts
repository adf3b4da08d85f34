import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Layout } from '../../hypervisors/xen/public/layout';
import { hasLayout, releaseNamed, type Release } from '../../hypervisors/xen/releases/release';
import { LAYOUTS, ruleNamed } from '../../hypervisors/xen/rules';
import { parseAction, type Action } from '../fuzz/actions';
import { fuzz, Umpire } from '../fuzz/fuzzer';
import { Playground } from '../../situations/xen/playground';
import { formatRuleTable, ruleTable } from '../fuzz/table';
import { NOBODY, Pace } from '../attend';
import { EXIT } from '../exit';
import { counted } from '../search/bounds';
import { UsageError, wholeNumber, type Output } from '../options';

// `paravirt-spec fuzz`: hostile guests against the model of Xen.

/** The options of the command line, as commander hands them over. */
export interface FuzzCommandOptions {
  readonly calls?: string;
  readonly seed?: string;
  /** `2-level`, `PAE`, `PAE on 64-bit`; all without it. */
  readonly tables?: string;
  /** A Xen as it was released, such as `4.8`, or with its holes closed, `4.8+fixes`. */
  readonly xen?: string;
  /** A rule that the hypervisor does not keep. */
  readonly without?: string;
  /** Fuzz each rule away in turn. */
  readonly rules?: boolean;
  /** A script to replay, one call a line. */
  readonly replay?: string;
}

/** Fuzzes, prints the table of rules, or replays a script. Returns the exit code. */
export function fuzzCommand(options: FuzzCommandOptions, output: Output): number {
  const calls = wholeNumber('--calls', options.calls ?? '100000', 1);
  const seed = wholeNumber('--seed', options.seed ?? '1', 1);
  if (options.rules) {
    const attend = output.attend ?? NOBODY;
    const pace = new Pace(attend);
    const rows = ruleTable(seed, calls, (rule, made) => pace.tell(`without ${rule}, calls`, made));
    output.stdout(`${formatRuleTable(rows)}\n`);
    if (rows.every(({ trials }) => trials.every(({ found }) => found !== null))) return EXIT.holds;
    return attend.stopped() === null ? EXIT.fails : EXIT.undecided;
  }
  const codes = layouts(options).map((layout) => (options.replay === undefined
    ? fuzzOne(layout, seed, calls, options, output)
    : replayOne(layout, options.replay, options, output)));
  return Math.max(...codes);
}

const without = (options: FuzzCommandOptions) => {
  try {
    return new Set(options.without === undefined ? [] : [ruleNamed(options.without)]);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

function fuzzOne(layout: Layout, seed: number, calls: number, options: FuzzCommandOptions, output: Output): number {
  const started = Date.now();
  const attend = output.attend ?? NOBODY;
  const pace = new Pace(attend, calls);
  const { calls: made, guests, accepted, discovery } = fuzz({ layout, seed, calls, without: without(options), ...release(options), stop: (so) => pace.tell(`${layout.name}, calls`, so) });
  const seconds = (Date.now() - started) / 1000;
  const speed = `${counted(made, 'call')} of ${counted(guests, 'guest')} in ${seconds.toFixed(1)} s, ${Math.round((100 * accepted) / made)} % of them accepted`;
  if (discovery === null) {
    const early = made < calls;
    output.stdout(`${layout.name}: every rule held${early ? ' so far' : ''}; ${speed}\n`);
    return early ? EXIT.undecided : EXIT.holds;
  }
  output.stdout(`${layout.name}: ${discovery.violation.invariant} is broken: ${discovery.violation.message}\n  after ${speed}; these are enough:\n${discovery.script.map((line) => `    ${line}`).join('\n')}\n`);
  return 1;
}

function replayOne(layout: Layout, file: string, options: FuzzCommandOptions, output: Output): number {
  if (!existsSync(file)) throw new UsageError(`there is no script "${file}"`);
  if (statSync(file).isDirectory()) throw new UsageError(`the script "${file}" is a folder`);
  const umpire = new Umpire(new Playground({ layout, without: without(options), ...release(options) }));
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '');
  for (const [i, line] of lines.entries()) {
    const { outcome, violation } = umpire.play(readLine(line, i + 1));
    output.stdout(`${layout.name}: ${line.trim()} -> ${outcome.said}\n`);
    if (violation) {
      output.stdout(`${layout.name}: ${violation.invariant} is broken: ${violation.message}\n`);
      return 1;
    }
  }
  output.stdout(`${layout.name}: every rule held\n`);
  return 0;
}

function readLine(line: string, number: number): Action {
  try {
    return parseAction(line);
  } catch (error) {
    throw new UsageError(`line ${number}: ${(error as Error).message}`);
  }
}

/** The release that is asked for, if one is. */
function release({ xen }: FuzzCommandOptions): { readonly release?: Release } {
  if (xen === undefined) return {};
  try {
    return { release: releaseNamed(xen) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function layouts(options: FuzzCommandOptions): readonly Layout[] {
  const { tables: name } = options;
  const { release: asked } = release(options);
  const legal = asked === undefined ? LAYOUTS : LAYOUTS.filter((layout) => hasLayout(asked, layout));
  if (name === undefined) return legal;
  const found = LAYOUTS.find((layout) => layout.name === name);
  if (found && !legal.includes(found)) throw new UsageError(`Xen ${asked!.name} has no ${name} page tables; there are ${legal.map((layout) => layout.name).join(', ')}`);
  if (!found) throw new UsageError(`no page tables are "${name}"; there are ${LAYOUTS.map((layout) => layout.name).join(', ')}`);
  return [found];
}
