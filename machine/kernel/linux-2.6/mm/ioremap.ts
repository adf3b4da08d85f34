import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import { preempt_disable, preempt_enable } from '../sched/preempt';
import { spin_lock, spin_unlock } from '../sched/spinlock';
import { flush_tlb_all } from '../tlbflush';

// arch/i386/mm/ioremap.c and its callers at boot, 2.6.10: which of them flush,
// and whether preemption is on when they do.

const remap_area_pte = instruction('remap_area_pte(): ptes of the device\'s range', (_cpu: Cpu, _k: Kernel) => undefined);

/**
 * arch/i386/mm/ioremap.c:69-98 (2.6.10), remap_area_pages(): the flush comes after the lock has been released.
 * Model: leaves out flush_cache_all, BUG, pmd_alloc, remap_area_pmd: one page, whose table exists.
 * Model: adds remap_area_pte: the innermost of the loops.
 */
export const remap_area_pages = path(function* remap_area_pages(k: Kernel): Path {
  yield* spin_lock(k, { of: k.init_mm, field: 'page_table_lock' });
  yield* remap_area_pte(k);
  yield* spin_unlock(k, { of: k.init_mm, field: 'page_table_lock' });
  yield* flush_tlb_all(k);
});

/**
 * lib/kernel_lock.c:110-116 (2.6.10), lock_kernel(): a spinlock, so preemption goes off; with CONFIG_PREEMPT_BKL (2.6.11) a semaphore, and it stays on. Model: it is not contended.
 * Model: leaves out lock_depth, __lock_kernel: it is not taken twice.
 * Model: adds preempt_disable: what taking the spinlock amounts to.
 */
const lock_kernel = path(function* lock_kernel(k: Kernel, isSemaphore: boolean): Path {
  if (!isSemaphore) yield* preempt_disable(k);
});

/**
 * lib/kernel_lock.c:118-123 (2.6.10), unlock_kernel().
 * Model: leaves out lock_depth, __unlock_kernel, BUG_ON: it is not taken twice.
 * Model: adds preempt_enable: what releasing it amounts to.
 */
const unlock_kernel = path(function* unlock_kernel(k: Kernel, isSemaphore: boolean): Path {
  if (!isSemaphore) yield* preempt_enable(k);
});

/**
 * init/main.c:692-763 (2.6.10), init() and do_initcalls(): a built-in driver's initialisation, in a kernel thread.
 * Model: leaves out child_reaper, smp_prepare_cpus, do_pre_smp_initcalls, fixup_cpu_present_map, smp_init, sched_init_smp, populate_rootfs, do_basic_setup, sys_access, execute_command,
 * prepare_namespace, free_initmem, system_state, numa_default_policy, sys_open, sys_dup, run_init_process: all but the one driver.
 * Model: adds remap_area_pages: what that driver does.
 */
export const do_initcalls = path(function* do_initcalls(k: Kernel, preemptBkl: boolean): Path {
  yield* lock_kernel(k, preemptBkl);
  yield* remap_area_pages(k);
  yield* unlock_kernel(k, preemptBkl);
});
