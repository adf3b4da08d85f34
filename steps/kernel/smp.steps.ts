// Kernels for two CPUs: who flushes what, and whom a flush must reach.

import { Given, Then, When } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Given('an SMP {word} kernel of {string} with CONFIG_PREEMPT', function (this: MachineWorld, arch: string, release: string) {
  this.exploration.set('arch', arch);
  this.exploration.set('release', release);
});

Given('two threads of one address space, one on each CPU, and a kernel thread on the second', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/shootdown');
});

Given('a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/debug-pagealloc');
});

Given('processors that may load any translation at any time', function (this: MachineWorld) {
  this.exploration.set('lookAhead', true);
});

When('one thread changes a page-table entry and calls {string} in every interleaving', function (this: MachineWorld, how: string) {
  this.exploration.set('how', how);
  this.exploration.ask();
});

When('the kernel thread frees a page in every interleaving', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('no interleaving leaves a CPU on an address space whose flushes would not reach it', function (this: MachineWorld) {
  this.exploration.expectNone('cpuInVmMask');
});

Then('some interleaving leaves {word} with {string} on the address space of {string}, whose flushes would not reach it', function (this: MachineWorld, cpu: string, task: string, owner: string) {
  this.exploration.expectSome('cpuInVmMask', `${cpu} runs ${task} with cr3 = ${owner}.mm.pgd`);
});

Then('some interleaving leaves {word} on the top-level page of {word}', function (this: MachineWorld, cpu: string, owner: string) {
  this.exploration.expectSome('cpuOnOwnTopLevel', `${cpu} runs`, `on the top-level page of ${owner}`);
});

Then('no interleaving leaves a CPU on the top-level page of another', function (this: MachineWorld) {
  this.exploration.expectNone('cpuOnOwnTopLevel');
});
