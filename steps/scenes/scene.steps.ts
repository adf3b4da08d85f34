// Chapters that are set in a ready-made scene: which machine, which kernel, and what must not happen there.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
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

Given('two threads that call madvise\\(\\), each for a page table of its own', function (this: MachineWorld) {
  this.exploration.set('threads', 2);
  this.exploration.set('tables', 2);
  this.exploration.set('call', 'madvise');
});

When('it runs in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

When('it runs in every interleaving with at most {int} switch(es)', function (this: MachineWorld, switches: number) {
  this.exploration.atMost(switches);
  this.exploration.ask();
});

Then('no task reaches a page that was freed', function (this: MachineWorld) {
  this.exploration.expectNone('freedPageUnreached');
});

Then('some interleaving lets {string} reach {string} after it was freed', function (this: MachineWorld, task: string, page: string) {
  this.exploration.expectSome('freedPageUnreached', `${task} `, page);
});

/** An instruction before which an interrupt comes is identified by its text in the run, and is the last one of its path. */
Then('at that moment {string} is between {string} and {string}', function (this: MachineWorld, task: string, done: string, pending: string) {
  const own = this.exploration.witness.trace.events.filter(({ context }) => context === task);
  const last = own.findLast(({ text }) => text.startsWith(done));
  expect(last, `"${done}" in\n${own.map(({ text }) => text).join('\n')}`).to.not.equal(undefined);
  const later = own.slice(own.indexOf(last!) + 1).filter(({ paths }) => paths.join() === last!.paths.join());
  expect(later.map(({ text }) => text.slice(0, pending.length))).to.deep.equal([pending]);
});

Then('every access that a system call has forbidden is refused', function (this: MachineWorld) {
  this.exploration.expectNone('forbiddenAccessRefused');
});

Then('some interleaving lets {string} use the page after {string} has returned', function (this: MachineWorld, task: string, call: string) {
  this.exploration.expectSome('forbiddenAccessRefused', `${task} `, call);
});

Then('some interleaving lets {string} write to {string} after its content was copied away', function (this: MachineWorld, task: string, page: string) {
  this.exploration.expectSome('freedPageUnreached', `${task} writes`, `${page}; its content was copied away`);
});

Then('no interleaving goes on forever', function (this: MachineWorld) {
  this.exploration.expectNone('livelock');
});

Then('{string} faults {int} time(s)', function (this: MachineWorld, _task: string, faults: number) {
  expect(this.exploration.last.outcomes).to.not.deep.equal([]);
  expect(this.exploration.last.outcomes.every((outcome) => outcome.startsWith(`${faults} faults; `)), this.exploration.last.outcomes.join('\n')).to.equal(true);
});

Then('no task oopses', function (this: MachineWorld) {
  this.exploration.expectNone('noTaskOopses');
});

Then('no task relies on an update that waits', function (this: MachineWorld) {
  this.exploration.expectNone('updatesAreThere');
});

Then('some interleaving lets {string} rely on {string} while the update waits', function (this: MachineWorld, task: string, what: string) {
  this.exploration.expectSome('updatesAreThere', `${task} relies on ${what}`, 'the update waits');
});

Then('every update in a section waits for its end', function (this: MachineWorld) {
  this.exploration.expectNone('sectionsAreBatched');
});

Then('some interleaving lets {string} make a hypercall for one update in a section', function (this: MachineWorld, task: string) {
  this.exploration.expectSome('sectionsAreBatched', `${task} makes a hypercall`, 'although it is in a section');
});

Then('every section that ends was enabled', function (this: MachineWorld) {
  this.exploration.expectNone('countsMatch');
});

Then('no task sleeps where it must not', function (this: MachineWorld) {
  this.exploration.expectNone('neverSchedulesAtomically');
});

Then('every task gives way as soon as it can be preempted', function (this: MachineWorld) {
  this.exploration.expectNone('givesWayWhenAsked');
});

Then('some interleaving lets {string} go on although it has been told to give way', function (this: MachineWorld, task: string) {
  this.exploration.expectSome('givesWayWhenAsked', `${task} goes on`);
});

Then('interrupts stay off where a caller has turned them off', function (this: MachineWorld) {
  this.exploration.expectNone('interruptsStayOff');
});

Then('tasks are switched with interrupts off', function (this: MachineWorld) {
  this.exploration.expectNone('switchesWithInterruptsOff');
});

Then('some interleaving stops {string} with {string}', function (this: MachineWorld, task: string, message: string) {
  this.exploration.expectSome('noTaskOopses', `${task}: `, message);
});
