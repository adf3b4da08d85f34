// The tables of the bench, from figures that a scenario gives; and what its rows count.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { benchBounds } from '../../machine/cli/bench/bounds';
import { goal } from '../../machine/cli/bench/goals';
import { benchKernels } from '../../machine/cli/bench/kernels';
import type { Measure, SpinRun } from '../../machine/cli/bench/measure';
import { benchPublished } from '../../machine/cli/bench/published';
import type * as Rows from '../../machine/cli/bench/row';
import type { BenchRow, Measured } from '../../machine/cli/bench/row';
import { benchPinning } from '../../machine/cli/bench/xen';
import { benchStates } from '../../machine/cli/commands/bench';
import type { MachineWorld } from '../support/world';

const printed = new WeakMap<MachineWorld, readonly string[]>();

const measured = (executions: number | null, states: number, events: number, seconds: number): Measured => ({ executions, states, events, seconds, megabytes: 64 });

/** Figures that divide well: a bare loop yields 8 million times a second, the instructions alone are performed 2 million times a second. */
const FIGURES: Readonly<Record<BenchRow['kind'], (row: never) => Measured>> = {
  generator: () => measured(null, 0, 16_000_000, 2),
  straight: () => measured(null, 0, 4_000_000, 2),
  explore: ({ engine, bounds }: Extract<BenchRow, { kind: 'explore' }>) => (bounds === undefined
    ? measured(engine === 'optimal' ? 1000 : null, engine === 'reduced' ? 500 : 4000, 8000, engine === 'reduced' ? 0.01 : 0.04)
    : measured(null, Math.min(4000, 1000 * (bounds.switches! + 1)), 0, 0.02 * (bounds.switches! + 1))),
  smallest: () => measured(null, 12, 12, 0.5),
  kernel: ({ patches }: Extract<BenchRow, { kind: 'kernel' }>) => measured(null, 300, 700, patches === 'none' ? 1 : 1.25),
  workers: ({ workers }: Extract<BenchRow, { kind: 'workers' }>) => measured(null, 0, 1000, 3 / workers),
};

const figures: Measure = (row) => FIGURES[row.kind](row as never);

const spun = (errors: string, verified: number, ended: boolean): SpinRun => ({ errors, states: '2000', megabytes: '128', prepared: 0.5, verified, ended });

/** The first size takes a second for each page and other CPU, 100 states each; without the patch, more than eight pages are too many; SPIN does not end from four pages on. */
const sides = (hasSpin: boolean): Parameters<typeof benchPinning>[1] => ({
  hasSpin: () => hasSpin,
  spin: (_model, { PAGES = 1, FIXED }) => spun('0', FIXED === 1 ? PAGES / 2 : 0.25, PAGES < 4),
  measureWithin: (row, limit) => {
    const [, pages, others] = /^pin (\d+)x(\d+)/.exec((row as { program: string }).program)!.map(Number) as [number, number, number];
    if (row.kind === 'smallest') return pages > 8 ? null : measured(null, 0, 10 * pages, 0.125);
    return pages * others > limit! || (pages === 3 && others === 5) ? null : measured(null, 100 * pages * others, 1000 * pages * others, pages * others);
  },
});

const TABLES: Readonly<Record<string, (line: (text: string) => void) => void>> = {
  'the published programs': (line) => benchPublished(line, figures),
  'the bounds': (line) => benchBounds(line, figures),
  'the kernels': (line) => benchKernels(line, figures),
  'the states': (line) => benchStates(line, figures, { hasSpin: () => true, spin: () => spun('1', 0.04, true) }),
  'the states, without SPIN': (line) => benchStates(line, figures, { hasSpin: () => false, spin: () => spun('?', 0, false) }),
  'the pinning race': (line) => benchPinning(line, sides(true)),
  'the pinning race, without SPIN': (line) => benchPinning(line, sides(false)),
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

Then('a goal of {float} {string} that comes to {float} is {string}', (wanted: number, direction: 'or more' | 'or less', came: number, words: string) => {
  expect(goal(came, wanted, direction)).to.equal(words);
});

Then('a row of the bench counts, for', async (table: DataTable) => {
  const { once } = module.require('../../machine/cli/bench/row.ts') as typeof Rows; // without the ending it is what a process of its own begins with
  for (const { row, executions, states, events } of table.hashes()) {
    const counts = await once(JSON.parse(row!) as BenchRow, 10, 50);
    expect(`${counts.executions ?? '-'} ${counts.states} ${counts.events}`, row).to.equal(`${executions} ${states} ${events}`);
  }
});
