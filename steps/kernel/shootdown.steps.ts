// What a flush by one CPU leaves in the TLBs of both, release by release. Each call runs alone, from its
// beginning to its end; the other CPU is idle and answers interrupts.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Cpu } from '../../machine/hardware/cpu';
import { sendIpi } from '../../machine/hardware/instructions';
import { CR4 } from '../../machine/hardware/paging';
import type { Kernel } from '../../machine/kernel/kernel';
import { FLUSH_ALL, INVALIDATE_TLB_VECTOR } from '../../machine/kernel/linux-2.6/smp-flush';
import { __flush_tlb, __flush_tlb_global } from '../../machine/kernel/linux-2.6/tlbflush';
import { __native_flush_tlb_global } from '../../machine/kernel/linux-2.6.25/tlbflush';
import type { GuestKernel } from '../../machine/kernel/vmi/guest';
import { instruction, path, type Call, type Path } from '../../machine/path';
import type { MachineWorld } from '../support/world';
import { benchOf } from './shootdown/releases';
import { PAGES, runOn, touch, type Bench, type Stance } from './shootdown/bench';

const benches = new WeakMap<MachineWorld, Bench>();

/** What a CPU can still use without a walk, and whose tables it has loaded. */
function kept({ kernel, mm, other }: Bench, cpu: Cpu): string {
  const pages = Object.entries(PAGES).filter(([, va]) => cpu.tlb.translationsOf(va).length > 0).map(([name]) => name).join(', ') || 'no page';
  // Until 2.6.10, x86-64 has a top-level page for each CPU, whose first entry leads to the address space.
  const level4 = kernel.level4_pgt.get(cpu);
  const root = Math.floor((level4 === undefined ? cpu.cr3 : kernel.memory.read32(level4)) / 4096) * 4096;
  return root === mm.pgd ? pages : `${pages} on ${root === other.pgd ? 'browser.mm' : root === kernel.init_mm.pgd ? 'init_mm' : 'what has no owner'}`;
}

Given(/^CPUs of Linux (.+), of which the first (.+?)(?: and the second (.+))?$/, function (this: MachineWorld, release: string, first: Stance, second: Stance | undefined) {
  const bench = benchOf(release);
  benches.set(this, bench);
  [first, second].forEach((stance, i) => {
    if (stance) bench.stand(bench.cpus[i]!, stance);
  });
});

When(/^the (first|second) CPU calls "(.*)"$/, function (this: MachineWorld, which: 'first' | 'second', what: string) {
  const bench = benches.get(this)!;
  runOn(bench, bench.cpus[which === 'first' ? 0 : 1]!, bench.call(what));
});

const taken = instruction('the interrupt has been taken', (_cpu: Cpu, _other: Cpu) => undefined, { when: (_cpu: Cpu, other: Cpu) => other.ipis.length === 0 });

const interrupt = path(function* interrupt(other: Cpu): Path {
  yield* sendIpi(INVALIDATE_TLB_VECTOR, [other]);
  yield* taken(other);
});

When('the second CPU goes idle and comes back', function (this: MachineWorld) {
  const bench = benches.get(this)!;
  for (const call of [bench.idles!(), bench.back!()]) runOn(bench, bench.cpus[1]!, call);
});

When('an interrupt to flush everything comes to the second CPU while only the first is asked', function (this: MachineWorld) {
  const bench = benches.get(this)!;
  const [cpu, other] = bench.cpus as [Cpu, Cpu];
  Object.assign(bench.kernel.shootdown, { flush_mm: bench.mm, flush_va: FLUSH_ALL, flush_cpumask: 1 });
  runOn(bench, cpu, interrupt(other));
});

Then('the interrupt was taken, and the first is still asked', function (this: MachineWorld) {
  const { cpus: [, cpu], kernel } = benches.get(this)!;
  expect([cpu!.ipis.length, kernel.shootdown.flush_cpumask]).to.deep.equal([0, 1]);
});

Then('the first keeps {string}, the second keeps {string}, and the mask is {int}', function (this: MachineWorld, first: string, second: string, mask: number) {
  const bench = benches.get(this)!;
  expect([kept(bench, bench.cpus[0]!), kept(bench, bench.cpus[1]!), bench.mask()]).to.deep.equal([first, second, mask]);
});

Then('it keeps {string}', function (this: MachineWorld, first: string) {
  const bench = benches.get(this)!;
  expect(kept(bench, bench.cpus[0]!)).to.equal(first);
});

Then('once the second has returned to the address space it keeps {string}, and the mask is {int}', function (this: MachineWorld, second: string, mask: number) {
  const bench = benches.get(this)!;
  runOn(bench, bench.cpus[1]!, bench.back!());
  expect([kept(bench, bench.cpus[1]!), bench.mask()]).to.deep.equal([second, mask]);
});

Then('nothing of the flush is left', function (this: MachineWorld) {
  const bench = benches.get(this)!;
  expect([...bench.leftovers(), ...bench.cpus.filter(({ ipis }) => ipis.length > 0).map(({ name }) => `an interrupt on its way to ${name}`)]).to.deep.equal([]);
});

Then('it has interrupted {string}', function (this: MachineWorld, cpus: string) {
  expect([...benches.get(this)!.interrupted].sort().join(', ') || 'no CPU').to.equal(cpus);
});

Then('once more, without a flush, it keeps everything', function (this: MachineWorld) {
  const bench = benches.get(this)!;
  const cpu = bench.cpus[1]!;
  touch(cpu);
  runOn(bench, cpu, bench.idles!());
  runOn(bench, cpu, bench.back!());
  expect(kept(bench, cpu)).to.equal(Object.keys(PAGES).join(', '));
});

When('the second CPU, which has caught up with generation 2 of 3, is asked for a flush of generation {int}', function (this: MachineWorld, generation: number) {
  const bench = benches.get(this)!;
  const cpu = bench.cpus[1]!;
  runOn(bench, cpu, bench.answers!(cpu, generation));
});

Then('the second keeps {string}', function (this: MachineWorld, second: string) {
  const bench = benches.get(this)!;
  expect(kept(bench, bench.cpus[1]!)).to.equal(second);
});

// --- Global translations ------------------------------------------------------------

const GLOBALS: Readonly<Record<string, (k: Kernel) => Call<unknown>>> = {
  '__flush_tlb()': (k) => __flush_tlb(k),
  '__flush_tlb_global()': (k) => __flush_tlb_global(k),
  '__native_flush_tlb_global()': (k) => __native_flush_tlb_global(k),
  'flush_tlb_user()': (k) => (k as GuestKernel).paravirt_ops.flush_tlb_user(k as GuestKernel),
  'flush_tlb_kernel()': (k) => (k as GuestKernel).paravirt_ops.flush_tlb_kernel(k as GuestKernel),
};

Given('the first CPU has used a global page as well', function (this: MachineWorld) {
  const [cpu] = benches.get(this)!.cpus as [Cpu];
  cpu.tlb.fill(0xc0400000, { out: 'ok', pa: 0x400000, pageSize: 4096, writable: true, user: false, noExecute: false, global: true, dirty: true, entries: [] }, true, true);
});

When('the first CPU performs {string}', function (this: MachineWorld, flush: string) {
  const bench = benches.get(this)!;
  runOn(bench, bench.cpus[0]!, GLOBALS[flush]!(bench.kernel));
});

Then(/^the global page is (still known|gone), and CR4 allows global pages$/, function (this: MachineWorld, what: string) {
  const [cpu] = benches.get(this)!.cpus as [Cpu];
  expect([cpu.tlb.entries().some(({ global }) => global), (cpu.cr4 & CR4.PGE) !== 0]).to.deep.equal([what === 'still known', true]);
});
