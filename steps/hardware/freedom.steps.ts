// What processors do unasked, and two bugs that only show where they do.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Verdict } from '../../machine/explorer/explore';
import { FREEDOMS } from '../../machine/hardware/freedoms';
import { prepare } from '../../machine/situations/check';
import { freedomsNamed, freedTables, splitLargePage, type Told } from '../support/tables-scene';
import type { MachineWorld } from '../support/world';

const verdicts = new WeakMap<MachineWorld, Verdict>();

When('a table is freed while a lazy CPU is told {string} after its entry was cleared, with {string}', function (this: MachineWorld, told: Told, words: string) {
  verdicts.set(this, freedTables({ told, early: false, freedoms: freedomsNamed(words) }));
});

When('a table is freed while a lazy CPU is told {string} before its entry was cleared, with {string}', function (this: MachineWorld, told: Told, words: string) {
  verdicts.set(this, freedTables({ told, early: true, freedoms: freedomsNamed(words) }));
});

When('only a page is freed while a lazy CPU is told {string}, with {string}', function (this: MachineWorld, told: Told, words: string) {
  verdicts.set(this, freedTables({ told, early: false, freesTable: false, freedoms: freedomsNamed(words) }));
});

When('a large page is split and the other CPU is told {string} before the change, with {string}', function (this: MachineWorld, told: Told, words: string) {
  verdicts.set(this, splitLargePage({ told, early: true, freedoms: freedomsNamed(words) }));
});

When('a large page is split and the other CPU is told {string} after the change, with {string}', function (this: MachineWorld, told: Told, words: string) {
  verdicts.set(this, splitLargePage({ told, early: false, freedoms: freedomsNamed(words) }));
});

Then(/^some interleaving shows that (.*)$/, function (this: MachineWorld, told: string) {
  const messages = verdicts.get(this)!.findings.map(({ message }) => message);
  expect(messages.some((message) => message.includes(told)), messages.join('; ') || 'nothing was found').to.equal(true);
});

Then('it does no harm in any interleaving', function (this: MachineWorld) {
  const { complete, findings } = verdicts.get(this)!;
  expect(findings.map(({ message }) => message)).to.deep.equal([]);
  expect(complete).to.equal(true);
});

Then('the hardware\'s reading guide names each freedom with its source', function () {
  const guide = readFileSync('machine/hardware/README.md', 'utf8');
  for (const [name, source] of Object.entries(FREEDOMS)) expect(guide).to.contain(`\`${name}\``).and.to.contain(source);
});

interface Both {
  readonly none: Verdict;
  readonly all: Verdict;
}

const both = new WeakMap<MachineWorld, Both>();

const broken = ({ findings }: Verdict): string[] => [...new Set(findings.map(({ kind, invariant }) => invariant ?? kind))].sort();

When(/^"([^"]*)" of the kernel (with|without) the patch is explored with every freedom, and with none$/, function (this: MachineWorld, situation: string, which: string) {
  const verdictWith = (freedoms: string): Verdict => {
    const patches = which === 'with' ? 'all' : 'none';
    const { invariants } = prepare({ situation, patches }).choice;
    return this.exploration.answer({ situation, patches, parameters: { freedoms }, invariants });
  };
  both.set(this, { none: verdictWith('none'), all: verdictWith('all') });
});

function expectSame(world: MachineWorld): string[] {
  const { none, all } = both.get(world)!;
  expect([none.complete, all.complete]).to.deep.equal([true, true]);
  expect(broken(all)).to.deep.equal(broken(none));
  return broken(all);
}

Then('the same requirements fail in both, and at least one fails', function (this: MachineWorld) {
  expect(expectSame(this)).not.to.have.length(0);
});

Then('the same requirements hold in both', function (this: MachineWorld) {
  expect(expectSame(this)).to.deep.equal([]);
});

Then('the freedoms have added states', function (this: MachineWorld) {
  const { none, all } = both.get(this)!;
  expect(all.states).to.be.greaterThan(none.states);
});
