// Flushing the TLB, and the page tables that a task is left on.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { windowsOf } from '../../machine/explorer/stateful/windows';
import type { MachineWorld } from '../support/world';

When('the kernel thread performs {string} in every interleaving', function (this: MachineWorld, flush: string) {
  this.exploration.set('flush', flush);
  this.exploration.ask();
});

When('the kernel thread performs {string} {int} time(s) in every interleaving', function (this: MachineWorld, flush: string, times: number) {
  this.exploration.set('flush', flush);
  this.exploration.set('flushes', times);
  this.exploration.ask();
});

When('"editor" calls {string} in every interleaving', function (this: MachineWorld, flush: string) {
  this.exploration.set('flush', flush);
  this.exploration.ask();
});

When('it calls flush_tlb_mm\\(\\) in every interleaving', function (this: MachineWorld) {
  this.exploration.set('forget', false);
  this.exploration.ask();
});

When('it calls flush_tlb_all\\(\\) in every interleaving', function (this: MachineWorld) {
  this.exploration.set('forget', false);
  this.exploration.ask();
});

When('it calls nothing in every interleaving', function (this: MachineWorld) {
  this.exploration.set('forget', true);
  this.exploration.ask();
});

Then('{string} can end up on the page tables of {string}', function (this: MachineWorld, task: string, owner: string) {
  this.exploration.expectSome('taskOnOwnPageTables', `${task} runs with cr3 = ${tablesOf(owner)} `, `its mm is ${task}.mm`);
});

Then('some interleaving leaves {string} on the page tables of {string} while it borrows those of {string}', function (this: MachineWorld, task: string, owner: string, lender: string) {
  this.exploration.expectSome('cr3IsActiveMm', `${task} runs with cr3 = ${tablesOf(owner)} `, `its active_mm is ${lender}.mm`);
});

Then('no user task ever runs on the page tables of another', function (this: MachineWorld) {
  this.exploration.expectNone('taskOnOwnPageTables');
});

Then('no interleaving leaves the kernel thread on page tables that it does not borrow', function (this: MachineWorld) {
  this.exploration.expectNone('cr3IsActiveMm');
});

Then('some interleaving lets {string} read the page of {string}', function (this: MachineWorld, reader: string, owner: string) {
  this.exploration.expectSome('userReachesOwnMemory', `${reader} reads`, `${owner}.mm maps there`);
});

Then('some interleaving leaves {string} on the page directory of {string} after it was freed', function (this: MachineWorld, task: string, owner: string) {
  this.exploration.expectSome('cr3NotFreed', `${task} runs`, `of ${owner}.mm, which was freed`);
});

Then('no interleaving leaves any task on a freed page directory', function (this: MachineWorld) {
  this.exploration.expectNone('cr3NotFreed');
});

Then('in no interleaving does the kernel thread fault or die', function (this: MachineWorld) {
  this.exploration.expectNone('nobodyKilled');
});

Then('some interleaving lets a CPU use the old translation', function (this: MachineWorld) {
  this.exploration.expectSome('noStaleEntry');
});

Then('no interleaving lets a CPU use the old translation', function (this: MachineWorld) {
  this.exploration.expectNone('noStaleEntry');
});

Then('in that interleaving the last switch to {string} loads no cr3', function (this: MachineWorld, task: string) {
  const { events } = this.exploration.witness.trace;
  const last = events.map(({ text }) => text).lastIndexOf(events.map(({ text }) => text).filter((text) => text.startsWith('switch_to(') && text.endsWith(`, ${task})`)).at(-1)!);
  const begin = events.slice(0, last).map(({ text }) => text.startsWith('oldmm = ')).lastIndexOf(true);
  const loads = events.slice(begin, last).filter(({ text }) => text.startsWith('movl reg, %cr3'));
  expect(loads.map(({ text }) => text)).to.deep.equal([]);
});

Then('nothing in that loop loads cr3', function (this: MachineWorld) {
  const { graph, states } = this.exploration.last.search;
  const loops = graph.fairLoops(states, 1);
  expect(loops.length).to.be.greaterThan(0);
  const { trace } = this.exploration.witness;
  const loop = this.exploration.loopAfter(trace.schedule);
  expect(loop.length).to.be.greaterThan(3);
  expect(loop.filter(({ text }) => text.includes('%cr3')).map(({ text }) => text)).to.deep.equal([]);
});

Then('a user task ends up on wrong page tables only if an interrupt falls between {string} and {string}', function (this: MachineWorld, _first: string, second: string) {
  this.exploration.about('taskOnOwnPageTables');
  const search = this.exploration.until('taskOnOwnPageTables');
  const decisive = windowsOf(search, (to) => to < 0).filter((window) => window.decisive);
  expect(decisive.map(({ boundary }) => `${boundary.context} in ${boundary.path} before ${boundary.text}`)).to.deep.equal([`kthread in __flush_tlb before ${second}`]);
});

Then('no interrupt is needed at any other boundary', function (this: MachineWorld) {
  const search = this.exploration.until('taskOnOwnPageTables');
  expect(search.complete).to.equal(true);
  const windows = windowsOf(search, (to) => to < 0);
  expect(windows.filter((window) => window.decisive)).to.have.lengthOf(1);
  expect(windows.length, 'boundaries at which the search tried an interrupt').to.be.greaterThan(10);
});

function tablesOf(owner: string): string {
  return owner === 'init_mm' ? 'init_mm.pgd' : `${owner}.mm.pgd`;
}
