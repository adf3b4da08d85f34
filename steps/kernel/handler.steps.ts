// Devices, and what their interrupt handlers do with memory.

import { Given, Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { MachineWorld } from '../support/world';

Given('a RAID controller whose handler fills a highmem page', function (this: MachineWorld) {
  this.exploration.set('device', 'raid');
});

Given('the device is {string} instead', function (this: MachineWorld, device: string) {
  this.exploration.set('device', device);
});

Given('each request of the RAID has two segments', function (this: MachineWorld) {
  this.exploration.set('segments', 2);
});

Given('the pages of the device are in lowmem', function (this: MachineWorld) {
  this.exploration.set('page', 'lowmem');
});

Given('the device does not interrupt', function (this: MachineWorld) {
  this.exploration.set('interrupts', 0);
});

Then('some interleaving lets {string} overwrite {string} instead of {string}', function (this: MachineWorld, handler: string, reached: string, wanted: string) {
  this.exploration.expectSome('slotReachesItsPage', `${handler}()`, `over "${reached}"`, `has just mapped to "${wanted}"`);
});

Then('the word of the wrong page changes from {string} to {string}', function (this: MachineWorld, before: string, after: string) {
  const { events, violation } = this.exploration.witness.trace;
  const changes = events[violation!.event]!.changes.filter(({ cell }) => cell.startsWith('memory['));
  expect(changes.map((change) => [change.before, change.after].map((word) => `0x${(Number(word) >>> 0).toString(16)}`))).to.deep.equal([[before, after]]);
});

Then('no interleaving lets a handler reach a page other than the one that it has mapped', function (this: MachineWorld) {
  this.exploration.expectNone('slotReachesItsPage');
});

Then('no interleaving uses a slot of kmap_atomic\\(\\) preemptibly', function (this: MachineWorld) {
  this.exploration.expectNone('slotsOnlyUnpreemptible');
});
