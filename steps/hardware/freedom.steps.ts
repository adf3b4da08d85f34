// What processors may do without being asked, and two bugs that only these freedoms reveal.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Verdict } from '../../machine/explorer/explore';
import { FREEDOMS } from '../../machine/hardware/freedoms';
import { PATCHES } from '../../machine/patches';
import { patchNamed } from '../../machine/patches/selection';
import { SITUATIONS } from '../../machine/situations';
import { prepare, replayRequest } from '../../machine/situations/check';
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

When(/^"([^" ]*)(?: ([a-z]+)=([^"]+))?" of the kernel (with|without) the patch is explored with every freedom, and with none$/, function (this: MachineWorld, situation: string, name: string | null, value: string, which: string) {
  const verdictWith = (freedoms: string): Verdict => {
    const patches = which === 'with' ? 'all' : 'none';
    const { invariants } = prepare({ situation, patches }).choice;
    return this.exploration.answer({ situation, patches, parameters: { freedoms, ...(name === null ? {} : { [name]: value }) }, invariants });
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

Then('the freedoms have added no states', function (this: MachineWorld) {
  const { none, all } = both.get(this)!;
  expect(all.states).to.equal(none.states);
});

Then('each thread has a situation that can be explored with every freedom', function () {
  const free = new Set(SITUATIONS.filter(({ parameters }) => 'freedoms' in parameters).map(({ patch }) => patchNamed(PATCHES, patch).thread));
  const threads = [...new Set(PATCHES.map(({ thread }) => thread))];
  expect(threads.filter((thread) => !free.has(thread))).to.deep.equal([]);
});

const replays = new WeakMap<MachineWorld, { readonly expected: string; readonly broken: string | null }>();

When('the smallest failing run of {string} without the patch is replayed with every freedom', function (this: MachineWorld, situation: string) {
  const { invariants } = prepare({ situation, patches: 'none' }).choice;
  const [finding] = this.exploration.answer({ situation, patches: 'none', parameters: { freedoms: 'none' }, invariants }).findings;
  if (!finding) throw new Error(`nothing fails in ${situation} without the patch`);
  const { violation } = replayRequest({ situation, patches: 'none', parameters: { freedoms: 'all' }, invariants }, finding.witness.schedule);
  replays.set(this, { expected: `${finding.invariant}: ${finding.message}`, broken: violation && `${violation.invariant}: ${violation.message}` });
});

Then('it breaks the same requirement', function (this: MachineWorld) {
  const { expected, broken: found } = replays.get(this)!;
  expect(found).to.equal(expected);
});
