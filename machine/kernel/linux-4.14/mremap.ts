import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from './tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { pte_dirty, pte_present, set_pte_at, ptep_get_and_clear } from './pgtable';

// mm/mremap.c, 4.8 to 4.19: a page moves from one address to another under the
// locks of both page tables. Model: before 4.14, the TLB flush is that of 4.14.

/** Where a page moves. */
export interface Move {
  readonly [key: string]: Word | number;
  readonly from: number;
  readonly to: number;
  readonly oldPtl: Word;
  /** The same as `oldPtl` if one page table maps both addresses. */
  readonly newPtl: Word;
}

const PAGE_SIZE = 0x1000;

/**
 * mm/mremap.c:114-191 (4.13.9 to 4.19), move_ptes(), with the flush of move_page_tables() after it. Model: one page; mmap_sem and the locks of the reverse mapping are left out, since the other side of the race takes neither.
 * Model: leaves out take_rmap_locks, drop_rmap_locks, move_pte: see above, and an entry is moved unchanged.
 * Model: leaves out flush_tlb_batched_pending: since 4.13, and nothing is reclaimed here.
 * Model: leaves out arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode: they do nothing without a hypervisor.
 */
export const move_ptes = path(function* move_ptes(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, move: Move): Path {
  const { from, to, oldPtl, newPtl } = move;
  yield* arch_spin_lock(oldPtl);
  if (newPtl !== oldPtl) yield* arch_spin_lock(newPtl);
  if (k.after('mremap-flush/before-clear')) yield* flush_tlb_mm_range(k, q, t, mm, from, from + PAGE_SIZE, false);
  const pte = yield* ptep_get_and_clear(k, mm, from);
  const isDirtyForced = k.since('4.9') && pte_present(pte) && pte_dirty(pte);
  yield* set_pte_at(k, mm, to, pte);
  if (k.after('mremap-flush/before-unlock')) yield* flush_tlb_mm_range(k, q, t, mm, from, from + PAGE_SIZE, false);
  if (newPtl !== oldPtl) yield* arch_spin_unlock(newPtl);
  if (k.after('mremap-flush/between-unlocks')) yield* flush_tlb_mm_range(k, q, t, mm, from, from + PAGE_SIZE, false);
  if (k.before('mremap-flush/before-unlock') && isDirtyForced) yield* flush_tlb_mm_range(k, q, t, mm, from, from + PAGE_SIZE, false);
  yield* arch_spin_unlock(oldPtl);
  if (k.before('mremap-flush/before-unlock') && k.before('mremap-flush/before-clear') && !isDirtyForced) yield* flush_tlb_mm_range(k, q, t, mm, from, from + PAGE_SIZE, false);
});
