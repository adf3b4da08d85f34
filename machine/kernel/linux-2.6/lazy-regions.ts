import type { Cpu } from '../../hardware/cpu';
import { load, store } from '../../hardware/instructions';
import type { Pfn } from '../../hardware/memory';
import { instruction, path, silently, type Path } from '../../path';
import { kmap_atomic, kunmap_atomic } from './mm/highmem';
import { arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode } from './paravirt';
import { pteEntry, _PAGE_PRESENT, _PAGE_RW } from './mm/pgtable';
import { preempt_disable, preempt_enable } from './sched/preempt';
import { spin_lock, spin_unlock, type Lock } from './sched/spinlock';
import type { Mm } from '../task';
import { flush_tlb_mm, flush_tlb_page } from './tlb-shootdown';
import { __pa, __va, type GuestKernel } from '../vmi/guest';

// mm/memory.c, mm/mprotect.c and mm/mremap.c, 2.6.21: the six loops over
// page-table entries that run in lazy MMU mode, each under the lock of the table
// it changes, with interrupts as they were.

/** The address space and the addresses `[start, end)` that a loop covers. */
export interface Range {
  readonly [key: string]: Mm | number;
  readonly mm: Mm;
  readonly start: number;
  readonly end: number;
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** pte_offset_map(): where the entry is. Model: without CONFIG_HIGHPTE, whose mapping lies outside any lazy region. */
const pte_offset = silently((_k, mm, address) => `pte of ${hex(address)} in ${mm.name}`, (_cpu: Cpu, k: GuestKernel, mm: Mm, address: number) => {
  const at = pteEntry(k, mm, address);
  if (at === null) throw new Error(`machine bug: ${mm.name} has no page table for ${hex(address)}`);
  return __va(at);
});

const readPte = instruction((_k, address, _ptep) => `pte = *ptep   # ${hex(address)}`, (cpu: Cpu, _k: GuestKernel, _address: number, ptep: number) => cpu.memory.read32(__pa(ptep)));

/** The atomic exchange of ptep_get_and_clear(), in the guest's own page. */
const xchgPte = instruction((address, _ptep) => `xchg(ptep, 0)   # ${hex(address)}`, (cpu: Cpu, _address: number, ptep: number) => {
  const pte = cpu.memory.read32(__pa(ptep));
  cpu.memory.write32(__pa(ptep), 0);
  return pte;
}, { locked: true });

const clearWrite = instruction((address, _ptep) => `clear_bit(_PAGE_BIT_RW, ptep)   # ${hex(address)}`, (cpu: Cpu, _address: number, ptep: number) => {
  cpu.memory.write32(__pa(ptep), cpu.memory.read32(__pa(ptep)) & ~_PAGE_RW);
}, { locked: true });

/** pte_lockptr(): the table's own lock from four CPUs on, else the address space's. */
const lockOf = silently((_k, mm, address) => `pte_lockptr(${mm.name}, ${hex(address)})`, (_cpu: Cpu, k: GuestKernel, mm: Mm, address: number): Lock => k.pteLock(mm, address));

/** include/asm-i386/pgtable.h:331-336 (2.6.21), ptep_get_and_clear(). */
const ptep_get_and_clear = path(function* ptep_get_and_clear(k: GuestKernel, mm: Mm, address: number, ptep: number): Path<number> {
  const pte = yield* xchgPte(address, ptep);
  yield* k.paravirt_ops.pte_update(k, mm, address, ptep);
  return pte;
});

/** include/asm-generic/pgtable.h:120-126 (2.6.21), ptep_clear_flush(): with the flush, and so with its interprocessor interrupts. */
export const ptep_clear_flush = path(function* ptep_clear_flush(k: GuestKernel, mm: Mm, address: number): Path<number> {
  const ptep = yield* pte_offset(k, mm, address);
  const pte = yield* ptep_get_and_clear(k, mm, address, ptep);
  yield* flush_tlb_page(k, mm, address);
  return pte;
});

const swapOffset = (pte: number): number => pte >>> 8;
const isSwapEntry = (pte: number): boolean => pte !== 0 && (pte & _PAGE_PRESENT) === 0;

/**
 * mm/swapfile.c:1726-1760 (2.6.21), swap_duplicate() and free_swap_and_cache(): a count in swap_map, which vmalloc() allocated.
 * Model: leaves out type, spin_lock, spin_unlock, swap_map, val: there is no other counter.
 * Model: adds swap_count_continued: what the same place does since 2.6.33.
 */
const change_swap_count = path(function* change_swap_count(k: GuestKernel, pte: number, by: number): Path {
  const at = k.swap_map + 4 * swapOffset(pte);
  const count = yield* load(at);
  yield* store(at, count + by);
  // From 2.6.33 on a count that is full continues in a page of its own, which may be in highmem (570a335b8e22).
  if (k.swapContinuation !== null) yield* swap_count_continued(k, k.swapContinuation, by);
});

/**
 * mm/swapfile.c:2350-2425 (2.6.33), swap_count_continued().
 * Model: leaves out swap_map, BUG_ON: one page of continuation.
 */
const swap_count_continued = path(function* swap_count_continued(k: GuestKernel, page: Pfn, by: number): Path {
  const map = yield* kmap_atomic(k, page, 'USER0');
  const count = yield* load(map);
  yield* store(map, count + by);
  yield* kunmap_atomic(k, map, 'USER0');
});

/**
 * mm/memory.c:427-490 (2.6.21), copy_one_pte(): the body of the loop in copy_pte_range().
 * Model: leaves out spin_lock, spin_unlock: the list of all mms is only for swapoff.
 */
const copy_one_pte = path(function* copy_one_pte(k: GuestKernel, src: Mm, dst: Mm, address: number): Path {
  const src_pte = yield* pte_offset(k, src, address);
  const dst_pte = yield* pte_offset(k, dst, address);
  const pte = yield* readPte(k, address, src_pte);
  if (pte === 0) return;
  if (isSwapEntry(pte)) {
    yield* change_swap_count(k, pte, 1);
  } else {
    yield* clearWrite(address, src_pte); // ptep_set_wrprotect(), of a private mapping
    yield* k.paravirt_ops.pte_update(k, src, address, src_pte);
  }
  yield* k.paravirt_ops.set_pte_at(k, dst, address, dst_pte, isSwapEntry(pte) ? pte : pte & ~_PAGE_RW);
});

/**
 * mm/memory.c:492-540 (2.6.21), copy_pte_range(): both locks, the second one nested. Model: it never leaves the loop to let others run.
 * Model: leaves out dst_pte, need_resched: no break of the loop.
 */
export const copy_pte_range = path(function* copy_pte_range(k: GuestKernel, dst: Mm, src: Mm, start: number, end: number): Path {
  const dst_ptl = yield* lockOf(k, dst, start);
  const src_ptl = yield* lockOf(k, src, start);
  yield* spin_lock(k, dst_ptl);
  yield* spin_lock(k, src_ptl);
  yield* arch_enter_lazy_mmu_mode(k);
  for (let address = start; address < end; address += 0x1000) yield* copy_one_pte(k, src, dst, address);
  yield* arch_leave_lazy_mmu_mode(k);
  yield* spin_unlock(k, src_ptl);
  yield* spin_unlock(k, dst_ptl);
});

/** mm/memory.c:621-704 (2.6.21), zap_pte_range() in part: what was there. */
const zap_pte = path(function* zap_pte(k: GuestKernel, mm: Mm, address: number): Path<'none' | 'swap' | 'page'> {
  const ptep = yield* pte_offset(k, mm, address);
  const pte = yield* readPte(k, address, ptep);
  if (pte === 0) return 'none';
  if (isSwapEntry(pte)) {
    yield* change_swap_count(k, pte, -1); // free_swap_and_cache()
    yield* k.paravirt_ops.set_pte_at(k, mm, address, ptep, 0); // pte_clear_full()
    return 'swap';
  }
  yield* ptep_get_and_clear(k, mm, address, ptep); // ptep_get_and_clear_full(); page_remove_rmap()
  return 'page';
});

/** ZAP_BLOCK_SIZE: with CONFIG_PREEMPT only so much is unmapped under one lock. */
const ZAP_BLOCK_SIZE = ({ config: { PREEMPT } }: GuestKernel): number => (PREEMPT ? 8 : 1024) * 0x1000;

/** How far zap_pte_range() came, and tlb->need_flush: whether pages are gathered for which no TLB was flushed yet. */
type Zapped = readonly [address: number, need_flush: boolean];

/**
 * mm/memory.c:621-704 (2.6.21), zap_pte_range(); include/asm-generic/tlb.h:101-111 (2.6.21), tlb_remove_page(): when as many pages are gathered as fit, the flush cannot wait for
 * the end; with one CPU online none is gathered. Model: pages are gathered and not given back.
 */
const zap_pte_range = path(function* zap_pte_range(k: GuestKernel, { mm, start, end }: Range): Path<Zapped> {
  const ptl = yield* lockOf(k, mm, start);
  yield* spin_lock(k, ptl);
  yield* arch_enter_lazy_mmu_mode(k);
  const gathers = k.cpus.length > 1; // !tlb_fast_mode()
  let address = start;
  let zap_work = ZAP_BLOCK_SIZE(k);
  let nr = 0;
  let need_flush = false;
  do {
    const found = yield* zap_pte(k, mm, address);
    zap_work -= found === 'none' ? 1 : 0x1000;
    if (found === 'page') {
      nr++;
      need_flush = true;
    }
    if (gathers && nr === k.FREE_PTE_NR) {
      yield* flush_tlb_mm(k, mm); // tlb_flush_mmu()
      nr = 0;
      need_flush = false;
    }
    address += 0x1000;
  } while (address < end && zap_work > 0);
  yield* arch_leave_lazy_mmu_mode(k);
  yield* spin_unlock(k, ptl);
  return [address, need_flush];
});

/**
 * mm/memory.c:883-898 (2.6.21), zap_page_range(); mm/memory.c:811-874 (2.6.21), unmap_vmas(): one block after the other, each followed by a flush. The pages are gathered in a
 * variable of the CPU, so a task keeps it until they are flushed.
 * Model: leaves out tlb_gather_mmu, unmap_vmas, tlb_finish_mmu, vm_start, vm_end, vm_flags, vm_next, fullmm, i_mmap_lock, is_vm_hugetlb_page, unmap_hugepage_range, unmap_page_range, need_resched, need_lockbreak, cond_resched, vm_mm, BUG_ON:
 * written out, for one vma and one table; a reschedule that is wanted comes with preempt_enable().
 * Model: adds preempt_disable, preempt_enable, flush_tlb_mm, zap_pte_range: get_cpu_var() and put_cpu_var() of mmu_gathers, the flush of tlb_flush_mmu(), and the innermost of the loops.
 */
export const zap_page_range = path(function* zap_page_range(k: GuestKernel, range: Range): Path {
  let { start } = range;
  let isWhole = false;
  while (!isWhole) {
    yield* preempt_disable(k); // tlb_gather_mmu()
    const [address, need_flush] = yield* zap_pte_range(k, { mm: range.mm, start, end: range.end });
    if (need_flush) yield* flush_tlb_mm(k, range.mm); // tlb_finish_mmu()
    yield* preempt_enable(k);
    isWhole = address >= range.end;
    start = address;
  }
});

/** mm/memory.c:1108-1136 (2.6.21), zeromap_pte_range() in part. */
const fill_pte = path(function* fill_pte(k: GuestKernel, mm: Mm, address: number, pte: number): Path {
  const ptep = yield* pte_offset(k, mm, address);
  yield* k.paravirt_ops.set_pte_at(k, mm, address, ptep, pte);
});

/**
 * mm/memory.c:1108-1136 (2.6.21), zeromap_pte_range() (until 2.6.23); mm/memory.c:1330-1349 (2.6.21), remap_pte_range(): the same loop, over the zero page or over frames of a device.
 * Model: the entries are empty, so the C's read of each before it is set is left out: nothing else can change it under the lock.
 */
const filling = path(function* filling(k: GuestKernel, { mm, start, end }: Range, frame: Pfn, step: number, flags: number): Path {
  const ptl = yield* lockOf(k, mm, start);
  yield* spin_lock(k, ptl);
  yield* arch_enter_lazy_mmu_mode(k);
  for (let i = 0; start + i * 0x1000 < end; i++) yield* fill_pte(k, mm, start + i * 0x1000, ((frame + i * step) * 4096 | flags) >>> 0);
  yield* arch_leave_lazy_mmu_mode(k);
  yield* spin_unlock(k, ptl);
});

/** mm/memory.c:1108-1136 (2.6.21), zeromap_pte_range(). */
export const zeromap_pte_range = path(function* zeromap_pte_range(k: GuestKernel, range: Range): Path {
  yield* filling(k, range, 1, 0, _PAGE_PRESENT);
});

/** mm/memory.c:1330-1349 (2.6.21), remap_pte_range(). */
export const remap_pte_range = path(function* remap_pte_range(k: GuestKernel, range: Range): Path {
  yield* filling(k, range, 0xfe000, 1, _PAGE_PRESENT | _PAGE_RW);
});

/** mm/mprotect.c:29-76 (2.6.21), change_pte_range() in part. Model: the page is there, so the read that asks for it, before the exchange, is left out: under the lock only processors change the entry, and not that bit. */
const change_pte = path(function* change_pte(k: GuestKernel, mm: Mm, address: number): Path {
  const ptep = yield* pte_offset(k, mm, address);
  const pte = yield* ptep_get_and_clear(k, mm, address, ptep);
  yield* k.paravirt_ops.set_pte_at(k, mm, address, ptep, pte & ~_PAGE_RW);
});

/** mm/mprotect.c:29-76 (2.6.21), change_pte_range(). */
const change_pte_range = path(function* change_pte_range(k: GuestKernel, { mm, start, end }: Range): Path {
  const ptl = yield* lockOf(k, mm, start);
  yield* spin_lock(k, ptl);
  yield* arch_enter_lazy_mmu_mode(k);
  for (let address = start; address < end; address += 0x1000) yield* change_pte(k, mm, address);
  yield* arch_leave_lazy_mmu_mode(k);
  yield* spin_unlock(k, ptl);
});

/**
 * mm/mprotect.c:110-129 (2.6.21), change_protection(): the loop, then the flush. Model: flush_tlb_range() of i386, which flushes everything.
 * Model: leaves out BUG_ON, flush_cache_range, change_pud_range: one table.
 * Model: adds change_pte_range: the innermost of its loops.
 */
export const change_protection = path(function* change_protection(k: GuestKernel, range: Range): Path {
  yield* change_pte_range(k, range);
  yield* flush_tlb_mm(k, range.mm);
});

/** mm/mremap.c:68-119 (2.6.21), move_ptes() in part */
const move_pte = path(function* move_pte(k: GuestKernel, mm: Mm, old: number, to: number): Path {
  const pte = yield* ptep_clear_flush(k, mm, old);
  const ptep = yield* pte_offset(k, mm, to);
  yield* k.paravirt_ops.set_pte_at(k, mm, to, ptep, pte);
});

/** mm/mremap.c:68-119 (2.6.21), move_ptes(): its flushes, and so their interprocessor interrupts, are inside the region. Model: anonymous memory, so no i_mmap_lock. */
export const move_ptes = path(function* move_ptes(k: GuestKernel, { mm, start, end }: Range, to: number): Path {
  const old_ptl = yield* lockOf(k, mm, start);
  const new_ptl = yield* lockOf(k, mm, to);
  const nested = new_ptl.of !== old_ptl.of;
  yield* spin_lock(k, old_ptl);
  if (nested) yield* spin_lock(k, new_ptl);
  yield* arch_enter_lazy_mmu_mode(k);
  for (let address = start; address < end; address += 0x1000) yield* move_pte(k, mm, address, to + address - start);
  yield* arch_leave_lazy_mmu_mode(k);
  if (nested) yield* spin_unlock(k, new_ptl);
  yield* spin_unlock(k, old_ptl);
});

/**
 * mm/rmap.c:619-707 (2.6.21), try_to_unmap_one(), for this page of this address space: under its lock, not lazy, interrupts on.
 * Model: leaves out page_check_address, ptep_clear_flush_young, flush_cache_page, val, swap_duplicate, BUG_ON, make_migration_entry, set_pte_at: the page is present and old, and what happens
 * to it later does not matter.
 */
export const try_to_unmap_one = path(function* try_to_unmap_one(k: GuestKernel, mm: Mm, address: number): Path {
  const ptl = yield* lockOf(k, mm, address);
  yield* spin_lock(k, ptl);
  yield* ptep_clear_flush(k, mm, address);
  yield* spin_unlock(k, ptl);
});

/**
 * mm/memory.c:1704-1736 (2.6.29), apply_to_pte_range() for init_mm: lazy without any lock.
 * Model: leaves out uninitialized_var, pte_alloc_kernel, pte_alloc_map_lock, BUG_ON, pmd_huge, pmd_pgtable, pte_unmap_unlock: init_mm has neither lock nor tables to make.
 */
export const apply_to_pte = path(function* apply_to_pte_range(k: GuestKernel, page: Pfn): Path {
  yield* arch_enter_lazy_mmu_mode(k);
  yield* k.paravirt_ops.set_pte_at(k, k.init_mm, __va(page * 4096), k.directMapPte(page), ((page * 4096) | _PAGE_PRESENT | _PAGE_RW) >>> 0);
  yield* arch_leave_lazy_mmu_mode(k);
});
