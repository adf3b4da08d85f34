import { existsSync, readFileSync } from 'node:fs';
import type { Layout } from '../../hypervisors/xen/public/layout';
import { LAYOUTS, ruleNamed } from '../../hypervisors/xen/rules';
import { parseAction, type Action } from '../fuzz/actions';
import { fuzz, Umpire } from '../fuzz/fuzzer';
import { Playground } from '../../situations/xen/playground';
import { formatRuleTable, ruleTable } from '../fuzz/table';
import { UsageError, type Output } from '../options';

// `paravirt-spec fuzz`: guests that mean harm against the model of Xen.

/** The options of the command line, as commander hands them over. */
export interface FuzzCommandOptions {
  readonly calls?: string;
  readonly seed?: string;
  /** `2-level`, `PAE`, `PAE on 64-bit`; all without it. */
  readonly tables?: string;
  /** A rule that the hypervisor does not keep. */
  readonly without?: string;
  /** Fuzz each rule away in turn. */
  readonly rules?: boolean;
  /** A script to replay, one call a line. */
  readonly replay?: string;
}

/** Fuzzes, prints the table of rules, or replays a script. Returns the exit code. */
export function fuzzCommand(options: FuzzCommandOptions, output: Output): number {
  const calls = wholeNumber('--calls', options.calls ?? '100000');
  const seed = wholeNumber('--seed', options.seed ?? '1');
  if (options.rules) {
    const rows = ruleTable(seed, calls);
    output.stdout(`${formatRuleTable(rows)}\n`);
    return rows.every(({ trials }) => trials.every(({ found }) => found !== null)) ? 0 : 1;
  }
  const codes = layouts(options.tables).map((layout) => (options.replay === undefined
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
  const { calls: made, guests, accepted, discovery } = fuzz({ layout, seed, calls, without: without(options) });
  const seconds = (Date.now() - started) / 1000;
  const speed = `${made} calls of ${guests} guests in ${seconds.toFixed(1)} s, ${Math.round((100 * accepted) / made)} % of them accepted`;
  if (discovery === null) {
    output.stdout(`${layout.name}: every rule held; ${speed}\n`);
    return 0;
  }
  output.stdout(`${layout.name}: ${discovery.violation.invariant} is broken: ${discovery.violation.message}\n  after ${speed}; these are enough:\n${discovery.script.map((line) => `    ${line}`).join('\n')}\n`);
  return 1;
}

function replayOne(layout: Layout, file: string, options: FuzzCommandOptions, output: Output): number {
  if (!existsSync(file)) throw new UsageError(`there is no script "${file}"`);
  const umpire = new Umpire(new Playground({ layout, without: without(options) }));
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

function layouts(name: string | undefined): readonly Layout[] {
  if (name === undefined) return LAYOUTS;
  const found = LAYOUTS.find((layout) => layout.name === name);
  if (!found) throw new UsageError(`no page tables are "${name}"; there are ${LAYOUTS.map((layout) => layout.name).join(', ')}`);
  return [found];
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`${option} needs a whole number above zero, not "${text}"`);
  return value;
}
