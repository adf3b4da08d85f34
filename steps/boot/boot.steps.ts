// A 32-bit or 64-bit kernel that boots, and how it ends.

import { defineParameterType, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { brokenRequirements } from '../support/boot-requirements';
import { selectHunks } from '../../machine/patches/selection';
import { vmiBoot } from '../../machine/patches/vmi-boot';
import type { Reading } from '../../machine/hypervisors/vmi/boot-tables';
import type { SetupData } from '../../machine/situations/boot/machine';
import { missingFunctions } from '../../machine/kernel/boot/build';
import { bootOf } from '../support/boot-scene';
import { patchesUnderReview, type MachineWorld } from '../support/world';

const READINGS: Readonly<Record<string, Reading>> = {
  'takes over the tables that it finds': 'adopting',
  'knows only the page tables that were announced': 'announced-only',
  'drops no update': 'lenient',
};

defineParameterType({ name: 'reading', regexp: new RegExp(Object.keys(READINGS).join('|')), transformer: (words: string) => READINGS[words]! });
defineParameterType({ name: 'setupData', regexp: /no|short|long/, transformer: (word: string): SetupData => (word === 'no' ? 'none' : (word as SetupData)) });
defineParameterType({ name: 'address', regexp: /[0-9a-f]{8}/, transformer: (digits: string) => Number.parseInt(digits, 16) });

Given('a PC with {int} MiB of RAM', function (this: MachineWorld, ramMiB: number) {
  bootOf(this).set({ ramMiB });
});

Given('a hypervisor that keeps the last {int} MiB of addresses', function (this: MachineWorld, mib: number) {
  bootOf(this).keepAddresses(mib);
});

Given('no hypervisor', function (this: MachineWorld) {
  bootOf(this).set({ rom: null });
});

Given('the hypervisor {reading}', function (this: MachineWorld, reading: Reading) {
  bootOf(this).set({ reading });
});

Given('the boot loader passes {setupData} setup_data', function (this: MachineWorld, setupData: SetupData) {
  bootOf(this).set({ setupData });
});

Given('the command line {string}', function (this: MachineWorld, commandLine: string) {
  bootOf(this).set({ commandLine });
});

Given('kernels built with CONFIG_X86_PAE', function (this: MachineWorld) {
  bootOf(this).configure({ X86_PAE: true });
});

Given('kernels built without CONFIG_VMI', function (this: MachineWorld) {
  bootOf(this).configure({ VMI: false });
});

Given('kernels built for x86-64', function (this: MachineWorld) {
  bootOf(this).configure({ X86_64: true });
});

Given('kernels built for {int} CPUs', function (this: MachineWorld, NR_CPUS: number) {
  bootOf(this).configure({ NR_CPUS });
});

When('the kernel {string} boots', function (this: MachineWorld, name: string) {
  const scene = bootOf(this);
  scene.start(scene.machine(name), name);
});

When('the kernel {string} boots without {string}', function (this: MachineWorld, name: string, hunk: string) {
  const scene = bootOf(this);
  scene.start(scene.machine(name, hunk), name);
});

When('the 2.6.28-rc8 under review boots', function (this: MachineWorld) {
  const scene = bootOf(this);
  const own = patchesUnderReview(this.parameters).split(',').filter((word) => /^(all|none)$/.test(word) || word.replace(/^[+-]/, '').startsWith(vmiBoot.id));
  const machine = scene.machineWith('2.6.28-rc8', selectHunks([vmiBoot], own.join(',')));
  scene.start(machine, 'the kernel under review');
});

Then('the kernel boots', function (this: MachineWorld) {
  const { result, name } = bootOf(this).last;
  expect(result.outcome, `${name}: ${result.message}, in ${result.where.join(' > ')}`).to.equal('boots');
});

Then('the kernel boots under the hypervisor', function (this: MachineWorld) {
  const { result, name, machine } = bootOf(this).last;
  expect(result.outcome, `${name}: ${result.message}, in ${result.where.join(' > ')}`).to.equal('boots');
  expect(machine.kernel.boot.vmi_active).to.equal(true);
});

Then('the boot ends in a page fault at {address}', function (this: MachineWorld, cr2: number) {
  const { result } = bootOf(this).last;
  expect(result.outcome, result.message).to.equal('page fault');
  expect(result.cr2!.toString(16)).to.equal(cr2.toString(16));
});

Then('the boot ends in a page fault 12 MiB below the top of the address space', function (this: MachineWorld) {
  const { result } = bootOf(this).last;
  expect(result.outcome, result.message).to.equal('page fault');
  expect(result.cr2).to.equal(-12 * 2 ** 20);
});

Then('the boot ends in a page fault', function (this: MachineWorld) {
  const { result } = bootOf(this).last;
  expect(result.outcome, result.message).to.equal('page fault');
});

Then('the boot ends in a BUG of {string}: {string}', function (this: MachineWorld, place: string, condition: string) {
  const { result } = bootOf(this).last;
  expect(result.outcome, result.message).to.equal('BUG');
  expect(result.message).to.include(`${place}: ${condition}`);
});

Then('the early handler prints {string}', function (this: MachineWorld, words: string) {
  const { machine } = bootOf(this).last;
  expect(machine.kernel.boot.log.at(-1)).to.match(new RegExp(`^${words}`));
});

Then('the kernel prints {string}', function (this: MachineWorld, words: string) {
  const { log } = bootOf(this).last.machine.kernel.boot;
  expect(log.some((line) => line.includes(words)), log.join('\n')).to.equal(true);
});

Then('the kernel does not print {string}', function (this: MachineWorld, words: string) {
  const { log } = bootOf(this).last.machine.kernel.boot;
  expect(log.some((line) => line.includes(words)), log.join('\n')).to.equal(false);
});

Then('{string} takes the fault, in {string}', function (this: MachineWorld, inner: string, step: string) {
  const { where } = bootOf(this).last.result;
  expect(where.slice(2), where.join(' > ')).to.include.members([step, inner]);
});

Then('the page directory is empty at entry {int}', function (this: MachineWorld, index: number) {
  const { machine, result } = bootOf(this).last;
  const { pmdIndex, pmd } = machine.entriesFor(result.cr2!);
  expect({ pmdIndex, pmd }).to.deep.equal({ pmdIndex: index, pmd: 0 });
});

Then('the page directory has a table at entry {int}, which is empty at entry {int}', function (this: MachineWorld, index: number, pte: number) {
  const { machine, result } = bootOf(this).last;
  const found = machine.entriesFor(result.cr2!);
  expect({ pmdIndex: found.pmdIndex, hasTable: (found.pmd & 1) === 1, pteIndex: found.pteIndex, pte: found.pte }).to.deep.equal({ pmdIndex: index, hasTable: true, pteIndex: pte, pte: 0 });
});

Then('bm_pte is linked at entry {int}', function (this: MachineWorld, index: number) {
  const { machine } = bootOf(this).last;
  const { symbols, config, memory, entrySize } = machine.kernel;
  const directory = config.X86_PAE ? symbols.swapper_pg_pmd : symbols.swapper_pg_dir;
  expect((memory.read32(directory + index * entrySize) & ~0xfff) >>> 0).to.equal(symbols.bm_pte);
});

Then('bm_pte has an entry for the first page of the area', function (this: MachineWorld) {
  const { machine, result } = bootOf(this).last;
  const { symbols, memory, entrySize } = machine.kernel;
  const entry = memory.read32(symbols.bm_pte + machine.entriesFor(result.cr2!).pteIndex * entrySize);
  expect((entry & ~0xfff) >>> 0).to.equal(0xf0000);
});

Then('{string} takes the fault', function (this: MachineWorld, inner: string) {
  expect(bootOf(this).last.result.where.at(-1)).to.equal(inner);
});

Then('fixmaps_set was still {int}', function (this: MachineWorld, count: number) {
  expect(bootOf(this).last.machine.kernel.boot.fixmaps_set).to.equal(count);
});

Then('it runs under the hypervisor', function (this: MachineWorld) {
  expect(bootOf(this).last.machine.kernel.boot.vmi_active).to.equal(true);
});

Then('it runs natively', function (this: MachineWorld) {
  expect(bootOf(this).last.machine.kernel.boot.vmi_active).to.equal(false);
});

Then('the hypervisor dropped nothing', function (this: MachineWorld) {
  expect(bootOf(this).last.machine.hypervisor?.dropped).to.equal(0);
});

Then('the first update that the hypervisor dropped was to bm_pte', function (this: MachineWorld) {
  const { machine } = bootOf(this).last;
  expect(machine.hypervisor?.firstDropped).to.equal(machine.kernel.symbols.bm_pte / 4096);
});

Then('every requirement of a boot holds', function (this: MachineWorld) {
  const { machine, name } = bootOf(this).last;
  expect(brokenRequirements(machine), name).to.deep.equal([]);
});

Then('every requirement of a boot holds but {string}', function (this: MachineWorld, invariant: string) {
  expect(brokenRequirements(bootOf(this).last.machine).map(({ name }) => name)).to.deep.equal([invariant]);
});

Then('{string} is broken: {string}', function (this: MachineWorld, invariant: string, words: string) {
  const broken = brokenRequirements(bootOf(this).last.machine).find(({ name }) => name === invariant);
  expect(broken?.message, `a violation of ${invariant}`).to.include(words);
});

Then('it does not link, because {string} is missing', function (this: MachineWorld, callee: string) {
  expect(missingFunctions(bootOf(this).last.machine.kernel).map((missing) => missing.callee)).to.include(callee);
});

Then('it links', function (this: MachineWorld) {
  expect(missingFunctions(bootOf(this).last.machine.kernel)).to.deep.equal([]);
});

Then('it links with CONFIG_VMI and without', function (this: MachineWorld) {
  const { kernel } = bootOf(this).last.machine;
  expect([true, false].flatMap((VMI) => missingFunctions(kernel, VMI))).to.deep.equal([]);
});

Then('the memory map has {int} lines that come only from setup_data', function (this: MachineWorld, lines: number) {
  const { e820 } = bootOf(this).last.machine.kernel.boot;
  expect(e820.filter(({ addr }) => addr >= 0xfed40000 && addr < 2 ** 32)).to.have.lengthOf(lines);
});

Then('the hypervisor knows of {int} MiB of direct map', function (this: MachineWorld, mib: number) {
  const { machine } = bootOf(this).last;
  expect(Math.floor(machine.hypervisor!.linearPages / 256)).to.equal(mib);
});
