import { HYPERVISOR_mmuext_op } from '../../hypervisors/xen/public/calls';
import { MMUEXT } from '../../hypervisors/xen/public/xen';
import { path, type Path } from '../../path';
import { copy_pte_range } from './memory';
import { link_vma, type MappedRange, type ReverseMap } from './rmap';
import type { Mm } from '../task';
import type { XenKernel } from '../xen/guest';
import { xen_dup_mmap } from '../xen/mmu';

// kernel/fork.c, 2.6.23: how a forked child gets its address
// space. Each vma is made findable before its entries are copied, and the
// architecture hears of the new page table only when all of it is there.

/** A mapping to copy: the map that it is found by, the parent's vma, and the addresses in it that have entries. */
export interface CopiedVma {
  readonly [key: string]: ReverseMap | number | readonly number[];
  readonly map: ReverseMap;
  readonly start: number;
  readonly end: number;
  readonly populated: readonly number[];
}

/** Ours: a hypercall stands for the flush, whose C is with the other flushes. */
const flush_tlb_mm = path(function* flush_tlb_mm(k: XenKernel): Path {
  yield* HYPERVISOR_mmuext_op(k.xen, [{ cmd: MMUEXT.TLB_FLUSH_ALL }]);
});

/** kernel/fork.c:198-304 (2.6.23), dup_mmap(). Model: one vma at a time is copied whole; mmap_sem keeps others from changing the parent's. */
export const dup_mmap = path(function* dup_mmap(k: XenKernel, mm: Mm, oldmm: Mm, vmas: readonly CopiedVma[]): Path {
  for (const vma of vmas) yield* copy_vma(k, mm, oldmm, vma);
  yield* xen_dup_mmap(k, oldmm, mm); // arch_dup_mmap()
  yield* flush_tlb_mm(k);
});

/** kernel/fork.c:198-304 (2.6.23), dup_mmap(), the body of its loop: the vma is in the reverse map before any of its entries exists. */
const copy_vma = path(function* copy_vma(k: XenKernel, mm: Mm, oldmm: Mm, vma: CopiedVma): Path {
  const range: MappedRange = { mm, start: vma.start, end: vma.end };
  yield* link_vma(k, vma.map, range);
  for (const address of vma.populated) yield* copy_pte_range(k, mm, oldmm, address);
});
