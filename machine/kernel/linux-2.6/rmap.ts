import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import { slotOf, type Entry } from '../../hypervisors/xen/public/layout';
import { _PAGE_DIRTY, _PAGE_RW } from './pgtable';
import { spin_lock, spin_unlock, type Lock } from './spinlock';
import type { Mm } from '../task';
import type { Page, XenKernel } from '../xen/guest';
import {
  flush_tlb_page, pageOfPte, pte_dirty, pte_present, ptep_clear_flush, ptep_clear_flush_young, ptep_get_and_clear, readPte, without, xen_set_pte_at, type Ptep,
} from '../xen/pgtable';

// mm/rmap.c, 2.6.23: from a page to the entries that map it, in whichever
// address space. Whoever comes this way holds no lock of those address spaces
// but that of the one pte page; what it finds may be half built, or half taken
// down.

/** A vma as the reverse mapping knows it: where `mm` maps the file (or the anonymous region) from its beginning. */
export interface MappedRange {
  readonly [key: string]: Mm | number;
  readonly mm: Mm;
  readonly start: number;
  readonly end: number;
}

interface ReverseMapFields {
  /** The vmas in the tree (i_mmap) or on the list (anon_vma), in the order in which they were added. */
  vmas: readonly MappedRange[];
  lock: Cpu | null;
}

/** struct address_space with i_mmap_lock, or struct anon_vma with its lock. */
export class ReverseMap extends tracked<ReverseMapFields>({ vmas: [], lock: null }) {
  /** @param anonymous whether the pages have no file, and go to swap */
  constructor(store: Store, name: string, readonly anonymous = false) {
    super(store, name);
  }
}

/** A page of a file or of an anonymous region, with its place in it. */
export class MappedPage extends Entity {
  /** @param offset bytes from the beginning of what is mapped */
  constructor(name: string, readonly page: Page, readonly map: ReverseMap, readonly offset: number) {
    super(name);
  }
}

const lockOf = (map: ReverseMap): Lock => ({ of: map, field: 'lock' });

/** The vmas of a map. The caller holds its lock, so the list stays. */
const vmasOf = silently((map: ReverseMap) => `vmas of ${map.name}`, (_cpu: Cpu, map: ReverseMap) => map.vmas);

const addVma = instruction((map: ReverseMap, vma: MappedRange) => `vma_prio_tree_add(${vma.mm.name}, ${map.name})`, (_cpu: Cpu, map: ReverseMap, vma: MappedRange) => {
  map.vmas = [...map.vmas, vma];
});

const removeVma = instruction((map: ReverseMap, mm: Mm) => `vma_prio_tree_remove(${mm.name}, ${map.name})`, (_cpu: Cpu, map: ReverseMap, mm: Mm) => {
  map.vmas = map.vmas.filter((vma) => vma.mm !== mm);
});

/** mm/mmap.c:396-416 (2.6.23), __vma_link_file(); mm/rmap.c:110-119 (2.6.23), anon_vma_link(). Makes a vma visible to whoever looks for the users of its pages. */
export const link_vma = path(function* link_vma(k: XenKernel, map: ReverseMap, vma: MappedRange): Path {
  yield* spin_lock(k, lockOf(map));
  yield* addVma(map, vma);
  yield* spin_unlock(k, lockOf(map));
});

/** mm/mmap.c:208-218 (2.6.23), unlink_file_vma(), and mm/rmap.c, anon_vma_unlink() */
export const unlink_vma = path(function* unlink_vma(k: XenKernel, map: ReverseMap, mm: Mm): Path {
  yield* spin_lock(k, lockOf(map));
  yield* removeVma(map, mm);
  yield* spin_unlock(k, lockOf(map));
});

const ptePage = instruction(
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
  const table = yield* ptePage(k, mm, address);
  if (table === null) return null;
  const ptep = { table, address };
  if (!pte_present(yield* readPte(k, ptep))) return null; // Make a quick check before getting the lock
  const ptl = pte_lockptr(k, mm, table);
  yield* spin_lock(k, ptl);
  const pte = yield* readPte(k, ptep);
  if (pte_present(pte) && pageOfPte(k, pte) === page) return { ptep, ptl };
  yield* spin_unlock(k, ptl);
  return null;
});

/** mm/rmap.c:269-299 (2.6.23), page_referenced_one(): whether this user touched the page lately; makes the entry old. */
export const page_referenced_one = path(function* page_referenced_one(k: XenKernel, page: MappedPage, vma: MappedRange): Path<boolean> {
  const found = yield* page_check_address(k, page, vma.mm, vma.start + page.offset);
  if (found === null) return false;
  const referenced = yield* ptep_clear_flush_young(k, found.ptep);
  yield* spin_unlock(k, found.ptl);
  return referenced;
});

/** An entry that says where in swap the page is. Model: which place does not matter. */
const swp_entry_to_pte: Entry = 0x1200;

/** mm/rmap.c:655-743 (2.6.23), try_to_unmap_one(): takes the page from this user, unless it is young. */
export const try_to_unmap_one = path(function* try_to_unmap_one(k: XenKernel, page: MappedPage, vma: MappedRange): Path {
  const found = yield* page_check_address(k, page, vma.mm, vma.start + page.offset);
  if (found === null) return;
  const young = yield* ptep_clear_flush_young(k, found.ptep);
  if (!young) {
    yield* ptep_clear_flush(k, found.ptep);
    if (page.map.anonymous) yield* xen_set_pte_at(k, vma.mm, found.ptep, swp_entry_to_pte);
  }
  yield* spin_unlock(k, found.ptl);
});

const presentEntries = instruction((_k, table: Page) => `scan ${table.name}`, (_cpu: Cpu, k: XenKernel, table: Page, address: number) => {
  const first = address - slotOf(k.layout, 1, address) * 4096;
  return k.userEntries(table, first);
});

/** mm/rmap.c:767-832 (2.6.23), try_to_unmap_cluster(): where a mapping is nonlinear, nobody knows which entry has the page, so all old ones of a pte page go. */
export const try_to_unmap_cluster = path(function* try_to_unmap_cluster(k: XenKernel, page: MappedPage, vma: MappedRange): Path {
  const address = vma.start + page.offset;
  const table = yield* ptePage(k, vma.mm, address);
  if (table === null) return;
  const ptl = pte_lockptr(k, vma.mm, table);
  yield* spin_lock(k, ptl);
  for (const mapped of yield* presentEntries(k, table, address)) {
    const ptep = { table, address: mapped };
    if (!(yield* ptep_clear_flush_young(k, ptep))) yield* ptep_clear_flush(k, ptep);
  }
  yield* spin_unlock(k, ptl);
});

/** mm/rmap.c:415-446 (2.6.23), page_mkclean_one(): the next write to the page must be noticed, so the entry loses its write bit. */
export const page_mkclean_one = path(function* page_mkclean_one(k: XenKernel, page: MappedPage, vma: MappedRange): Path {
  const address = vma.start + page.offset;
  const found = yield* page_check_address(k, page, vma.mm, address);
  if (found === null) return;
  const pte: Entry = yield* readPte(k, found.ptep);
  if (pte_dirty(pte) || (pte & _PAGE_RW) !== 0) {
    const entry = yield* ptep_clear_flush(k, found.ptep);
    yield* xen_set_pte_at(k, vma.mm, found.ptep, without(entry, _PAGE_RW | _PAGE_DIRTY));
  }
  yield* spin_unlock(k, found.ptl);
});

/** mm/memory.c:619-702 (2.6.23), zap_pte_range(), called for a file that is cut short: unmap_mapping_range(). */
export const zap_pte_range = path(function* zap_pte_range(k: XenKernel, page: MappedPage, vma: MappedRange): Path {
  const address = vma.start + page.offset;
  const table = yield* ptePage(k, vma.mm, address);
  if (table === null) return;
  const ptep = { table, address };
  const ptl = pte_lockptr(k, vma.mm, table);
  yield* spin_lock(k, ptl);
  if (pte_present(yield* readPte(k, ptep))) {
    yield* ptep_get_and_clear(k, ptep);
    yield* flush_tlb_page(k, address);
  }
  yield* spin_unlock(k, ptl);
});

/** mm/rmap.c:334-379 (2.6.23), page_referenced_file() and page_referenced_anon() */
export const page_referenced = path(function* page_referenced(k: XenKernel, page: MappedPage): Path<boolean> {
  let referenced = false;
  yield* spin_lock(k, lockOf(page.map));
  for (const vma of yield* vmasOf(page.map)) referenced = (yield* page_referenced_one(k, page, vma)) || referenced;
  yield* spin_unlock(k, lockOf(page.map));
  return referenced;
});

/** mm/rmap.c:863-948 (2.6.23), try_to_unmap_file() and try_to_unmap_anon() */
export const try_to_unmap = path(function* try_to_unmap(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  for (const vma of yield* vmasOf(page.map)) yield* try_to_unmap_one(k, page, vma);
  yield* spin_unlock(k, lockOf(page.map));
});

/** mm/rmap.c:863-948 (2.6.23), try_to_unmap_file(), its end, for nonlinear mappings. */
export const try_to_unmap_nonlinear = path(function* try_to_unmap_nonlinear(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  for (const vma of yield* vmasOf(page.map)) yield* try_to_unmap_cluster(k, page, vma);
  yield* spin_unlock(k, lockOf(page.map));
});

/** mm/rmap.c:448-464 (2.6.23), page_mkclean_file() */
export const page_mkclean = path(function* page_mkclean(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  for (const vma of yield* vmasOf(page.map)) yield* page_mkclean_one(k, page, vma);
  yield* spin_unlock(k, lockOf(page.map));
});

/** mm/memory.c:1956-1995 (2.6.23), unmap_mapping_range() */
export const unmap_mapping_range = path(function* unmap_mapping_range(k: XenKernel, page: MappedPage): Path {
  yield* spin_lock(k, lockOf(page.map));
  for (const vma of yield* vmasOf(page.map)) yield* zap_pte_range(k, page, vma);
  yield* spin_unlock(k, lockOf(page.map));
});
