import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import { __free_page, free_pmd, free_pte_range, zap_table } from './memory';
import { preempt_disable, preempt_enable } from '../sched/preempt';
import { unlink_vma, type ReverseMap } from './reverse-map';
import type { Mm, Task } from '../../task';
import type { Page, XenKernel } from '../../xen/guest';
import { xen_exit_mmap } from '../../xen/mmu';
import { flush_tlb_mm } from '../../xen/tlb';
import { pgd_free } from '../../xen/vmalloc-sync';

// kernel/exit.c, kernel/fork.c and mm/mmap.c, 2.6.23 on Xen: the end of an
// address space. Its page table goes back to ordinary memory first, and its
// vmas stay findable until free_pgtables(), late.

const clearMm = instruction((tsk: Task) => `${tsk.name}->mm = NULL`, (_cpu: Cpu, tsk: Task) => { tsk.mm = null; });

const mmOf = silently((tsk: Task) => `${tsk.name}->mm`, (_cpu: Cpu, tsk: Task) => tsk.mm!);

const runningTask = silently('tsk = current', (cpu: Cpu, k: XenKernel) => k.current(cpu));

const becomeLazy = instruction('enter_lazy_tlb(): cpu_tlbstate.state = TLBSTATE_LAZY', (cpu: Cpu, k: XenKernel) => { k.tlbstate(cpu).state = 'TLBSTATE_LAZY'; });

/**
 * kernel/exit.c:557-593 (2.6.23), exit_mm(): the task lives on for a while on the address space that it gives up.
 * Model: leaves out mm_release, down_read, mmap_sem, core_waiters, up_read, down_write, complete, core_startup_done, up_write, wait_for_completion, core_done, atomic_inc, mm_count, BUG_ON,
 * active_mm, clear_freeze_flag: no core is dumped, and the last reference is given back where the task ends.
 */
export const exit_mm = path(function* exit_mm(k: XenKernel, maps: readonly ReverseMap[]): Path {
  const mm = yield* giveUp(k);
  yield* mmput(k, mm, maps);
});

/** kernel/exit.c:557-593 (2.6.23), exit_mm(), up to where the page table is ordinary memory again; for situations about nothing after the unpinning. */
export const exitUntilUnpinned = path(function* exitUntilUnpinned(k: XenKernel): Path {
  const mm = yield* giveUp(k);
  if (yield* putUser(mm)) yield* xen_exit_mmap(k, mm);
});

/** kernel/exit.c:557-593 (2.6.23), exit_mm(), up to mmput(): from here on the task only borrows the address space. */
const giveUp = path(function* giveUp(k: XenKernel): Path<Mm> {
  const tsk = yield* runningTask(k);
  const mm = yield* mmOf(tsk);
  yield* preempt_disable(k); // task_lock(tsk)
  yield* clearMm(tsk);
  yield* becomeLazy(k);
  yield* preempt_enable(k); // task_unlock(tsk)
  return mm;
});

const putUser = instruction((mm: Mm) => `atomic_dec_and_test(&${mm.name}->mm_users)`, (_cpu: Cpu, mm: Mm) => {
  mm.mm_users--;
  return mm.mm_users === 0;
}, { locked: true });

/**
 * kernel/fork.c:388-403 (2.6.23), mmput(), with the mmdrop() at its end.
 * Model: leaves out exit_aio, spin_lock, list_del, spin_unlock, put_swap_token, mmdrop: the list of all mms is for swapoff, and the struct's last count does not matter here.
 */
export const mmput = path(function* mmput(k: XenKernel, mm: Mm, maps: readonly ReverseMap[]): Path {
  if (!(yield* putUser(mm))) return;
  yield* exit_mmap(k, mm, maps);
});

/** The pte pages of the user half, with the address that each maps first. */
const ptePages = silently((_k, mm: Mm) => `pte pages of ${mm.name}`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.userPtePages(k.pgdPage(mm)));

/** A pte page with the address that it maps first. */
interface Table {
  readonly [key: string]: Page | number;
  readonly page: Page;
  readonly first: number;
}

/**
 * mm/mmap.c:2021-2049 (2.6.23), exit_mmap(). Model: leaves out tlb_gather_mmu(), unmap_vmas(): the order of the calls here stands for what they gather.
 * Model: leaves out mmap, flush_cache_mm, remove_vma, BUG_ON: caches of virtual addresses, and vmas, which no path uses any more.
 */
export const exit_mmap = path(function* exit_mmap(k: XenKernel, mm: Mm, maps: readonly ReverseMap[]): Path {
  yield* xen_exit_mmap(k, mm); // arch_exit_mmap()
  const tables = yield* ptePages(k, mm);
  for (const { page, first } of tables) yield* zap_table(k, mm, page, first, true);
  const freed = yield* free_pgtables(k, mm, maps, tables);
  yield* tlb_finish_mmu(k, mm, freed);
  yield* pgd_free(k, mm); // mmdrop(), at the end of mmput()
});

/**
 * mm/mmap.c:1731-1747 (2.6.23), unmap_region(), for what a living address space maps through `maps`, at or above `start`. Model: leaves out tlb_gather_mmu(), unmap_vmas(): as in exit_mmap().
 * Model: leaves out mmap: the list of vmas is not looked at.
 */
export const unmap_region = path(function* unmap_region(k: XenKernel, mm: Mm, maps: readonly ReverseMap[], start: number): Path {
  const tables = (yield* ptePages(k, mm)).filter(({ first }) => first >= start);
  for (const { page, first } of tables) yield* zap_table(k, mm, page, first, false);
  const freed = yield* free_pgtables(k, mm, maps, tables);
  yield* tlb_finish_mmu(k, mm, freed);
});

/**
 * mm/memory.c:267-299 (2.6.23), free_pgtables(): takes each table out of the reverse map first, then out of the tables above. Returns the pages that can be freed.
 * Model: leaves out anon_vma_unlink, is_vm_hugetlb_page, hugetlb_free_pgd_range, free_pgd_range: unlink_vma() does what concerns the reverse map; huge pages are not modelled.
 * Model: adds free_pte_range, free_pmd: the innermost loops of free_pgd_range().
 */
const free_pgtables = path(function* free_pgtables(k: XenKernel, mm: Mm, maps: readonly ReverseMap[], tables: readonly Table[]): Path<readonly Page[]> {
  const freed: Page[] = [];
  for (const map of maps) yield* unlink_vma(k, map, mm);
  for (const { page, first } of tables) {
    yield* free_pte_range(k, mm, page, first);
    freed.push(page);
  }
  for (const { first } of tables) {
    const pmd = yield* free_pmd(k, mm, first);
    if (pmd !== null) freed.push(pmd);
  }
  return freed;
});

/**
 * include/asm-generic/tlb.h:85-94 (2.6.23), tlb_finish_mmu(), with tlb_flush_mmu(): tables go back to the allocator once no TLB can refer to them.
 * Model: leaves out tlb_flush_mmu, check_pgt_cache, put_cpu_var: it is tlb_flush_mmu() at its end; caches of tables are not modelled.
 * Model: adds flush_tlb_mm, __free_page: the lines of tlb_flush_mmu().
 */
const tlb_finish_mmu = path(function* tlb_finish_mmu(k: XenKernel, mm: Mm, freed: readonly Page[]): Path {
  yield* flush_tlb_mm(k, mm);
  for (const page of freed) yield* __free_page(k, page); // free_pages_and_swap_cache()
});
