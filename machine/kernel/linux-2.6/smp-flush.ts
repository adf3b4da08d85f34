import type { Cpu } from '../../hardware/cpu';
import { iret, sendIpi } from '../../hardware/instructions';
import type { TrapFrame } from '../../hardware/interrupts';
import { instruction, path, silently, type Path } from '../../path';
import { answersOf } from '../answers';
import { ret_from_intr } from './irq/entry';
import { callFunctionGate } from './irq/smp-call';
import type { Kernel } from '../kernel';
import { load_cr3 } from './mm/mmu_context';
import { preempt_disable, preempt_enable, preempt_enable_no_resched } from './sched/preempt';
import { spin_lock, spin_unlock } from './sched/spinlock';
import type { Mm } from '../task';
import { __flush_tlb, __flush_tlb_single } from './tlbflush';

// arch/i386/kernel/smp.c and its twin for x86-64, 2.6.10: how a CPU makes
// others drop translations. It names an mm and an address in two variables,
// interrupts every CPU of the mm, and waits until each has answered.

/** INVALIDATE_TLB_VECTOR, include/asm-i386/mach-default/irq_vectors.h. */
export const INVALIDATE_TLB_VECTOR = 0xfd;

/** The address that stands for all of them. */
export const FLUSH_ALL = 0xffffffff;

const bit = (cpu: Cpu): number => 1 << cpu.id;

const bugIfOk = instruction('BUG_ON(cpu_tlbstate.state == TLBSTATE_OK)', (cpu: Cpu, k: Kernel) => {
  if (k.tlbstate(cpu).state === 'TLBSTATE_OK') k.current(cpu).oops = 'kernel BUG in leave_mm(): this CPU is not lazy';
});

const clearFromActiveMm = instruction('cpu_clear(cpu, cpu_tlbstate.active_mm->cpu_vm_mask)', (cpu: Cpu, k: Kernel) => {
  k.tlbstate(cpu).active_mm!.cpu_vm_mask &= ~bit(cpu);
}, { locked: true });

/**
 * arch/i386/kernel/smp.c:257-263 (2.6.10), leave_mm(): a lazy CPU stops using the tables that it had borrowed, rather than flush. On x86-64 until 2.6.10 it keeps them and only flushes.
 * Model: adds __flush_tlb: what x86-64 does until 2.6.10.
 */
export const leave_mm = path(function* leave_mm(k: Kernel): Path {
  yield* bugIfOk(k);
  yield* clearFromActiveMm(k);
  if (k.level4_pgt.size > 0) yield* __flush_tlb(k);
  else yield* load_cr3(k.init_mm);
});

type Order = 'out' | 'flush all' | 'flush one' | 'leave_mm' | 'nothing';

/** What the interrupted CPU finds: these variables must not change before it has answered. */
const readOrder = instruction('test flush_cpumask, flush_mm, cpu_tlbstate', (cpu: Cpu, k: Kernel): Order => {
  const { flush_cpumask, flush_mm, flush_va } = k.shootdown;
  const tlbstate = k.tlbstate(cpu);
  if ((flush_cpumask & bit(cpu)) === 0) return 'out';
  if (flush_mm !== tlbstate.active_mm) return 'nothing';
  if (tlbstate.state !== 'TLBSTATE_OK') return 'leave_mm';
  return flush_va === FLUSH_ALL ? 'flush all' : 'flush one';
});

const readVa = silently('flush_va', (_cpu: Cpu, k: Kernel) => k.shootdown.flush_va);

const answer = instruction('cpu_clear(cpu, flush_cpumask)', (cpu: Cpu, k: Kernel) => {
  k.shootdown.flush_cpumask &= ~bit(cpu);
}, { locked: true });

/**
 * arch/i386/kernel/smp.c:311-343 (2.6.10), smp_invalidate_interrupt(). Model: the local APIC is left out.
 * Model: leaves out ack_APIC_irq, smp_mb__before_clear_bit, smp_mb__after_clear_bit: a locked instruction is a barrier.
 */
export const smp_invalidate_interrupt = path(function* smp_invalidate_interrupt(k: Kernel): Path {
  yield* preempt_disable(k); // get_cpu()
  const order = yield* readOrder(k);
  if (order === 'flush all') yield* __flush_tlb(k);
  if (order === 'flush one') yield* __flush_tlb_single(yield* readVa(k));
  if (order === 'leave_mm') yield* leave_mm(k);
  if (order !== 'out') yield* answer(k);
  yield* preempt_enable_no_resched(k); // put_cpu_no_resched()
});

/**
 * arch/i386/kernel/entry.S:367-373 (2.6.10), BUILD_INTERRUPT()(invalidate_interrupt).
 * Model: adds smp_invalidate_interrupt, iret: what the macro makes of the name.
 * Model: leaves out smp_: the same.
 */
export const invalidate_interrupt = path(function* invalidate_interrupt(k: Kernel, frame: TrapFrame): Path {
  yield* smp_invalidate_interrupt(k);
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});

/** arch/i386/kernel/i8259.c, smp_intr_init(): the gates of the interrupts from other CPUs. */
export function smp_intr_init(k: Kernel, cpu: Cpu): void {
  cpu.vectorNames.set(INVALIDATE_TLB_VECTOR, 'invalidate_tlb');
  cpu.idt.set(INVALIDATE_TLB_VECTOR, { kind: 'interrupt', handler: (frame) => invalidate_interrupt(k, frame) });
  callFunctionGate(k, cpu);
}

/** Model: three statements as one instruction. No CPU reads the first two before its bit is in the mask, which a locked instruction sets last. */
const order = instruction(
  (_k: Kernel, mm: Mm, va: number, mask: number) => `flush_mm = ${mm.name}; flush_va = 0x${va.toString(16)}; flush_cpumask |= ${mask}`,
  (_cpu: Cpu, k: Kernel, mm: Mm, va: number, mask: number) => {
    k.shootdown.flush_mm = mm;
    k.shootdown.flush_va = va;
    k.shootdown.flush_cpumask |= mask; // atomic_set_mask()
  },
  { locked: true },
);

const answered = instruction('while (!cpus_empty(flush_cpumask))', (_cpu: Cpu, _k: Kernel) => undefined, {
  when: (_cpu, k) => k.shootdown.flush_cpumask === 0,
  awaits: (_cpu, k) => answersOf(k.cpus, k.shootdown.flush_cpumask),
});

/** Model: two statements as one instruction. Every CPU that could read them has been asked, and all have answered. */
const withdraw = instruction('flush_mm = NULL; flush_va = 0', (_cpu: Cpu, k: Kernel) => {
  k.shootdown.flush_mm = null;
  k.shootdown.flush_va = 0;
});

/**
 * arch/i386/kernel/smp.c:345-397 (2.6.10), flush_tlb_others().
 * Model: leaves out BUG_ON: the callers ensure what it checks.
 */
export const flush_tlb_others = path(function* flush_tlb_others(k: Kernel, mask: number, mm: Mm, va: number): Path {
  yield* spin_lock(k, { of: k.shootdown, field: 'tlbstate_lock' });
  yield* order(k, mm, va, mask);
  yield* sendIpi(INVALIDATE_TLB_VECTOR, k.cpus.filter((cpu) => (mask & bit(cpu)) !== 0));
  yield* answered(k);
  yield* withdraw(k);
  yield* spin_unlock(k, { of: k.shootdown, field: 'tlbstate_lock' });
});

const others = instruction((_k: Kernel, mm: Mm) => `cpu_mask = ${mm.name}->cpu_vm_mask but for this CPU`, (cpu: Cpu, _k: Kernel, mm: Mm) => mm.cpu_vm_mask & ~bit(cpu));

const stand = silently((_k: Kernel, mm: Mm) => `current->active_mm == ${mm.name}, current->mm`, (cpu: Cpu, k: Kernel, mm: Mm): 'other' | 'owner' | 'lazy' => {
  const task = k.current(cpu);
  if (task.active_mm !== mm) return 'other';
  return task.mm === null ? 'lazy' : 'owner';
});

/**
 * arch/i386/kernel/smp.c:414-432 (2.6.10), flush_tlb_mm() with CONFIG_SMP.
 * Model: leaves out cpu_clear: on a copy of the mask.
 */
export const flushTlbMmSmp = path(function* flushTlbMmSmp(k: Kernel, mm: Mm): Path {
  yield* preempt_disable(k);
  const mask = yield* others(k, mm);
  const who = yield* stand(k, mm);
  if (who === 'owner') yield* __flush_tlb(k);
  if (who === 'lazy') yield* leave_mm(k);
  if (mask !== 0) yield* flush_tlb_others(k, mask, mm, FLUSH_ALL);
  yield* preempt_enable(k);
});

/**
 * arch/i386/kernel/smp.c:434-454 (2.6.10), flush_tlb_page() with CONFIG_SMP.
 * Model: leaves out cpu_clear: on a copy of the mask.
 */
export const flushTlbPageSmp = path(function* flushTlbPageSmp(k: Kernel, mm: Mm, address: number): Path {
  yield* preempt_disable(k);
  const mask = yield* others(k, mm);
  const who = yield* stand(k, mm);
  if (who === 'owner') yield* __flush_tlb_single(address);
  if (who === 'lazy') yield* leave_mm(k);
  if (mask !== 0) yield* flush_tlb_others(k, mask, mm, address);
  yield* preempt_enable(k);
});
