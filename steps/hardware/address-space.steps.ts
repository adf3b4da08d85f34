// Where things lie in the kernel's address space: according to the enumeration, to the
// formulas, and to a boot.

import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { COMMON_OPTIONS, fixmapOf, type Fixmap, type FixmapText } from '../../machine/kernel/boot/fixmap';
import { earlyWindow, tablePlace, topLayout } from '../../machine/kernel/boot/layout';
import { addressSpacePicture, bootOrderPicture, overlapsOf, stretchesOf, unmoved, type BootOrder } from '../../reports/boot-pictures';
import type { BootStep } from '../../machine/situations/boot/machine';
import { bootOf, type BootScene } from '../support/boot-scene';
import type { MachineWorld } from '../support/world';

const MIB = 2 ** 20;
const hex = (value: number): string => value.toString(16).padStart(8, '0');
const inMib = (bytes: number): number => Math.floor((100 * bytes) / MIB) / 100;

interface Enumerated {
  readonly fixmap: Fixmap;
  readonly text: FixmapText;
}

const enumerated = new WeakMap<MachineWorld, Enumerated>();
const orders = new WeakMap<MachineWorld, readonly BootStep[]>();
const drawings = new WeakMap<MachineWorld, readonly string[]>();
const smallest = new WeakMap<MachineWorld, number>();

const fixmapIn = (world: MachineWorld): Enumerated => {
  const found = enumerated.get(world);
  if (!found) throw new Error('no fixmap was enumerated yet in this scenario');
  return found;
};

Given('the fixmap has a fixed place below PAGE_OFFSET', function (this: MachineWorld) {
  bootOf(this).extra = ['vmi-boot/low-fixmap'];
});

When('the fixmap of {word} is enumerated for {int} CPUs', function (this: MachineWorld, text: FixmapText, NR_CPUS: number) {
  enumerated.set(this, { text, fixmap: fixmapOf({ ...COMMON_OPTIONS, text, NR_CPUS }) });
});

When('the fixmap of {word} is enumerated for {int} CPUs with DEBUG_HIGHMEM', function (this: MachineWorld, text: FixmapText, NR_CPUS: number) {
  enumerated.set(this, { text, fixmap: fixmapOf({ ...COMMON_OPTIONS, text, NR_CPUS, DEBUG_HIGHMEM: true }) });
});

Then('these names have these indices:', function (this: MachineWorld, table: DataTable) {
  const { ranges } = fixmapIn(this).fixmap;
  const wanted = table.rows().map(([name, indices]) => `${name} ${indices}`);
  const names = new Set(table.rows().map(([name]) => name));
  const found = ranges.filter(({ name }) => names.has(name)).map(({ name, first, pages }) => `${name} ${pages === 1 ? first : `${first}-${first + pages - 1}`}`);
  expect(found.sort()).to.deep.equal(wanted.sort());
});

Then('{int} indices are permanent, of {int} in all', function (this: MachineWorld, permanent: number, total: number) {
  const { fixmap } = fixmapIn(this);
  expect([fixmap.permanentEnd, fixmap.total]).to.deep.equal([permanent, total]);
});

Then('below fffff000 FIXADDR_START is {address} and FIXADDR_BOOT_START is {address}', function (this: MachineWorld, start: number, bootStart: number) {
  const { fixmap } = fixmapIn(this);
  const layout = topLayout({ fixmap, formula: 'reserve', HIGHMEM: true, X86_PAE: false }, 0xfffff000);
  expect([layout.FIXADDR_START, layout.FIXADDR_BOOT_START].map(hex)).to.deep.equal([start, bootStart].map(hex));
});

Then('below {address} the window is at {address} to {address}', function (this: MachineWorld, top: number, from: number, to: number) {
  const window = earlyWindow(fixmapIn(this).fixmap, top);
  expect([window.from, window.to].map(hex)).to.deep.equal([from, to].map(hex));
});

Then('below {address} the window begins at entry {int} of table {int}, with PAE at entry {int} of table {int}', function (this: MachineWorld, top: number, pte: number, pmd: number, paePte: number, paePmd: number) {
  const { from } = earlyWindow(fixmapIn(this).fixmap, top);
  expect([tablePlace({ X86_PAE: false }, from), tablePlace({ X86_PAE: true }, from)]).to.deep.equal([{ pmd, pte }, { pmd: paePmd, pte: paePte }]);
});

Then('a hypervisor must keep {int} MiB to overlap the window', function (this: MachineWorld, mib: number) {
  const { from, to } = earlyWindow(fixmapIn(this).fixmap, 0xfffff000);
  const lies = (keeps: number): boolean => 2 ** 32 - keeps * MIB <= from && from < to;
  expect([lies(mib - 1), lies(mib)]).to.deep.equal([false, true]);
});

Then('after the move the window lies below the hypervisor', function (this: MachineWorld) {
  const { fixmap } = fixmapIn(this);
  for (let keeps = 1; keeps <= 512; keeps++) {
    const virtualTop = 2 ** 32 - keeps * MIB;
    expect(earlyWindow(fixmap, virtualTop - 4096).to, `with ${keeps} MiB kept`).to.be.below(virtualTop);
  }
});

// --- As a boot has laid it out ----------------------------------------------------

Then('the reserve is {float} MiB and lowmem has {float} MiB', function (this: MachineWorld, reserve: number, lowmem: number) {
  const space = bootOf(this).last.machine.addressSpace();
  expect({ reserve: inMib(space.__VMALLOC_RESERVE), lowmem: inMib(space.high_memory - 0xc0000000) }).to.deep.equal({ reserve, lowmem });
});

Then('high_memory is {address} and vmalloc begins at {address}', function (this: MachineWorld, high: number, start: number) {
  const space = bootOf(this).last.machine.addressSpace();
  expect([space.high_memory, space.VMALLOC_START].map(hex)).to.deep.equal([high, start].map(hex));
});

Then('vmalloc has {float} MiB', function (this: MachineWorld, mib: number) {
  expect(inMib(bootOf(this).last.machine.addressSpace().usableVmalloc)).to.equal(mib);
});

Then('PKMAP begins at {address}', function (this: MachineWorld, base: number) {
  expect(hex(bootOf(this).last.machine.addressSpace().PKMAP_BASE)).to.equal(hex(base));
});

Then('the address space is this, from the top:', function (this: MachineWorld, table: DataTable) {
  const space = bootOf(this).last.machine.addressSpace();
  const found = stretchesOf(space, null).map(({ name, from, to }) => `${name} ${hex(from)} ${hex(to - 1)}`);
  expect(found).to.have.members(table.rows().map((row) => row.join(' ')));
});

Then('the address space is drawn to scale', function (this: MachineWorld) {
  const { last, boot } = bootOf(this);
  const virtualTop = boot.rom === null ? null : boot.rom.virtual_top;
  const stretches = stretchesOf(last.machine.addressSpace(), virtualTop);
  const subtitle = [virtualTop === null ? 'no hypervisor' : `hypervisor from ${hex(virtualTop)}`, boot.commandLine].filter((part) => part !== '').join(', ');
  const picture = addressSpacePicture([{ title: last.name, subtitle, stretches }]);
  this.attach(Buffer.from(picture), 'image/svg+xml');
  drawings.set(this, [picture, ...overlapsOf(stretches)]);
  expect(picture.match(/<rect[^>]*><title>/g), 'stretches drawn').to.have.length.above(stretches.length - 1);
});

Then('the drawing shows that {string}', function (this: MachineWorld, words: string) {
  expect(drawings.get(this)).to.include(words);
});

When('the kernel {string} boots with every fourth vmalloc= from 4M to 256M', function (this: MachineWorld, name: string) {
  const scene = bootOf(this);
  const machine = scene.machine(name);
  let least = 0;
  for (let mib = 256; mib >= 4; mib -= 4) if (machine.run({ ...scene.boot, commandLine: `vmalloc=${mib}M` }).outcome === 'boots') least = mib;
  smallest.set(this, least);
});

Then('the smallest that boots is {int}M', function (this: MachineWorld, mib: number) {
  expect(smallest.get(this)).to.equal(mib);
});

// --- The order of a boot ----------------------------------------------------------

const orderOf = (world: MachineWorld): readonly BootStep[] => {
  const order = orders.get(world);
  if (!order) throw new Error('no order was looked at yet in this scenario');
  return order;
};

When('the order of {string} is examined', function (this: MachineWorld, name: string) {
  const scene = bootOf(this);
  orders.set(this, scene.machine(name).order(scene.boot));
});

Then(/^"([^"]*)" comes? before "([^"]*)"$/, function (this: MachineWorld, earlier: string, later: string) {
  const names = orderOf(this).map(({ name }) => name);
  const places = (list: string): number[] => list.split(', ').map((name) => names.indexOf(name));
  expect([...places(earlier), ...places(later)], names.join(', ')).to.not.include(-1);
  expect(Math.max(...places(earlier)), names.join(', ')).to.be.below(Math.min(...places(later)));
});

Then('the first early mapping is made by {string}', function (this: MachineWorld, name: string) {
  expect(orderOf(this).find(({ mapsEarly }) => mapsEarly)?.name).to.equal(name);
});

function drawnOrder(scene: BootScene, name: string): BootOrder {
  const machine = scene.machine(name);
  const steps = machine.order(scene.boot).map((step) => step.name);
  const { outcome, message } = machine.result();
  return { title: name, steps, stop: outcome === 'boots' ? null : message };
}

When('the orders of {string} and {string} are drawn', function (this: MachineWorld, one: string, other: string) {
  const scene = bootOf(this);
  const [left, right] = [drawnOrder(scene, one), drawnOrder(scene, other)];
  this.attach(Buffer.from(bootOrderPicture(left, right)), 'image/svg+xml');
  const kept = unmoved(left.steps, right.steps);
  const moved = right.steps.filter((_, j) => !kept.some(([, k]) => k === j));
  drawings.set(this, moved.map((step) => `${step} moved`));
});

Then('the drawing shows that {string} moved', function (this: MachineWorld, step: string) {
  expect(drawings.get(this)).to.include(`${step} moved`);
});
