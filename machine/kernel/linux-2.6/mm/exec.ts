import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import { mmput } from './exit-mmap';
import { mmdrop } from './mm';
import { preempt_disable, preempt_enable } from '../sched/preempt';
import type { Mm, Task } from '../../task';
import { switch_mm } from '../../xen/context-switch';
import { xen_irq_enable, xen_save_fl_irq_disable } from '../../xen/irq';
import type { XenKernel } from '../../xen/guest';
import { xen_activate_mm } from '../../xen/mmu';
import type { ReverseMap } from './reverse-map';

// fs/exec.c, 2.6.23: execve() builds the new address space beside the old one,
// with a stack that holds the arguments, and switches over at the end. If it
// fails before that, the new one is thrown away without ever having been used.

const setMm = instruction((tsk: Task, mm: Mm) => `${tsk.name}->mm = ${mm.name}`, (_cpu: Cpu, tsk: Task, mm: Mm) => {
  tsk.mm = mm;
});

const setActiveMm = instruction((tsk: Task, mm: Mm) => `${tsk.name}->active_mm = ${mm.name}`, (_cpu: Cpu, tsk: Task, mm: Mm) => {
  tsk.active_mm = mm;
});

const runningTask = silently('tsk = current', (cpu: Cpu, k: XenKernel) => k.current(cpu));

const mmOf = silently((tsk: Task) => `${tsk.name}->mm`, (_cpu: Cpu, tsk: Task) => tsk.mm);

const activeMmOf = silently((tsk: Task) => `${tsk.name}->active_mm`, (_cpu: Cpu, tsk: Task) => tsk.active_mm!);

/**
 * fs/exec.c:725-765 (2.6.23), exec_mmap(). A kernel thread that becomes a program
 * gives back what it has borrowed. Model: task_lock() is the preempt count that it
 * raises. Model: leaves out mm_release(), down_read(), up_read(), mmap_sem, core_waiters: no core is dumped.
 * Model: leaves out arch_pick_mmap_layout(): no path uses the layout.
 * Model: leaves out BUG_ON: its condition is never true.
 */
export const exec_mmap = path(function* exec_mmap(k: XenKernel, mm: Mm, oldMaps: readonly ReverseMap[]): Path {
  const tsk = yield* runningTask(k);
  const old_mm = yield* mmOf(tsk);
  yield* preempt_disable(k);
  const active_mm = yield* activeMmOf(tsk);
  yield* setMm(tsk, mm);
  yield* setActiveMm(tsk, mm);
  if (k.after('drop-mm-ref/irqs-off')) yield* xen_save_fl_irq_disable(k.xen);
  yield* activate_mm(k, active_mm, mm);
  if (k.after('drop-mm-ref/irqs-off')) yield* xen_irq_enable(k.xen);
  yield* preempt_enable(k);
  if (old_mm !== null) yield* mmput(k, old_mm, oldMaps);
  else yield* mmdrop(k, active_mm);
});

/** include/asm-i386/mmu_context.h:80-84 (2.6.23), activate_mm(). */
const activate_mm = path(function* activate_mm(k: XenKernel, prev: Mm, next: Mm): Path {
  yield* xen_activate_mm(k, prev, next); // paravirt_activate_mm(prev, next)
  yield* switch_mm(k, prev, next);
});

/** fs/exec.c:1337-1427 (2.6.23), do_execve() in part, from where the new address space exists; `loads` says whether the file turns out to be a program. */
export const do_execve = path(function* do_execve(k: XenKernel, mm: Mm, maps: readonly ReverseMap[], oldMaps: readonly ReverseMap[], loads: boolean): Path {
  if (loads) yield* exec_mmap(k, mm, oldMaps);
  else yield* mmput(k, mm, maps); // out: mmput(bprm->mm), which was never activated
});
