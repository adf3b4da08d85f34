import type { Cpu, TrapFrame } from '../../hardware/cpu';
import { iret, sendIpi } from '../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../path';
import { answersOf } from '../answers';
import { ret_from_intr } from './irq/entry';
import { preempt_disable, preempt_enable, preempt_enable_no_resched } from './sched/preempt';
import { leave_mm } from './smp-flush';
import { spin_lock, spin_unlock } from './sched/spinlock';
import type { Mm } from '../task';
import type { GuestKernel } from '../vmi/guest';

// arch/i386/kernel/smp.c, 2.6.21: a flush that other CPUs must make too. The CPU
// that asks holds tlbstate_lock, which leaves interrupts alone, until all have
// answered. So no CPU may wait for that lock with interrupts off.

/** INVALIDATE_TLB_VECTOR, include/asm-i386/mach-default/irq_vectors.h. */
export const INVALIDATE_TLB_VECTOR = 0xfd;

const cpusIn = (k: GuestKernel, mask: number): readonly Cpu[] => k.cpus.filter((cpu) => (mask & (1 << cpu.id)) !== 0);
const namesOf = (k: GuestKernel, mask: number): string => cpusIn(k, mask).map(({ name }) => name).join(', ');

const othersOf = silently((_k, mm) => `cpu_mask = ${mm.name}->cpu_vm_mask; cpu_clear(cpu, cpu_mask)`, (cpu: Cpu, _k: GuestKernel, mm: Mm) => mm.cpu_vm_mask & ~(1 << cpu.id));

/** The relation of the running task to `mm`: none, its owner, or a borrower. */
const standing = silently((_k, mm) => `current->active_mm == ${mm.name}, current->mm`, (cpu: Cpu, k: GuestKernel, mm: Mm): 'stranger' | 'owner' | 'lazy' => {
  const task = k.current(cpu);
  if (task.active_mm !== mm) return 'stranger';
  return task.mm === null ? 'lazy' : 'owner';
});

/** Model: three statements as one instruction. No CPU reads the first two before its bit is in the mask, which a locked instruction sets last. */
const announce = instruction(
  (k, mask, mm, va) => `flush_mm = ${mm.name}; flush_va = ${va === null ? 'FLUSH_ALL' : `0x${va.toString(16)}`}; flush_cpumask = ${namesOf(k, mask)}`,
  (_cpu: Cpu, k: GuestKernel, mask: number, mm: Mm, va: number | null) => {
    k.invalidation.flush_mm = mm;
    k.invalidation.flush_va = va;
    k.invalidation.flush_cpumask |= mask; // atomic_set_mask()
  },
  { locked: true },
);

/** Model: with the two stores that follow the wait. Every CPU that could read them has been asked, and all have answered. */
const waitForAll = instruction('while (!cpus_empty(flush_cpumask)) cpu_relax()', (_cpu: Cpu, k: GuestKernel) => {
  k.invalidation.flush_mm = null;
  k.invalidation.flush_va = null;
}, {
  when: (_cpu, k) => k.invalidation.flush_cpumask === 0,
  awaits: (_cpu, k) => answersOf(k.cpus, k.invalidation.flush_cpumask),
});

const cpusOf = silently((k, mask) => namesOf(k, mask), (_cpu: Cpu, k: GuestKernel, mask: number) => cpusIn(k, mask));

/**
 * arch/i386/kernel/smp.c:356-407 (2.6.21), flush_tlb_others().
 * Model: leaves out BUG_ON: the callers ensure what it checks.
 */
const flush_tlb_others = path(function* flush_tlb_others(k: GuestKernel, cpumask: number, mm: Mm, va: number | null): Path {
  yield* spin_lock(k, { of: k.invalidation, field: 'tlbstate_lock' });
  yield* announce(k, cpumask, mm, va);
  const cpus = yield* cpusOf(k, cpumask);
  yield* sendIpi(INVALIDATE_TLB_VECTOR, cpus);
  yield* waitForAll(k);
  yield* spin_unlock(k, { of: k.invalidation, field: 'tlbstate_lock' });
});

/** include/asm-i386/tlbflush.h:99-104 (2.6.21), flush_tlb_page(); arch/i386/kernel/smp.c:444-464 (2.6.21), flush_tlb_page(): without and with CONFIG_SMP. */
export const flush_tlb_page = path(function* flush_tlb_page(k: GuestKernel, mm: Mm, va: number): Path {
  if (!k.config.SMP) {
    if ((yield* standing(k, mm)) !== 'stranger') yield* k.paravirt_ops.flush_tlb_single(k, va);
    return;
  }
  yield* preempt_disable(k);
  const others = yield* othersOf(k, mm);
  const who = yield* standing(k, mm);
  if (who === 'owner') yield* k.paravirt_ops.flush_tlb_single(k, va);
  if (who === 'lazy') yield* leave_mm(k);
  if (others !== 0) yield* flush_tlb_others(k, others, mm, va);
  yield* preempt_enable(k);
});

/** include/asm-i386/tlbflush.h:93-97 (2.6.21), flush_tlb_mm(); arch/i386/kernel/smp.c:424-442 (2.6.21), flush_tlb_mm(): without and with CONFIG_SMP. */
export const flush_tlb_mm = path(function* flush_tlb_mm(k: GuestKernel, mm: Mm): Path {
  if (!k.config.SMP) {
    if ((yield* standing(k, mm)) !== 'stranger') yield* k.paravirt_ops.flush_tlb_user(k);
    return;
  }
  yield* preempt_disable(k);
  const others = yield* othersOf(k, mm);
  const who = yield* standing(k, mm);
  if (who === 'owner') yield* k.paravirt_ops.flush_tlb_user(k);
  if (who === 'lazy') yield* leave_mm(k);
  if (others !== 0) yield* flush_tlb_others(k, others, mm, null);
  yield* preempt_enable(k);
});

type Order = 'out' | 'flush all' | 'flush one' | 'leave_mm' | 'nothing';

/** What the interrupted CPU finds. It uses cpu_tlbstate and not `current`: in a task switch one changes before the other. */
const readOrder = instruction('test flush_cpumask, flush_mm, cpu_tlbstate', (cpu: Cpu, k: GuestKernel): Order => {
  const { flush_cpumask, flush_mm, flush_va } = k.invalidation;
  const tlbstate = k.tlbstate(cpu);
  if ((flush_cpumask & (1 << cpu.id)) === 0) return 'out';
  if (flush_mm !== tlbstate.active_mm) return 'nothing';
  if (tlbstate.state !== 'TLBSTATE_OK') return 'leave_mm';
  return flush_va === null ? 'flush all' : 'flush one';
});

const readVa = silently('flush_va', (_cpu: Cpu, k: GuestKernel) => k.invalidation.flush_va!);

const answer = instruction('cpu_clear(cpu, flush_cpumask)', (cpu: Cpu, k: GuestKernel) => {
  k.invalidation.flush_cpumask &= ~(1 << cpu.id);
}, { locked: true });

/**
 * arch/i386/kernel/smp.c:322-354 (2.6.21), smp_invalidate_interrupt(). Model: leaves out ack_APIC_irq(): the local APIC takes the next interrupt by itself.
 * Model: leaves out smp_mb__before_clear_bit, smp_mb__after_clear_bit: a locked instruction is a barrier.
 * Model: adds ret_from_intr: the way out.
 */
export const smp_invalidate_interrupt = path(function* smp_invalidate_interrupt(k: GuestKernel, frame: TrapFrame): Path {
  yield* preempt_disable(k); // get_cpu()
  const order = yield* readOrder(k);
  if (order === 'flush all') yield* k.paravirt_ops.flush_tlb_user(k);
  if (order === 'flush one') yield* k.paravirt_ops.flush_tlb_single(k, yield* readVa(k));
  if (order === 'leave_mm') yield* leave_mm(k);
  if (order !== 'out') yield* answer(k);
  yield* preempt_enable_no_resched(k); // put_cpu_no_resched()
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});
