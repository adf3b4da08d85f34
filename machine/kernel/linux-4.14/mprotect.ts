import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from './tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { pte_present, pte_wrprotect, ptep_get_and_clear, read_pte, set_pte_at } from './pgtable';
import { flush_tlb_batched_pending } from './rmap';

// mm/mprotect.c, 4.14: the rights of a range of addresses change table by table,
// each under its lock; the flush comes at the end, if any entry has changed.

const PAGE_SIZE = 0x1000;

/** One page of a range, and the lock of its page table. */
export interface Address {
  readonly [key: string]: Word | number;
  readonly va: number;
  readonly ptl: Word;
}

/**
 * mm/mprotect.c:37-149 (4.14.177), change_pte_range() to PROT_READ. Returns how many entries it has changed. Model: one entry of the table.
 * Model: leaves out pmd_trans_unstable, arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode: there is no large page and no hypervisor.
 * Model: leaves out atomic_read, mm_users, numa_node_id, PageKsm, page_to_nid, pte_mk_savedwrite, pte_soft_dirty: no page is to move to another node, and none becomes writable.
 * Model: leaves out is_write_device_private_entry, make_device_private_entry_read: no page is in a device's memory.
 */
const change_pte_range = path(function* change_pte_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, { va, ptl }: Address): Path<number> {
  let pages = 0;
  if (k.after('batched-flush/ask-unlocked')) yield* flush_tlb_batched_pending(k, q, t, mm);
  yield* arch_spin_lock(ptl);
  if (k.after('batched-flush/mprotect')) yield* flush_tlb_batched_pending(k, q, t, mm);
  if (pte_present(yield* read_pte(k, mm, va))) {
    const pte = yield* ptep_get_and_clear(k, mm, va);
    yield* set_pte_at(k, mm, va, pte_wrprotect(pte));
    pages++;
  }
  yield* arch_spin_unlock(ptl);
  return pages;
});

/**
 * mm/mprotect.c:285-313 (4.14.177), change_protection_range() to PROT_READ, of one page in each of the tables.
 * Model: leaves out BUG_ON, flush_cache_range, change_p4d_range: the range is given table by table.
 * Model: leaves out inc_tlb_flush_pending, dec_tlb_flush_pending: nothing that reads the count runs at the same time here.
 */
export const change_protection_range = path(function* change_protection_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, range: readonly Address[]): Path {
  let pages = 0;
  if (k.after('batched-flush/ask-once')) yield* flush_tlb_batched_pending(k, q, t, mm);
  for (const address of range) pages += yield* change_pte_range(k, q, t, mm, address);
  if (pages > 0) yield* flush_tlb_mm_range(k, q, t, mm, range[0]!.va, range.at(-1)!.va + PAGE_SIZE, false);
});
