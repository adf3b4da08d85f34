// Which kernel a scenario runs, and with which patches.

import { Given } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Given('an i386 kernel for one CPU, with CONFIG_PREEMPT', function (this: MachineWorld) {
  this.exploration.set('preempt', true);
});

Given('an i386 kernel for one CPU, without CONFIG_PREEMPT', function (this: MachineWorld) {
  this.exploration.set('preempt', false);
});

Given('the kernel without the patch', function (this: MachineWorld) {
  this.exploration.patches('none');
});

Given('the kernel with the patch', function (this: MachineWorld) {
  this.exploration.patches('all');
});

Given('the kernel under review', function (this: MachineWorld) {
  this.exploration.reviewed();
});

Given('the kernel with the patch except {string}', function (this: MachineWorld, hunk: string) {
  this.exploration.patches(`all,-${hunk}`);
});

Given('the kernel with the variant {string}', function (this: MachineWorld, variant: string) {
  this.exploration.patches(`none,+${this.patchOfFeature}@${variant}`);
});

Given('no interrupt comes', function (this: MachineWorld) {
  this.exploration.set('interrupts', false);
});
