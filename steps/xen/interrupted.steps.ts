// Two virtual CPUs whose hypercalls are interrupted, and everything that can come of it.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Verdict } from '../../machine/explorer/explore';
import { ruleNamed, type RuleName } from '../../machine/hypervisors/xen/rules';
import { interrupted } from '../../machine/situations/xen/interrupted';
import type { MachineWorld } from '../support/world';
import { explored } from '../support/explored';

class Interruption {
  bad = false;
  handler: readonly string[] | undefined;
  verdict: Verdict | undefined;

  constructor(readonly without: ReadonlySet<RuleName> = new Set()) {}

  get found(): Verdict {
    if (!this.verdict) throw new Error('nobody has done anything yet in this scenario');
    return this.verdict;
  }
}

const interruptions = new WeakMap<MachineWorld, Interruption>();

function interruption(world: MachineWorld): Interruption {
  const known = interruptions.get(world);
  if (!known) throw new Error('no Xen was started yet in this scenario');
  return known;
}

const inWords = ({ findings }: Verdict): readonly string[] => findings.map(({ message, witness }) => `${message} [${witness.schedule}]`);

Given('a 64-bit Xen that is interrupted after each entry', function (this: MachineWorld) {
  interruptions.set(this, new Interruption());
});

Given('a 64-bit Xen that is interrupted after each entry, and does not keep {string}', function (this: MachineWorld, rule: string) {
  interruptions.set(this, new Interruption(new Set([ruleNamed(rule)])));
});

Given('the last entry of the root leads to another domain', function (this: MachineWorld) {
  interruption(this).bad = true;
});

Given('an event on which A0 does {string}', function (this: MachineWorld, deeds: string) {
  interruption(this).handler = deeds.split(', ');
});

When('A0 does {string} while A1 does {string}, in every interleaving', function (this: MachineWorld, one: string, other: string) {
  const { bad, without, handler } = interruption(this);
  interruption(this).verdict = explored(interrupted({ deeds: [one.split(', '), other.split(', ')], bad, without, ...(handler ? { handler } : {}) }));
});

Then('no rule is broken, and every interleaving was seen', function (this: MachineWorld) {
  const { found } = interruption(this);
  expect(inWords(found)).to.deep.equal([]);
  expect(found.complete).to.equal(true);
});

Then('no rule is broken, but some run never ends', function (this: MachineWorld) {
  const { found } = interruption(this);
  expect(found.findings.map(({ kind }) => kind), inWords(found).join('\n')).to.deep.equal(['livelock']);
  expect(found.complete).to.equal(true);
});

Then('no call was refused', function (this: MachineWorld) {
  expect(interruption(this).found.outcomes).to.deep.equal(['A0: all done; A1: all done']);
});

Then('{string} is refused each time: {string}', function (this: MachineWorld, who: string, words: string) {
  const { outcomes } = interruption(this).found;
  expect(outcomes).to.not.have.lengthOf(0);
  for (const outcome of outcomes) expect(outcome).to.include(`${who}: ${words}`);
});

Then('{string} is broken by a run of {int} step(s): {string}', function (this: MachineWorld, invariant: string, steps: number, words: string) {
  const { found } = interruption(this);
  const finding = found.findings.find((candidate) => candidate.invariant === invariant);
  expect(finding?.message, inWords(found).join('\n')).to.include(words);
  expect(finding?.witness.steps).to.equal(steps);
});
