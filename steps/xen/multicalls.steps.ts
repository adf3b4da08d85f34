// The queue of hypercalls that each CPU of a Xen guest has.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { queueCalls, type Queue, type Queued } from '../../machine/situations/xen/queue';
import type { MachineWorld } from '../support/world';

const queues = new WeakMap<MachineWorld, Queue>();

function queue(world: MachineWorld): Queue {
  const known = queues.get(world);
  if (!known) throw new Error('nothing was queued yet in this scenario');
  return known;
}

When('a CPU queues {int} {string}', function (this: MachineWorld, count: number, what: string) {
  queues.set(this, queueCalls(what as Queued, count));
});

When('a CPU queues {string}', function (this: MachineWorld, what: string) {
  queues.set(this, queueCalls(what as Queued, 1));
});

Then('{int} call(s) has/have been made, in batches of at most {int}', function (this: MachineWorld, made: number, largest: number) {
  const sizes = queue(this).batches.map(({ length }) => length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(made);
  expect(Math.max(0, ...sizes)).to.equal(largest);
});

Then('{int} wait(s)', function (this: MachineWorld, waiting: number) {
  expect(queue(this).waiting).to.equal(waiting);
});

Then('{int} callback(s) has/have run, and {int} wait(s)', function (this: MachineWorld, run: number, waiting: number) {
  const { callbacksRun, callbacksWaiting } = queue(this);
  expect({ callbacksRun, callbacksWaiting }).to.deep.equal({ callbacksRun: run, callbacksWaiting: waiting });
});

Then('the kernel then prints {string}', function (this: MachineWorld, printed: string) {
  expect(queue(this).oops).to.include(printed);
});
