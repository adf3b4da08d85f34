// Processors that run a few instructions, with whatever may interrupt them.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { escalate, VECTOR } from '../../machine/hardware/interrupts';
import { Assembly } from '../support/assembly';
import type { MachineWorld } from '../support/world';

const assemblies = new WeakMap<MachineWorld, Assembly>();

function assemblyOf(world: MachineWorld): Assembly {
  const assembly = assemblies.get(world) ?? new Assembly();
  assemblies.set(world, assembly);
  return assembly;
}

const verdictOf = (world: MachineWorld): NonNullable<Assembly['verdict']> => {
  const { verdict } = assemblyOf(world);
  if (!verdict) throw new Error('nothing was explored in this scenario');
  return verdict;
};

Given('a processor that runs {string}', function (this: MachineWorld, code: string) {
  assemblyOf(this).programs.push({ code, interruptsOff: false });
});

Given('a processor that runs {string} with interrupts off', function (this: MachineWorld, code: string) {
  assemblyOf(this).programs.push({ code, interruptsOff: true });
});

Given('the handler of vector {int} runs {string}', function (this: MachineWorld, vector: number, code: string) {
  assemblyOf(this).handlers.set(vector, { code, kind: 'interrupt', dpl: 0 });
});

Given('the handler of vector {int} runs {string} behind a trap gate', function (this: MachineWorld, vector: number, code: string) {
  assemblyOf(this).handlers.set(vector, { code, kind: 'trap', dpl: 0 });
});

Given('the handler of vector {int} runs {string} behind a gate for ring {int}', function (this: MachineWorld, vector: number, code: string, dpl: number) {
  assemblyOf(this).handlers.set(vector, { code, kind: 'interrupt', dpl });
});

Given('vector {int} may arrive from outside {int} time(s)', function (this: MachineWorld, vector: number, limit: number) {
  assemblyOf(this).sources.push({ name: vector === VECTOR.NMI ? 'nmi' : `irq${vector}`, vector, limit });
});

Given('the processors have local APICs', function (this: MachineWorld) {
  assemblyOf(this).options.apic = true;
});

Given('the stack of the handlers is not mapped', function (this: MachineWorld) {
  assemblyOf(this).paging = true;
  assemblyOf(this).stackMissing = true;
});

Given('the code at page 0x9f is {string}', function (this: MachineWorld, code: string) {
  assemblyOf(this).trampoline = code;
});

Given('the page "here" leads to the old frame', function (this: MachineWorld) {
  assemblyOf(this).paging = true;
});

Given('long mode with PCIDs, where the page "here" leads to the old frame', function (this: MachineWorld) {
  const assembly = assemblyOf(this);
  assembly.paging = true;
  assembly.longMode = true;
  assembly.options.pcids = true;
});

Given('the processors may load the translation of {string} at any time', function (this: MachineWorld, page: string) {
  assemblyOf(this).options.earlyFills = [Assembly.addressOf(page)];
});

Given('the processors keep upper table entries apart', function (this: MachineWorld) {
  assemblyOf(this).options.structureCaches = true;
});

Given('the processors may mark an entry that was cleared', function (this: MachineWorld) {
  assemblyOf(this).options.strayBits = true;
});

Given('the walks of the processors pass stores that are still in the buffer', function (this: MachineWorld) {
  assemblyOf(this).options.walksPassStores = true;
});

Given('the stores of the processors wait in buffers', function (this: MachineWorld) {
  assemblyOf(this).options.order = 'TSO';
});

When('every interleaving is explored', function (this: MachineWorld) {
  assemblyOf(this).explore();
});

Then('what was noted is one of {string}', function (this: MachineWorld, list: string) {
  const { complete, findings, outcomes } = verdictOf(this);
  expect(findings.map(({ message }) => message)).to.deep.equal([]);
  expect(complete).to.equal(true);
  expect([...outcomes]).to.have.members(list.split(', '));
});

Then('some run notes {string}', function (this: MachineWorld, noted: string) {
  expect(verdictOf(this).outcomes).to.include(noted);
});

Then('no run notes {string}', function (this: MachineWorld, noted: string) {
  expect(verdictOf(this).complete).to.equal(true);
  expect(verdictOf(this).outcomes).not.to.include(noted);
});

Then('every run ends in shutdown', function (this: MachineWorld) {
  const { outcomes, findings } = verdictOf(this);
  expect(outcomes).to.deep.equal([]);
  expect(findings.map(({ kind }) => kind)).to.deep.equal(['deadlock']);
  expect(findings[0]!.message).to.contain('"shutdown"');
});

Then('a fault {int} on the way to the handler of {int} becomes {string}', function (second: number, first: number, outcome: string) {
  expect(escalate(first, second)).to.equal(outcome);
});
