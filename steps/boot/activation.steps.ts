// Where interrupts could come during a boot: the activation of the hypervisor,
// explored with a timer.

import { Given, Then, When } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Given('a kernel that activates the hypervisor, with the patch', function (this: MachineWorld) {
  this.exploration.situation('vmi-boot/activation');
  this.exploration.patches('all');
});

Given('a kernel that activates the hypervisor, with the variant {string}', function (this: MachineWorld, variant: string) {
  this.exploration.situation('vmi-boot/activation');
  this.exploration.patches(`none,+vmi-boot@${variant}`);
});

Given('setup_arch is entered with interrupts on', function (this: MachineWorld) {
  this.exploration.set('callerIF', true);
});

When('a timer may tick at every boundary', function (this: MachineWorld) {
  this.exploration.ask();
});

Then('no interrupt is handled during activation', function (this: MachineWorld) {
  this.exploration.expectNone('bootNoInterruptInActivation');
});

Then('some interrupt is handled during activation', function (this: MachineWorld) {
  this.exploration.expectSome('bootNoInterruptInActivation', 'between VMI_Init and the last operation');
});

When('the 2.6.28-rc8 with the variant {string} boots, and each step is judged', function (this: MachineWorld, variant: string) {
  this.exploration.situation('vmi-boot/setup-arch');
  this.exploration.patches(`none,+vmi-boot@${variant}`);
  this.exploration.set('setupData', 'none');
  this.exploration.ask();
});

Then('{string} is broken on the way: {string}', function (this: MachineWorld, invariant: string, words: string) {
  this.exploration.expectSome(invariant, words);
});
