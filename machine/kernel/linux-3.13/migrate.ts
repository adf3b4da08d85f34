import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { _PAGE_PRESENT } from '../linux-2.6/mm/pgtable';
import { _PAGE_PROTNONE, pte_present, ptep_get_and_clear, read_pte, set_pte_at, swp_entry_to_pte } from '../linux-4.14/pgtable';
import type { Address } from '../linux-4.14/mprotect';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from '../linux-4.14/tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { mm_tlb_flush_pending } from './mprotect';

// mm/migrate.c and what it calls, 3.12 to 4.13: a page is unmapped, its content is
// copied to another one, and that one is mapped instead. The flush is skipped if
// no TLB is believed to have the entry.

const PAGE_SIZE = 0x1000;

/** The entry that stands for a page on its way. */
const MIGRATION_ENTRY = swp_entry_to_pte(0x3e);

/** arch/x86/include/asm/pgtable.h:455-465 (3.13 to 4.13), pte_accessible(): whether a TLB may have the entry. */
const pte_accessible = path(function* pte_accessible(k: Kernel, mm: Mm, pte: number, wasPending: boolean): Path<boolean> {
  if ((pte & _PAGE_PRESENT) !== 0) return true;
  if ((pte & _PAGE_PROTNONE) === 0) return false;
  if (k.after('flush-pending/always')) return true;
  if (k.after('flush-pending/ask-unlocked')) return wasPending;
  if (k.after('flush-pending/accessible')) return yield* mm_tlb_flush_pending(k, mm);
  return false;
});

/** mm/pgtable-generic.c:110-119 (3.13 to 4.13), ptep_clear_flush(). */
const ptep_clear_flush = path(function* ptep_clear_flush(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, va: number, wasPending: boolean): Path<number> {
  const pte = yield* ptep_get_and_clear(k, mm, va);
  if (yield* pte_accessible(k, mm, pte, wasPending)) yield* flush_tlb_mm_range(k, q, t, mm, va, va + PAGE_SIZE, false);
  return pte;
});

/** mm/rmap.c:1183-1310 (3.13), try_to_unmap_one() in part: for migration. Returns the entry that was there, 0 if none. */
export const try_to_unmap_one = path(function* try_to_unmap_one(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, { va, ptl }: Address): Path<number> {
  let wasPending = false;
  if (k.after('flush-pending/ask-unlocked')) wasPending = yield* mm_tlb_flush_pending(k, mm);
  yield* arch_spin_lock(ptl);
  if (!pte_present(yield* read_pte(k, mm, va))) {
    yield* arch_spin_unlock(ptl);
    return 0;
  }
  const pte = yield* ptep_clear_flush(k, q, t, mm, va, wasPending);
  yield* set_pte_at(k, mm, va, MIGRATION_ENTRY);
  yield* arch_spin_unlock(ptl);
  return pte;
});

/**
 * mm/migrate.c:122-195 (3.13), remove_migration_pte(). Model: the new entry has the rights of the old one.
 * Model: leaves out PageHuge, huge_pte_offset, huge_pte_lockptr, hstate_vma, mm_find_pmd, pmd_trans_huge, migration_entry_to_page, pte_mkhuge, arch_make_huge_pte, flush_dcache_page, hugepage_add_anon_rmap: one small page, which is the one that migrates.
 */
export const remove_migration_pte = path(function* remove_migration_pte(k: Kernel, mm: Mm, { va, ptl }: Address, pte: number): Path {
  yield* arch_spin_lock(ptl);
  if ((yield* read_pte(k, mm, va)) === MIGRATION_ENTRY) yield* set_pte_at(k, mm, va, pte);
  yield* arch_spin_unlock(ptl);
});
