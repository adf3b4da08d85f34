import { path, type Path } from '../../../path';
import { copy_page_range } from './memory';
import { link_vma, type Mapping, type MappedRange, type ReverseMap } from './reverse-map';
import type { Mm } from '../../task';
import type { XenKernel } from '../../xen/guest';
import { xen_dup_mmap } from '../../xen/mmu';
import { flush_tlb_mm } from '../../xen/tlb';

// kernel/fork.c, 2.6.23: how a forked child gets its address
// space. Each vma is in the reverse map before its entries are copied, and the
// architecture is told of the new page table only when it is complete.

/** A mapping to copy: the reverse map that it is in, the parent's vma, and the addresses in it that have entries. */
export interface CopiedVma {
  readonly [key: string]: ReverseMap | number | Mapping | readonly number[];
  readonly map: ReverseMap;
  readonly start: number;
  readonly end: number;
  readonly mapping: Mapping;
  readonly populated: readonly number[];
}

/** kernel/fork.c:198-304 (2.6.23), dup_mmap() in part. Model: one vma at a time is copied whole; mmap_sem keeps others from changing the parent's. */
export const dup_mmap = path(function* dup_mmap(k: XenKernel, mm: Mm, oldmm: Mm, vmas: readonly CopiedVma[]): Path {
  for (const vma of vmas) yield* copy_vma(k, mm, oldmm, vma);
  yield* xen_dup_mmap(k, oldmm, mm); // arch_dup_mmap()
  yield* flush_tlb_mm(k, oldmm);
});

/** kernel/fork.c:198-304 (2.6.23), dup_mmap(), the body of its loop: the vma is in the reverse map before any of its entries exists. */
const copy_vma = path(function* copy_vma(k: XenKernel, mm: Mm, oldmm: Mm, vma: CopiedVma): Path {
  const range: MappedRange = { mm, start: vma.start, end: vma.end, mapping: vma.mapping };
  yield* link_vma(k, vma.map, range);
  yield* copy_page_range(k, mm, oldmm, vma.mapping, vma.populated);
});
