import type { Cpu, TrapFrame } from '../../hardware/cpu';
import { iret, sendIpi } from '../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../path';
import { answersOf } from '../answers';
import { ret_from_intr } from './entry';
import { preempt_disable, preempt_enable } from './preempt';
import { spin_lock, spin_unlock } from './spinlock';
import type { Mm } from '../task';
import type { GuestKernel } from '../vmi/guest';

// arch/i386/kernel/smp.c, 2.6.21: a flush that other CPUs must make too. Whoever
// asks holds tlbstate_lock, which leaves interrupts alone, until all have
// answered. So nobody may wait for that lock with interrupts off.

/** INVALIDATE_TLB_VECTOR, include/asm-i386/mach-default/irq_vectors.h. */
export const INVALIDATE_TLB_VECTOR = 0xfd;

const namesOf = (mask: number): string => [0, 1, 2, 3].filter((id) => (mask & (1 << id)) !== 0).map((id) => `cpu${id}`).join(', ');

const othersOf = silently((_k, mm) => `cpu_mask = ${mm.name}->cpu_vm_mask; cpu_clear(cpu, cpu_mask)`, (cpu: Cpu, _k: GuestKernel, mm: Mm) => mm.cpu_vm_mask & ~(1 << cpu.id));

const isActive = silently((_k, mm) => `current->active_mm == ${mm.name}`, (cpu: Cpu, k: GuestKernel, mm: Mm) => k.current(cpu).active_mm === mm);

const announce = instruction(
  (_k, mask, mm, va) => `flush_mm = ${mm.name}; flush_va = ${va === null ? 'FLUSH_ALL' : `0x${va.toString(16)}`}; flush_cpumask = ${namesOf(mask)}`,
  (_cpu: Cpu, k: GuestKernel, mask: number, mm: Mm, va: number | null) => {
    k.invalidation.flush_mm = mm;
    k.invalidation.flush_va = va;
    k.invalidation.flush_cpumask |= mask;
  },
);

const waitForAll = instruction('while (!cpus_empty(flush_cpumask)) cpu_relax()', (_cpu: Cpu, k: GuestKernel) => {
  k.invalidation.flush_mm = null;
  k.invalidation.flush_va = null;
}, {
  when: (_cpu, k) => k.invalidation.flush_cpumask === 0,
  awaits: (_cpu, k) => answersOf(k.cpus, k.invalidation.flush_cpumask),
});

const cpusOf = silently((_k, mask) => namesOf(mask), (_cpu: Cpu, k: GuestKernel, mask: number) => k.cpus.filter((cpu) => (mask & (1 << cpu.id)) !== 0));

/** arch/i386/kernel/smp.c:356-407 (2.6.21), flush_tlb_others(). */
const flush_tlb_others = path(function* flush_tlb_others(k: GuestKernel, cpumask: number, mm: Mm, va: number | null): Path {
  yield* spin_lock(k, { of: k.invalidation, field: 'tlbstate_lock' });
  yield* announce(k, cpumask, mm, va);
  const cpus = yield* cpusOf(k, cpumask);
  yield* sendIpi(INVALIDATE_TLB_VECTOR, cpus);
  yield* waitForAll(k);
  yield* spin_unlock(k, { of: k.invalidation, field: 'tlbstate_lock' });
});

/** arch/i386/kernel/smp.c:444-464 (2.6.21), flush_tlb_page(); on UP the local flush alone. */
export const flush_tlb_page = path(function* flush_tlb_page(k: GuestKernel, mm: Mm, va: number): Path {
  yield* preempt_disable(k);
  if (yield* isActive(k, mm)) yield* k.paravirt_ops.flush_tlb_single(k, va);
  const others = yield* othersOf(k, mm);
  if (k.config.SMP && others !== 0) yield* flush_tlb_others(k, others, mm, va);
  yield* preempt_enable(k);
});

/** arch/i386/kernel/smp.c:424-442 (2.6.21), flush_tlb_mm(). */
export const flush_tlb_mm = path(function* flush_tlb_mm(k: GuestKernel, mm: Mm): Path {
  yield* preempt_disable(k);
  if (yield* isActive(k, mm)) yield* k.paravirt_ops.flush_tlb_user(k);
  const others = yield* othersOf(k, mm);
  if (k.config.SMP && others !== 0) yield* flush_tlb_others(k, others, mm, null);
  yield* preempt_enable(k);
});

const asked = instruction('if (!cpu_isset(cpu, flush_cpumask)) goto out', (cpu: Cpu, k: GuestKernel) => {
  if ((k.invalidation.flush_cpumask & (1 << cpu.id)) === 0) return null;
  return { mine: k.current(cpu).active_mm === k.invalidation.flush_mm, va: k.invalidation.flush_va };
});

const answer = instruction('cpu_clear(cpu, flush_cpumask)', (cpu: Cpu, k: GuestKernel) => {
  k.invalidation.flush_cpumask &= ~(1 << cpu.id);
});

/** arch/i386/kernel/smp.c:322-354 (2.6.21), smp_invalidate_interrupt(). Model: a lazy CPU flushes too, where Linux would leave the mm. */
export const smp_invalidate_interrupt = path(function* smp_invalidate_interrupt(k: GuestKernel, frame: TrapFrame): Path {
  const request = yield* asked(k);
  if (request !== null) {
    if (request.mine && request.va === null) yield* k.paravirt_ops.flush_tlb_user(k);
    if (request.mine && request.va !== null) yield* k.paravirt_ops.flush_tlb_single(k, request.va);
    yield* answer(k);
  }
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});
