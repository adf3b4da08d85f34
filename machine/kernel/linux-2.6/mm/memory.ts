import type { Cpu } from '../../../hardware/cpu';
import { entriesOf, isPresent, slotOf, type Entry } from '../../../hypervisors/xen/public/layout';
import { instruction, path, silently, type Path } from '../../../path';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW } from './pgtable';
import { lockOf, nonlinearVmasOf, page_dup_rmap, page_remove_rmap, vmasOf, type MappedPage, type Mapping, type ReverseMap } from './reverse-map';
import { pte_lockptr, pte_page_of } from './rmap';
import { spin_lock, spin_unlock, type Lock } from '../sched/spinlock';
import type { Mm } from '../../task';
import { xen_write_cr3 } from '../../xen/drop-mm-ref';
import { xen_alloc_pd, xen_alloc_pt, xen_release_pd, xen_release_pt } from '../../xen/enlighten';
import { _PAGE_TABLE, type Page, type XenKernel } from '../../xen/guest';
import {
  native_local_ptep_get_and_clear, pageOfPte, pte_present, ptep_clear_flush, ptep_get_and_clear, ptep_set_wrprotect, readPte, without, xen_pte_clear, xen_set_pmd, xen_set_pte_at, type Ptep,
} from '../../xen/pgtable';
import { flush_tlb_mm } from '../../xen/tlb';

// mm/memory.c and mm/mremap.c, 2.6.23: how entries and pte pages are made, copied,
// moved and freed. Two of these functions hold the locks of two pte pages at once.

const ptePage = silently((_k, mm: Mm, address: number) => `pte page of ${mm.name} for 0x${address.toString(16)}`, (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => k.ptePage(k.pgdPage(mm), address));

/** pte_alloc_one(): a page that is ready for use as a pte page of `mm`. */
const pte_alloc_one = silently((_k, mm: Mm) => `pte_alloc_one(${mm.name})`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.takeTable(mm));

/** Nothing finds the page yet. */
const pte_lock_init = silently((_k, page: Page) => `pte_lock_init(${page.name})`, (_cpu: Cpu, k: XenKernel, page: Page) => { k.pte_lock_init(page); });

/** pmd_alloc_one(): the same for a middle table. */
const pmd_alloc_one = silently((_k, mm: Mm) => `pmd_alloc_one(${mm.name})`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.takeTable(mm));

/** The table whose entry leads to the pte page for `address`. */
const middleTable = silently((_k, mm: Mm, address: number) => `pmd of ${mm.name} for 0x${address.toString(16)}`, (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => k.middleTable(k.pgdPage(mm), address));

const pgdOf = silently((_k, mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.pgdPage(mm));

const isLoaded = silently((_k, mm: Mm) => `read_cr3() == __pa(${mm.name}->pgd)`, (cpu: Cpu, k: XenKernel, mm: Mm) => k.percpu(cpu).xen_cr3 === k.pgdPage(mm));

/**
 * include/asm-x86/pgtable-3level.h:94-112 (2.6.25), pud_clear(), with the write to cr3 that makes the processor reload the four top entries of PAE.
 * Model: leaves out set_pud, write_cr3: that is paravirt_ops here, and Xen loads cr3 itself.
 */
const set_pud = path(function* set_pud(k: XenKernel, mm: Mm, address: number, entry: Entry): Path {
  const pgd = yield* pgdOf(k, mm);
  yield* xen_set_pmd(k, pgd, slotOf(k.layout, 3, address), entry); // xen_set_pud() does the same
  if (yield* isLoaded(k, mm)) yield* xen_write_cr3(k, pgd);
});

/**
 * mm/memory.c:2564-2584 (2.6.25), __pmd_alloc(), with pud_populate() of PAE: makes again a middle table that an munmap() has freed.
 * Model: leaves out page_table_lock, pmd_free, pud_populate, pgd_populate: no two paths make the same table here, since mmap_sem is held.
 */
export const __pmd_alloc = path(function* __pmd_alloc(k: XenKernel, mm: Mm, address: number): Path {
  const page = yield* pmd_alloc_one(k, mm);
  const lock: Lock = { of: mm, field: 'page_table_lock' };
  yield* spin_lock(k, lock);
  if ((yield* middleTable(k, mm, address)) === null) {
    yield* xen_alloc_pd(k, mm, page);
    yield* set_pud(k, mm, address, k.pte(page, _PAGE_PRESENT));
  }
  yield* spin_unlock(k, lock);
});

const isEmpty = silently((_k, mm: Mm, address: number) => `the pmd of ${mm.name} for 0x${address.toString(16)} has entries`, (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => {
  const pmd = k.middleTable(k.pgdPage(mm), address);
  return pmd !== null && [...entriesOf(k.memory, k.layout, 2, k.pfn_to_mfn(pmd))].every(({ entry }) => !isPresent(entry));
});

/**
 * mm/memory.c:143-174 (2.6.25), free_pmd_range(), its end, with PAE; before 2.6.25,
 * middle tables lived as long as the page directory. Model: the C checks where the
 * neighbouring vmas are; here the table is freed when it has no entry left.
 * Returns the table, which tlb_finish_mmu() gives back.
 * Model: leaves out free_pte_range: the caller has freed the tables below.
 */
export const free_pmd = path(function* free_pmd(k: XenKernel, mm: Mm, address: number): Path<Page | null> {
  if (!k.since('2.6.25') || !k.config.X86_PAE || !(yield* isEmpty(k, mm, address))) return null;
  const pmd = (yield* middleTable(k, mm, address))!;
  yield* set_pud(k, mm, address, 0); // pud_clear()
  yield* pmd_free_tlb(k, pmd);
  return pmd;
});

/**
 * arch/x86/mm/pgtable_32.c:377-381 (2.6.25), __pmd_free_tlb().
 * Model: leaves out paravirt_release_pd, tlb_remove_page: the caller flushes at its end, and frees the page.
 */
const pmd_free_tlb = path(function* pmd_free_tlb(k: XenKernel, pmd: Page): Path {
  if (k.before('xen-pte-lock/pmd-unpin')) yield* xen_release_pd(k, pmd);
  if (k.after('xen-pte-lock/pmd-unpin')) yield* xen_release_pt(k, pmd);
});

/**
 * mm/memory.c:301-319 (2.6.23), __pte_alloc(): links a new pte page, unless another path was faster; then it frees the page.
 * Model: leaves out page_table_lock, pte_lock_deinit, inc_zone_page_state: no two paths make the same table here, since mmap_sem is held; counts.
 */
export const __pte_alloc = path(function* __pte_alloc(k: XenKernel, mm: Mm, address: number): Path {
  const page = yield* pte_alloc_one(k, mm);
  yield* pte_lock_init(k, page);
  const lock: Lock = { of: mm, field: 'page_table_lock' };
  yield* spin_lock(k, lock);
  if ((yield* ptePage(k, mm, address)) === null) yield* pmd_populate(k, mm, address, page);
  else yield* __free_page(k, page); // pte_free(new)
  yield* spin_unlock(k, lock);
});

/**
 * include/asm-i386/pgalloc.h:24-30 (2.6.23), pmd_populate().
 * Model: leaves out paravirt_alloc_pt, set_pmd: alloc_pt and set_pmd of the backend are called by their Xen names.
 */
const pmd_populate = path(function* pmd_populate(k: XenKernel, mm: Mm, address: number, page: Page): Path {
  yield* xen_alloc_pt(k, mm, page);
  yield* xen_set_pmd(k, (yield* middleTable(k, mm, address))!, slotOf(k.layout, 2, address), k.pte(page, _PAGE_TABLE));
});

/**
 * mm/memory.c:584-617 (2.6.23), copy_page_range(), for the entries at `populated`: what a page fault can restore is not copied; in a vma
 * without an anon_vma that is not nonlinear, this is everything.
 * Model: leaves out anon_vma, is_vm_hugetlb_page, copy_hugetlb_page_range, dst_pgd, copy_pud_range: huge pages and the folded levels.
 * Model: adds copy_pte_range: the innermost of its loops.
 */
export const copy_page_range = path(function* copy_page_range(k: XenKernel, dst: Mm, src: Mm, mapping: Mapping, populated: readonly number[]): Path {
  if (mapping === 'shared') return;
  for (const address of populated) yield* copy_pte_range(k, dst, src, address, mapping);
});

/**
 * mm/memory.c:490-538 (2.6.23), copy_pte_range(), for one entry: holds the locks of both pte pages, the child's first. Model: leaves out arch_enter_lazy_mmu_mode(),
 * arch_leave_lazy_mmu_mode(): nothing in between is queued.
 * Model: leaves out dst_pte, need_resched: the loop's entries are given, and a pause in it would give the locks to no other path here.
 * Model: adds ptePage, __pte_alloc: how it finds the two pte pages.
 */
export const copy_pte_range = path(function* copy_pte_range(k: XenKernel, dst: Mm, src: Mm, address: number, mapping: Mapping): Path {
  const from = yield* ptePage(k, src, address);
  if (from === null) return;
  if ((yield* ptePage(k, dst, address)) === null) yield* __pte_alloc(k, dst, address);
  const to = (yield* ptePage(k, dst, address))!;
  const dst_ptl = pte_lockptr(k, dst, to);
  const src_ptl = pte_lockptr(k, src, from);
  yield* spin_lock(k, dst_ptl);
  yield* spin_lock(k, src_ptl); // spin_lock_nested(src_ptl, SINGLE_DEPTH_NESTING)
  yield* copy_one_pte(k, dst, { table: to, address }, { table: from, address }, mapping);
  yield* spin_unlock(k, src_ptl);
  yield* spin_unlock(k, dst_ptl);
});

/**
 * mm/memory.c:425-488 (2.6.23), copy_one_pte(): the child's entry is old; if a write would make a copy, both are made read-only.
 * Model: leaves out swap_duplicate, spin_lock, spin_unlock, set_pte_at: no page is in swap.
 * Model: adds xen_set_pte_at: set_pte_at() as it is on Xen.
 */
const copy_one_pte = path(function* copy_one_pte(k: XenKernel, dst: Mm, to: Ptep, from: Ptep, mapping: Mapping): Path {
  const pte = yield* readPte(k, from);
  if (pte === 0) return; // pte_none(*src_pte), in copy_pte_range()
  if (!pte_present(pte)) return yield* xen_set_pte_at(k, dst, to, pte); // in swap, or a place in a file
  let copy = without(pte, _PAGE_ACCESSED);
  if (mapping === 'nonlinear') { // VM_SHARED
    copy = without(copy, _PAGE_DIRTY);
  } else {
    yield* ptep_set_wrprotect(k, from);
    copy = without(copy, _PAGE_RW);
  }
  yield* page_dup_rmap(pageOfPte(k, pte)!);
  yield* xen_set_pte_at(k, dst, to, copy);
});

const usedEntries = instruction((_k, table: Page) => `scan ${table.name}`, (_cpu: Cpu, k: XenKernel, table: Page, first: number) => k.userEntries(table, first));

/**
 * mm/memory.c:619-702 (2.6.23), zap_pte_range() for a whole table, under its pte lock: with plain stores where the address space is no longer
 * in use. Model: leaves out arch_enter_lazy_mmu_mode(), arch_leave_lazy_mmu_mode(): nothing in between is queued.
 * Model: leaves out mapping, set_pte_at, tlb_remove_page: a page has one mapping; the caller flushes at its end.
 * Model: adds native_local_ptep_get_and_clear: the other way to read and clear, of a whole address space.
 */
export const zap_table = path(function* zap_table(k: XenKernel, mm: Mm, table: Page, first: number, fullmm: boolean): Path {
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  for (const address of yield* usedEntries(k, table, first)) {
    const ptent = yield* readPte(k, { table, address });
    if (!pte_present(ptent)) {
      yield* xen_pte_clear(k, { table, address }); // pte_clear_not_present_full()
      continue;
    }
    if (fullmm) yield* native_local_ptep_get_and_clear(k, { table, address });
    else yield* ptep_get_and_clear(k, { table, address });
    yield* page_remove_rmap(pageOfPte(k, ptent)!);
  }
  yield* spin_unlock(k, ptl);
});

/** mm/memory.c:619-702 (2.6.23), zap_pte_range() for a file that is cut short: checks one entry, under its lock. Returns whether it mapped the page. */
const zap_pte_range = path(function* zap_pte_range(k: XenKernel, page: MappedPage, mm: Mm, address: number): Path<boolean> {
  const table = yield* pte_page_of(k, mm, address);
  if (table === null) return false;
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  const ptent = yield* readPte(k, { table, address });
  const isMapped = pte_present(ptent) && pageOfPte(k, ptent) === page.page;
  if (isMapped) {
    yield* ptep_get_and_clear(k, { table, address });
    yield* page_remove_rmap(page.page);
  }
  yield* spin_unlock(k, ptl);
  return isMapped;
});

/**
 * mm/memory.c:881-896 (2.6.23), zap_page_range(): tlb_finish_mmu() flushes at the end, when no pte lock is held.
 * Model: leaves out tlb_gather_mmu, unmap_vmas, tlb_finish_mmu: the gathering is a list of the caller.
 */
const zap_page_range = path(function* zap_page_range(k: XenKernel, page: MappedPage, mm: Mm, address: number): Path {
  if (yield* zap_pte_range(k, page, mm, address)) yield* flush_tlb_mm(k, mm);
});

/**
 * mm/memory.c:1956-1995 (2.6.23), unmap_mapping_range(), for one page of a file that is cut short. Model: of a nonlinear mapping, only the entries that can map a page are checked.
 * Model: leaves out i_mmap_lock, is_restart_addr, reset_vma_truncate_counts, prio_tree_empty, i_mmap, unmap_mapping_range_tree, unmap_mapping_range_list: the tree of vmas is a list.
 * Model: adds zap_page_range: what the tree's walk calls.
 */
export const unmap_mapping_range = path(function* unmap_mapping_range(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  for (const { mm, start } of yield* vmasOf(page.map)) yield* zap_page_range(k, page, mm, start + page.offset);
  for (const { mm, start } of yield* nonlinearVmasOf(page.map)) yield* zap_page_range(k, page, mm, start + page.offset);
  yield* spin_unlock(k, lockOf(page.map));
});

/**
 * mm/memory.c:123-131 (2.6.23), free_pte_range(). The page is given back at the end, by tlb_finish_mmu().
 * Model: leaves out pte_lock_deinit, dec_zone_page_state: counts, and a lock that is not a separate field.
 */
export const free_pte_range = path(function* free_pte_range(k: XenKernel, mm: Mm, page: Page, address: number): Path {
  yield* xen_set_pmd(k, (yield* middleTable(k, mm, address))!, slotOf(k.layout, 2, address), 0); // pmd_clear()
  yield* xen_release_pt(k, page);
});

/** PG_pinned stays set: prep_new_page() clears it when the page is next used. */
export const __free_page = instruction((_k, page) => `__free_page(${page.name})`, (_cpu: Cpu, k: XenKernel, page: Page) => { k.returnPage(page); }, { locked: true }); // put_page_testzero()

/** mm/memory.c:2316-2466 (2.6.23), __do_fault() in part, called by __handle_mm_fault(): the task touches an address for the first time. Model: a high pte page, which would be read by kmap_atomic(), is taken to be unchanged. */
export const __do_fault = path(function* __do_fault(k: XenKernel, mm: Mm, address: number, entry: Entry): Path {
  if ((yield* middleTable(k, mm, address)) === null) yield* __pmd_alloc(k, mm, address);
  if ((yield* ptePage(k, mm, address)) === null) yield* __pte_alloc(k, mm, address);
  const table = (yield* ptePage(k, mm, address))!;
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  if (table.highmem || (yield* readPte(k, { table, address })) === 0) { // pte_same(*page_table, orig_pte)
    yield* xen_set_pte_at(k, mm, { table, address }, entry);
    yield* page_dup_rmap(pageOfPte(k, entry)!); // page_add_file_rmap(page)
  }
  yield* spin_unlock(k, ptl);
});

/**
 * mm/mremap.c:68-119 (2.6.23), move_ptes(), for one entry: a file's lock keeps truncation out; then it takes the old lock, then the new one.
 * The caller holds mmap_sem for writing. `file` is null for anonymous memory. Model: leaves out arch_enter_lazy_mmu_mode(),
 * arch_leave_lazy_mmu_mode(): xen_set_pte_at() would queue its call and make it before the locks are released.
 * Model: leaves out i_mmap_lock, new_pte, move_pte, set_pte_at: move_pte() returns the entry unchanged.
 */
export const move_ptes = path(function* move_ptes(k: XenKernel, mm: Mm, file: ReverseMap | null, from: number, to: number): Path {
  if ((yield* ptePage(k, mm, to)) === null) yield* __pte_alloc(k, mm, to); // alloc_new_pmd()
  if (file !== null) yield* spin_lock(k, lockOf(file));
  const oldTable = (yield* ptePage(k, mm, from))!;
  const newTable = (yield* ptePage(k, mm, to))!;
  const old_ptl = pte_lockptr(k, mm, oldTable);
  const new_ptl = pte_lockptr(k, mm, newTable);
  const nested = k.USE_SPLIT_PTLOCKS && oldTable !== newTable;
  yield* spin_lock(k, old_ptl);
  if (nested) yield* spin_lock(k, new_ptl); // spin_lock_nested(new_ptl, SINGLE_DEPTH_NESTING)
  if ((yield* readPte(k, { table: oldTable, address: from })) !== 0) {
    const pte = yield* ptep_clear_flush(k, mm, { table: oldTable, address: from });
    yield* xen_set_pte_at(k, mm, { table: newTable, address: to }, pte);
  }
  if (nested) yield* spin_unlock(k, new_ptl);
  yield* spin_unlock(k, old_ptl);
  if (file !== null) yield* spin_unlock(k, lockOf(file));
});
