import type { Cpu } from '../../hardware/cpu';
import { path, silently, type Path } from '../../path';
import { cpu_clear, cpu_set } from '../linux-2.6/mm/mmu_context';
import { cpu_tlbstate } from '../linux-2.6/irq/smp';
import type { Mm } from '../task';
import { xen_write_cr3 } from './drop-mm-ref';
import { xen_irq_enable, xen_save_fl_irq_disable } from './irq';
import { xen_mc_flush } from './multicalls';
import type { XenKernel } from './guest';

// kernel/sched.c and arch/x86/kernel/process_32.c, 2.6.23, as far as they concern
// Xen: during a context switch hypercalls are queued (lazy CPU mode), and the new
// page table is loaded in Xen only when the mode ends, in __switch_to().

const enterLazy = silently('arch_enter_lazy_cpu_mode()', (cpu: Cpu, k: XenKernel) => { k.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_CPU'; });

const leaveLazy = silently('arch_leave_lazy_cpu_mode()', (cpu: Cpu, k: XenKernel) => { k.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_NONE'; });

const becomeCurrent = silently('current = next', (cpu: Cpu, k: XenKernel, next: Mm) => {
  const task = k.current(cpu);
  task.mm = next;
  task.active_mm = next;
});

const pgdOf = silently((_k, mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.pgdPage(mm));

/**
 * include/asm-i386/mmu_context.h:37-75 (2.6.23), switch_mm(): the part for another address space. Model: leaves out load_LDT_nolock(): no task has an LDT.
 * Model: leaves out BUG_ON, cpu_test_and_set: the branch for the same address space is not taken.
 */
export const switch_mm = path(function* switch_mm(k: XenKernel, prev: Mm, next: Mm): Path {
  if (!k.since('2.6.38')) yield* cpu_clear(prev);
  yield* cpu_tlbstate.setOk(k);
  yield* cpu_tlbstate.setActiveMm(k, next);
  yield* cpu_set(next);
  yield* xen_write_cr3(k, yield* pgdOf(k, next)); // load_cr3(next->pgd)
  if (k.since('2.6.38')) yield* cpu_clear(prev); // 831d52bc1539: no shootdown is missed on the way
});

/**
 * kernel/sched.c:1929-1976 (2.6.24), context_switch(): the part of context_switch() that changes address spaces, from switch_mm() to the end of __switch_to().
 * Model: leaves out prepare_task_switch, oldmm, atomic_inc, mm_count, enter_lazy_tlb, prev_mm, switch_to, finish_task_switch: the scheduler's own lines, on which nothing here depends.
 * Model: adds leaveLazy, xen_mc_flush: what leaving lazy CPU mode amounts to.
 */
export const switch_mm_lazily = path(function* switch_mm_lazily(k: XenKernel, prev: Mm, next: Mm): Path {
  yield* xen_save_fl_irq_disable(k.xen); // spin_lock_irq(&rq->lock)
  yield* enterLazy(k);
  yield* switch_mm(k, prev, next);
  yield* leaveLazy(k);
  yield* xen_mc_flush(k);
  yield* becomeCurrent(k, next);
  yield* xen_irq_enable(k.xen); // spin_unlock_irq(&rq->lock)
});
