// What a kernel does to its page tables while it boots: calls of a ROM, or stores.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { ACCEPTED_ROM, VmiRom } from '../../machine/hypervisors/vmi/rom';
import { VMI_CALL, type VmiCall } from '../../machine/hypervisors/interface-vmi';
import { paravirt_alloc_pmd, paravirt_alloc_pte, paravirt_release_pte, set_pmds, set_ptes } from '../../machine/kernel/boot/entries';
import type { BootKernel } from '../../machine/kernel/boot/boot-kernel';
import { instruction, path, type Call, type Path } from '../../machine/path';
import { BootMachine, PLAIN_CASE } from '../../machine/situations/boot/machine';
import type { MachineWorld } from '../support/world';

const DEEDS: Readonly<Record<string, (k: BootKernel) => Call<unknown>>> = {
  'the frame 5 becomes a page table': (k) => paravirt_alloc_pte(k, 0x5000),
  'the frame 5 becomes a directory': (k) => paravirt_alloc_pmd(k, 0x5000),
  'the frame 5 is given back': (k) => paravirt_release_pte(k, 0x5000),
  'three entries of a page table from c0001008 on': (k) => set_ptes(k, 0xc0001008, 0x5163, 0x1000, 3),
  'three entries of a directory from c0001008 on': (k) => set_pmds(k, 0xc0001008, 0x5163, 0x1000, 3),
};

interface Done {
  readonly calls: readonly string[];
  readonly words: readonly string[];
}

const all = new WeakMap<MachineWorld, Done>();
const NOTED: readonly VmiCall[] = ['AllocatePage', 'ReleasePage', 'SetPxE', 'SetPxELong'];
const hex = (numbers: readonly number[]): string => numbers.map((number) => number.toString(16)).join(' ');

When(/^a kernel under (a|no) ROM does this (with|without) PAE: (.+)$/, function (this: MachineWorld, rom: string, pae: string, what: string) {
  const machine = new BootMachine({ release: '2.6.27', hunks: new Set(), config: { X86_PAE: pae === 'with' } });
  const { kernel, memory, cpu } = machine;
  const calls: string[] = [];
  const isTakenOn = instruction('a ROM takes the kernel on', () => {
    const firmware = new VmiRom(ACCEPTED_ROM);
    for (const call of NOTED) firmware.provide(call, (_cpu, operands) => (calls.push(`${call} ${hex(operands)}`), 0));
    const eip = (call: VmiCall): number => firmware.eipOf(VMI_CALL[call]);
    const set = eip(pae === 'with' ? 'SetPxELong' : 'SetPxE');
    kernel.firmware = firmware;
    Object.assign(kernel.boot, { pv_alloc_pte: eip('AllocatePage'), pv_release_pte: eip('ReleasePage'), pv_set_pte: set, pv_set_pmd: set });
  });
  const program = path(function* program(): Path {
    if (rom === 'a') yield* isTakenOn();
    yield* DEEDS[what]!(kernel);
  });
  machine.prepare(PLAIN_CASE, program());
  const before = new Map(memory.wordsOf(1).map((pa) => [pa, memory.read32(pa)]));
  const { context } = cpu;
  while (context!.pending !== null) context!.perform(cpu);
  const words = memory.wordsOf(1).filter((pa) => memory.read32(pa) !== before.get(pa)).map((pa) => hex([pa, memory.read32(pa)]));
  all.set(this, { calls, words });
});

Then('the ROM receives {string}', function (this: MachineWorld, calls: string) {
  expect(all.get(this)!.calls.join(', ')).to.equal(calls);
});

Then('these words are in memory: {string}', function (this: MachineWorld, words: string) {
  expect(all.get(this)!.words.join(', ') || 'none').to.equal(words);
});
