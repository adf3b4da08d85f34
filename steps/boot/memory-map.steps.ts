// The memory map and the addresses of a kernel that boots: its functions one by one, and its formulas.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { e820_end_of_ram_pfn, e820_update_range, find_e820_area } from '../../machine/kernel/boot/e820';
import type { BootKernel, E820Entry } from '../../machine/kernel/boot/boot-kernel';
import { COMMON_OPTIONS, fixmapOf, type FixmapOptions, type FixmapText } from '../../machine/kernel/boot/fixmap';
import { addressSpace, type AddressSpace } from '../../machine/kernel/boot/layout';
import { instruction, path, silently, type Call, type Path } from '../../machine/path';
import { BootMachine, PLAIN_CASE } from '../../machine/situations/boot/machine';
import type { MachineWorld } from '../support/world';

const MIB = 2 ** 20;
const address = (digits: string): number => Number.parseInt(digits, 16);

/** What a scenario works on. */
class Early {
  map: readonly E820Entry[] = [];
  reserved = '';
  found = '';
  names = '';
  space: AddressSpace | undefined;

  /** Runs one function of a kernel that has just begun to boot, with this memory map. */
  run(call: (kernel: BootKernel) => Call<unknown>, pae = false): void {
    const machine = new BootMachine({ release: '2.6.28', hunks: new Set(), config: { X86_PAE: pae } });
    const { kernel } = machine;
    const note = silently('its result', (_cpu, result: number | undefined) => { this.found = result === -1 ? 'nowhere' : String(result?.toString(16)); });
    const begin = instruction('this is the memory map', () => {
      kernel.boot.e820 = this.map;
      kernel.boot.early_res = this.reserved.split(', ').filter((text) => text !== '').map((text) => {
        const [start, end] = text.split('-').map(address) as [number, number];
        return { start, end, name: 'taken' };
      });
    });
    const program = path(function* program(): Path {
      yield* begin();
      yield* note((yield* call(kernel)) as number | undefined);
    });
    machine.prepare(PLAIN_CASE, program());
    const { context } = machine.cpu;
    while (context!.pending !== null) context!.perform(machine.cpu);
    this.map = kernel.boot.e820;
  }
}

const all = new WeakMap<MachineWorld, Early>();

function earlyOf(world: MachineWorld): Early {
  const early = all.get(world) ?? new Early();
  all.set(world, early);
  return early;
}

Given('the memory map {string}', function (this: MachineWorld, text: string) {
  earlyOf(this).map = text.split(', ').map((line) => {
    const [, from, to, type] = /^(\w+)-(\w+) (.+)$/.exec(line)!;
    return { addr: address(from!), size: address(to!) - address(from!), type: type as E820Entry['type'] };
  });
});

Given('{string} are reserved early', function (this: MachineWorld, text: string) {
  earlyOf(this).reserved = text;
});

When(/^([0-9a-f]+) to ([0-9a-f]+) becomes kernel data$/, function (this: MachineWorld, start: string, end: string) {
  earlyOf(this).run((kernel) => e820_update_range(kernel, address(start), address(end) - address(start), 'kernel data'));
});

When(/^([0-9a-f]+) bytes between ([0-9a-f]+) and ([0-9a-f]+) are looked for$/, function (this: MachineWorld, size: string, start: string, end: string) {
  earlyOf(this).run((kernel) => find_e820_area(kernel, address(start), address(end), address(size)));
});

When(/^the end of RAM is looked for (with|without) PAE$/, function (this: MachineWorld, pae: string) {
  earlyOf(this).run((kernel) => e820_end_of_ram_pfn(kernel), pae === 'with');
});

Then('the memory map is {string}', function (this: MachineWorld, text: string) {
  expect(earlyOf(this).map.map(({ addr, size, type }) => `${addr.toString(16)}-${(addr + size).toString(16)} ${type}`).join(', ')).to.equal(text);
});

Then('they are found at {string}', function (this: MachineWorld, found: string) {
  expect(earlyOf(this).found).to.equal(found);
});

Then(/^it is frame ([0-9a-f]+)$/, function (this: MachineWorld, frame: string) {
  expect(earlyOf(this).found).to.equal(frame);
});

When(/^the whole fixmap of (.+) is enumerated for 8 CPUs with (every|no) option$/, function (this: MachineWorld, text: FixmapText, which: string) {
  const options = Object.fromEntries(Object.keys(COMMON_OPTIONS).map((name) => [name, which === 'every'])) as unknown as Omit<FixmapOptions, 'text' | 'NR_CPUS'>;
  earlyOf(this).names = fixmapOf({ ...options, text, NR_CPUS: 8 }).ranges.map(({ name, first, pages }) => `${name} ${pages === 1 ? first : `${first}-${first + pages - 1}`}`).join(', ');
});

Then('the fixmap is {string}', function (this: MachineWorld, names: string) {
  expect(earlyOf(this).names).to.equal(names);
});

When(/^the addresses of (\S+) are laid out for (\d+) MiB, with (HIGHMEM|HIGHMEM and PAE|no HIGHMEM), below ([0-9a-f]+), with a reserve of (\d+) MiB$/, function (this: MachineWorld, text: FixmapText, ram: string, pages: string, top: string, reserve: string) {
  const HIGHMEM = pages !== 'no HIGHMEM';
  const fixmap = fixmapOf({ ...COMMON_OPTIONS, HIGHMEM, text, NR_CPUS: 8 });
  earlyOf(this).space = addressSpace({ fixmap, formula: text === '2.6.28' ? 'vmalloc-end' : 'reserve', HIGHMEM, X86_PAE: pages.endsWith('PAE') }, address(top), Number(reserve) * MIB, Number(ram) * MIB);
});

Then(/^pkmap begins at (\w+), vmalloc lies from (\w+) to (\w+), and lowmem ends at (\w+)$/, function (this: MachineWorld, pkmap: string, start: string, end: string, high: string) {
  const { PKMAP_BASE, VMALLOC_START, VMALLOC_END, high_memory, usableVmalloc } = earlyOf(this).space!;
  expect([PKMAP_BASE, VMALLOC_START, VMALLOC_END, high_memory].map((value) => value.toString(16))).to.deep.equal([pkmap, start, end, high]);
  expect(usableVmalloc).to.equal(address(end) - address(start));
});
