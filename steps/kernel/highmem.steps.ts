// Memory beyond the direct mapping, and the slots by which it is reached.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { THREAD_READING } from '../../machine/hypervisors/vmi/reading';
import type { KmType } from '../../machine/kernel/vmi/guest';
import { GuestMachine, type Backend } from '../../machine/situations/lazy/machine';
import type { MachineWorld } from '../support/world';

const built = new WeakMap<MachineWorld, { readonly ram: number; readonly cpus: number; machine?: GuestMachine }>();

Given('a kernel for {int} CPUs with {int} MiB of memory', function (this: MachineWorld, cpus: number, ram: number) {
  built.set(this, { ram, cpus });
});

When('it boots on {string}', function (this: MachineWorld, backend: Backend) {
  const { ram, cpus } = built.get(this)!;
  built.set(this, { ram, cpus, machine: new GuestMachine({ release: '2.6.21', hunks: new Set(), cpus, ram, backend, reading: THREAD_READING }) });
});

Then('its direct mapping ends at {int} MiB', function (this: MachineWorld, mib: number) {
  expect(built.get(this)!.machine!.kernel.max_low_pfn / 256).to.equal(mib);
});

Then('the slot {string} of cpu{int} is {int} pages below that of {string} of cpu0', function (this: MachineWorld, type: string, cpu: number, pages: number, other: string) {
  const { kernel, cpus } = built.get(this)!.machine!;
  const addressOf = (name: string, id: number): number => kernel.kmapAddress(kernel.kmapIndex(name as KmType, cpus[id]!));
  expect((addressOf(other, 0) - addressOf(type, cpu)) / 4096).to.equal(pages);
});

Then('all slots lie below {string} and above the lasting ones', function (this: MachineWorld, ceiling: string) {
  const { kernel, cpus } = built.get(this)!.machine!;
  const lowest = kernel.kmapAddress(kernel.kmapIndex('SOFTIRQ1', cpus.at(-1)!));
  expect(kernel.kmapAddress(0)).to.be.lessThan(Number(ceiling));
  expect(lowest).to.be.greaterThan(kernel.PKMAP_BASE);
});
