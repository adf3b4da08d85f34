// The numbers that guests and Xen use for frames.

import { Given, Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Verdict } from '../../machine/explorer/explore';
import { ballooning } from '../../machine/situations/xen/balloon';
import type { MachineWorld } from '../support/world';
import { explored } from '../support/explored';

class Inflated {
  verdict: Verdict | undefined;

  constructor(readonly tableFirst: boolean) {}

  get found(): Verdict {
    if (!this.verdict) throw new Error('the balloon has done nothing yet in this scenario');
    return this.verdict;
  }
}

const balloons = new WeakMap<MachineWorld, Inflated>();

function balloon(world: MachineWorld): Inflated {
  const known = balloons.get(world);
  if (!known) throw new Error('there is no balloon yet in this scenario');
  return known;
}

const inWords = ({ findings }: Verdict): readonly string[] => findings.map(({ message, witness }) => `${message} [${witness.schedule}]`);

Given('a balloon that updates the frame table before it gives the frame back', function (this: MachineWorld) {
  balloons.set(this, new Inflated(true));
});

Given('a balloon that updates the frame table after it has given the frame back', function (this: MachineWorld) {
  balloons.set(this, new Inflated(false));
});

When('it deflates a page while another processor maps that page, in every interleaving', function (this: MachineWorld) {
  balloon(this).verdict = explored(ballooning({ tableFirst: balloon(this).tableFirst, refills: false }));
});

When('it deflates a page and fills it again while another processor maps that page, in every interleaving', function (this: MachineWorld) {
  balloon(this).verdict = explored(ballooning({ tableFirst: balloon(this).tableFirst, refills: true }));
});

Then('both tables agree at every point, and every interleaving was seen', function (this: MachineWorld) {
  const { found } = balloon(this);
  expect(inWords(found)).to.deep.equal([]);
  expect(found.complete).to.equal(true);
});

Then('the result of the mapping is one of:', function (this: MachineWorld, table: DataTable) {
  expect(balloon(this).found.outcomes).to.have.members(table.raw().map(([words]) => words));
});

Then('{string} breaks: {string}', function (this: MachineWorld, invariant: string, words: string) {
  const { found } = balloon(this);
  const finding = found.findings.find((candidate) => candidate.invariant === invariant);
  expect(finding?.message, inWords(found).join('\n')).to.include(words);
});
