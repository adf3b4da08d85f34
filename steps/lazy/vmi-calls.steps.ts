// The calls of the ROM one by one: a guest of a few pages that calls them in order.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Context } from '../../machine/context';
import { popf } from '../../machine/hardware/instructions';
import { Memory } from '../../machine/hardware/memory';
import { VMI_CALL, VMI_PAGE, VMI_PTE, type RelocationType, type VmiCall } from '../../machine/hypervisors/interface-vmi';
import { VmiHypervisor } from '../../machine/hypervisors/vmi/hypervisor';
import { THREAD_READING, type LazyReading } from '../../machine/hypervisors/vmi/reading';
import { ACCEPTED_ROM, VmiRom } from '../../machine/hypervisors/vmi/rom';
import { VirtualCpu } from '../../machine/hypervisors/vmi/vcpu';
import { activate_vmi } from '../../machine/kernel/vmi/vmi';
import { instruction, path, type Path } from '../../machine/path';
import { GuestMachine } from '../../machine/situations/lazy/machine';
import { Store } from '../../machine/state/store';
import type { MachineWorld } from '../support/world';

const DIRECTORY = 0x1000;
const TABLE = 0x2000;
const PAGE_OFFSET = 0xc0000000;
/** The page whose entry changes, at 4 KiB from 0. */
const LA = 0x1000;
const ENTRY = TABLE + 4;
const FRAMES = { old: 0x10000000, new: 0x20000000 } as const;

type FrameName = keyof typeof FRAMES;

class VmiBench {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly cpu = new VirtualCpu(this.store, 0, this.memory);
  readonly rom = new VmiRom(ACCEPTED_ROM);
  readonly hypervisor: VmiHypervisor;

  constructor(reading: LazyReading) {
    this.memory.write32(DIRECTORY, TABLE | 7);
    this.memory.write32(ENTRY, FRAMES.old | 0x67);
    this.cpu.cr3 = DIRECTORY;
    this.hypervisor = new VmiHypervisor(this.store, this.memory, [this.cpu], this.rom, reading);
    this.call('SetLinearMapping', 0, PAGE_OFFSET, 0x100, 0);
    this.hypervisor.register(DIRECTORY / 4096, VMI_PAGE.PD);
    this.hypervisor.register(TABLE / 4096, VMI_PAGE.PT);
  }

  call(call: VmiCall, ...operands: number[]): void {
    this.rom.call(this.cpu, this.rom.eipOf(VMI_CALL[call]), operands);
  }

  /** One word of a scenario: a call of the ROM, or an access by the guest itself. */
  perform(word: string): void {
    switch (word) {
      case 'enter MMU': return this.call('SetLazyMode', 1);
      case 'enter CPU': return this.call('SetLazyMode', 2);
      case 'leave': return this.call('SetLazyMode', 0);
      case 'set': return this.call('SetPxE', FRAMES.new | 0x67, PAGE_OFFSET + ENTRY, VMI_PAGE.PT);
      case 'set deferred': return this.call('SetPxE', FRAMES.new | 0x67, PAGE_OFFSET + ENTRY, VMI_PAGE.PT | VMI_PTE.DEFER);
      case 'store': return this.memory.write32(ENTRY, FRAMES.new | 0x67);
      case 'update': return this.call('UpdatePxE', PAGE_OFFSET + ENTRY, VMI_PAGE.PT);
      case 'invalidate': return this.call('InvalPage', LA);
      case 'flush': return this.call('FlushTLB', 1);
      case 'release': return this.call('ReleasePage', TABLE / 4096);
      case 'touch': return void this.cpu.reaches('read', LA);
      default: throw new Error(`no call of this scenario is "${word}"`);
    }
  }

  /** The frame that the guest finds in its table. */
  get seen(): FrameName {
    return nameOf(this.memory.read32(ENTRY));
  }

  /** The frame that an access reaches. */
  get reached(): FrameName {
    this.cpu.reaches('read', LA);
    return nameOf(this.cpu.lastAccess!.pa);
  }
}

function nameOf(address: number): FrameName {
  return (address & 0xf0000000) >>> 0 === FRAMES.old ? 'old' : 'new';
}

const benches = new WeakMap<MachineWorld, VmiBench>();
const readings = new WeakMap<MachineWorld, LazyReading>();

const benchOf = (world: MachineWorld): VmiBench => {
  const known = benches.get(world) ?? new VmiBench(readings.get(world) ?? THREAD_READING);
  benches.set(world, known);
  return known;
};

Given('a VMI guest with one registered page table', function (this: MachineWorld) {
  readings.set(this, THREAD_READING);
});

Given('the guest sees its own queued updates {string}', function (this: MachineWorld, writes: LazyReading['writes']) {
  readings.set(this, { ...(readings.get(this) ?? THREAD_READING), writes });
});

Given('invalidations {string} in lazy mode', function (this: MachineWorld, invalidations: string) {
  readings.set(this, { ...(readings.get(this) ?? THREAD_READING), invalidations: invalidations as LazyReading['invalidations'] });
});

When('the guest does {string}', function (this: MachineWorld, words: string) {
  const bench = benchOf(this);
  for (const word of words.split(', ')) bench.perform(word);
});

Then('its table says {string} and an access reaches {string}', function (this: MachineWorld, seen: string, reached: string) {
  const bench = benchOf(this);
  expect({ seen: bench.seen, reached: bench.reached }).to.deep.equal({ seen, reached });
});

const noteHandler = instruction('the handler', () => undefined);
const handler = path(function* handler(): Path {
  yield* noteHandler();
});

const enableByCall = instruction('VMI SetInterruptMask(IF = 1)', (cpu: VirtualCpu, rom: number) => {
  roms.get(cpu)!.call(cpu, rom, [0x200]);
});
const roms = new WeakMap<VirtualCpu, VmiRom>();

const guestCode = path(function* guestCode(way: string, eip: number): Path {
  if (way === 'POPF') yield* popf(true);
  else yield* enableByCall(eip);
  yield* noteHandler();
});

When('an interrupt has come while IF was clear, and the guest sets it by {string}', function (this: MachineWorld, way: string) {
  const bench = benchOf(this);
  const { cpu, rom, store } = bench;
  roms.set(cpu, rom);
  cpu.idt.set(0x30, { kind: 'interrupt', handler: () => handler() });
  cpu.connectLatched({ name: 'device', vector: 0x30, limit: 1 });
  cpu.context = new Context(store, 'guest');
  cpu.context.start(guestCode(way, rom.eipOf(VMI_CALL.SetInterruptMask)), cpu);
  const moves = () => { const found: Parameters<VirtualCpu['moves']>[0] = []; cpu.moves(found); return found; };
  moves().find(({ label }) => label === 'device@cpu0')!.perform();
  expect(cpu.context.inHandler, 'held back while IF is clear').to.equal(false);
  moves().find(({ kind }) => kind === 'step')!.perform();
});

Then('the handler begins before the call returns', function (this: MachineWorld) {
  expect(benchOf(this).cpu.context!.inHandler).to.equal(true);
});

Then('the handler begins at the next boundary, and nothing else can', function (this: MachineWorld) {
  const { cpu } = benchOf(this);
  const moves: Parameters<VirtualCpu['moves']>[0] = [];
  cpu.moves(moves);
  expect(cpu.context!.inHandler).to.equal(false);
  expect(moves.map(({ label }) => label)).to.deep.equal(['deliver device@cpu0']);
});

interface Activation {
  readonly release: string;
  readonly wraps: boolean;
}

const activations = new WeakMap<MachineWorld, Activation>();
const operations = new WeakMap<MachineWorld, string>();

Given('a guest of {string} that fills its operation by {string}', function (this: MachineWorld, release: string, way: string) {
  activations.set(this, { release, wraps: way === 'para_wrap()' });
});

When('the relocation of SetLazyMode is {string}', function (this: MachineWorld, type: string) {
  const { release, wraps } = activations.get(this)!;
  const hunks = new Set(wraps ? ['vmi-lazy/para-wrap', 'vmi-lazy/wrapper'] : []);
  const { kernel } = new GuestMachine({ release, hunks, ram: 512, backend: 'bare metal', reading: THREAD_READING });
  const rom = new VmiRom(ACCEPTED_ROM);
  if (type !== 'NONE') rom.provide('SetLazyMode', () => 0, type as RelocationType);
  kernel.rom = rom;
  kernel.vmi_rom = ACCEPTED_ROM.at;
  try {
    activate_vmi(kernel, kernel.max_low_pfn);
    operations.set(this, kernel.paravirt_ops.set_lazy_mode(kernel, 0).text);
  } catch (error) {
    operations.set(this, (error as Error).message.split(' ').slice(0, 2).join(' '));
  }
});

Then('the operation becomes {string}', function (this: MachineWorld, operation: string) {
  const words: Readonly<Record<string, string>> = {
    'the ROM\'s code': 'paravirt_call', 'Linux\'s function': 'vmi_set_lazy_mode', 'an empty one': 'vmi_nop', 'what it was': 'paravirt_nop', 'a BUG': 'kernel BUG:',
  };
  expect(operations.get(this)).to.equal(words[operation]);
});
