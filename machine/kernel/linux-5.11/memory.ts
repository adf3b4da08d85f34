import type { Cpu } from '../../hardware/cpu';
import { hlt, invlpg } from '../../hardware/instructions';
import { instruction, path, type Path } from '../../path';
import type { Entity } from '../../state/hash';
import type { Kernel } from '../kernel';
import { _PAGE_RW } from '../linux-2.6/mm/pgtable';
import { mm_tlb_flush_pending } from '../linux-4.14/flush-pending';
import type { Address } from '../linux-4.14/mprotect';
import { ptep_get_and_clear, read_pte, set_pte_at } from '../linux-4.14/pgtable';
import { flush_tlb_page } from '../linux-4.14/tlb';
import { mmap_read_lock, mmap_read_unlock } from '../linux-6/mmap-lock';
import type { CallQueues } from '../linux-6/smp';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { _PAGE_UFFD_WP } from './userfaultfd';

// mm/memory.c, 5.9 to 5.11: a write to an anonymous page that may only be read.

/** A page of the address space. */
export interface AnonPage extends Entity {
  readonly frame: number;
  state: string;
}

/** struct vm_fault of a write, and what it finds. */
export interface WriteFault {
  readonly [key: string]: Mm | Address | AnonPage | boolean;
  readonly mm: Mm;
  readonly at: Address;
  readonly page: AnonPage;
  /** The page that the allocator will return for a copy. */
  readonly fresh: AnonPage;
  /** page_count(page) > 1: get_user_pages(), for example, holds a reference. */
  readonly isHeld: boolean;
}

/** mm/memory.c:2570-2663 (5.9.1 to 5.11), cow_user_page(): what is written to `from` afterwards is lost. Model: its first word, at once; the stores are in memory when it is done. */
const cow_user_page = instruction((from: AnonPage, to: AnonPage) => `cow_user_page(${to.name}, ${from.name})`, (cpu: Cpu, from: AnonPage, to: AnonPage) => {
  cpu.memory.write32(to.frame, cpu.memory.read32(from.frame));
  from.state = 'copied';
}, { locked: true });

/**
 * mm/memory.c:2811-2956 (5.9.1 to 5.11), wp_page_copy().
 * Model: leaves out anon_vma_prepare, is_zero_pfn, alloc_zeroed_user_highpage_movable, alloc_page_vma, mem_cgroup_charge, cgroup_throttle_swaprate, __SetPageUptodate: the page for the copy is given.
 * Model: leaves out mmu_notifier_range_init, mmu_notifier_invalidate_range_start, mmu_notifier_invalidate_range_only_end, flush_cache_page, update_mmu_tlb: no device caches translations, and on x86 there is nothing to do.
 * Model: leaves out dec_mm_counter_fast, mm_counter_file, inc_mm_counter_fast, lru_cache_add_inactive_or_unevictable, lock_page, unlock_page, PageMlocked, munlock_vma_page: counts, lists, and pages that are locked in memory.
 * Model: leaves out vma, pmd, address, pte_sw_mkyoung, maybe_mkwrite, set_pte_at_notify: where the entry is, and what it becomes.
 */
const wp_page_copy = path(function* wp_page_copy(k: Kernel, q: CallQueues, t: TlbStates, { mm, at: { va, ptl }, page, fresh }: WriteFault, orig_pte: number): Path {
  yield* cow_user_page(page, fresh);
  if (k.after('uffd-wp/after-copy') && (yield* mm_tlb_flush_pending(k, mm))) yield* flush_tlb_page(k, q, t, mm, va);
  yield* arch_spin_lock(ptl);
  if ((yield* read_pte(k, mm, va)) === orig_pte) {
    yield* ptep_get_and_clear(k, mm, va);
    yield* flush_tlb_page(k, q, t, mm, va); // ptep_clear_flush_notify()
    yield* set_pte_at(k, mm, va, fresh.frame | (orig_pte & 0xfff) | _PAGE_RW);
  }
  yield* arch_spin_unlock(ptl);
});

/** fs/userfaultfd.c:368-544 (5.9.1 to 5.11), handle_userfault() in part: the task sleeps until the monitor wakes it. Model: here it never does. */
const handle_userfault = path(function* handle_userfault(k: Kernel, mm: Mm): Path {
  yield* mmap_read_unlock(k, mm);
  yield* hlt();
});

/**
 * mm/memory.c:3066-3129 (5.9.1 to 5.11), do_wp_page(): under the lock of the page table, which it releases. Model: A and D are left to the write that follows.
 * Model: leaves out userfaultfd_pte_wp, handle_userfault: in writeFault(), with the same entry under the same lock.
 * Model: leaves out page_count, PageKsm, trylock_page, unlock_page: `isHeld` is their result, and the page lock is free.
 * Model: leaves out vma, page, address, wp_pfn_shared, wp_page_shared: the page is anonymous, and its mapping private.
 * Model: adds set_pte_at: wp_page_reuse().
 */
const do_wp_page = path(function* do_wp_page(k: Kernel, q: CallQueues, t: TlbStates, fault: WriteFault, orig_pte: number): Path {
  const { mm, at: { va, ptl }, isHeld } = fault;
  if (k.after('uffd-wp/flush') && (yield* mm_tlb_flush_pending(k, mm))) yield* flush_tlb_page(k, q, t, mm, va);
  if (k.after('uffd-wp/local') && (yield* mm_tlb_flush_pending(k, mm))) yield* invlpg(va);
  if (k.after('uffd-wp/always')) yield* flush_tlb_page(k, q, t, mm, va);
  if (!isHeld) yield* set_pte_at(k, mm, va, orig_pte | _PAGE_RW); // wp_page_reuse()
  yield* arch_spin_unlock(ptl);
  if (isHeld) yield* wp_page_copy(k, q, t, fault, orig_pte);
});

/** mm/memory.c:4323-4408 (5.9.1 to 5.11), handle_pte_fault() in part; arch/x86/mm/fault.c:1212-1400 (5.9.1 to 5.11), do_user_addr_fault() in part: a write to a page that is mapped. */
export const writeFault = path(function* writeFault(k: Kernel, q: CallQueues, t: TlbStates, fault: WriteFault): Path {
  const { mm, at: { va, ptl } } = fault;
  yield* mmap_read_lock(k, mm);
  const entry = yield* read_pte(k, mm, va);
  yield* arch_spin_lock(ptl);
  const isSame = (yield* read_pte(k, mm, va)) === entry;
  if (isSame && (entry & _PAGE_UFFD_WP) !== 0) {
    yield* arch_spin_unlock(ptl);
    return yield* handle_userfault(k, mm);
  }
  if (isSame && (entry & _PAGE_RW) === 0) yield* do_wp_page(k, q, t, fault, entry);
  else yield* arch_spin_unlock(ptl);
  yield* mmap_read_unlock(k, mm);
});
