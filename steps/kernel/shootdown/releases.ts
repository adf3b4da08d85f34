// The releases whose flushes are compared, each as a bench of two CPUs: how it is set up, and what it must not leave behind.

import type { Cpu } from '../../../machine/hardware/cpu';
import type { Kernel } from '../../../machine/kernel/kernel';
import { setPte, usePgd } from '../../../machine/kernel/linux-2.6/mm/pgtable';
import { flushTlbMmSmp, flushTlbPageSmp, smp_intr_init } from '../../../machine/kernel/linux-2.6/smp-flush';
import * as paravirt from '../../../machine/kernel/linux-2.6/tlb-shootdown';
import { flush_tlb_page } from '../../../machine/kernel/linux-2.6/tlbflush';
import * as linux414 from '../../../machine/kernel/linux-4.14/tlb';
import { mm_cpumask } from '../../../machine/kernel/linux-4.4/mmu_context';
import * as linux44 from '../../../machine/kernel/linux-4.4/tlb';
import * as linux6 from '../../../machine/kernel/linux-6/tlb-flush';
import { enter_lazy_tlb, switch_mm_irqs_off } from '../../../machine/kernel/linux-6/tlb-switch';
import type { CallQueues } from '../../../machine/kernel/linux-6/smp';
import type { TlbStates } from '../../../machine/kernel/linux-6/tlbstate';
import type { Mm } from '../../../machine/kernel/task';
import { u32 } from '../../../machine/kernel/words/widths';
import { path, type Call, type Path } from '../../../machine/path';
import { GuestMachine } from '../../../machine/situations/lazy/machine';
import { SmpScene } from '../../../machine/situations/scenes/smp';
import { EVERYTHING, idle, PAGE, PAGES, runOn, touch, type Bench, type Stance } from './bench';

const preempted = (kernel: Kernel, cpus: readonly Cpu[]): string[] => cpus.filter((cpu) => kernel.rq(cpu).curr!.preempt_count !== 0).map(({ name }) => `preemption is off on ${name}`);
const given = (what: string, isThere: boolean): string[] => (isThere ? [what] : []);
const pagesIn = (what: string): number => (what === EVERYTHING ? 0 : Number(/(\d+) page/.exec(what)![1]));

function scene(release: string, cpus: number, x86_64: boolean, pcids: boolean, PREEMPT = false): { readonly scene: SmpScene; readonly mm: Mm; readonly other: Mm } {
  const made = new SmpScene({ cpus, release, hunks: new Set(), config: { X86_64: x86_64, PREEMPT }, processor: { pcids } });
  const [mm, other] = [made.mm('editor.mm'), made.mm('browser.mm')];
  for (const each of [mm, other]) for (const [name, va] of Object.entries(PAGES)) made.page(`${name} of ${each.name}`, 1, { mm: each, va });
  return { scene: made, mm, other };
}

/** Releases that keep the state of a CPU in cpu_tlbstate: what `stand` sets there is what switch_mm() leaves. */
function standing(kernel: Kernel, mm: Mm, other: Mm, enterMask: (mm: Mm, cpu: Cpu) => void, task: (cpu: Cpu, name: string, own: Mm | null, active: Mm) => void) {
  return (cpu: Cpu, stance: Stance): void => {
    const active = stance.startsWith('is elsewhere') ? other : mm;
    task(cpu, `task of ${cpu.name}`, stance === 'has borrowed it' ? null : active, active);
    usePgd(kernel, cpu, active);
    Object.assign(kernel.tlbstate(cpu), { active_mm: active, state: stance === 'has borrowed it' ? 'TLBSTATE_LAZY' : 'TLBSTATE_OK' });
    enterMask(active, cpu);
    if (stance.endsWith('still in the mask')) enterMask(mm, cpu);
    touch(cpu);
  };
}

function linux2610(arch: string, cpus: number): Bench {
  const { scene: made, mm, other } = scene('2.6.10-rc2', cpus, arch === 'x86-64', false, true);
  const { kernel, store } = made;
  for (const cpu of made.cpus) smp_intr_init(kernel, cpu);
  const stand = standing(kernel, mm, other, (each, cpu) => { each.cpu_vm_mask |= 1 << cpu.id; }, (cpu, name, own, active) => made.task(cpu, name, () => idle(), { mm: own, active }));
  const call = (what: string): Call<unknown> => (what === 'flush_tlb_mm()' ? flushTlbMmSmp(kernel, mm) : cpus > 1 ? flushTlbPageSmp(kernel, mm, PAGE) : flush_tlb_page(kernel, mm, PAGE));
  const leftovers = (): string[] => [...preempted(kernel, made.cpus), ...given('flush_mm', kernel.shootdown.flush_mm !== null), ...given('flush_va', kernel.shootdown.flush_va !== 0), ...given('flush_cpumask', kernel.shootdown.flush_cpumask !== 0), ...given('tlbstate_lock', kernel.shootdown.tlbstate_lock !== null)];
  return { store, cpus: made.cpus, mm, other, kernel, stand, call, mask: () => mm.cpu_vm_mask, leftovers, interrupted: new Set() };
}

function linux2621(cpus: number, backend: 'bare metal' | 'VMI'): Bench {
  const machine = new GuestMachine({ release: '2.6.21', hunks: new Set(), ram: 1024, cpus, backend, config: { SMP: cpus > 1, PREEMPT: true }, reading: { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' } });
  const { kernel, store } = machine;
  const [mm, other] = ['editor.mm', 'browser.mm'].map((name) => machine.addressSpace(name, PAGE, 2)) as [Mm, Mm];
  for (const each of [mm, other]) setPte(kernel, each, PAGES.far, kernel.frames.alloc() | 0x67);
  const stand = standing(kernel, mm, other, (each, cpu) => { each.cpu_vm_mask |= 1 << cpu.id; }, (cpu, name, own, active) => {
    const task = machine.task(name, own, () => idle(), cpu as never);
    Object.assign(task, { active_mm: active, preempt_count: 0 });
    kernel.rq(cpu).curr = task;
  });
  const call = (what: string): Call<unknown> => (what === 'flush_tlb_mm()' ? paravirt.flush_tlb_mm(kernel, mm) : paravirt.flush_tlb_page(kernel, mm, PAGE));
  const { invalidation } = kernel;
  const leftovers = (): string[] => [...preempted(kernel, machine.cpus), ...given('flush_mm', invalidation.flush_mm !== null), ...given('flush_va', invalidation.flush_va !== null), ...given('flush_cpumask', invalidation.flush_cpumask !== 0), ...given('tlbstate_lock', invalidation.tlbstate_lock !== null)];
  return { store, cpus: machine.cpus, mm, other, kernel, stand, call, mask: () => mm.cpu_vm_mask, leftovers, interrupted: new Set() };
}

function linux44Bench(): Bench {
  const { scene: made, mm, other } = scene('4.4', 2, false, false);
  const { kernel, store, memory } = made;
  for (const each of kernel.mms) kernel.words.declareField(each, 'mm_cpumask()', u32);
  for (const cpu of made.cpus) cpu.idt.set(linux44.CALL_FUNCTION_VECTOR, { kind: 'interrupt', handler: (frame) => linux44.call_function_interrupt(kernel, frame) });
  const enter = (each: Mm, cpu: Cpu): void => mm_cpumask(kernel, each).set(memory, mm_cpumask(kernel, each).get(memory) | (1 << cpu.id));
  const stand = standing(kernel, mm, other, enter, (cpu, name, own, active) => made.task(cpu, name, () => idle(), { mm: own, active }));
  const call = (what: string): Call<unknown> => {
    if (what === 'flush_tlb_page()') return linux44.flush_tlb_page(kernel, mm, PAGE);
    const pages = pagesIn(what);
    return pages === 0 ? linux44.flush_tlb_mm_range(kernel, mm, 0, linux44.TLB_FLUSH_ALL) : linux44.flush_tlb_mm_range(kernel, mm, PAGE, PAGE + pages * 0x1000);
  };
  const leftovers = (): string[] => [...preempted(kernel, made.cpus), ...given('flush_cpumask', kernel.shootdown.flush_cpumask !== 0)];
  return { store, cpus: made.cpus, mm, other, kernel, stand, call, mask: () => mm_cpumask(kernel, mm).get(memory), leftovers, interrupted: new Set() };
}

/** Releases that count generations; their own paths bring a CPU into its state. */
function counting(release: string, pcids: boolean): Bench {
  const isOld = release.startsWith('4.') || release.startsWith('5.');
  const { scene: made, mm, other } = scene(release, 2, true, pcids);
  const { kernel, store, memory } = made;
  const func = isOld ? linux414.flush_tlb_func_remote : linux6.flush_tlb_func;
  const { t, q } = made.calls((k, info: linux6.FlushTlbInfo) => func(k, info));
  const onto = (next: Mm): Call<unknown> => (isOld ? linux414.switch_mm_irqs_off : switch_mm_irqs_off)(kernel, t as TlbStates, next);
  const stand = (cpu: Cpu, stance: Stance): void => {
    made.task(cpu, `task of ${cpu.name}`, () => idle(), { mm });
    runOn(bench, cpu, onto(mm));
    touch(cpu);
    if (stance === 'has borrowed it') runOn(bench, cpu, (isOld ? linux414.enter_lazy_tlb : enter_lazy_tlb)(kernel, t));
    if (!stance.startsWith('is elsewhere')) return;
    runOn(bench, cpu, onto(other));
    touch(cpu);
  };
  const call = (what: string): Call<unknown> => {
    if (what === 'a batch') return batched(kernel, q, t, mm);
    const [start, end] = what.includes(EVERYTHING) ? [0, linux6.TLB_FLUSH_ALL] : [PAGE, PAGE + pagesIn(what) * 0x1000];
    return (isOld ? linux414.flush_tlb_mm_range : linux6.flush_tlb_mm_range)(kernel, q, t, mm, start, end, what.includes('freed tables'));
  };
  const leftovers = (): string[] => made.cpus.flatMap((cpu) => [...given(`a request to ${cpu.name}`, q.queue(cpu).value.length > 0), ...given(`the entry of ${cpu.name}`, made.cpus.some((to) => to !== cpu && q.csd(cpu, to).locked.get(memory)))]);
  const idles = (): Call<unknown> => (isOld ? linux414.enter_lazy_tlb : enter_lazy_tlb)(kernel, t);
  const answers = (cpu: Cpu, generation: number): Call<unknown> => {
    t.gen(mm).set(memory, 3);
    t.of(cpu).tlb_gen = t.of(cpu).tlb_gen.map(() => 2);
    return func(kernel, { t, mm, start: PAGE, end: PAGE + 0x1000, new_tlb_gen: generation, freed_tables: false });
  };
  const bench: Bench = { store, cpus: made.cpus, mm, other, kernel, stand, call, mask: () => t.mask(mm).get(memory), back: () => onto(mm), idles, answers, leftovers, interrupted: new Set() };
  return bench;
}

/** What reclaim does with one page: the CPUs are collected, and told later. */
const batched = path(function* batched(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm): Path {
  const batch = yield* linux414.arch_tlbbatch_add_mm(t, 0, mm);
  yield* linux414.arch_tlbbatch_flush(k, q, t, batch);
});

export function benchOf(release: string): Bench {
  const [, version, arch, extra] = /^([\d.]+)(?: on (i386|x86-64|VMI))?(?: with (one CPU|PCIDs))?$/.exec(release) ?? [];
  if (version === '2.6.10') return linux2610(arch ?? 'i386', extra === 'one CPU' ? 1 : 2);
  if (version === '2.6.21') return linux2621(extra === 'one CPU' ? 1 : 2, arch === 'VMI' ? 'VMI' : 'bare metal');
  if (version === '4.4') return linux44Bench();
  if (version) return counting(version, extra === 'PCIDs');
  throw new Error(`no kernel is called "${release}"`);
}
