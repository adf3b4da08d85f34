import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { dec_tlb_flush_pending, inc_tlb_flush_pending } from '../linux-4.14/flush-pending';
import type { Address } from '../linux-4.14/mprotect';
import { pte_present, pte_wrprotect, ptep_get_and_clear, read_pte, set_pte_at } from '../linux-4.14/pgtable';
import { flush_tlb_mm_range } from '../linux-4.14/tlb';
import { mmap_read_lock, mmap_read_unlock, mmap_write_downgrade, mmap_write_lock, mmap_write_unlock } from '../linux-6/mmap-lock';
import type { CallQueues } from '../linux-6/smp';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';

// mm/userfaultfd.c and mm/mprotect.c, 5.7 to 5.11: the monitor of an address space
// protects pages from writing, or removes the protection. Both change entries
// under the locks of their tables, and flush later.

const PAGE_SIZE = 0x1000;

/** arch/x86/include/asm/pgtable_types.h: an entry that the monitor has protected. */
export const _PAGE_UFFD_WP = 0x400;

/**
 * mm/mprotect.c:38-185 (5.7.14 to 5.11), change_pte_range(): with MM_CP_UFFD_WP, or with MM_CP_UFFD_WP_RESOLVE, which leaves it to the fault handler to grant write access, and so removes it even
 * if it was set. Returns how many entries it has changed. Model: one entry of the table.
 * Model: leaves out pmd_trans_unstable, arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode: there is no large page and no hypervisor.
 * Model: leaves out flush_tlb_batched_pending: nothing is reclaimed here.
 * Model: leaves out atomic_read, mm_users, numa_node_id, PageKsm, page_is_file_lru, page_to_nid, pte_mk_savedwrite, pte_soft_dirty: no page is to move to another node, and none becomes writable.
 * Model: leaves out pte_swp_uffd_wp, pte_swp_mkuffd_wp, pte_swp_clear_uffd_wp, is_write_device_private_entry, make_device_private_entry_read: the page is in memory.
 * Model: leaves out pte_mkuffd_wp, pte_clear_uffd_wp: bits of a value.
 */
const change_pte_range = path(function* change_pte_range(k: Kernel, mm: Mm, { va, ptl }: Address, uffd_wp: boolean): Path<number> {
  let pages = 0;
  yield* arch_spin_lock(ptl);
  if (pte_present(yield* read_pte(k, mm, va))) {
    const oldpte = yield* ptep_get_and_clear(k, mm, va);
    const ptent = pte_wrprotect(oldpte);
    yield* set_pte_at(k, mm, va, uffd_wp ? ptent | _PAGE_UFFD_WP : ptent & ~_PAGE_UFFD_WP);
    pages++;
  }
  yield* arch_spin_unlock(ptl);
  return pages;
});

/** mm/mprotect.c:324-352 (5.7.14 to 5.11), change_protection_range(), of one page. Model: leaves out BUG_ON, flush_cache_range, change_p4d_range: one page is given. */
const change_protection_range = path(function* change_protection_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, at: Address, uffd_wp: boolean): Path {
  yield* inc_tlb_flush_pending(k, mm);
  const pages = yield* change_pte_range(k, mm, at, uffd_wp);
  if (k.after('uffd-wp/downgrade')) yield* mmap_write_downgrade(k, mm);
  if (pages > 0) yield* flush_tlb_mm_range(k, q, t, mm, at.va, at.va + PAGE_SIZE, false);
  yield* dec_tlb_flush_pending(k, mm);
});

/** mm/userfaultfd.c:642-694 (5.7.14 to 5.11), mwriteprotect_range(): what UFFDIO_WRITEPROTECT does. Model: leaves out BUG_ON, find_dst_vma, userfaultfd_wp, vma_is_anonymous, vm_get_page_prot, change_protection: the range is legal, and registered for it. Model: leaves out down_read, up_read, mmap_sem: since 5.8, mmap_read_lock() and mmap_read_unlock(). */
export const mwriteprotect_range = path(function* mwriteprotect_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, at: Address, enable_wp: boolean): Path {
  if (k.before('uffd-wp/write-lock')) yield* mmap_read_lock(k, mm);
  if (k.after('uffd-wp/write-lock')) yield* mmap_write_lock(k, mm);
  yield* change_protection_range(k, q, t, mm, at, enable_wp);
  if (k.before('uffd-wp/write-lock') || k.after('uffd-wp/downgrade')) yield* mmap_read_unlock(k, mm);
  if (k.after('uffd-wp/write-lock') && k.before('uffd-wp/downgrade')) yield* mmap_write_unlock(k, mm);
});
