import type { Cpu } from '../../../hardware/cpu';
import type { Pfn } from '../../../hardware/memory';
import { BUG_ON } from '../../bug';
import { instruction, path, silently, type Path } from '../../../path';
import { arch_flush_lazy_mmu_mode, arch_leave_lazy_mmu_mode, in_interrupt, local_irq_restore, local_irq_save } from '../paravirt';
import { add_preempt_count, preempt_check_resched, preempt_disable, preempt_enable, PREEMPT_OFFSET, sub_preempt_count } from '../sched/preempt';
import { spin_lock, spin_unlock } from '../sched/spinlock';
import { __pa, __va, PAGE_KERNEL, type GuestKernel, type KmType } from '../../vmi/guest';

// arch/i386/mm/highmem.c, 2.6.20 to 2.6.31: pages beyond the direct mapping are
// reached through slots of the fixmap, a few for each CPU and purpose. Mapping
// is one set_pte() and no flush: the slot was flushed when it was given back.

/** include/linux/uaccess.h:16-24 (2.6.22), pagefault_disable(): counts also without CONFIG_PREEMPT. */
const pagefault_disable = path(function* pagefault_disable(k: GuestKernel): Path {
  yield* add_preempt_count(k, PREEMPT_OFFSET);
});

/** include/linux/uaccess.h:26-39 (2.6.22), pagefault_enable(). */
const pagefault_enable = path(function* pagefault_enable(k: GuestKernel): Path {
  yield* sub_preempt_count(k, PREEMPT_OFFSET);
  yield* preempt_check_resched(k);
});

const slotIndex = silently((_k, type) => `type + KM_TYPE_NR * smp_processor_id()   # KM_${type}`, (cpu: Cpu, k: GuestKernel, type: KmType) => k.kmapIndex(type, cpu));

const readSlot = instruction((_k, index) => `*(kmap_pte - ${index})`, (cpu: Cpu, k: GuestKernel, index: number) => cpu.memory.read32(__pa(k.kmapPte(index))));

const grant = silently((_k, va, page) => `0x${va.toString(16)} stands for pfn 0x${page.toString(16)} from here on`, (_cpu: Cpu, k: GuestKernel, va: number, page: Pfn) => {
  k.granted.set(va, page);
});

/**
 * arch/i386/mm/highmem.c:29-48 (2.6.21), kmap_atomic(); arch/i386/mm/highmem.c:29-47 (2.6.23 to 2.6.31), kmap_atomic_prot().
 * Returns an address. Until 2.6.22 the slot must be empty even if the page turns out to need none.
 */
export const kmap_atomic = path(function* kmap_atomic(k: GuestKernel, page: Pfn, type: KmType): Path<number> {
  yield* pagefault_disable(k);
  const slotFirst = k.before('vmi-lazy/vmalloc-flush'); // until 2.6.22
  if (!slotFirst && !k.isHighmem(page)) return __va(page * 4096);
  const index = yield* slotIndex(k, type);
  const pte = yield* readSlot(k, index);
  yield* BUG_ON(k, pte !== 0, `BUG_ON(!pte_none(*(kmap_pte-idx))) in kmap_atomic(KM_${type})`);
  if (slotFirst && !k.isHighmem(page)) return __va(page * 4096);

  if (k.after('vmi-lazy/kmap-flush-early')) yield* arch_flush_lazy_mmu_mode(k);
  if (k.after('vmi-lazy/kmap-leaves')) yield* arch_leave_lazy_mmu_mode(k);
  if (k.after('vmi-lazy/kmap-irqs-off')) yield* set_slot_irqs_off(k, index, page);
  if (k.before('vmi-lazy/kmap-irqs-off')) yield* set_slot(k, index, page);
  if (k.after('vmi-lazy/kmap-flush')) yield* guarded_flush(k);

  const va = k.kmapAddress(index);
  yield* grant(k, va, page);
  return va;
});

/** Ours: the flush of kmap_atomic() and kunmap_atomic(), with the guard that thread 001 asked for. */
const guarded_flush = path(function* guarded_flush(k: GuestKernel): Path {
  if (k.after('preemptible-lazy/kmap')) yield* preempt_disable(k);
  yield* arch_flush_lazy_mmu_mode(k);
  if (k.after('preemptible-lazy/kmap')) yield* preempt_enable(k);
});

/** Ours: the line of kmap_atomic() that sets the entry. */
const set_slot = path(function* set_slot(k: GuestKernel, index: number, page: Pfn): Path {
  yield* k.paravirt_ops.set_pte(k, k.kmapPte(index), ((page * 4096) | PAGE_KERNEL) >>> 0);
});

/** Ours: the lines of a wrong fix: no interrupt can come in between, but nothing that waits in the queue is sent. */
const set_slot_irqs_off = path(function* set_slot_irqs_off(k: GuestKernel, index: number, page: Pfn): Path {
  const flags = yield* local_irq_save(k);
  yield* set_slot(k, index, page);
  yield* local_irq_restore(k, flags);
});

/**
 * arch/i386/mm/highmem.c:55-77 (2.6.22 to 2.6.30), kunmap_atomic(): it flushes for a page of the direct mapping as well.
 * Model: leaves out BUG_ON: it needs CONFIG_DEBUG_HIGHMEM.
 */
export const kunmap_atomic = path(function* kunmap_atomic(k: GuestKernel, vaddr: number, type: KmType): Path {
  const index = yield* slotIndex(k, type);
  if (vaddr === k.kmapAddress(index)) {
    if (k.after('vmi-lazy/kunmap-flush-early')) yield* arch_flush_lazy_mmu_mode(k);
    yield* kpte_clear_flush(k, index, vaddr);
  }
  if (k.after('vmi-lazy/kunmap-flush')) yield* guarded_flush(k);
  yield* pagefault_enable(k);
});

/** include/asm-i386/pgtable.h:512-516 (2.6.22), kpte_clear_flush(): clears the entry, then flushes the translation. */
const kpte_clear_flush = path(function* kpte_clear_flush(k: GuestKernel, index: number, vaddr: number): Path {
  yield* k.paravirt_ops.set_pte_at(k, k.init_mm, vaddr, k.kmapPte(index), 0);
  yield* grant(k, vaddr, 0);
  yield* k.paravirt_ops.flush_tlb_single(k, vaddr);
});

/**
 * mm/highmem.c:111-159 (2.6.22), map_new_virtual(): no release ever flushed here. Model: the first slot is always free.
 * Model: leaves out last_pkmap_nr, flush_all_zero_pkmaps, DECLARE_WAITQUEUE, __set_current_state, add_wait_queue, remove_wait_queue, spin_lock, spin_unlock, schedule, PKMAP_ADDR,
 * set_page_address: a slot is always free.
 */
const map_new_virtual = path(function* map_new_virtual(k: GuestKernel, page: Pfn): Path<number> {
  yield* k.paravirt_ops.set_pte_at(k, k.init_mm, k.PKMAP_BASE, k.pkmap_page_table, ((page * 4096) | PAGE_KERNEL) >>> 0);
  yield* grant(k, k.PKMAP_BASE, page);
  return k.PKMAP_BASE;
});

/**
 * arch/i386/mm/highmem.c:4-10 (2.6.22), kmap(); mm/highmem.c:161-179 (2.6.22), kmap_high(). May wait for a free slot, so interrupt handlers must not call it; but nothing here stops one.
 * Model: leaves out might_sleep(): at most it prints.
 * Model: leaves out kmap_high, PKMAP_NR, BUG_ON: written out.
 */
export const kmap = path(function* kmap(k: GuestKernel, page: Pfn): Path<number> {
  if (!k.isHighmem(page)) return __va(page * 4096);
  yield* spin_lock(k, { of: k.invalidation, field: 'kmap_lock' });
  const vaddr = yield* map_new_virtual(k, page);
  yield* spin_unlock(k, { of: k.invalidation, field: 'kmap_lock' });
  return vaddr;
});

/**
 * arch/i386/mm/highmem.c:12-19 (2.6.22), kunmap(); mm/highmem.c:183-220 (2.6.22), kunmap_high(). Model: leaves out pkmap_count, waitqueue_active(), wake_up(): the slots never run out here, so
 * no task waits, and the entry stays.
 * Model: leaves out kunmap_high, PKMAP_NR: written out.
 */
export const kunmap = path(function* kunmap(k: GuestKernel, page: Pfn): Path {
  yield* BUG_ON(k, yield* in_interrupt(k), 'BUG() in kunmap(), called in an interrupt');
  if (!k.isHighmem(page)) return;
  yield* spin_lock(k, { of: k.invalidation, field: 'kmap_lock' });
  yield* spin_unlock(k, { of: k.invalidation, field: 'kmap_lock' });
});
