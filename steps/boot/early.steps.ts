// early_ioremap by itself, on the page tables of head_32.S, and the checks of a boot.

import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Context } from '../../machine/context';
import type { Call } from '../../machine/path';
import { ACCEPTED_ROM } from '../../machine/hypervisors/vmi/rom';
import { e820_reserve_setup_data, parse_setup_data, reserve_early_setup_data } from '../../machine/kernel/boot/e820';
import { translate } from '../../machine/hardware/paging';
import { find_low_pfn_range, init_memory_mapping } from '../../machine/kernel/boot/init-32';
import { early_ioremap, early_ioremap_init, early_iounmap } from '../../machine/kernel/boot/ioremap';
import type { BootMachine } from '../../machine/situations/boot/machine';
import { kernelNamed } from '../../machine/situations/boot/kernels';
import { BootMachine as Machine, e820Of } from '../../machine/situations/boot/machine';
import { bootOf } from '../support/boot-scene';
import type { MachineWorld } from '../support/world';

const PAGE = 4096;
const SOMEWHERE = 0x1000000;

/** A machine on which paths are called one by one, starting where setup_arch would begin. */
class EarlyBench {
  readonly machine: BootMachine;
  private calls = 0;

  constructor(name: string) {
    const { release, hunks } = kernelNamed(name);
    this.machine = new Machine({ release, hunks, config: {} });
    this.machine.kernel.boot.e820 = e820Of(2048);
    this.call(early_ioremap_init(this.machine.kernel));
  }

  call(call: Call<unknown>): void {
    const { store, cpu } = this.machine;
    const context = new Context(store, `bench${this.calls++}`);
    cpu.context = context;
    context.start(call, cpu);
    while (context.pending !== null && context.isReady(cpu)) context.perform(cpu);
  }

  /** Makes an early mapping, and derives its address from the slots that changed. */
  map(pa: number, size: number): void {
    this.call(early_ioremap(this.machine.kernel, pa, size));
  }

  /** Entries of bm_pte that are present, as indices of the fixmap, lowest address first. */
  mapped(): number[] {
    const { kernel, memory } = this.machine;
    const { begin, end } = kernel.fixmap.btmap;
    const addresses = Array.from({ length: begin - end + 1 }, (_, i) => kernel.boot.__FIXADDR_TOP - (begin - i) * PAGE);
    return addresses.filter((la) => (memory.read32(kernel.symbols.bm_pte + (Math.floor(la / PAGE) % 1024) * 4) & 1) === 1);
  }

  leadsTo(la: number): number | null {
    const found = translate(this.machine.memory, this.machine.cpu, { kind: 'read', la, cpl: 0, ac: false });
    return found.out === 'ok' ? found.pa : null;
  }
}

const benches = new WeakMap<MachineWorld, EarlyBench>();

const benchOf = (world: MachineWorld): EarlyBench => {
  const bench = benches.get(world);
  if (!bench) throw new Error('nothing was mapped early yet in this scenario');
  return bench;
};

const newBench = (world: MachineWorld, name: string): EarlyBench => {
  const bench = new EarlyBench(name);
  benches.set(world, bench);
  return bench;
};

When('{int} pages are mapped early one after the other, on {string}', function (this: MachineWorld, pages: number, name: string) {
  const bench = newBench(this, name);
  for (let i = 0; i < pages; i++) bench.map(SOMEWHERE + i * PAGE, PAGE);
});

Then('the last of them is at {address}', function (this: MachineWorld, address: number) {
  const bench = benchOf(this);
  const mapped = bench.mapped();
  expect(mapped.at(-1)!.toString(16)).to.equal(address.toString(16));
  expect(bench.leadsTo(address)).to.equal(SOMEWHERE + (mapped.length - 1) * PAGE);
});

const TOO_MUCH: Readonly<Record<string, { readonly before: number; readonly size: number }>> = {
  'a fifth page': { before: 4, size: PAGE },
  'nothing at all': { before: 0, size: 0 },
  'one byte more than 64 pages': { before: 0, size: 64 * PAGE + 1 },
};

When(/^(a fifth page|nothing at all|one byte more than 64 pages) is mapped early, on "([^"]*)"$/, function (this: MachineWorld, what: string, name: string) {
  const bench = newBench(this, name);
  const { before, size } = TOO_MUCH[what]!;
  for (let i = 0; i < before; i++) bench.map(SOMEWHERE + i * PAGE, PAGE);
  bench.map(SOMEWHERE, size);
});

Then('it is refused', function (this: MachineWorld) {
  const { log } = benchOf(this).machine.kernel.boot;
  expect(log.at(-1)).to.match(/WARNING: at mm\/ioremap.c, early_ioremap/);
});

When('4097 bytes are mapped early, on {string}', function (this: MachineWorld, name: string) {
  newBench(this, name).map(SOMEWHERE, PAGE + 1);
});

Then('{int} pages of the slot are in use', function (this: MachineWorld, pages: number) {
  expect(benchOf(this).mapped()).to.have.lengthOf(pages);
});

When('the first of two early mappings is released, on {string}', function (this: MachineWorld, name: string) {
  const bench = newBench(this, name);
  bench.map(SOMEWHERE, PAGE);
  bench.map(SOMEWHERE + PAGE, PAGE);
  bench.call(early_iounmap(bench.machine.kernel, bench.mapped()[0]!, PAGE));
});

Then('the second is still mapped', function (this: MachineWorld) {
  const bench = benchOf(this);
  expect(bench.mapped().map((la) => bench.leadsTo(la))).to.deep.equal([SOMEWHERE + PAGE]);
});

Then('the second is no longer mapped', function (this: MachineWorld) {
  const bench = benchOf(this);
  expect(bench.mapped().map((la) => bench.leadsTo(la))).to.deep.equal([SOMEWHERE]);
});

When('a page is mapped early and the page tables are made, on {string}', function (this: MachineWorld, name: string) {
  const bench = newBench(this, name);
  bench.map(SOMEWHERE, PAGE);
  bench.call(find_low_pfn_range(bench.machine.kernel));
  bench.call(init_memory_mapping(bench.machine.kernel));
});

Then('the page is mapped where it was', function (this: MachineWorld) {
  const bench = benchOf(this);
  const { kernel } = bench.machine;
  expect(bench.leadsTo(kernel.boot.__FIXADDR_TOP - kernel.fixmap.btmap.begin * PAGE)).to.equal(SOMEWHERE);
  expect(kernel.boot.fixmaps_set).to.equal(1);
});

// --- What can be wrong with a boot ---------------------------------------------------

const DAMAGES: Readonly<Record<string, (machine: BootMachine) => void>> = {
  'an entry of lowmem is cleared': ({ kernel, memory }) => memory.write32(kernel.symbols.swapper_pg_dir + 4 * 800, 0),
  'an entry of lowmem leads to the wrong page': ({ kernel, memory }) => memory.write32(kernel.symbols.swapper_pg_dir + 4 * 800, 0x400000 + 0x1e3),
  'setup_data turns up': ({ kernel }) => { kernel.boot.hdr_setup_data = 0x1f00000; },
  'a BUG is hit': ({ kernel }) => { kernel.boot.stopped = { kind: 'BUG', message: 'BUG: nowhere', cr2: null }; },
  'page tables are found low': ({ kernel }) => { kernel.boot.early_res = [{ start: 0x7000, end: 0x9000, name: 'PGTABLE' }]; },
};

When(/^a boot of "([^"]*)" ends, and then ([a-zA-Z_ ]+)$/, function (this: MachineWorld, name: string, how: string) {
  const scene = bootOf(this);
  const machine = scene.machine(name);
  scene.start(machine, name);
  DAMAGES[how]!(machine);
});

// --- The ROM ---------------------------------------------------------------------------

const NUMBERS = new Set(['rom_signature', 'vrom_signature', 'api_version_maj', 'api_version_min', 'at']);

Given(/^its ROM has (\w+) (.+)$/, function (this: MachineWorld, field: string, value: string) {
  const scene = bootOf(this);
  if (NUMBERS.has(field)) scene.changeRom({ [field]: Number(value) });
  else if (field === 'license') scene.changeRom({ license: value === 'none' ? null : value });
  else scene.changeRom({ pci: value === 'none' ? null : { vendor: Number(value), device: ACCEPTED_ROM.pci!.device } });
});

Given('its ROM lacks {string}', function (this: MachineWorld, call: 'SetPxE') {
  bootOf(this).set({ romLacks: [call] });
});

Given('the hypervisor refuses the guest', function (this: MachineWorld) {
  bootOf(this).set({ refusesGuest: true });
});

const LISTS = { parse_setup_data, reserve_early_setup_data, e820_reserve_setup_data } as const;
const written = new WeakMap<MachineWorld, readonly (readonly [number, number])[]>();

Given('these words are in memory, as a boot loader lays out a list of setup_data', function (this: MachineWorld, table: DataTable) {
  written.set(this, table.hashes().flatMap(({ at, words }) => words!.split(' ').map((word, i): [number, number] => [Number.parseInt(at!, 16) + 4 * i, Number.parseInt(word, 16)])));
});

When(/^"([^"]*)" calls (parse_setup_data|reserve_early_setup_data|e820_reserve_setup_data) with the list that begins at ([0-9a-f]+), by boot protocol ([0-9a-f]+)$/, function (this: MachineWorld, name: string, list: keyof typeof LISTS, first: string, protocol: string) {
  const bench = newBench(this, name);
  const { kernel, memory } = bench.machine;
  for (const [pa, word] of written.get(this)!) memory.write32(pa, word);
  kernel.boot.hdr_setup_data = Number.parseInt(first, 16);
  kernel.boot.hdr_version = Number.parseInt(protocol, 16);
  bench.call(LISTS[list](kernel));
});

/** What was added to the memory map or to the early reservations. */
Then('it has {string}', function (this: MachineWorld, what: string) {
  const { boot } = benchOf(this).machine.kernel;
  const range = (start: number, end: number, name: string): string => `${start.toString(16)}-${end.toString(16)} ${name}`;
  const before = new Set(e820Of(2048).map(({ addr }) => addr));
  const lines = boot.e820.filter(({ addr }) => !before.has(addr)).filter(({ addr, type }) => type !== 'RAM' || addr >= 2 ** 32).map(({ addr, size, type }) => range(addr, addr + size, type));
  const reserved = boot.early_res.filter(({ name }) => name === 'setup data').map(({ start, end, name }) => range(start, end, name));
  expect([...lines, ...reserved].join(', ') || 'nothing').to.equal(what);
});

Then('nothing is mapped early any more', function (this: MachineWorld) {
  const bench = benchOf(this);
  expect(bench.mapped()).to.deep.equal([]);
  expect(bench.machine.kernel.boot.stopped).to.equal(null);
});
