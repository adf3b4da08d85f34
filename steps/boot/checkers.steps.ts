// What each invariant of a boot says after something in the machine was changed.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { ACCEPTED_ROM } from '../../machine/hypervisors/vmi/rom';
import { kernelNamed } from '../../machine/situations/boot/kernels';
import { BootMachine, PLAIN_CASE } from '../../machine/situations/boot/machine';
import { bootInvariants } from '../../machine/situations/boot/setup-arch';
import type { MachineWorld } from '../support/world';

const machines = new Map<string, BootMachine>();
const looked = new WeakMap<MachineWorld, BootMachine>();

/** `booted = false` of the kernel's variables, `hypervisor.dropped = 1`, `cpu.lastAccess = {…}`; values are JSON. */
function change(machine: BootMachine, text: string): void {
  const [, place, value] = /^([\w.]+) = (.*)$/.exec(text)!;
  const [owner, field] = place!.includes('.') ? place!.split('.') as [string, string] : ['boot', place!];
  const owners: Readonly<Record<string, object | null>> = { boot: machine.kernel.boot, hypervisor: machine.hypervisor, cpu: machine.cpu };
  (owners[owner] as Record<string, unknown>)[field] = JSON.parse(value!);
}

When(/^2\.6\.(26|28) has booted (without a ROM|under a ROM)( with PAE)?, and then (nothing changes|.+)$/, function (this: MachineWorld, minor: string, rom: string, pae: string | null, changes: string) {
  const key = `${minor} ${rom}${pae ?? ''}`;
  const { release, hunks } = kernelNamed(minor === '26' ? '2.6.26' : '2.6.28');
  const machine = machines.get(key) ?? new BootMachine({ release, hunks, config: { X86_PAE: pae !== null } });
  machines.set(key, machine);
  machine.run({ ...PLAIN_CASE, ramMiB: 2048, rom: rom === 'under a ROM' ? ACCEPTED_ROM : null });
  if (changes !== 'nothing changes') for (const text of changes.split('; ')) change(machine, text);
  looked.set(this, machine);
});

When('2.6.28-rc8 has the hunks {string} of the patch', function (this: MachineWorld, hunks: string) {
  looked.set(this, new BootMachine({ release: '2.6.28-rc8', hunks: new Set(hunks.split(', ').map((name) => `vmi-boot/${name}` as const)), config: {} }));
});

Then(/^(boot\w+) says "([^"]*)"$/, function (this: MachineWorld, name: string, words: string) {
  expect(bootInvariants(looked.get(this)!)[name]!.check() ?? 'nothing').to.include(words);
});
