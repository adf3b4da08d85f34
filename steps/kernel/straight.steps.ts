// What a path does without interference, in words that occur in the C as well.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { straightRun } from '../support/straight-run';
import type { MachineWorld } from '../support/world';

const runs = new WeakMap<MachineWorld, ReturnType<typeof straightRun>>();

When(/^CPU (\d+) of "([^"]*)" runs alone, with patches "([^"]*)", (as it is|.+=.+)$/, function (this: MachineWorld, cpu: string, situation: string, patches: string, parameters: string) {
  const given = parameters === 'as it is' ? [] : parameters.split(', ').map((word) => word.split('=') as [string, string]);
  runs.set(this, straightRun(situation, patches, Object.fromEntries(given), Number(cpu)));
});

When(/^CPU (\d+) of "([^"]*)" runs alone after CPU (\d+) has, with patches "([^"]*)"$/, function (this: MachineWorld, cpu: string, situation: string, before: string, patches: string) {
  runs.set(this, straightRun(situation, patches, {}, Number(cpu), [Number(before)]));
});

Then('it performs {string}', function (this: MachineWorld, words: string) {
  expect(runs.get(this)!.words).to.equal(words);
});

Then('the result is {string}', function (this: MachineWorld, outcome: string) {
  expect(runs.get(this)!.outcome.replaceAll('\n', '; ').slice(0, outcome.length)).to.equal(outcome);
});
