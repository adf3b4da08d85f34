import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { CallQueues } from '../linux-6/smp';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { __tlb_remove_page, tlb_flush_mmu_free, tlb_flush_mmu_tlbonly, tlb_remove_tlb_entry, type Frame, type MmuGather } from './mmu-gather';
import { pte_none, pte_present, ptep_get_and_clear, read_pte, set_pte_at } from './pgtable';
import { flush_tlb_batched_pending } from './rmap';

// mm/memory.c, 4.14: addresses are unmapped table by table, each under its lock,
// and the pages are gathered. The flush comes at the end, and pages are freed
// after it; if the batch is full, both happen in between.

/** One page of a range, the lock of its page table, and what is mapped there if anything is. */
export interface MappedAt {
  readonly [key: string]: Word | number | Frame | null;
  readonly va: number;
  readonly ptl: Word;
  readonly page: Frame | null;
}

/**
 * mm/memory.c:1211-1316 (4.13.9 to 4.14), zap_pte_range(). Model: one entry of the table; its page is in no file, whose dirty pages would force a flush.
 * Model: leaves out tlb_remove_check_page_size_change, migration_entry_to_page: all pages are small, and none migrates.
 * Model: leaves out arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode: they do nothing without a hypervisor.
 */
const zap_pte_range = path(function* zap_pte_range(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, { va, ptl, page }: MappedAt): Path {
  let force_flush = false;
  yield* arch_spin_lock(ptl);
  if (k.after('batched-flush/zap')) yield* flush_tlb_batched_pending(k, q, t, tlb.mm);
  const pte = yield* read_pte(k, tlb.mm, va);
  if (pte_present(pte)) {
    yield* ptep_get_and_clear(k, tlb.mm, va);
    yield* tlb_remove_tlb_entry(tlb, va);
    force_flush = yield* __tlb_remove_page(tlb, page!);
  } else if (!pte_none(pte)) {
    yield* set_pte_at(k, tlb.mm, va, 0);
  }
  if (force_flush) yield* tlb_flush_mmu_tlbonly(k, q, t, tlb);
  yield* arch_spin_unlock(ptl);
  if (force_flush) yield* tlb_flush_mmu_free(k, q, t, tlb);
});

/**
 * mm/memory.c:1403-1421 (4.13.9 to 4.14), unmap_page_range(). What it has unmapped is in `tlb`, or was freed when that was full.
 * Model: leaves out BUG_ON, tlb_start_vma, zap_p4d_range, tlb_end_vma: the range is given table by table.
 * Model: adds zap_pte_range: the innermost of the loops.
 */
export const unmap_page_range = path(function* unmap_page_range(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, range: readonly MappedAt[]): Path {
  for (const address of range) yield* zap_pte_range(k, q, t, tlb, address);
});
