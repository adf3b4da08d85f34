// The tables of the bench, from figures that a scenario gives; and what its rows count.

import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { benchAuto } from '../../machine/cli/bench/auto';
import { benchBounds } from '../../machine/cli/bench/bounds';
import { goal } from '../../machine/cli/bench/goals';
import { benchKernels } from '../../machine/cli/bench/kernels';
import { hasSpin, measure, spin, type Measure, type SpinRun } from '../../machine/cli/bench/measure';
import { benchPublished } from '../../machine/cli/bench/published';
import type * as Rows from '../../machine/cli/bench/row';
import type { BenchRow, Measured } from '../../machine/cli/bench/row';
import { benchSuite, secondsIn, type SuiteRun } from '../../machine/cli/bench/suite';
import { benchPinning } from '../../machine/cli/bench/xen';
import { benchCommand, benchStates } from '../../machine/cli/commands/bench';
import { scratch } from '../support/projects';
import type { MachineWorld } from '../support/world';

const printed = new WeakMap<MachineWorld, readonly string[]>();

const measured = (executions: number | null, states: number, events: number, seconds: number): Measured => ({ executions, states, events, seconds, megabytes: 64 });

/** Round figures: a bare loop yields 8 million times a second, and the instructions alone are performed 2 million times a second. */
const FIGURES: Readonly<Record<BenchRow['kind'], (row: never) => Measured>> = {
  generator: () => measured(null, 0, 16_000_000, 2),
  straight: () => measured(null, 0, 4_000_000, 2),
  explore: ({ engine, bounds }: Extract<BenchRow, { kind: 'explore' }>) => (bounds === undefined
    ? measured(engine === 'optimal' ? 1000 : null, engine === 'reduced' ? 500 : 4000, 8000, engine === 'reduced' ? 0.01 : 0.04)
    : measured(null, Math.min(4000, 1000 * (bounds.switches! + 1)), 0, 0.02 * (bounds.switches! + 1))),
  smallest: () => measured(null, 12, 12, 0.5),
  kernel: ({ patches }: Extract<BenchRow, { kind: 'kernel' }>) => measured(null, 300, 700, patches === 'none' ? 1 : 1.25),
  workers: ({ workers }: Extract<BenchRow, { kind: 'workers' }>) => measured(null, 0, 1000, 3 / workers),
  together: ({ workers }: Extract<BenchRow, { kind: 'together' }>) => measured(null, 0, 1000, workers === 1 ? 3 : 2),
  driven: () => measured(null, 0, 1_000_000, 2),
};

const figures: Measure = (row) => FIGURES[row.kind](row as never);

const spun = (errors: string, verified: number, ended: boolean): SpinRun => ({ errors, states: '2000', megabytes: '128', prepared: 0.5, verified, ended });

/** The same, but five times as fast, and SPIN always ends. */
const faster = (): Parameters<typeof benchPinning>[1] => ({
  ...sides(true)!,
  spin: (_model, { PAGES = 1, FIXED }) => spun('0', FIXED === 1 ? PAGES / 2 : 0.25, true),
  measureWithin: (row, limit) => {
    const slow = sides(true)!.measureWithin(row, 5 * limit!);
    return row.kind !== 'explore' || slow === null ? slow : { ...slow, seconds: slow.seconds / 5 };
  },
});

/** The first size takes a second for each page and other CPU, 100 states each; without the patch, more than eight pages are too many; SPIN does not end from four pages on. */
const sides = (hasSpin: boolean): Parameters<typeof benchPinning>[1] => ({
  hasSpin: () => hasSpin,
  spin: (_model, { PAGES = 1, FIXED }) => spun('0', FIXED === 1 ? PAGES / 2 : 0.25, PAGES < 4),
  measureWithin: (row, limit) => {
    if (row.kind === 'driven') return figures(row);
    const [, pages, others] = /^pin (\d+)x(\d+)/.exec((row as { program: string }).program)!.map(Number) as [number, number, number];
    if (row.kind === 'smallest') return pages > 8 ? null : measured(null, 0, 10 * pages, 0.125);
    return pages * others > limit! || (pages === 3 && others === 5) ? null : measured(null, 100 * pages * others, 1000 * pages * others, pages * others);
  },
});

/** Seconds of each engine that finishes within a minute; where a program is not named, every engine takes a tenth of a second. A row is stopped by the second that it may not have. */
const SECONDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'readers(13)': { auto: 1, stateful: 0.9, reduced: 0.25, optimal: 0.5, layered: 4.9 },
  'lastzero(12)': { auto: 0.5, optimal: 0.2, reduced: 0.3 },
  'indexer(15)': { auto: 60.5, stateful: 30 },
  'filesystem(19)': { auto: 3, stateful: 3.5, reduced: 3, optimal: 6.5, layered: 7 },
  'ainc(8)': { auto: 0.3, layered: 0.04 },
  'binc(5)': { auto: 2.5, stateful: 2.4 },
  'casrot(8)': { auto: 3, stateful: 1, reduced: 1.5 },
  'cas(8)': { auto: 3, reduced: 1.5, optimal: 1.3, layered: 1.31 },
  'fib(5)': { auto: 2, layered: 0.5, stateful: 0.75 },
  'first kernel with none': { auto: 61 },
  'first kernel with all': { auto: 0.21, optimal: 0.0025 },
};

const comparing: Pick<Parameters<typeof benchPinning>[1] & object, 'measureWithin'> = {
  measureWithin: (row, limit) => {
    const { program, engine } = row as Extract<BenchRow, { kind: 'explore' }>;
    const seconds = SECONDS[program] === undefined ? 0.1 : SECONDS[program][engine];
    return seconds === undefined || seconds > limit! ? null : measured(null, 0, 0, seconds);
  },
};

const all = (line: (text: string) => void): void => {
  const { measureWithin: pinned, ...others } = sides(false)!;
  const within: typeof pinned = (row, limit) => ('program' in row && row.program.startsWith('pin ') ? pinned : comparing.measureWithin)(row, limit);
  line(`comes back with ${benchCommand({ stdout: line, stderr: line }, figures, { ...others, measureWithin: within }, () => null)}`);
};

/** Three features, one of which takes too long, in a run of half a minute. */
const suiteRun = (passed: boolean): SuiteRun => ({ scenarios: 30, passed, real: 30, processor: 50, features: new Map([['machine/one.feature', 4.25], ['machine/other.feature', 2.75], ['tool/third.feature', 3]]) });

const TABLES: Readonly<Record<string, (line: (text: string) => void) => void>> = {
  'the published programs': (line) => benchPublished(line, figures),
  'the bounds': (line) => benchBounds(line, figures),
  'the kernels': (line) => benchKernels(line, figures),
  'the states': (line) => benchStates(line, figures, { hasSpin: () => true, spin: () => spun('1', 0.04, true) }),
  'the states, without SPIN': (line) => benchStates(line, figures, { hasSpin: () => false, spin: () => spun('?', 0, false) }),
  'the pinning race': (line) => benchPinning(line, sides(true)),
  'the pinning race, without SPIN': (line) => benchPinning(line, sides(false)),
  'a faster pinning race': (line) => benchPinning(line, faster()),
  'auto beside the best engine': (line) => benchAuto(line, comparing, [{ id: 'first kernel' }, { id: 'second kernel' }]),
  'the suite': (line) => benchSuite(line, figures, () => suiteRun(true)),
  'a suite that fails': (line) => benchSuite(line, figures, () => suiteRun(false)),
  'the suite of a package': (line) => benchSuite(line, figures, () => null),
  'every table': all,
};

When('the bench prints {string} from the figures of bench.steps.ts', function (this: MachineWorld, name: string) {
  const lines: string[] = [];
  TABLES[name]!((text) => void lines.push(text.trimEnd()));
  printed.set(this, lines);
});

Then('it is', function (this: MachineWorld, text: string) {
  expect(printed.get(this)!.join('\n')).to.equal(text);
});

Then('it begins', function (this: MachineWorld, text: string) {
  expect(printed.get(this)!.join('\n').slice(0, text.length)).to.equal(text);
});

Then('it ends', function (this: MachineWorld, text: string) {
  expect(printed.get(this)!.join('\n').slice(-text.length)).to.equal(text);
});

Then('its lines that begin with these words are in this order', function (this: MachineWorld, table: DataTable) {
  const beginnings = table.raw().map(([text]) => text!);
  const found = printed.get(this)!.join('\n').split('\n').flatMap((line) => beginnings.filter((text) => line.startsWith(text)).slice(0, 1));
  expect(found.filter((text, i) => text !== found[i - 1])).to.deep.equal(beginnings);
});

/** A folder that is put in front of PATH for one measurement, with a SPIN and a compiler that note how they were called. */
const TOOLS: Readonly<Record<string, string>> = {
  spin: 'if [ "$1" = --version ]; then exit 0; fi\necho "spin $*" | sed "s|/.*/reports|reports|" >> "$CALLS"\ntouch pan.c',
  gcc: `if [ "$1" = --version ]; then exit 0; fi\necho "gcc $*" >> "$CALLS"\ncat > pan << 'END'\n#!/bin/sh\necho "pan $*, $(ulimit -t) s" >> "$CALLS"\n[ "$1" = -m7 ] && { echo "pan: out of memory"; echo "errors: 0"; exit; }\n[ "$1" = -m8 ] && exit 1\necho "State-vector 12 byte, depth reached 9, errors: 3"\necho "     4567 states, stored"\necho "  130.55	total actual memory usage"\nEND\nchmod +x pan`,
};

When('the model {string} is checked by SPIN and a compiler that note how they are called', function (this: MachineWorld, model: string, table: DataTable) {
  const folder = scratch('spin');
  const path = process.env['PATH'];
  for (const [name, text] of Object.entries(TOOLS)) writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const calls = join(folder, 'calls');
  writeFileSync(calls, '');
  Object.assign(process.env, { PATH: `${folder}${delimiter}${path}`, CALLS: calls });
  const lines: string[] = [`installed: ${hasSpin()}`];
  try {
    for (const [depth, seconds] of table.rows()) {
      const { errors, states, megabytes, prepared, verified, ended } = spin(model, { PAGES: 2, FIXED: 1 }, Number(depth), seconds === '' ? undefined : Number(seconds));
      expect(prepared).to.be.within(0, 60);
      expect(verified).to.be.within(0, 60);
      lines.push(`${errors} errors, ${states} states, ${megabytes} MB, ended: ${ended}`);
    }
  } finally {
    Object.assign(process.env, { PATH: path });
    delete process.env['CALLS'];
  }
  printed.set(this, [...lines, ...readFileSync(calls, 'utf8').trimEnd().split('\n')]);
});

When('the row {string} is measured in a process of its own, and so is one that fails', function (this: MachineWorld, row: string) {
  const { executions, states, events, seconds, megabytes } = measure(JSON.parse(row) as BenchRow);
  expect(seconds).to.be.within(0.0001, 60);
  expect(megabytes).to.be.within(20, 4000);
  let failure = '';
  try {
    measure({ kind: 'explore', program: 'no such program', engine: 'auto' });
  } catch (error) {
    failure = (error as Error).message;
  }
  printed.set(this, [`${executions} ${states} ${events}`, failure]);
});

Then('a goal of {float} {string} with a result of {float} is {string}', (wanted: number, direction: 'or more' | 'or less', came: number, words: string) => {
  expect(goal(came, wanted, direction)).to.equal(words);
});

Then('a row of the bench counts, for', async (table: DataTable) => {
  const { once } = module.require('../../machine/cli/bench/row.ts') as typeof Rows; // without its extension, this is the module with which a separate process begins
  for (const { row, executions, states, events } of table.hashes()) {
    const counts = await once(JSON.parse(row!) as BenchRow, 10, 50);
    expect(`${counts.executions ?? '-'} ${counts.states} ${counts.events}`, row).to.equal(`${executions} ${states} ${events}`);
  }
});

Then('the time of a run with these scenarios is', (table: DataTable) => {
  const lines: object[] = [];
  const stamp = (seconds: string): object => ({ seconds: Math.floor(Number(seconds)), nanos: Math.round((Number(seconds) % 1) * 1e9) });
  for (const [i, { feature, from, to }] of table.hashes().entries()) {
    const id = String(i);
    lines.push({ pickle: { id: `p${id}`, uri: `features/${feature}` } }, { testCase: { id: `c${id}`, pickleId: `p${id}` } });
    lines.push({ testCaseStarted: { id, testCaseId: `c${id}`, timestamp: stamp(from!) } }, { testCaseFinished: { testCaseStartedId: id, timestamp: stamp(to!) } });
  }
  const { scenarios, features } = secondsIn(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  expect(scenarios).to.equal(table.hashes().length);
  const sums = new Map(table.hashes().map(({ feature, sum }) => [feature!, Number(sum)]));
  expect(new Map([...features].map(([uri, seconds]) => [uri, Number(seconds.toFixed(3))]))).to.deep.equal(sums);
});
