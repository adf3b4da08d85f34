// Kernels for x86-64, by release.

import { Given } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Given('a uniprocessor x86-64 kernel with CONFIG_PREEMPT', function (this: MachineWorld) {
  this.exploration.set('preempt', true);
});

Given('the editor, the browser and the lazy kernel thread in long mode', function (this: MachineWorld) {
  this.exploration.situation('flush-tlb/x86-64');
});

Given('release {string}', function (this: MachineWorld, release: string) {
  this.exploration.set('release', release);
});
