// Executions and classes are equally many: counted by two programs that share only the definition of independent events.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { programNamed } from '../../machine/programs/named';
import { scripted } from '../../machine/programs/scripted';
import type { MachineWorld } from '../support/world';
import { choosing, compareWithClasses, countOnce, type Once, type OnceComparison } from './random/classes';
import { tracesOf, type Traces } from './traces';

const counted = new WeakMap<MachineWorld, Once>();
/** By litmus program. */
const withoutMachine = new WeakMap<MachineWorld, Traces>();
const compared = new WeakMap<MachineWorld, OnceComparison>();

/** About as many beginnings of runs as the largest of the published programs has. */
const BEGINNINGS = 20_000;

When('the executions of {string} and its classes are counted', function (this: MachineWorld, name: string) {
  const script = choosing[name];
  const once = countOnce(script ? scripted(script) : programNamed(name), BEGINNINGS);
  expect(once, 'counted to the end').not.to.equal(null);
  counted.set(this, once!);
  const [, litmus] = /^litmus (.*) under TSO$/.exec(name) ?? [];
  if (litmus !== undefined) withoutMachine.set(this, tracesOf(litmus));
});

Then('there are {int} classes if they are counted without the machine', function (this: MachineWorld, classes: number) {
  expect(withoutMachine.get(this)!.classes).to.equal(classes);
});

Then('they amount to {int} graphs, also when these are counted without the machine', function (this: MachineWorld, graphs: number) {
  expect({ made: counted.get(this)!.outcomes.size, graphs: withoutMachine.get(this)!.graphs }).to.deep.equal({ made: graphs, graphs });
});

When('the executions of {int} random programs and their classes are counted', function (this: MachineWorld, programs: number) {
  compared.set(this, compareWithClasses(programs, 1));
});

Then('there are {int} of each, and no run was abandoned', function (this: MachineWorld, executions: number) {
  const { executions: made, classes, blocked } = counted.get(this)!;
  expect({ made, classes, blocked }).to.deep.equal({ made: executions, classes: executions, blocked: 0 });
});

Then('there are as many of each, and no run was abandoned', function (this: MachineWorld) {
  expect(compared.get(this)!.difference).to.equal(null);
});

Then('at least {int} of these programs have a process that can do several things', function (this: MachineWorld, programs: number) {
  expect(compared.get(this)!.withChoices).to.be.at.least(programs);
});
