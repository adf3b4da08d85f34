// One CPU flushes an address space while another one switches to it.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { MachineWorld } from '../support/world';

Given('an SMP kernel of 4.4, on processors whose stores wait in buffers', function (this: MachineWorld) {
  this.exploration.situation('switch-mm-barrier/flush-and-switch');
});

Given('memory is sequentially consistent', function (this: MachineWorld) {
  this.exploration.set('order', 'SC');
});

Given('there is only one CPU', function (this: MachineWorld) {
  this.exploration.set('cpus', 1);
});

Given('a TLB may be filled at any time', function (this: MachineWorld) {
  this.exploration.set('fills', true);
});

Given('a flusher that does not hold the address space of "editor"', function (this: MachineWorld) {
  this.exploration.set('flusher', 'stranger');
});

Given('the flusher owns the address space', function (this: MachineWorld) {
  this.exploration.set('flusher', 'owner');
});

Given('the flusher has borrowed the address space', function (this: MachineWorld) {
  this.exploration.set('flusher', 'lazy');
});

Given('the flusher has borrowed the address space, and its CPU has left it since', function (this: MachineWorld) {
  this.exploration.set('flusher', 'lazy, left already');
});

Given('a thread of "editor" flushes another page on a third CPU', function (this: MachineWorld) {
  this.exploration.set('cpus', 3);
});

Given('another CPU that switches to "editor"', function (this: MachineWorld) {
  this.exploration.set('reader', 'from another address space');
});

Given('the other CPU comes back from lazy TLB mode', function (this: MachineWorld) {
  this.exploration.set('reader', 'back from lazy');
});

Given('the other CPU comes back from lazy TLB mode, and has left the address space since', function (this: MachineWorld) {
  this.exploration.set('reader', 'back from lazy, left already');
});

Given('a locked instruction changes the page-table entry', function (this: MachineWorld) {
  this.exploration.set('change', 'locked exchange');
});

When('the flusher calls {string} in every interleaving', function (this: MachineWorld, flush: string) {
  this.exploration.set('flush', flush);
  this.exploration.ask();
});

Then('some interleaving leaves the other CPU with the old translation', function (this: MachineWorld) {
  this.exploration.expectSome('flushReachesEveryTlb', 'cpu1 still translates');
});

Then('some interleaving lets "editor" read a page that was freed', function (this: MachineWorld) {
  this.exploration.expectSome('freedPageUnreached', 'editor reads');
});

Then('some interleaving lets "editor" read what another task has written to the freed page', function (this: MachineWorld) {
  this.exploration.expectSome('freedPageUnreached', 'editor reads 0x5ec7e7');
});

Then('no interleaving leaves any CPU with the old translation', function (this: MachineWorld) {
  this.exploration.expectNone('flushReachesEveryTlb');
});

Then('no interleaving lets "editor" read a page that was freed', function (this: MachineWorld) {
  this.exploration.expectNone('freedPageUnreached');
});

Then('no interleaving leaves the flusher\'s own CPU with the old translation', function (this: MachineWorld) {
  const { findings } = this.exploration.about('flushReachesEveryTlb');
  expect(findings.map(({ message }) => message.split(' ')[0])).to.deep.equal(['cpu1']);
});

Then('in that interleaving the flusher looks at the mask while its store to the entry waits', function (this: MachineWorld) {
  const { events } = this.exploration.witness.trace;
  const at = (text: string): number => events.findIndex((event) => event.process === 'cpu0' && event.text.startsWith(text));
  const between = events.slice(at('set_pte'), at('cpumask_any_but') + 1);
  expect(between.length, 'from the store to the look at the mask').to.be.greaterThan(1);
  expect(between.filter(({ label, changes }) => label === 'drain@cpu0' || changes.some(({ cell }) => cell.startsWith('memory'))).map(({ text }) => text)).to.deep.equal([]);
});

Then('in that interleaving the flusher\'s CPU was first made to leave the address space', function (this: MachineWorld) {
  const { events } = this.exploration.witness.trace;
  const own = events.filter(({ process }) => process === 'cpu0');
  const left = own.findIndex(({ text, paths }) => text.startsWith('cpumask_clear_cpu') && paths.includes('flush_tlb_func'));
  expect(left).to.be.greaterThan(-1);
  expect(left).to.be.lessThan(own.findIndex(({ text }) => text.startsWith('cpumask_any_but')));
});

Then('some interleaving ends so that {string}', function (this: MachineWorld, outcome: string) {
  expect(this.exploration.about().outcomes).to.include(outcome);
});
