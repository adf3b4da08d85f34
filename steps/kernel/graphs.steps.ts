import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { SITUATIONS } from '../../machine/situations';
import type { MachineWorld } from '../support/world';
import { differencesOf, kernelsOf, type Kernels } from './graphs/graphs';
import { recordedGraphs } from './graphs/record';

// The graphs of the kernels, beside what is recorded of them.

const compared = new WeakMap<MachineWorld, { readonly recorded: Kernels; readonly now: Kernels }>();

When('the kernels of {string} are searched as far as they are recorded', function (this: MachineWorld, id: string) {
  compared.set(this, { recorded: recordedGraphs()[id] ?? {}, now: kernelsOf(id) });
});

Then('their graphs and runs are as recorded', function (this: MachineWorld) {
  const { recorded, now } = compared.get(this)!;
  const lines = differencesOf(recorded, now);
  if (lines.length > 0) throw new Error(`${lines.length} of ${Object.keys(now).length} are not as recorded; if that is intended, "npm run graphs -- --record" records them:\n${lines.slice(0, 5).join('\n')}`);
});

Then('a graph is recorded for each situation, and for nothing else', function (this: MachineWorld) {
  expect(Object.keys(recordedGraphs())).to.have.members(SITUATIONS.map(({ id }) => id));
});

When('one state more is recorded of {string} with {string}', function (this: MachineWorld, id: string, kernel: string) {
  const now = kernelsOf(id);
  compared.set(this, { recorded: { ...now, [kernel]: now[kernel]!.replace(/\d+ states/, (words) => `${parseInt(words, 10) + 1} states`) }, now });
});

Then('one difference is found, in the kernel with {string}', function (this: MachineWorld, kernel: string) {
  const { recorded, now } = compared.get(this)!;
  expect(differencesOf(recorded, now).map((line) => line.split('\n')[0])).to.deep.equal([kernel]);
});
