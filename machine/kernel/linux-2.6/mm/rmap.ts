import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import type { Entry } from '../../../hypervisors/xen/public/layout';
import { _PAGE_DIRTY, _PAGE_RW } from './pgtable';
import { lockOf, nonlinearVmasOf, page_mapcount, page_remove_rmap, vmasOf, type MappedPage, type MappedRange, type ReverseMap } from './reverse-map';
import { spin_lock, spin_unlock, type Lock } from '../sched/spinlock';
import type { Mm } from '../../task';
import type { Page, XenKernel } from '../../xen/guest';
import { pageOfPte, pte_dirty, pte_present, ptep_clear_flush, ptep_clear_flush_young, readPte, without, xen_set_pte_at, type Ptep } from '../../xen/pgtable';

// mm/rmap.c, 2.6.23: from a page to the entries that map it, in any address
// space. Of the locks of those address spaces, a path that comes this way holds
// only that of the pte page; what it finds may be half built or half torn down.

/** pgd_offset() to pmd_page(): the pte page for an address of `mm`, found without any of its locks; null if there is none. */
export const pte_page_of = instruction(
  (_k, mm, address) => `pgd_offset(${mm.name}, 0x${address.toString(16)}) to pmd_page`,
  (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => (mm.freed ? null : k.ptePage(k.pgdPage(mm), address)),
);

/** pte_lockptr(): the pte page's own lock, or the address space's. */
export function pte_lockptr(k: XenKernel, mm: Mm, table: Page): Lock {
  return k.USE_SPLIT_PTLOCKS ? { of: table, field: 'ptl' } : { of: mm, field: 'page_table_lock' };
}

/** Where page_check_address() found the entry; its lock is held. */
interface Found {
  readonly [key: string]: Ptep | Lock;
  readonly ptep: Ptep;
  readonly ptl: Lock;
}

/** mm/rmap.c:227-263 (2.6.23), page_check_address(): looks first without the lock, then again with it. */
const page_check_address = path(function* page_check_address(k: XenKernel, { page }: MappedPage, mm: Mm, address: number): Path<Found | null> {
  const table = yield* pte_page_of(k, mm, address);
  if (table === null) return null;
  const ptep = { table, address };
  if (!pte_present(yield* readPte(k, ptep))) return null; // a first look, without the lock
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  const pte = yield* readPte(k, ptep);
  if (pte_present(pte) && pageOfPte(k, pte) === page) return { ptep, ptl };
  yield* spin_unlock(k, ptl);
  return null;
});

/** What is known of one possible user of a page: whether it has touched the page lately, and whether it maps the page at all. */
interface Referenced {
  readonly [key: string]: boolean;
  readonly referenced: boolean;
  readonly counted: boolean;
}

/**
 * mm/rmap.c:269-299 (2.6.23), page_referenced_one(): whether this user touched the page lately; makes the entry old.
 * Model: leaves out has_swap_token, rwsem_is_locked, mmap_sem: no task has the swap token.
 */
export const page_referenced_one = path(function* page_referenced_one(k: XenKernel, page: MappedPage, vma: MappedRange): Path<Referenced> {
  const found = yield* page_check_address(k, page, vma.mm, vma.start + page.offset);
  if (found === null) return { referenced: false, counted: false };
  const referenced = yield* ptep_clear_flush_young(k, vma.mm, found.ptep);
  yield* spin_unlock(k, found.ptl);
  return { referenced, counted: true };
});

/**
 * mm/rmap.c:301-321 (2.6.23), page_referenced_anon(); mm/rmap.c:334-379 (2.6.23), page_referenced_file(): continues until it has seen as many users as the page has.
 * Model: leaves out page_lock_anon_vma, list_for_each_entry, head, page_unlock_anon_vma, BUG_ON, PageLocked, i_mmap_lock, vma_prio_tree_foreach, i_mmap: the list is read under its lock, at
 * once.
 */
const page_referenced_all = path(function* page_referenced_all(k: XenKernel, page: MappedPage): Path<boolean> {
  let referenced = false;
  yield* spin_lock(k, lockOf(page.map));
  let mapcount = yield* page_mapcount(page.page);
  for (const vma of yield* vmasOf(page.map)) {
    const one = yield* page_referenced_one(k, page, vma);
    referenced ||= one.referenced;
    if (one.counted) mapcount--;
    if (mapcount === 0) break;
  }
  yield* spin_unlock(k, lockOf(page.map));
  return referenced;
});

/**
 * mm/rmap.c:389-413 (2.6.23), page_referenced(). Model: leaves out TestClearPageReferenced(): that flag is never set here.
 * Model: leaves out page_test_and_clear_young, mapping, TestSetPageLocked, unlock_page: the caller holds the page's lock.
 */
export const page_referenced = path(function* page_referenced(k: XenKernel, page: MappedPage): Path<boolean> {
  if ((yield* page_mapcount(page.page)) === 0) return false; // page_mapped(page)
  return yield* page_referenced_all(k, page);
});

/** An entry that says where the page is in swap. Model: where does not matter. */
const swp_entry_to_pte: Entry = 0x1200;

type Unmapped = 'SWAP_AGAIN' | 'SWAP_FAIL';

/**
 * mm/rmap.c:655-743 (2.6.23), try_to_unmap_one(): unmaps the page from this user, unless the entry is young.
 * Model: leaves out flush_cache_page, val, swap_duplicate, spin_lock, BUG_ON, make_migration_entry, set_pte_at: caches of virtual addresses, the list of mms in swap, migration.
 */
export const try_to_unmap_one = path(function* try_to_unmap_one(k: XenKernel, page: MappedPage, vma: MappedRange): Path<Unmapped> {
  const found = yield* page_check_address(k, page, vma.mm, vma.start + page.offset);
  if (found === null) return 'SWAP_AGAIN';
  let ret: Unmapped = 'SWAP_AGAIN';
  if (yield* ptep_clear_flush_young(k, vma.mm, found.ptep)) {
    ret = 'SWAP_FAIL';
  } else {
    yield* ptep_clear_flush(k, vma.mm, found.ptep);
    if (page.map.anonymous) yield* xen_set_pte_at(k, vma.mm, found.ptep, swp_entry_to_pte);
    yield* page_remove_rmap(page.page);
  }
  yield* spin_unlock(k, found.ptl);
  return ret;
});

/**
 * mm/rmap.c:767-832 (2.6.23), try_to_unmap_cluster(): in a nonlinear mapping it is not known which entry maps the page, so the old entries of a
 * cluster of 32 pages are removed, whichever pages they map. Returns their number. Model: a cluster has one entry here.
 * Model: leaves out BUG_ON, flush_cache_page, set_pte_at: caches of virtual addresses; a cluster has one entry.
 */
export const try_to_unmap_cluster = path(function* try_to_unmap_cluster(k: XenKernel, cursor: number, vma: MappedRange): Path<number> {
  const address = vma.start + cursor;
  const table = yield* pte_page_of(k, vma.mm, address);
  if (table === null) return 0;
  const ptep = { table, address };
  const ptl = pte_lockptr(k, vma.mm, table);
  let gone = 0;
  yield* spin_lock(k, ptl);
  const pte = yield* readPte(k, ptep);
  if (pte_present(pte) && !(yield* ptep_clear_flush_young(k, vma.mm, ptep))) {
    yield* ptep_clear_flush(k, vma.mm, ptep);
    yield* page_remove_rmap(pageOfPte(k, pte)!);
    gone++;
  }
  yield* spin_unlock(k, ptl);
  return gone;
});

/** Where a file's pages in memory are. Model: fixed for a situation, so that clusters which can map no page are skipped. */
const clusters = silently((map: ReverseMap) => `clusters of ${map.name}`, (_cpu: Cpu, map: ReverseMap) => map.offsets);

/**
 * mm/rmap.c:834-852 (2.6.23), try_to_unmap_anon(); mm/rmap.c:863-948 (2.6.23), try_to_unmap_file(): stops when it fails, and when the page is no longer mapped.
 * Model: leaves out page_lock_anon_vma, list_for_each_entry, head, page_unlock_anon_vma, i_mmap_lock, vma_prio_tree_foreach, i_mmap, list, vm_private_data: the list is read under its lock,
 * at once.
 */
const try_to_unmap_all = path(function* try_to_unmap_all(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  let isOver = false;
  for (const vma of yield* vmasOf(page.map)) {
    isOver = (yield* try_to_unmap_one(k, page, vma)) === 'SWAP_FAIL' || (yield* page_mapcount(page.page)) === 0;
    if (isOver) break;
  }
  if (!isOver) yield* unmap_nonlinear(k, page);
  yield* spin_unlock(k, lockOf(page.map));
});

/** mm/rmap.c:863-948 (2.6.23), try_to_unmap_file(), its second half: does not look for the page, but unmaps as many entries as map it. Model: leaves out cond_resched_lock(): no task waits for this CPU. */
const unmap_nonlinear = path(function* unmap_nonlinear(k: XenKernel, page: MappedPage): Path {
  const vmas = yield* nonlinearVmasOf(page.map);
  if (vmas.length === 0) return;
  let mapcount = yield* page_mapcount(page.page);
  for (const cursor of yield* clusters(page.map)) {
    for (const vma of vmas) {
      if (mapcount <= 0) return;
      mapcount -= yield* try_to_unmap_cluster(k, cursor, vma);
    }
  }
});

/**
 * mm/rmap.c:962-976 (2.6.23), try_to_unmap().
 * Model: leaves out BUG_ON, PageLocked: the caller holds the page's lock.
 */
export const try_to_unmap = path(function* try_to_unmap(k: XenKernel, page: MappedPage): Path {
  yield* try_to_unmap_all(k, page);
});

/**
 * mm/rmap.c:415-446 (2.6.23), page_mkclean_one(): the next write to the page must be noticed, so the entry loses its write bit.
 * Model: leaves out flush_cache_page, set_pte_at: caches of virtual addresses; the entry is stored by the backend.
 */
export const page_mkclean_one = path(function* page_mkclean_one(k: XenKernel, page: MappedPage, vma: MappedRange): Path {
  const address = vma.start + page.offset;
  const found = yield* page_check_address(k, page, vma.mm, address);
  if (found === null) return;
  const pte: Entry = yield* readPte(k, found.ptep);
  if (pte_dirty(pte) || (pte & _PAGE_RW) !== 0) {
    const entry = yield* ptep_clear_flush(k, vma.mm, found.ptep);
    yield* xen_set_pte_at(k, vma.mm, found.ptep, without(entry, _PAGE_RW | _PAGE_DIRTY));
  }
  yield* spin_unlock(k, found.ptl);
});

/**
 * mm/rmap.c:448-464 (2.6.23), page_mkclean_file(): private mappings are not written back.
 * Model: leaves out BUG_ON, i_mmap_lock, vma_prio_tree_foreach, i_mmap: the tree is read under its lock, at once.
 */
const page_mkclean_file = path(function* page_mkclean_file(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  for (const vma of yield* vmasOf(page.map)) if (vma.mapping === 'shared') yield* page_mkclean_one(k, page, vma);
  yield* spin_unlock(k, lockOf(page.map));
});

/**
 * mm/rmap.c:466-483 (2.6.23), page_mkclean().
 * Model: leaves out BUG_ON, PageLocked, page_mapping, page_test_dirty, page_clear_dirty: the caller holds the page's lock, and this is not s390.
 */
export const page_mkclean = path(function* page_mkclean(k: XenKernel, page: MappedPage): Path {
  if ((yield* page_mapcount(page.page)) > 0) yield* page_mkclean_file(k, page); // page_mapped(page)
});
