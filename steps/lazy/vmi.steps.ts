// The hypervisor: what it does with updates, faults and interrupts.

import { Given, Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { MachineWorld } from '../support/world';

Given('a hypervisor that keeps a shadow of the tables', function (this: MachineWorld) {
  this.exploration.set('writes', 'at once');
});

Given('a hypervisor that fills its shadow when the guest faults', function (this: MachineWorld) {
  this.exploration.set('writes', 'at once');
  this.exploration.set('faults', 'fill the shadow');
});

Given('a hypervisor that drains its queue when the guest faults', function (this: MachineWorld) {
  this.exploration.set('faults', 'drain the queue');
});

Given('a hypervisor that drains its queue at each invalidation', function (this: MachineWorld) {
  this.exploration.set('invalidations', 'drain the queue');
});

Then('that interleaving holds the interrupt back and delivers it inside {string}', function (this: MachineWorld, call: string) {
  const { events } = this.exploration.witness.trace;
  const at = events.findIndex(({ kind }) => kind === 'interrupt');
  expect(events[at]?.changes.some(({ cell }) => cell === 'cpu0.pending.vectors'), 'the interrupt waits when it has come').to.equal(true);
  const delivery = events.findIndex((event, i) => i > at && event.changes.some(({ cell, after }) => cell === 'cpu0.pending.vectors' && String(after) === ''));
  expect(events[delivery]?.text).to.include(call);
  expect(events[delivery + 1]?.paths).to.include('do_IRQ');
});
