// Two virtual CPUs inside Xen at once, one call each.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Verdict } from '../../machine/explorer/explore';
import { ruleNamed, type RuleName } from '../../machine/hypervisors/xen/rules';
import { ALL_STATES, ANY, kindsIn, pair } from '../../machine/situations/xen/pairs/pairs';
import { differences } from '../../machine/situations/xen/pairs/compared';
import { explored } from '../support/explored';
import type { MachineWorld } from '../support/world';

interface Frame {
  readonly state: string;
  readonly without: ReadonlySet<RuleName>;
  verdict?: Verdict;
}

const frames = new WeakMap<MachineWorld, Frame>();

function frame(world: MachineWorld): Frame {
  const known = frames.get(world);
  if (!known) throw new Error('no frame was chosen yet in this scenario');
  return known;
}

function search(world: MachineWorld, deeds: readonly [readonly string[], readonly string[]]): void {
  const { state, without } = frame(world);
  frame(world).verdict = explored(pair({ deeds, state, without }), {}, 'stateful');
}

const found = (world: MachineWorld): Verdict => {
  const { verdict } = frame(world);
  if (!verdict) throw new Error('no call was made yet in this scenario');
  return verdict;
};

Given('a frame that is {string}', function (this: MachineWorld, state: string) {
  expect(ALL_STATES).to.include(state);
  frames.set(this, { state, without: new Set() });
});

Given('a frame that is {string}, and a Xen that does not keep {string}', function (this: MachineWorld, state: string, rule: string) {
  expect(ALL_STATES).to.include(state);
  frames.set(this, { state, without: new Set([ruleNamed(rule)]) });
});

When('two virtual CPUs make any two of {int} calls about it, in every interleaving', function (this: MachineWorld, count: number) {
  for (const kinds of kindsIn(frame(this).state)) expect(Object.keys(kinds)).to.have.lengthOf(count);
  search(this, [[ANY], [ANY]]);
});

When('its owner makes any of {int} calls about it, and another domain any of {int}, in every interleaving', function (this: MachineWorld, owners: number, others: number) {
  expect(kindsIn(frame(this).state).map((kinds) => Object.keys(kinds).length)).to.deep.equal([owners, others]);
  search(this, [[ANY], [ANY]]);
});

When(/^A0 does "(.*)" and (?:A1|B0) does "(.*)" at once, in every interleaving$/, function (this: MachineWorld, one: string, other: string) {
  search(this, [one.split(', '), other.split(', ')]);
});

const inWords = ({ findings }: Verdict): readonly string[] => findings.map(({ invariant, message, witness }) => `${invariant}: ${message} [${witness.schedule}]`);

Then('each of {int} pairs keeps the rules, in {int} states', function (this: MachineWorld, pairs: number, states: number) {
  const { findings, complete, outcomes, states: seen } = found(this);
  expect(inWords({ findings } as Verdict)).to.deep.equal([]);
  expect(complete).to.equal(true);
  // Every pair has ended, whatever the results of its calls.
  expect(new Set(outcomes.map((outcome) => outcome.replace(/: \w+/g, ''))).size).to.equal(pairs);
  expect(seen).to.equal(states);
});

Then('the calls break {string} in a run of {int} steps', function (this: MachineWorld, invariant: string, steps: number) {
  const finding = found(this).findings.find((candidate) => candidate.invariant === invariant);
  expect(finding, inWords(found(this)).join('\n')).to.not.equal(undefined);
  expect(finding!.witness.steps).to.equal(steps);
});

Then('the calls break nothing', function (this: MachineWorld) {
  expect(inWords(found(this))).to.deep.equal([]);
  expect(found(this).complete).to.equal(true);
});

Then('each of {int} calls changes the same step by step as in one piece, from each of {int} states', function (calls: number, states: number) {
  expect([new Set(ALL_STATES.flatMap((state) => kindsIn(state).flatMap((kinds) => Object.keys(kinds)))).size, ALL_STATES.length]).to.deep.equal([calls, states]);
  for (const state of ALL_STATES) {
    for (const [id, kinds] of kindsIn(state).entries()) {
      if (id === 1 && kinds === kindsIn(state)[0] && state !== 'a descriptor table') continue; // the two are equal
      for (const kind of Object.keys(kinds)) expect(differences(state, kind, id), `${id}, ${kind}, ${state}`).to.deep.equal([]);
    }
  }
});

Then('without {string}, {string} and {string} some call changes something else', function (one: string, second: string, third: string) {
  for (const rule of [one, second, third]) {
    const without = new Set([ruleNamed(rule)]);
    const differs = ALL_STATES.some((state) => Object.keys(kindsIn(state)[0]).some((kind) => differences(state, kind, 0, without).length > 0));
    expect(differs, rule).to.equal(true);
  }
});
