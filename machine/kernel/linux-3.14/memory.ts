import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { pte_dirty, pte_none, ptep_get_and_clear, read_pte, set_pte_at } from '../linux-4.14/pgtable';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from '../linux-4.14/tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import { _PAGE_DIRTY, _PAGE_RW } from '../linux-2.6/mm/pgtable';
import type { Mm } from '../task';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { page_mapped, page_remove_rmap, PageDirty, set_page_dirty, TestClearPageDirty, writepage, type FilePage } from './page';

// mm/memory.c, mm/rmap.c and mm/page-writeback.c, 3.14: unmapping a page of a
// file passes the dirty bit of the entry on to the page; write-back clears it.
// Model: the TLB flush is that of 4.14, which, like that of 3.14, flushes here
// and then tells every CPU in the mask.

/** Where the one page is mapped. */
export interface Mapped {
  readonly [key: string]: Mm | FilePage | Word | number;
  readonly mm: Mm;
  readonly va: number;
  readonly ptl: Word;
  readonly page: FilePage;
}

const PAGE_SIZE = 0x1000;

/**
 * mm/memory.c:1068-1206 (3.14.1), zap_pte_range() and tlb_flush_mmu(), of one page of a file. Model: the batch has room, so it is flushed at the end; the page cache keeps the page.
 * Model: leaves out arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode: they do nothing without a hypervisor.
 * Model: leaves out mapping, pte_soft_dirty, pte_file_mksoft_dirty, set_pte_at: the mapping is linear.
 * Model: leaves out __tlb_remove_page, start, migration_entry_to_page, pte_clear_not_present_full: there is one page, and it is in memory.
 */
export const zap_pte_range = path(function* zap_pte_range(k: Kernel, q: CallQueues, t: TlbStates, { mm, va, ptl, page }: Mapped): Path {
  yield* arch_spin_lock(ptl);
  const ptent = yield* ptep_get_and_clear(k, mm, va);
  let force_flush = false;
  if (pte_dirty(ptent)) {
    if (k.after('zap-dirty/flush-first')) force_flush = true;
    yield* set_page_dirty(page);
  }
  if (k.before('zap-dirty/rmap-after-flush') && k.before('zap-dirty/rmap-if-flushed') && k.before('zap-dirty/rmap-last') && !pte_none(ptent)) yield* page_remove_rmap(page);
  if (force_flush) yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false); // tlb_flush_mmu_tlbonly()
  if (k.after('zap-dirty/rmap-if-flushed') && force_flush) yield* page_remove_rmap(page);
  if (k.after('zap-dirty/rmap-after-flush') && !pte_none(ptent)) yield* page_remove_rmap(page); // tlb_flush_rmaps()
  yield* arch_spin_unlock(ptl);
  if (!force_flush) yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false); // tlb_flush_mmu()
  if (k.after('zap-dirty/look-again') && pte_dirty(yield* read_pte(k, mm, va))) yield* set_page_dirty(page);
  if (k.after('zap-dirty/rmap-last') && !pte_none(ptent)) yield* page_remove_rmap(page);
});

/**
 * mm/rmap.c:856-878 (3.14.1), page_mkclean(); mm/rmap.c:814-846 (3.14.1), page_mkclean_one(): whether an entry was dirty or writable. No CPU writes to the page afterwards without a fault.
 * Model: leaves out arg, rmap_one, invalid_vma, rmap_walk, PageLocked, page_mapping: one place maps the page, and it is shared.
 * Model: leaves out page_check_address, flush_cache_page, mmu_notifier_invalidate_page: the entry is known; x86 has nothing to flush there, and no device caches translations.
 */
export const page_mkclean = path(function* page_mkclean(k: Kernel, q: CallQueues, t: TlbStates, { mm, va, ptl, page }: Mapped): Path<boolean> {
  if (!(yield* page_mapped(page))) return false;
  yield* arch_spin_lock(ptl);
  const entry = yield* read_pte(k, mm, va);
  const isFound = (entry & (_PAGE_DIRTY | _PAGE_RW)) !== 0;
  if (isFound) {
    const old = yield* ptep_get_and_clear(k, mm, va); // ptep_clear_flush()
    yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false);
    yield* set_pte_at(k, mm, va, old & ~(_PAGE_DIRTY | _PAGE_RW)); // pte_wrprotect(), pte_mkclean()
  }
  yield* arch_spin_unlock(ptl);
  return isFound;
});

/**
 * mm/page-writeback.c:1862-2015 (3.14.1), write_cache_pages() in part; mm/page-writeback.c:2309-2362 (3.14.1), clear_page_dirty_for_io(): for one page. Model: the page lock is held, which no other path here takes.
 * Model: leaves out page_mapping, BUG_ON, PageLocked, mapping_cap_account_dirty, dec_zone_page_state, dec_bdi_stat, backing_dev_info: a page of a file, locked; dirty pages are not counted.
 */
export const write_cache_page = path(function* write_cache_page(k: Kernel, q: CallQueues, t: TlbStates, mapped: Mapped): Path {
  const { page } = mapped;
  if (!(yield* PageDirty(page))) return;
  if (yield* page_mkclean(k, q, t, mapped)) yield* set_page_dirty(page);
  if (yield* TestClearPageDirty(page)) yield* writepage(page);
});
