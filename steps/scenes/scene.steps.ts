// Chapters that are set in a ready scene: which machine, which kernel, and what must not happen there.

import { Given, Then, When } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Given('the situation {string}', function (this: MachineWorld, id: string) {
  this.exploration.situation(id);
});

Given('a kernel of {string}', function (this: MachineWorld, release: string) {
  this.exploration.set('release', release);
});

Given('stores that wait in buffers', function (this: MachineWorld) {
  this.exploration.set('order', 'TSO');
});

Given('stores that are in memory at once', function (this: MachineWorld) {
  this.exploration.set('order', 'SC');
});

Given('processors that tag their translations', function (this: MachineWorld) {
  this.exploration.set('pcids', true);
});

Given('processors that do not tag their translations', function (this: MachineWorld) {
  this.exploration.set('pcids', false);
});

Given('processors that may fill their TLBs at any time', function (this: MachineWorld) {
  this.exploration.set('fills', true);
});

Given('{string} is {string}', function (this: MachineWorld, parameter: string, value: string) {
  this.exploration.set(parameter, value);
});

When('it runs in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('no task reaches a page that was freed', function (this: MachineWorld) {
  this.exploration.expectNone('freedPageUnreached');
});

Then('some interleaving lets {string} reach {string} after it was freed', function (this: MachineWorld, task: string, page: string) {
  this.exploration.expectSome('freedPageUnreached', `${task} `, page);
});
