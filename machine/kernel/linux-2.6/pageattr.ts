import type { Pfn } from '../../hardware/memory';
import { path, type Path } from '../../path';
import { arch_flush_lazy_mmu_mode } from './paravirt';
import { preempt_disable, preempt_enable } from './preempt';
import { __va, PAGE_KERNEL, type GuestKernel } from '../vmi/guest';

// arch/i386/mm/pageattr.c, 2.6.23 and 2.6.29: changes of the direct mapping.
// With CONFIG_DEBUG_PAGEALLOC each page is taken out of it when it is freed and
// put back when it is allocated, wherever that happens.

/** arch/i386/mm/pageattr.c:145-200 (2.6.23), __change_page_attr(): set_pte_atomic(), which without PAE is set_pte(). */
const change_page_attr = path(function* change_page_attr(k: GuestKernel, page: Pfn, present: boolean): Path {
  if (k.after('preemptible-lazy/cpa-whole')) yield* preempt_disable(k);
  yield* k.paravirt_ops.set_pte(k, k.directMapPte(page), present ? ((page * 4096) | PAGE_KERNEL) >>> 0 : 0);
  if (k.after('vmi-lazy/cpa-flush')) yield* guarded_flush(k);
  if (k.after('preemptible-lazy/cpa-whole')) yield* preempt_enable(k);
});

/** Ours: the flush of 4f06b0436b2d (2.6.29), and the guard that d85cf93da669 then gave it. */
const guarded_flush = path(function* guarded_flush(k: GuestKernel): Path {
  if (k.after('preemptible-lazy/cpa')) yield* preempt_disable(k);
  yield* arch_flush_lazy_mmu_mode(k);
  if (k.after('preemptible-lazy/cpa')) yield* preempt_enable(k);
});

/** arch/i386/mm/pageattr.c:258-274 (2.6.23), kernel_map_pages() under CONFIG_DEBUG_PAGEALLOC: ends with a flush of this CPU's TLB. */
export const kernel_map_pages = path(function* kernel_map_pages(k: GuestKernel, page: Pfn, enable: boolean): Path {
  yield* change_page_attr(k, page, enable);
  yield* k.paravirt_ops.flush_tlb_kernel(k); // __flush_tlb_all()
});

/** arch/x86/mm/pageattr.c:780-878 (2.6.29), change_page_attr_set_clr(): set_memory_*() as a driver calls it, preemptibly. Reads through the mapping that it has just made. */
export const set_memory_present = path(function* set_memory_present(k: GuestKernel, page: Pfn): Path<number> {
  yield* change_page_attr(k, page, true);
  return __va(page * 4096);
});
