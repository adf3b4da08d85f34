import type { Cpu } from '../../hardware/cpu';
import { isPresent, mfnOf, slotOf } from '../../hypervisors/xen/public/layout';
import { instruction, path, silently, type Path } from '../../path';
import { spin_lock, spin_unlock, type Lock } from '../linux-2.6/sched/spinlock';
import type { Mm } from '../task';
import { BUG } from './bug';
import type { Page, XenKernel } from './guest';
import { xen_restore_fl, xen_save_fl_irq_disable } from './irq';
import { __free_page } from '../linux-2.6/mm/memory';
import { xen_release_pd } from './enlighten';
import { pgdPage } from './mmu';
import { storeHalf, xen_set_pmd } from './pgtable';

// arch/x86/mm/fault.c: what vmalloc() has entered in init_mm's kernel half is
// copied to every other page table, including those that are not yet pinned or
// no longer pinned. pgd_lock protects their list; pinning and unpinning hold
// the page_table_lock of one address space.

/**
 * kernel/spinlock.c:79-97 (2.6.24), _spin_lock_irqsave(): spin_lock_irqsave(&pgd_lock, flags), with the interrupt flag of a Xen guest; returns the flags.
 * Model: leaves out LOCK_CONTENDED: taking the lock, by lockdep's name.
 */
const lock_irqsave = path(function* spin_lock_irqsave(k: XenKernel): Path<boolean> {
  const flags = yield* xen_save_fl_irq_disable(k.xen);
  yield* spin_lock(k, k.pgd_lock);
  return flags;
});

/**
 * kernel/spinlock.c:344-350 (2.6.24), _spin_unlock_irqrestore(): spin_unlock_irqrestore(&pgd_lock, flags).
 * Model: leaves out _raw_spin_unlock, local_irq_restore: spin_unlock() and the flag of a Xen guest.
 */
const unlock_irqrestore = path(function* spin_unlock_irqrestore(k: XenKernel, flags: boolean): Path {
  yield* spin_unlock(k, k.pgd_lock);
  yield* xen_restore_fl(k.xen, flags);
});

const pgds = silently('pgd_list', (_cpu: Cpu, k: XenKernel) => k.mms.filter((mm) => !mm.freed));

const tableOfInit = silently('pmd_offset(init_mm)', (_cpu: Cpu, k: XenKernel, address: number) => k.middleTable(k.swapper, address)!);

/** pmd_offset(pud, address): reads the top entry, without checking whether it is present. */
const pmd_offset = instruction((_k, mm) => `pmd_offset(${mm.name})`, (_cpu: Cpu, k: XenKernel, mm: Mm, address: number) => k.middleTable(k.pgdPage(mm), address));

/** Model: page 0 is not followed. What is there is not a table, so what the C reads and perhaps writes there cannot be what a kernel wants. */
const takesPageZero = instruction((_k, mm) => `pmd_offset(${mm.name}) is in page 0`, (cpu: Cpu, k: XenKernel, mm: Mm) => {
  k.current(cpu).oops ??= `vmalloc_sync_one() takes page 0 for a table, since the top entry of ${mm.name} is empty`;
});

const readEntry = instruction(
  (_k, table, slot) => `*${table.name}[${slot}]`,
  (_cpu: Cpu, k: XenKernel, table: Page, slot: number) => k.entryAt(k.pfn_to_mfn(table), slot),
);

/**
 * arch/x86/mm/fault.c:261-295 (2.6.25), vmalloc_sync_one().
 * Model: leaves out pgd, pud_k, set_pmd, arch_flush_lazy_mmu_mode: the upper levels are those of the address space; outside of lazy mode there is nothing to flush.
 * Model: the C gives up if init_mm has no entry; here it has one from the start.
 */
const vmalloc_sync_one = path(function* vmalloc_sync_one(k: XenKernel, mm: Mm, address: number): Path {
  const slot = slotOf(k.layout, 2, address);
  const pmd_k = yield* readEntry(k, yield* tableOfInit(k, address), slot);
  const table = yield* pmd_offset(k, mm, address);
  if (table === null) return yield* takesPageZero(k, mm);
  const pmd = yield* readEntry(k, table, slot);
  if (!isPresent(pmd)) yield* xen_set_pmd(k, table, slot, pmd_k);
  else if (mfnOf(pmd) !== mfnOf(pmd_k)) yield* BUG(k, 'fault.c', 'pmd_page(*pmd) != pmd_page(*pmd_k)');
});

/**
 * arch/x86/mm/fault.c:910-984 (2.6.25), vmalloc_sync_all(), for one address.
 * Model: leaves out DECLARE_BITMAP, BUILD_BUG_ON, test_bit, list_for_each_entry, set_bit, set_pgd, BUG_ON, pgd_page_vaddr: one address, so no record of which ones are done; the list of
 * page directories is that of address spaces.
 */
export const vmalloc_sync_all = path(function* vmalloc_sync_all(k: XenKernel, address: number): Path {
  let flags = false;
  if (k.before('xen-pte-lock/sync-irqs-on')) flags = yield* lock_irqsave(k);
  if (k.after('xen-pte-lock/sync-irqs-on')) yield* spin_lock(k, k.pgd_lock);
  for (const mm of yield* pgds(k)) {
    const pgt_lock: Lock = { of: mm, field: 'page_table_lock' };
    if (k.after('xen-pte-lock/sync-lock')) yield* spin_lock(k, pgt_lock);
    yield* vmalloc_sync_one(k, mm, address);
    if (k.after('xen-pte-lock/sync-lock')) yield* spin_unlock(k, pgt_lock);
  }
  if (k.before('xen-pte-lock/sync-irqs-on')) yield* unlock_irqrestore(k, flags);
  if (k.after('xen-pte-lock/sync-irqs-on')) yield* spin_unlock(k, k.pgd_lock);
});

const forget = instruction((_k, mm) => `pgd_list_del(${mm.name}->pgd)`, (_cpu: Cpu, _k: XenKernel, mm: Mm) => { mm.freed = true; });

const topEntry = instruction((_k, mm, slot) => `pgd = ${mm.name}->pgd[${slot}]`, (_cpu: Cpu, k: XenKernel, mm: Mm, slot: number) => k.middleTable(k.pgdPage(mm), slot * 2 ** 30));

/**
 * arch/x86/mm/pgtable_32.c:277-293 (2.6.25), pgd_mop_up_pmds(): the middle tables that are still there, among them the kernel's. Model: one store clears an entry, whose upper half is zero anyway.
 * Model: leaves out pgd_page_vaddr, native_make_pgd, paravirt_release_pd, pmd_free: the page is found by the entry; the backend and the allocator under their own names.
 * Model: adds topEntry, storeHalf, xen_release_pd, __free_page: those.
 */
const pgd_mop_up_pmds = path(function* pgd_mop_up_pmds(k: XenKernel, mm: Mm): Path {
  const pgd = yield* pgdPage(k, mm);
  for (let i = 0; i < 4; i++) {
    const pmd = yield* topEntry(k, mm, i);
    if (pmd === null) continue;
    yield* storeHalf(k, pgd, i, 0, 0);
    yield* xen_release_pd(k, pmd);
    yield* __free_page(k, pmd);
  }
});

/**
 * arch/x86/mm/pgtable_32.c:361-366 (2.6.25), pgd_free() with pgd_dtor(): since 2.6.25 the middle tables go first, and then the page directory is taken off the list. No lock keeps a path that walks the list away from the
 * tables that are freed.
 * Model: until 2.6.24 a page directory that is freed stays on the list until a cache is trimmed; here it is taken off at once. Where nothing else walks the list, the tables are kept: no task has the address space any more.
 * Model: leaves out free_page: no entry leads to the page directory.
 * Model: adds lock_irqsave, unlock_irqrestore: the lock of the list, which pgd_dtor() takes.
 */
export const pgd_free = path(function* pgd_free(k: XenKernel, mm: Mm): Path {
  if (k.walksPgdList && k.since('2.6.25') && k.config.X86_PAE) yield* pgd_mop_up_pmds(k, mm);
  let flags = false;
  if (k.before('xen-pte-lock/sync-irqs-on')) flags = yield* lock_irqsave(k);
  if (k.after('xen-pte-lock/sync-irqs-on')) yield* spin_lock(k, k.pgd_lock);
  yield* forget(k, mm);
  if (k.before('xen-pte-lock/sync-irqs-on')) yield* unlock_irqrestore(k, flags);
  if (k.after('xen-pte-lock/sync-irqs-on')) yield* spin_unlock(k, k.pgd_lock);
});
