import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { _PAGE_PROTNONE, pte_present, ptep_get_and_clear, read_pte, set_pte_at } from '../linux-4.14/pgtable';
import type { Address } from '../linux-4.14/mprotect';
import { _PAGE_PRESENT } from '../linux-2.6/mm/pgtable';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from '../linux-4.14/tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { barrier, read, write } from '../words/access';
import { atomic_dec, atomic_inc, xchg } from '../words/atomic';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { u32 } from '../words/widths';

// mm/mprotect.c, 3.12 to 4.13: the entries of a range become inaccessible table by
// table; the flush comes when all are done. Model: the TLB flush is that of
// 4.14, which, like that of 3.12, flushes here and then tells every CPU in the mask.

const PAGE_SIZE = 0x1000;

/** Declares mm->tlb_flush_pending: a boolean, or a count. Part of the boot. */
export function declarePending(k: Kernel): void {
  for (const mm of k.mms) k.words.declareField(mm, 'tlb_flush_pending', u32, 0);
}

const pending = (k: Kernel, mm: Mm): Word => k.words.word('tlb_flush_pending', mm);

/** include/linux/mm_types.h:478-482 (3.13 to 4.12), mm_tlb_flush_pending(); include/linux/mm_types.h:536-539 (4.13.9), mm_tlb_flush_pending(). Model: leaves out tlb_flush_pending: it is pending(). */
export const mm_tlb_flush_pending = path(function* mm_tlb_flush_pending(k: Kernel, mm: Mm): Path<boolean> {
  yield* barrier();
  return (yield* read(pending(k, mm))) !== 0;
});

/**
 * include/linux/mm_types.h:483-492 (3.13 to 4.12), set_tlb_flush_pending(); include/linux/mm_types.h:554-563 (4.13.9), inc_tlb_flush_pending().
 * Model: leaves out tlb_flush_pending: it is pending().
 * Model: adds barrier: smp_mb__before_spinlock() since 3.13, which on x86 is only a compiler barrier; the lock that follows drains.
 */
const set_tlb_flush_pending = path(function* set_tlb_flush_pending(k: Kernel, mm: Mm): Path {
  if (k.after('flush-pending/count')) yield* atomic_inc(pending(k, mm));
  if (k.before('flush-pending/count') && k.before('flush-pending/exchange')) yield* write(pending(k, mm), 1);
  if (k.after('flush-pending/exchange')) yield* xchg(pending(k, mm), 1);
  yield* barrier();
});

/**
 * include/linux/mm_types.h:494-498 (3.13 to 4.12), clear_tlb_flush_pending(); include/linux/mm_types.h:566-576 (4.13.9), dec_tlb_flush_pending().
 * Model: leaves out tlb_flush_pending, smp_mb__before_atomic: it is pending(); the locked instruction that follows is a barrier itself.
 */
const clear_tlb_flush_pending = path(function* clear_tlb_flush_pending(k: Kernel, mm: Mm): Path {
  yield* barrier();
  if (k.after('flush-pending/count')) yield* atomic_dec(pending(k, mm));
  if (k.before('flush-pending/count')) yield* write(pending(k, mm), 0);
});

/**
 * mm/mprotect.c:38-113 (3.13 to 4.13), change_pte_range() to PROT_NONE. Returns how many entries it has changed. Model: one entry of the table.
 * Model: from 3.13 to 3.19 the entry is overwritten without being cleared first (0c5f83c23ca7), so A or D that a walk sets in between is lost; no requirement here depends on either.
 * Model: leaves out pte_numa, pte_mknonnuma, pte_mknuma: the bit is that of PROT_NONE.
 * Model: leaves out arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode: they do nothing without a hypervisor.
 */
const change_pte_range = path(function* change_pte_range(k: Kernel, mm: Mm, { va, ptl }: Address): Path<number> {
  let pages = 0;
  yield* arch_spin_lock(ptl);
  if (pte_present(yield* read_pte(k, mm, va))) {
    const pte = yield* ptep_get_and_clear(k, mm, va);
    yield* set_pte_at(k, mm, va, (pte & ~_PAGE_PRESENT) | _PAGE_PROTNONE);
    pages++;
  }
  yield* arch_spin_unlock(ptl);
  return pages;
});

/**
 * mm/mprotect.c:178-206 (3.13 to 4.13), change_protection_range() to PROT_NONE, of one page. task_numa_work() calls it with mmap_sem held for reading.
 * Model: leaves out BUG_ON, flush_cache_range, change_pud_range: one page is given.
 */
export const change_protection_range = path(function* change_protection_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, address: Address): Path {
  if (k.after('flush-pending/pending') && k.before('flush-pending/set-late')) yield* set_tlb_flush_pending(k, mm);
  const pages = yield* change_pte_range(k, mm, address);
  if (k.after('flush-pending/set-late')) yield* set_tlb_flush_pending(k, mm);
  if (k.after('flush-pending/clear-early')) yield* clear_tlb_flush_pending(k, mm);
  if (pages > 0) yield* flush_tlb_mm_range(k, q, t, mm, address.va, address.va + PAGE_SIZE, false);
  if (k.after('flush-pending/pending') && k.before('flush-pending/clear-early')) yield* clear_tlb_flush_pending(k, mm);
});
