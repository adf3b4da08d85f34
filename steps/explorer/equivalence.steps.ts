// Two kernels compared by all their outcomes.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { compareOutcomes, type Equivalence } from '../../machine/explorer/verdict/equivalence';
import { prepare } from '../../machine/situations/check';
import { FEW_RUNS } from '../support/explored';
import type { MachineWorld } from '../support/world';

/** The comparison of one scenario. */
class Comparison {
  situation = '';
  readonly parameters: Record<string, string | number | boolean> = {};
  first = 'none';
  second = 'none,+preemptible-lazy';
  result: Equivalence | undefined;
}

const comparisons = new WeakMap<MachineWorld, Comparison>();

function comparisonOf(world: MachineWorld): Comparison {
  const known = comparisons.get(world) ?? new Comparison();
  comparisons.set(world, known);
  return known;
}

function resultOf(world: MachineWorld): Equivalence {
  const { result } = comparisonOf(world);
  if (!result) throw new Error('nothing was compared yet in this scenario');
  return result;
}

Given('a kernel of 2.6.23 whose flush is reached by {string}', function (this: MachineWorld, caller: string) {
  const comparison = comparisonOf(this);
  comparison.situation = 'preemptible-lazy/callers';
  comparison.parameters['caller'] = caller;
});

Given('a driver that changes page attributes preemptibly, as from 2.6.29 on, and may move to another CPU', function (this: MachineWorld) {
  const comparison = comparisonOf(this);
  comparison.situation = 'preemptible-lazy/migration';
  comparison.parameters['lazy'] = false;
});

Given('the timer interrupts up to {int} times', function (this: MachineWorld, ticks: number) {
  comparisonOf(this).parameters['ticks'] = ticks;
});

Given('its lazy modes are those of {string}', function (this: MachineWorld, release: string) {
  comparisonOf(this).parameters['base'] = release;
});

Given('the hypervisor keeps a shadow and fills it when the guest faults', function (this: MachineWorld) {
  Object.assign(comparisonOf(this).parameters, { writes: 'at once', faults: 'fill the shadow' });
});

Given('the guest queues its updates by itself', function (this: MachineWorld) {
  comparisonOf(this).parameters['backend'] = 'guest queue';
});

When('the kernels with and without the patch are compared in every interleaving', function (this: MachineWorld) {
  const comparison = comparisonOf(this);
  const program = (patches: string) => {
    const { situation, choice } = prepare({ situation: comparison.situation, patches, parameters: comparison.parameters, invariants: [] });
    return () => situation.build(choice);
  };
  const result = compareOutcomes(program(comparison.first), program(comparison.second), {}, undefined, FEW_RUNS);
  comparison.result = result;
  this.exploration.controls = true; // the guards that were consulted are checked below
  expect(result.second.consulted.filter((hunk) => hunk.startsWith('preemptible-lazy/')), 'hunks of the patch that some path asked for').to.not.deep.equal([]);
  this.attach(`${result.verdict}: ${result.shared} outcomes in common, ${result.onlyFirst.length} without the patch alone, ${result.onlySecond.length} with it alone; ${result.first.states} and ${result.second.states} states, ${result.first.events} and ${result.second.events} events`, 'text/plain');
});

Then('both reach the same {int} outcome(s), by complete searches', function (this: MachineWorld, outcomes: number) {
  const result = resultOf(this);
  expect(result.onlyFirst, 'outcomes of the kernel without the patch alone').to.deep.equal([]);
  expect(result.onlySecond, 'outcomes of the kernel with the patch alone').to.deep.equal([]);
  expect(result.verdict).to.equal('equivalent');
  expect(result.shared).to.equal(outcomes);
});

Then('the kernel without the patch reaches outcomes that the other does not', function (this: MachineWorld) {
  const result = resultOf(this);
  expect(result.verdict).to.equal('different');
  expect(result.onlyFirst).to.not.have.lengthOf(0);
});

Then('in one of them a mapping of {string} is lost, since cpu1 is in lazy MMU mode and Linux does not know', function (this: MachineWorld, task: string) {
  const found = resultOf(this).onlyFirst.find(({ outcome }) => outcome.includes('cpu1: Linux 0, hypervisor 1 '));
  expect(found?.outcome ?? '').to.include(`${task}: Unable to handle kernel paging request`);
});
