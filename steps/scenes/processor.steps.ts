// Requirements on registers, TLBs and entries, in the chapters that are set in a scene.

import { Then } from '@cucumber/cucumber';
import type { MachineWorld } from '../support/world';

Then('some interleaving loses CR4.VMXE on {string}', function (this: MachineWorld, cpu: string) {
  this.exploration.expectSome('vmxeIsKept', cpu);
});

Then('no interleaving loses CR4.VMXE', function (this: MachineWorld) {
  this.exploration.expectNone('vmxeIsKept');
});

Then('some interleaving gives {string} two translations of one address that differ', function (this: MachineWorld, cpu: string) {
  this.exploration.expectSome('oneTranslationOfEachAddress', cpu);
});

Then('no interleaving gives a CPU two translations of one address that differ', function (this: MachineWorld) {
  this.exploration.expectNone('oneTranslationOfEachAddress');
});

Then('some interleaving lets mincore\\(\\) walk a table at {string} and not at {string}', function (this: MachineWorld, where: string, table: string) {
  this.exploration.expectSome('walksTheTable', `at ${where}, where there is none`, `the table is at ${table}`);
});

Then('no interleaving lets mincore\\(\\) walk a table where there is none', function (this: MachineWorld) {
  this.exploration.expectNone('walksTheTable');
});

Then('some interleaving lets mincore\\(\\) take the entry for {string}, which it never was', function (this: MachineWorld, value: string) {
  this.exploration.expectSome('readsWhatWas', `for ${value}, which`);
});

Then('no interleaving lets mincore\\(\\) take the entry for one that never was', function (this: MachineWorld) {
  this.exploration.expectNone('readsWhatWas');
});

Then('some interleaving loses {string}, which should be on the disk', function (this: MachineWorld, written: string) {
  this.exploration.expectSome('nothingIsLost', `has ${written} and the disk`);
});

Then('no interleaving loses a write', function (this: MachineWorld) {
  this.exploration.expectNone('nothingIsLost');
});

Then('some interleaving returns to a handler with interrupts enabled', function (this: MachineWorld) {
  this.exploration.expectSome('interruptsStayOff');
});

Then('no interleaving returns to a handler with interrupts enabled', function (this: MachineWorld) {
  this.exploration.expectNone('interruptsStayOff');
});

Then('no interleaving lets mincore\\(\\) miss a table', function (this: MachineWorld) {
  this.exploration.expectNone('missesNoTable');
});

Then('some interleaving lets mincore\\(\\) miss a table', function (this: MachineWorld) {
  this.exploration.expectSome('missesNoTable');
});

Then('some interleaving lets {string} walk {string} after it was freed', function (this: MachineWorld, walker: string, table: string) {
  this.exploration.expectSome('walksLiveTable', `${walker} reads an entry in ${table}, which is free`);
});

Then('some interleaving lets {string} walk {string} when it is used for something else', function (this: MachineWorld, walker: string, table: string) {
  this.exploration.expectSome('walksLiveTable', `${walker} reads an entry in ${table}, which is used by another owner`);
});

Then('no interleaving walks a table that is free or used for something else', function (this: MachineWorld) {
  this.exploration.expectNone('walksLiveTable');
});

Then('some interleaving writes after mprotect\\(\\) has returned', function (this: MachineWorld) {
  this.exploration.expectSome('forbiddenAccessRefused', 'writes at', 'after mprotect(PROT_READ) has returned');
});

Then('no interleaving writes after mprotect\\(\\) has returned', function (this: MachineWorld) {
  this.exploration.expectNone('forbiddenAccessRefused');
});

Then('no interleaving reaches a page after munmap\\(\\) has returned', function (this: MachineWorld) {
  this.exploration.expectNone('forbiddenAccessRefused');
});

Then('some interleaving leaves a page counted as mapped that no entry leads to', function (this: MachineWorld) {
  this.exploration.expectSome('countAgrees', 'no entry leads to it');
});

Then('no interleaving leaves a page counted as mapped that no entry leads to', function (this: MachineWorld) {
  this.exploration.expectNone('countAgrees');
});

Then('some interleaving lets {string} look ahead in a table that was freed', function (this: MachineWorld, cpu: string) {
  this.exploration.expectSome('noFreedTableWalked', cpu, 'has walked the table when that was used by another owner');
});

Then('no interleaving walks a table that was freed', function (this: MachineWorld) {
  this.exploration.expectNone('noFreedTableWalked');
});
