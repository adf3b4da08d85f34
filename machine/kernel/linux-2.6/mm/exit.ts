import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import { enter_lazy_tlb } from './mmu_context';
import { mmdrop } from './mm';
import { _PAGE_PRESENT, pgd_index } from './pgtable';
import { current, preempt_disable, preempt_enable } from '../sched/preempt';
import { schedule } from '../sched/sched';
import { spin_lock, spin_unlock } from '../sched/spinlock';
import type { Mm, Task } from '../../task';
import { flush_tlb_mm } from '../tlbflush';

// kernel/exit.c and mm/mmap.c, 2.6.10: a dying task first becomes lazy on its
// own address space, and then tears that address space down.

const TASK_DIRECTORY_ENTRIES = pgd_index(0xc0000000);

const ownMm = silently((tsk: Task) => `${tsk.name}->mm`, (_cpu: Cpu, tsk: Task) => tsk.mm);

const hold_mm = instruction((mm: Mm) => `atomic_inc(&${mm.name}->mm_count)`, (_cpu: Cpu, mm: Mm) => { mm.mm_count++; }, { locked: true });

const clear_mm = instruction((tsk: Task) => `${tsk.name}->mm = NULL`, (_cpu: Cpu, tsk: Task) => { tsk.mm = null; });

/**
 * kernel/exit.c:473-507 (2.6.10), __exit_mm(). Model: task_lock() is the preempt count that it raises.
 * Model: leaves out mm_release, down_read, mmap_sem, core_waiters, up_read, down_write, complete, core_startup_done, up_write, wait_for_completion, core_done, BUG: no core is dumped.
 * Model: leaves out active_mm: it is the mm already.
 */
export const exit_mm = path(function* exit_mm(k: Kernel, tsk: Task): Path {
  const mm = yield* ownMm(tsk);
  if (mm === null) return;
  yield* hold_mm(mm);
  yield* preempt_disable(k);
  yield* clear_mm(tsk);
  yield* enter_lazy_tlb(k, mm, tsk);
  yield* preempt_enable(k);
  yield* mmput(k, mm);
});

const put_user = instruction((mm: Mm) => `atomic_dec_and_test(&${mm.name}->mm_users)`, (_cpu: Cpu, mm: Mm) => {
  mm.mm_users--;
  return mm.mm_users === 0;
}, { locked: true });

/**
 * kernel/fork.c:342-355 (2.6.10), mmput().
 * Model: leaves out exit_aio, list_del, put_swap_token, spin_lock, spin_unlock: the list of all mms is only for swapoff.
 */
export const mmput = path(function* mmput(k: Kernel, mm: Mm): Path {
  if (yield* put_user(mm)) {
    yield* exit_mmap(k, mm);
    yield* mmdrop(k, mm);
  }
});

/** Model: all at once. Only CPUs that have borrowed the address space still walk its tables, and kernel threads use no address of its user half. */
const unmap_vmas = instruction((_k: Kernel, mm: Mm) => `unmap_vmas(), free_pgtables(): ${mm.name} maps nothing any more`, (_cpu: Cpu, k: Kernel, mm: Mm) => {
  for (let i = 0; i < TASK_DIRECTORY_ENTRIES; i++) {
    const pde = k.memory.read32(mm.pgd + 4 * i);
    if ((pde & _PAGE_PRESENT) === 0) continue;
    const table = (pde & ~0xfff) >>> 0;
    for (let j = 0; j < 1024; j++) {
      const pte = k.memory.read32(table + 4 * j);
      if (pte === 0) continue;
      k.memory.write32(table + 4 * j, 0);
      k.frames.free((pte & ~0xfff) >>> 0);
    }
    k.memory.write32(mm.pgd + 4 * i, 0);
    k.frames.free(table);
  }
  mm.vmas = [];
}, { locked: true });

/**
 * mm/mmap.c:1830-1868 (2.6.10), exit_mmap(), with tlb_finish_mmu() at its end: all under page_table_lock, so not preemptible.
 * Model: leaves out tlb_gather_mmu, flush_cache_mm, mmap, BUG_ON, clear_page_tables, tlb_finish_mmu, MM_VM_SIZE, rss, remove_vm_struct: pages are not freed, and the flush at the end is made
 * here.
 */
export const exit_mmap = path(function* exit_mmap(k: Kernel, mm: Mm): Path {
  yield* spin_lock(k, { of: mm, field: 'page_table_lock' });
  yield* unmap_vmas(k, mm);
  yield* flush_tlb_mm(k, mm);
  yield* spin_unlock(k, { of: mm, field: 'page_table_lock' });
});

const set_dead = instruction((tsk: Task) => `${tsk.name}->state = EXIT_DEAD`, (_cpu: Cpu, tsk: Task) => { tsk.state = 'EXIT_DEAD'; });

/**
 * kernel/exit.c:781-840 (2.6.10), do_exit(). Does not return.
 * Model: leaves out profile_task_exit, in_interrupt, io_context, exit_io_context, flags, del_timer_sync, real_timer, preempt_count, ptrace, ptrace_message, ptrace_notify, atomic_dec_and_test,
 * signal, live, exit_sem, __exit_files, __exit_fs, exit_namespace, exit_thread, exit_keys, leader, disassociate_ctty, module_put, thread_info, exec_domain, module, binfmt, exit_code,
 * exit_notify, mpol_free, mempolicy, BUG_ON, BUG: a task here has an address space and nothing else.
 * Model: adds preempt_disable: exit_notify() leaves with preemption off.
 */
export const do_exit = path(function* do_exit(k: Kernel): Path {
  const tsk = yield* current(k);
  yield* exit_mm(k, tsk);
  yield* preempt_disable(k);
  yield* set_dead(tsk);
  yield* schedule(k);
});

const int80 = instruction('int $0x80', (cpu: Cpu) => {
  cpu.drain();
  cpu.cpl = 0;
});

/** kernel/exit.c:852-855 (2.6.10), sys_exit(), from user mode. Does not return. */
export const sys_exit = path(function* sys_exit(k: Kernel): Path {
  yield* int80();
  yield* do_exit(k);
});
