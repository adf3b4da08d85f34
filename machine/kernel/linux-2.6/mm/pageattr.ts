import type { Pfn } from '../../../hardware/memory';
import { path, type Path } from '../../../path';
import { arch_flush_lazy_mmu_mode } from '../paravirt';
import { preempt_disable, preempt_enable } from '../sched/preempt';
import { spin_lock, spin_lock_irqsave, spin_unlock, spin_unlock_irqrestore, type Lock } from '../sched/spinlock';
import { __va, PAGE_KERNEL, type GuestKernel } from '../../vmi/guest';

// arch/i386/mm/pageattr.c, 2.6.23 and 2.6.29: changes of the direct mapping.
// With CONFIG_DEBUG_PAGEALLOC each page is taken out of it when it is freed and
// put back when it is allocated, whatever context that happens in.

const cpa_lock = (k: GuestKernel): Lock => ({ of: k.invalidation, field: 'cpa_lock' });

/**
 * arch/i386/mm/pageattr.c:145-200 (2.6.23), __change_page_attr(): set_pte_atomic(), which without PAE is set_pte().
 * Model: leaves out split_large_page, set_pmd_pte, revert_page, paravirt_release_pt, save_page: the direct mapping is in small pages already.
 * Model: leaves out lookup_address, PageLRU, PageCompound, pgprot_val, pte_huge, BUG_ON, BUG: the entry is known.
 */
const __change_page_attr = path(function* __change_page_attr(k: GuestKernel, page: Pfn, present: boolean): Path {
  yield* k.paravirt_ops.set_pte(k, k.directMapPte(page), present ? ((page * 4096) | PAGE_KERNEL) >>> 0 : 0); // set_pte_atomic()
});

/**
 * arch/i386/mm/pageattr.c:220-234 (2.6.23), change_page_attr(), of one page.
 * Model: takes the lock in every release. Since 2.6.25 kernel_map_pages() takes none; here one CPU runs, and the entry changes in one step.
 */
const change_page_attr = path(function* change_page_attr(k: GuestKernel, page: Pfn, present: boolean): Path {
  const flags = yield* spin_lock_irqsave(k, cpa_lock(k));
  yield* __change_page_attr(k, page, present);
  yield* spin_unlock_irqrestore(k, cpa_lock(k), flags);
});

/**
 * arch/x86/mm/pageattr.c:730-772 (2.6.29), __change_page_attr_set_clr(), without CONFIG_DEBUG_PAGEALLOC: one page, under a lock that leaves interrupts on.
 * Model: leaves out numpages, flags, curpage, vaddr, cpa_process_alias, BUG_ON: one page, with no aliases.
 */
const __change_page_attr_set_clr = path(function* __change_page_attr_set_clr(k: GuestKernel, page: Pfn): Path {
  yield* spin_lock(k, cpa_lock(k));
  yield* __change_page_attr(k, page, true);
  yield* spin_unlock(k, cpa_lock(k));
});

/** Ours: either flush of change_page_attr_set_clr(), and the guard that d85cf93da669 gave it. */
const guarded_flush = path(function* guarded_flush(k: GuestKernel): Path {
  if (k.after('preemptible-lazy/cpa')) yield* preempt_disable(k);
  yield* arch_flush_lazy_mmu_mode(k);
  if (k.after('preemptible-lazy/cpa')) yield* preempt_enable(k);
});

/**
 * arch/i386/mm/pageattr.c:258-274 (2.6.23), kernel_map_pages(), under CONFIG_DEBUG_PAGEALLOC: ends with a flush of
 * this CPU's TLB. The flushes of 2.6.29 do not apply, since it changes the entry without change_page_attr_set_clr().
 * Model: leaves out debug_check_no_locks_freed, __pgprot: nothing is freed with a lock in it.
 */
export const kernel_map_pages = path(function* kernel_map_pages(k: GuestKernel, page: Pfn, enable: boolean): Path {
  yield* change_page_attr(k, page, enable);
  if (k.after('vmi-lazy/kernel-map-flush')) yield* guarded_flush(k);
  yield* k.paravirt_ops.flush_tlb_kernel(k); // __flush_tlb_all()
});

/**
 * arch/x86/mm/pageattr.c:780-878 (2.6.29), change_page_attr_set_clr(), as set_memory_*() of a driver calls it, preemptibly:
 * since 4f06b0436b2d and 7ad9de6ac83b lazy mode is flushed before the entry is read and after it is changed.
 * Model: leaves out cpa_flush_range, cpa_flush_array, cpa_flush_all, cache, cache_attr: no translation of an absent page is cached.
 * Model: leaves out kmap_flush_unused, vm_unmap_aliases, canon_pgprot, pgprot_val, vaddr, numpages, mask_set, mask_clr, flags, curpage, force_split, checkalias: one page with no aliases.
 */
export const set_memory_present = path(function* set_memory_present(k: GuestKernel, page: Pfn): Path<number> {
  if (k.after('vmi-lazy/cpa-flush')) yield* guarded_flush(k);
  if (k.after('preemptible-lazy/cpa-whole')) yield* preempt_disable(k);
  yield* __change_page_attr_set_clr(k, page);
  if (k.after('vmi-lazy/cpa-flush')) yield* guarded_flush(k);
  if (k.after('preemptible-lazy/cpa-whole')) yield* preempt_enable(k);
  return __va(page * 4096);
});
