// Numbers that two sides of the machine have agreed on, as they are in the source.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import * as interrupts from '../../machine/hardware/interrupts';
import * as mmu from '../../machine/hardware/mmu';
import * as paging from '../../machine/hardware/paging';
import * as registers from '../../machine/hardware/registers';
import * as vmi from '../../machine/hypervisors/interface-vmi';
import * as segments from '../../machine/hypervisors/xen/frames/descriptors';
import * as events from '../../machine/hypervisors/xen/public/events';
import * as xenLayout from '../../machine/hypervisors/xen/public/layout';
import * as xen from '../../machine/hypervisors/xen/public/xen';
import * as dmi from '../../machine/kernel/boot/dmi-scan';
import * as e820 from '../../machine/kernel/boot/e820';
import * as entries from '../../machine/kernel/boot/entries';
import * as layout from '../../machine/kernel/boot/layout';
import { TIMER_VECTOR } from '../../machine/kernel/linux-2.6/irq/entry';
import { CALL_FUNCTION_VECTOR } from '../../machine/kernel/linux-2.6/irq/smp-call';
import * as fault from '../../machine/kernel/linux-2.6/mm/fault';
import * as pgtable from '../../machine/kernel/linux-2.6/mm/pgtable';
import * as preempt from '../../machine/kernel/linux-2.6/sched/preempt';
import { INVALIDATE_TLB_VECTOR } from '../../machine/kernel/linux-2.6/tlb-shootdown';
import * as protnone from '../../machine/kernel/linux-4.14/pgtable';
import * as tlb from '../../machine/kernel/linux-4.4/tlb';
import * as uffd from '../../machine/kernel/linux-5.11/userfaultfd';
import type { MachineWorld } from '../support/world';

const FILES: Readonly<Record<string, object>> = {
  interrupts, mmu, paging, registers, vmi, xen, dmi, e820, entries, layout, fault, pgtable, preempt, protnone, tlb, uffd,
  'xen events': events, 'xen layout': xenLayout, 'xen segments': segments, vectors: { INVALIDATE_TLB_VECTOR, CALL_FUNCTION_VECTOR, TIMER_VECTOR },
};

interface Read {
  readonly file: Readonly<Record<string, unknown>>;
  readonly written: (value: number) => string;
}

const all = new WeakMap<MachineWorld, Read>();

When(/^the numbers of "([^"]+)" are read in (hexadecimal|decimal)$/, function (this: MachineWorld, name: string, notation: string) {
  all.set(this, { file: FILES[name] as Read['file'], written: notation === 'decimal' ? String : (value) => (value >>> 0).toString(16) });
});

/** Single numbers by their names, or all numbers of one table. */
Then('{string} are {string}', function (this: MachineWorld, group: string, numbers: string) {
  const { file, written } = all.get(this)!;
  const values = group.split(', ').map((name) => file[name]);
  const said = values.flatMap((value) => (typeof value === 'object' && value !== null
    ? Object.entries(value).filter(([, number]) => typeof number === 'number').map(([name, number]) => `${name} ${written(number as number)}`)
    : typeof value === 'number' ? [written(value)] : [String(value)]));
  expect(said.join(', ')).to.equal(numbers);
});
