// The explorer's engines, compared with each other.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { compareEngines, differenceOn, engines, hardPrograms, outcomesByOptimal, outcomesByReduced, piecemeal, type Comparison } from './random/random';
import type { MachineWorld } from '../support/world';

const comparisons = new WeakMap<MachineWorld, Comparison>();

When('{int} random programs are explored by every engine', { timeout: 120_000 }, function (this: MachineWorld, programs: number) {
  comparisons.set(this, compareEngines(programs, 1, engines));
});

When('{int} random programs are explored in parts, and by a search that is saved and resumed', { timeout: 120_000 }, function (this: MachineWorld, programs: number) {
  comparisons.set(this, compareEngines(programs, 1, piecemeal));
});

When('a program with {} is explored by every engine', function (this: MachineWorld, name: string) {
  const program = hardPrograms[name];
  if (!program) throw new Error(`no program with "${name}"; there are ${Object.keys(hardPrograms).join('; ')}`);
  comparisons.set(this, { comparisons: 1, passedOver: 0, outcomes: 0, difference: differenceOn(program) });
});

When(/^(\d+) random programs are explored by the (optimal|reduced) engine, which forgets the conflicts over "(.*)"$/, { timeout: 120_000 }, function (this: MachineWorld, programs: number, engine: string, cell: string) {
  comparisons.set(this, compareEngines(Number(programs), 1, {
    forgetful: (program) => (engine === 'optimal' ? outcomesByOptimal(program, cell) : outcomesByReduced(program, { leaveOut: cell })),
  }));
});

Then('each finds the outcomes, failures and deadlocks that brute force finds', function (this: MachineWorld) {
  expect(comparisons.get(this)?.difference).to.equal(null);
});

Then('at most {int} of the {int} comparisons were passed over because the program is too large', function (this: MachineWorld, most: number, all: number) {
  expect(comparisons.get(this)?.comparisons).to.equal(all);
  expect(comparisons.get(this)?.passedOver).to.be.at.most(most);
});

Then('the comparison names a program for which outcomes are lost', function (this: MachineWorld) {
  expect(comparisons.get(this)?.difference).to.match(/^forgetful differs from brute force\n {2}lost: .*\n(.*\n)*in \{"processors"/);
});
