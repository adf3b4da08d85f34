// Paths that neighbours call and patches do not: other ways to exclude others,
// to wait, or to order memory.

import type { Cpu } from '../../hardware/cpu';
import { cli, popf, pushf, sti } from '../../hardware/instructions';
import type { Kernel } from '../../kernel/kernel';
import { add_preempt_count, preempt_check_resched, preempt_disable, preempt_enable, PREEMPT_OFFSET, SOFTIRQ_OFFSET, sub_preempt_count } from '../../kernel/linux-2.6/sched/preempt';
import { do_softirq } from '../../kernel/linux-2.6/irq/softirq';
import { holder, nameOf, spin_unlock, type Lock } from '../../kernel/linux-2.6/sched/spinlock';
import { GuestKernel } from '../../kernel/vmi/guest';
import { XenKernel } from '../../kernel/xen/guest';
import { xen_irq_enable, xen_restore_fl, xen_save_fl_irq_disable } from '../../kernel/xen/irq';
import { instruction, path, type Path } from '../../path';

/** include/linux/interrupt.h, local_bh_disable(). */
export const local_bh_disable = path(function* local_bh_disable(k: Kernel): Path {
  yield* add_preempt_count(k, SOFTIRQ_OFFSET);
});

/** kernel/softirq.c, local_bh_enable(): softirqs that were raised meanwhile run here, and until they are done, preemption is off. */
export const local_bh_enable = path(function* local_bh_enable(k: Kernel): Path {
  yield* sub_preempt_count(k, SOFTIRQ_OFFSET - PREEMPT_OFFSET);
  if (k instanceof GuestKernel) yield* do_softirq(k);
  yield* sub_preempt_count(k, PREEMPT_OFFSET);
  yield* preempt_check_resched(k);
});

/** local_irq_disable(), in the way of the kernel at hand. */
export const local_irq_disable = path(function* local_irq_disable(k: Kernel): Path {
  if (k instanceof XenKernel) yield* xen_save_fl_irq_disable(k.xen);
  else if (k instanceof GuestKernel) yield* k.paravirt_ops.irq_disable(k);
  else yield* cli();
});

/** local_irq_enable(): whether they were on before or not. */
export const local_irq_enable = path(function* local_irq_enable(k: Kernel): Path {
  if (k instanceof XenKernel) yield* xen_irq_enable(k.xen);
  else if (k instanceof GuestKernel) yield* k.paravirt_ops.irq_enable(k);
  else yield* sti();
});

/** local_irq_save(); returns the flags. */
export const local_irq_save = path(function* local_irq_save(k: Kernel): Path<boolean> {
  if (k instanceof XenKernel) return yield* xen_save_fl_irq_disable(k.xen);
  const flags = k instanceof GuestKernel ? yield* k.paravirt_ops.save_fl(k) : yield* pushf();
  yield* local_irq_disable(k);
  return flags;
});

/** local_irq_restore(). */
export const local_irq_restore = path(function* local_irq_restore(k: Kernel, flags: boolean): Path {
  if (k instanceof XenKernel) yield* xen_restore_fl(k.xen, flags);
  else if (k instanceof GuestKernel) yield* k.paravirt_ops.restore_fl(k, flags);
  else yield* popf(flags);
});

const tryAcquire = instruction((lock: Lock) => `spin_trylock(${nameOf(lock)})`, (cpu: Cpu, lock: Lock) => {
  if (holder(lock) !== null) return false;
  (lock.of as unknown as Record<string, Cpu | null>)[lock.field] = cpu;
  return true;
});

const isMine = instruction((lock: Lock) => `if (locked) spin_unlock(${nameOf(lock)})`, (cpu: Cpu, lock: Lock) => holder(lock) === cpu);

/** spin_trylock(): returns whether the lock was free. */
export const spin_trylock = path(function* spin_trylock(k: Kernel, lock: Lock): Path<boolean> {
  yield* preempt_disable(k);
  if (!k.config.SMP || (yield* tryAcquire(lock))) return true;
  yield* preempt_enable(k);
  return false;
});

/** Releases the lock if spin_trylock() took it. */
export const unlock_if_locked = path(function* unlock_if_locked(k: Kernel, lock: Lock): Path {
  if (!k.config.SMP || (yield* isMine(lock))) yield* spin_unlock(k, lock);
});

/** smp_rmb(): only a compiler barrier, since loads stay in order. */
export const smp_rmb = instruction('smp_rmb()   # barrier()', (_cpu: Cpu) => undefined);

/** smp_wmb(): only a compiler barrier, since stores stay in order. */
export const smp_wmb = instruction('smp_wmb()   # barrier()', (_cpu: Cpu) => undefined);

/** smp_mb() on processors without MFENCE: any locked instruction. */
export const locked_instruction = instruction('lock; addl $0, 0(%esp)', (cpu: Cpu) => { cpu.drain(); });
