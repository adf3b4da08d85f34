// The tasks that run beside the code that a scenario is about.

import { Given } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Given('the user tasks "editor" and "browser", each with a page of its own', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/classic');
});

Given('a kernel thread that borrows the address space of the task that ran before it', function (this: MachineWorld) {
  this.exploration.set('flusher', 'kernel thread');
});

Given('the kernel thread has borrowed the page tables of boot', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/after-boot');
  this.exploration.unset('flusher');
});

Given('"editor" exits', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/exit');
  this.exploration.unset('flusher');
});

Given('"editor" flushes instead of the kernel thread', function (this: MachineWorld) {
  this.exploration.set('flusher', 'editor');
});

Given('there is no "browser"', function (this: MachineWorld) {
  this.exploration.set('browser', false);
});

Given('the user tasks write', function (this: MachineWorld) {
  this.exploration.set('write', true);
});

Given('each user task touches its page {int} times', function (this: MachineWorld, times: number) {
  this.exploration.set('accesses', times);
});

Given('both user tasks keep their page at the same address', function (this: MachineWorld) {
  this.exploration.set('pages', 'same address');
});

Given('the kernel thread changes a global page-table entry of the kernel', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/flush_tlb_mm');
  this.exploration.unset('preempt');
  this.exploration.set('entry', 'global, of the kernel');
  this.exploration.set('accesses', 1);
});

Given('{string} changes a page-table entry of "editor"', function (this: MachineWorld, flusher: string) {
  this.exploration.situation('flush-tlb/flush_tlb_mm');
  this.exploration.unset('preempt');
  this.exploration.set('flusher', flusher);
});
