import type { Cpu } from '../../hardware/cpu';
import { MMUEXT, UVMF_TLB_FLUSH } from '../../hypervisors/xen/public/xen';
import { instruction, path, silently, type Call, type Path } from '../../path';
import { Entity } from '../../state/hash';
import { TASK_SIZE } from '../kernel';
import { preempt_disable, preempt_enable } from '../linux-2.6/sched/preempt';
import { spin_lock, spin_unlock } from '../linux-2.6/sched/spinlock';
import type { Mm } from '../task';
import { BUG } from './bug';
import { PAGE_KERNEL, PAGE_KERNEL_RO, type Page, type XenKernel } from './guest';
import { MMUEXT_OP_WORDS } from './mc-buffer';
import { __xen_mc_entry, MULTI_mmuext_op, MULTI_update_va_mapping, xen_mc_batch, xen_mc_callback, xen_mc_issue } from './multicalls';
import { drop_mm_ref } from './drop-mm-ref';
import { kmap_flush_unused } from './highmem';

// arch/x86/xen/mmu.c (arch/i386/xen until 2.6.23): a page table is built as
// ordinary memory, then given to Xen as a whole, and taken back as a whole. Xen
// accepts a frame as a table only when nothing maps it writable. So each page
// is first mapped read-only, and from then until Xen accepts it as a table, it
// cannot be written: neither by the kernel, nor by Xen on its behalf.

/** enum pt_level, which the patch introduces; before it, callbacks get the flush flag itself. */
export type PtLevel = 'PT_PGD' | 'PT_PMD' | 'PT_PTE';

type Visit = (k: XenKernel, page: Page, level: PtLevel) => Call<boolean>;

/** A callback of pgd_walk() as an operand. */
class Func extends Entity {
  constructor(name: string, readonly visit: Visit) {
    super(name);
  }
}

/** Where the walk of the top level ends, below Xen's own entries: xen_reserve_top() asks for two pages more than Xen has, and reserve_top_address() leaves another one. */
export function FIXADDR_TOP(k: XenKernel): number {
  return k.layout.HYPERVISOR_VIRT_START - 3 * 4096;
}

/** The next entry of a table that is not empty. Model: the empty ones in between are skipped at once. */
const nextEntry = silently((_k, table, level, first) => `next entry of ${table.name} from slot ${first}`, (_cpu: Cpu, k: XenKernel, table: Page, level: number, first: number) => {
  const { slot, entry } = k.nextEntry(table, level as 2 | 3, first);
  return { slot, page: slot < 0 ? null : k.pageOfEntry(entry) };
});

/**
 * arch/x86/xen/mmu.c:327-391 (2.6.24), pgd_walk(): calls `func` for each page of a page table,
 * the page directory last. Returns whether any call asked for a kmap flush.
 * Caller holds page_table_lock.
 * Model: leaves out xen_feature, pud_next: the feature is there, and the loops go by addresses.
 */
export const pgd_walk = path(function* pgd_walk(k: XenKernel, pgd: Page, func: Func, limit: number): Path<boolean> {
  let flush = false;
  if (limit > FIXADDR_TOP(k)) yield* BUG(k, 'mmu.c', 'pgd_walk() is asked to go beyond FIXADDR_TOP'); // BUG_ON(limit > FIXADDR_TOP)
  if (k.after('xen-pte-lock/pgd-first')) flush = (yield* func.visit(k, pgd, 'PT_PGD')) || flush;
  if (k.layout.levels === 3) {
    for (let slot = 0; ;) {
      const next = yield* nextEntry(k, pgd, 3, slot);
      if (next.slot < 0) break;
      flush = (yield* walk_pmd(k, next.page!, func, next.slot * 2 ** 30, limit)) || flush;
      slot = next.slot + 1;
    }
  } else {
    flush = (yield* walk_ptes(k, pgd, func, 0, limit)) || flush;
  }
  if (k.before('xen-pte-lock/pgd-first')) flush = (yield* func.visit(k, pgd, 'PT_PGD')) || flush;
  return flush;
});

/** arch/x86/xen/mmu.c:327-391 (2.6.24), pgd_walk(). The second level, if it is a page of its own; also the kernel's, whatever the limit. */
const walk_pmd = path(function* walk_pmd(k: XenKernel, pmd: Page, func: Func, base: number, limit: number): Path<boolean> {
  let flush = yield* func.visit(k, pmd, 'PT_PMD');
  if (base < limit) flush = (yield* walk_ptes(k, pmd, func, base, limit)) || flush;
  return flush;
});

/** arch/x86/xen/mmu.c:327-391 (2.6.24), pgd_walk(). Calls `func` for each pte page that maps nothing at or above `limit`. */
const walk_ptes = path(function* walk_ptes(k: XenKernel, table: Page, func: Func, base: number, limit: number): Path<boolean> {
  const entries = 2 ** k.layout.shift[2];
  let flush = false;
  for (let slot = 0; ;) {
    const next = yield* nextEntry(k, table, 2, slot);
    if (next.slot < 0 || base + (next.slot + 1) * entries > limit) break;
    flush = (yield* func.visit(k, next.page!, 'PT_PTE')) || flush;
    slot = next.slot + 1;
  }
  return flush;
});

const testSetPinned = instruction((page: Page) => `TestSetPagePinned(${page.name})`, (_cpu: Cpu, page: Page) => {
  const was = page.PG_pinned;
  page.PG_pinned = true;
  return was;
}, { locked: true });

const testClearPinned = instruction((page: Page) => `TestClearPagePinned(${page.name})`, (_cpu: Cpu, page: Page) => {
  const was = page.PG_pinned;
  page.PG_pinned = false;
  return was;
}, { locked: true });

/** PagePinned() */
export const PagePinned = instruction((page: Page) => `PagePinned(${page.name})`, (_cpu: Cpu, page: Page) => page.PG_pinned);

/**
 * arch/x86/xen/mmu.c:393-403 (2.6.24), lock_pte(): the page's own lock, if there is one. Returns whether it was taken.
 * Model: leaves out __pte_lockptr: the lock is a field of the page.
 */
export const lock_pte = path(function* lock_pte(k: XenKernel, page: Page): Path<boolean> {
  if (!k.USE_SPLIT_PTLOCKS) return false;
  yield* spin_lock(k, { of: page, field: 'ptl' });
  return true;
});

/**
 * arch/x86/xen/mmu.c:411-421 (2.6.24), xen_do_pin(): queues one mmuext_op.
 * Model: leaves out args, arg1, mc: the slot of the queue is filled by the MULTI_ functions.
 */
export const xen_do_pin = path(function* xen_do_pin(k: XenKernel, cmd: number, page: Page): Path {
  yield* __xen_mc_entry(k, MMUEXT_OP_WORDS);
  yield* MULTI_mmuext_op(k, { cmd, mfn: k.pfn_to_mfn(page), about: page.name });
});

/**
 * arch/x86/xen/mmu.c:423-461 (2.6.24), pin_page(): queues the call that makes one page read-only, and for a pte page also the call that pins it as a table.
 * Model: leaves out test_and_set_bit, flags, mc: TestSetPagePinned() under its own name; the slot of the queue is filled by the MULTI_ functions.
 */
export const pin_page = path(function* pin_page(k: XenKernel, page: Page, level: PtLevel): Path<boolean> {
  if (yield* testSetPinned(page)) return false;
  if (page.highmem) return true; // its kmaps have to be removed
  let ptl = false;
  if (k.after('xen-pte-lock/pin-before-ro') && level === 'PT_PTE') yield* xen_do_pin(k, MMUEXT.PIN_L1_TABLE, page);
  yield* __xen_mc_entry(k, 0);
  if (k.after('xen-pte-lock/pin-lock') && level === 'PT_PTE') ptl = yield* lock_pte(k, page);
  yield* MULTI_update_va_mapping(k, k.address(page), k.pte(page, PAGE_KERNEL_RO), level === 'PT_PGD' ? UVMF_TLB_FLUSH : 0, page.name);
  if (k.after('xen-pte-lock/unlock-before-pin') && ptl) yield* unlock_later(k, page);
  if (k.after('xen-pte-lock/pin-l1') && level === 'PT_PTE') yield* xen_do_pin(k, MMUEXT.PIN_L1_TABLE, page);
  if (k.before('xen-pte-lock/unlock-before-pin') && ptl) yield* unlock_later(k, page);
  return false;
});

/** arch/x86/xen/mmu.c:423-461 (2.6.24), pin_page(). Queues the unlock for after the batch; some wrong fixes among the variants unlock at another time. */
const unlock_later = path(function* unlock_later(k: XenKernel, page: Page): Path {
  if (k.after('xen-pte-lock/lock-all')) return yield* keep(page);
  if (k.after('xen-pte-lock/unlock-at-once')) return yield* spin_unlock(k, { of: page, field: 'ptl' });
  yield* xen_mc_callback(k, 'do_unlock', page);
});

/** Ours: what a wrong fix among the variants does with each lock: holds it until unlock_all(). */
const keep = path(function* keep(_page: Page): Path {});

const lockedPages = silently('every pte page that is locked', (cpu: Cpu, k: XenKernel) => k.mem_map.filter((page) => page.ptl === cpu));

/** Ours: what a wrong fix among the variants does at the end. */
const unlock_all = path(function* unlock_all(k: XenKernel): Path {
  for (const page of yield* lockedPages(k)) yield* spin_unlock(k, { of: page, field: 'ptl' });
});

const PIN = new Func('pin_page', pin_page);


/** arch/x86/xen/mmu.c:466-488 (2.6.24), xen_pgd_pin(): gives a page table to Xen. */
export const xen_pgd_pin = path(function* xen_pgd_pin(k: XenKernel, pgd: Page): Path {
  let flags = yield* xen_mc_batch(k);
  if (yield* pgd_walk(k, pgd, PIN, TASK_SIZE)) {
    yield* xen_mc_issue(k, 0, flags);
    yield* kmap_flush_unused(k);
    flags = yield* xen_mc_batch(k);
  }
  yield* xen_do_pin(k, k.pinRootCommand, pgd);
  yield* xen_mc_issue(k, 0, flags);
  if (k.after('xen-pte-lock/lock-all')) yield* unlock_all(k);
});

/**
 * arch/x86/xen/mmu.c:504-533 (2.6.24), unpin_page(): queues the call that unpins a pte page, and the call that makes any page writable again.
 * Model: leaves out test_and_clear_bit, flags, mc, xen_mc_callback: TestClearPagePinned() under its own name; the slot of the queue is filled by the MULTI_ functions.
 */
export const unpin_page = path(function* unpin_page(k: XenKernel, page: Page, level: PtLevel): Path<boolean> {
  if (!(yield* testClearPinned(page)) || page.highmem) return false;
  let ptl = false;
  if (k.after('xen-pte-lock/unpin-lock') && level === 'PT_PTE') ptl = yield* lock_pte(k, page);
  if (k.after('xen-pte-lock/unpin-l1') && level === 'PT_PTE') yield* xen_do_pin(k, MMUEXT.UNPIN_TABLE, page);
  if (k.after('xen-pte-lock/unlock-before-rw') && ptl) yield* unlock_later(k, page);
  yield* __xen_mc_entry(k, 0);
  yield* MULTI_update_va_mapping(k, k.address(page), k.pte(page, PAGE_KERNEL), level === 'PT_PGD' ? UVMF_TLB_FLUSH : 0, page.name);
  if (k.after('xen-pte-lock/rw-before-unpin') && level === 'PT_PTE') yield* xen_do_pin(k, MMUEXT.UNPIN_TABLE, page);
  if (k.before('xen-pte-lock/unlock-before-rw') && ptl) yield* unlock_later(k, page);
  return false;
});

const UNPIN = new Func('unpin_page', unpin_page);

/** arch/x86/xen/mmu.c:536-545 (2.6.24), xen_pgd_unpin(): takes a page table back. */
export const xen_pgd_unpin = path(function* xen_pgd_unpin(k: XenKernel, pgd: Page): Path {
  const flags = yield* xen_mc_batch(k);
  if (k.before('xen-pte-lock/unpin-pgd-last')) yield* xen_do_pin(k, MMUEXT.UNPIN_TABLE, pgd);
  yield* pgd_walk(k, pgd, UNPIN, TASK_SIZE);
  if (k.after('xen-pte-lock/unpin-pgd-last')) yield* xen_do_pin(k, MMUEXT.UNPIN_TABLE, pgd);
  yield* xen_mc_issue(k, 0, flags);
  if (k.after('xen-pte-lock/lock-all')) yield* unlock_all(k);
});

const setPinned = instruction((page: Page) => `SetPagePinned(${page.name})`, (_cpu: Cpu, page: Page) => { page.PG_pinned = true; }, { locked: true });

/** arch/x86/xen/mmu.c:493-497 (2.6.24), mark_pinned() */
const mark_pinned = path(function* mark_pinned(_k: XenKernel, page: Page, _level: PtLevel): Path<boolean> {
  yield* setPinned(page);
  return false;
});

const MARK = new Func('mark_pinned', mark_pinned);

/**
 * arch/x86/xen/mmu.c:499-502 (2.6.24), xen_mark_init_mm_pinned(): the boot table was pinned before there were struct pages; now this is recorded.
 * Model: leaves out pgd: the table is that of init_mm.
 */
export const xen_mark_init_mm_pinned = path(function* xen_mark_init_mm_pinned(k: XenKernel): Path {
  if (k.before('xen-pte-lock/walk-everything')) yield* pgd_walk(k, k.swapper, MARK, FIXADDR_TOP(k));
  if (k.after('xen-pte-lock/walk-everything')) yield* pgd_walk(k, k.swapper, MARK, 2 ** 32);
});

/** virt_to_page(mm->pgd), which does not change while the mm lives. */
export const pgdPage = silently((_k, mm: Mm) => `virt_to_page(${mm.name}->pgd)`, (_cpu: Cpu, k: XenKernel, mm: Mm) => k.pgdPage(mm));

const page_table_lock = (mm: Mm) => ({ of: mm, field: 'page_table_lock' });

/** arch/x86/xen/mmu.c:547-552 (2.6.24), xen_activate_mm(): exec's new address space. */
export const xen_activate_mm = path(function* xen_activate_mm(k: XenKernel, _prev: Mm, next: Mm): Path {
  yield* spin_lock(k, page_table_lock(next));
  yield* xen_pgd_pin(k, yield* pgdPage(k, next));
  yield* spin_unlock(k, page_table_lock(next));
});

/** arch/x86/xen/mmu.c:554-559 (2.6.24), xen_dup_mmap(): fork's new address space, at the end of dup_mmap(). */
export const xen_dup_mmap = path(function* xen_dup_mmap(k: XenKernel, _oldmm: Mm, mm: Mm): Path {
  yield* spin_lock(k, page_table_lock(mm));
  yield* xen_pgd_pin(k, yield* pgdPage(k, mm));
  yield* spin_unlock(k, page_table_lock(mm));
});

/** arch/x86/xen/mmu.c:631-644 (2.6.24), xen_exit_mmap(): called before the address space is torn down; plain stores work afterwards. */
export const xen_exit_mmap = path(function* xen_exit_mmap(k: XenKernel, mm: Mm): Path {
  yield* preempt_disable(k); // get_cpu()
  yield* drop_mm_ref(k, mm);
  yield* preempt_enable(k); // put_cpu()
  yield* spin_lock(k, page_table_lock(mm));
  const pgd = yield* pgdPage(k, mm);
  // On the error path of execve the table was never pinned.
  if (k.before('xen-pte-lock/no-exit-check')) {
    if (yield* PagePinned(pgd)) yield* xen_pgd_unpin(k, pgd);
  }
  if (k.after('xen-pte-lock/no-exit-check')) yield* xen_pgd_unpin(k, pgd);
  yield* spin_unlock(k, page_table_lock(mm));
});
