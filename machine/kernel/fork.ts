import type { Cpu } from '../hardware/cpu';
import { HYPERVISOR_mmuext_op } from '../hypervisors/xen/public-calls';
import { MMUEXT } from '../hypervisors/xen/public';
import { slotOf } from '../hypervisors/xen/public-layout';
import { path, silently, type Path } from '../path';
import { _PAGE_ACCESSED, _PAGE_RW } from './pgtable';
import { link_vma, pte_lockptr, type MappedRange, type ReverseMap } from './rmap';
import { spin_lock, spin_unlock, type Lock } from './spinlock';
import type { Mm } from './task';
import { xen_alloc_pt } from './xen/enlighten';
import { _PAGE_TABLE, type Page, type XenKernel } from './xen/guest';
import { xen_dup_mmap } from './xen/mmu';
import { pte_present, ptep_set_wrprotect, readPte, without, xen_set_pmd, xen_set_pte_at } from './xen/pgtable';

// kernel/fork.c and mm/memory.c, 2.6.23: how a forked child gets its address
// space. Each vma is made findable before its entries are copied, and the
// architecture hears of the new page table only when all of it is there.

const ptePage = silently((_k, mm: Mm, address: number) => `pte page of ${mm.name} for 0x${address.toString(16)}`, (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => k.ptePage(k.pgdPage(mm), address));

/** pte_alloc_one(): a page that is ready for use as a pte page of `mm`. */
const pte_alloc_one = silently((_k, mm: Mm) => `pte_alloc_one(${mm.name})`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.takePtePage(mm));

/** The table whose entry leads to the pte page for `address`. */
const middleTable = silently((_k, mm: Mm, address: number) => `pmd of ${mm.name} for 0x${address.toString(16)}`, (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => k.middleTable(k.pgdPage(mm), address)!);

/** mm/memory.c, __pte_alloc(): links a new pte page, if nobody was faster. */
export const __pte_alloc = path(function* __pte_alloc(k: XenKernel, mm: Mm, address: number): Path {
  const page = yield* pte_alloc_one(k, mm);
  const lock: Lock = { of: mm, field: 'page_table_lock' };
  yield* spin_lock(k, lock);
  if ((yield* ptePage(k, mm, address)) === null) yield* pmd_populate(k, mm, address, page);
  yield* spin_unlock(k, lock);
});

/** include/asm-i386/pgalloc.h, pmd_populate() */
const pmd_populate = path(function* pmd_populate(k: XenKernel, mm: Mm, address: number, page: Page): Path {
  yield* xen_alloc_pt(k, mm, page);
  yield* xen_set_pmd(k, yield* middleTable(k, mm, address), slotOf(k.layout, 2, address), k.pte(page, _PAGE_TABLE));
});

/** mm/memory.c, copy_pte_range() with copy_one_pte(), for one entry: holds the locks of both pte pages, the child's first. */
export const copy_pte_range = path(function* copy_pte_range(k: XenKernel, dst: Mm, src: Mm, address: number): Path {
  const from = yield* ptePage(k, src, address);
  if (from === null) return;
  if ((yield* ptePage(k, dst, address)) === null) yield* __pte_alloc(k, dst, address);
  const to = (yield* ptePage(k, dst, address))!;
  const dst_ptl = pte_lockptr(k, dst, to);
  const src_ptl = pte_lockptr(k, src, from);
  yield* spin_lock(k, dst_ptl);
  yield* spin_lock(k, src_ptl); // spin_lock_nested(src_ptl, SINGLE_DEPTH_NESTING)
  const pte = yield* readPte(k, { table: from, address });
  if (pte_present(pte)) {
    yield* ptep_set_wrprotect(k, { table: from, address });
    yield* xen_set_pte_at(k, dst, { table: to, address }, without(pte, _PAGE_RW | _PAGE_ACCESSED)); // pte_mkold(pte_wrprotect(pte))
  }
  yield* spin_unlock(k, src_ptl);
  yield* spin_unlock(k, dst_ptl);
});

/** A mapping to copy: the map that it is found by, the parent's vma, and the addresses in it that have entries. */
export interface CopiedVma {
  readonly [key: string]: ReverseMap | number | readonly number[];
  readonly map: ReverseMap;
  readonly start: number;
  readonly end: number;
  readonly populated: readonly number[];
}

/** flush_tlb_mm(): a hypercall. */
const flush_tlb_mm = path(function* flush_tlb_mm(k: XenKernel): Path {
  yield* HYPERVISOR_mmuext_op(k.xen, [{ cmd: MMUEXT.TLB_FLUSH_ALL }]);
});

/** kernel/fork.c, dup_mmap(): Model: one vma at a time is copied whole; mmap_sem keeps others from changing the parent's. */
export const dup_mmap = path(function* dup_mmap(k: XenKernel, mm: Mm, oldmm: Mm, vmas: readonly CopiedVma[]): Path {
  for (const vma of vmas) yield* copy_vma(k, mm, oldmm, vma);
  yield* xen_dup_mmap(k, oldmm, mm); // arch_dup_mmap()
  yield* flush_tlb_mm(k);
});

/** The loop body of dup_mmap(): the vma is in the reverse map before any of its entries exists. */
const copy_vma = path(function* copy_vma(k: XenKernel, mm: Mm, oldmm: Mm, vma: CopiedVma): Path {
  const range: MappedRange = { mm, start: vma.start, end: vma.end };
  yield* link_vma(k, vma.map, range);
  for (const address of vma.populated) yield* copy_pte_range(k, mm, oldmm, address);
});
