import type { Cpu } from '../../hardware/cpu';
import { cli, popf, pushf } from '../../hardware/instructions';
import { instruction, path, type Path } from '../../path';
import type { Store } from '../../state/store';
import { Cell, tracked } from '../../state/tracked';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import { READ_ONCE, smp_mb } from '../words/access';
import { atomic_dec, atomic_inc, xchg } from '../words/atomic';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { call_rcu, type Rcu } from '../linux-4.14/rcu';
import { on_each_cpu, type CallQueues } from './smp';
import { flush_tlb_mm_range } from './tlb-flush';
import type { TlbStates } from './tlbstate';

// mm/gup.c and mm/khugepaged.c, 6.0: a walk of the page tables that takes no
// lock and only turns interrupts off, and a path that frees a table.

/** A page table, with the one entry that matters, and the page to which it leads. */
export class PteTable extends tracked<{ state: 'in use' | 'free' | 'used by another owner' }>({ state: 'in use' }) {
  /** What a walk has done that it must not. */
  readonly harm: Cell<string | null>;

  /**
   * @param frame where the table lies
   * @param pmd the entry above: where the table lies, or 0
   * @param page where the page to which its entry leads lies
   * @param count the references to that page
   */
  constructor(store: Store, name: string, readonly frame: number, readonly page: number, readonly pmd: Word, readonly count: Word, readonly ptl: Word) {
    super(store, name);
    this.harm = new Cell<string | null>(store, `a walk of ${name}`, null, true);
  }
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** ptep_get_lockless(): reads whatever the table's frame holds. */
const ptep_get_lockless = instruction((table: PteTable) => `ptep_get_lockless(${table.name})`, (cpu: Cpu, table: PteTable) => {
  if (table.state !== 'in use') table.harm.value ??= `${cpu.context?.name ?? cpu.name} reads an entry in ${table.name}, which is ${table.state}`;
  return cpu.memory.read32(table.frame);
});

/** The page of an entry, and whether it belongs to the mm; the walk takes a reference to it either way. */
const noteStray = instruction((_table: PteTable, pte: number) => `folio = page_folio(pte_page(${hex(pte)}))`, (cpu: Cpu, table: PteTable, pte: number) => {
  const isOwn = ((pte & ~0xfff) >>> 0) === table.page;
  if (!isOwn) table.harm.value ??= `${cpu.context?.name ?? cpu.name} takes a reference to whatever is at ${hex((pte & ~0xfff) >>> 0)}, which it has read from ${table.name} when that was ${table.state}`;
  return isOwn;
});

/**
 * mm/gup.c:2915-2962 (6.0.1), lockless_pages_from_mm() with gup_pte_range(), for one page; returns whether it got the page. The second look at the entry above is new in 6.0 (70cbc3cc78a9).
 * Model: leaves out gup_fast_permitted, raw_read_seqcount, mm, write_protect_seq, gup_pgd_range, read_seqcount_retry, unpin_user_pages_lockless, sanity_check_pinned_pages: the page is not pinned for a device, and nothing forks.
 * Model: adds gup_pte_range: the innermost level of gup_pgd_range().
 */
export const lockless_pages_from_mm = path(function* lockless_pages_from_mm(k: Kernel, table: PteTable): Path<boolean> {
  const flags = yield* pushf(); // local_irq_save(flags)
  yield* cli();
  const isTaken = yield* gup_pte_range(k, table);
  yield* popf(flags);
  return isTaken;
});

/**
 * mm/gup.c:2367-2451 (6.0.1), gup_pte_range(), of one entry.
 * Model: the C compares the last entry too, once the upper one is found unchanged; while that is so, nothing here changes the last one.
 * Model: leaves out ptem, pte_access_permitted, pte_devmap, get_dev_pagemap, undo_dev_pagemap, pte_special, page_is_secretmem, gup_put_folio, gup_must_unshare, arch_make_page_accessible, folio_set_referenced, put_dev_pagemap: an ordinary page, which may be read.
 * Model: adds atomic_inc, atomic_dec, noteStray: try_grab_folio() and gup_put_folio(), and a note about whose page it was.
 */
const gup_pte_range = path(function* gup_pte_range(k: Kernel, table: PteTable): Path<boolean> {
  const pmd = yield* READ_ONCE(table.pmd);
  if (pmd === 0) return false;
  const pte = yield* ptep_get_lockless(table);
  if (pte === 0) return false;
  if (k.after('gup-fast/recheck-early') && (yield* READ_ONCE(table.pmd)) !== pmd) return false;
  if (!(yield* noteStray(table, pte))) return false;
  yield* atomic_inc(table.count); // try_grab_folio()
  if (k.before('gup-fast/recheck-early') && (yield* READ_ONCE(table.pmd)) !== pmd) { // 70cbc3cc78a9
    yield* atomic_dec(table.count);
    return false;
  }
  return true;
});

/** How other CPUs are told to flush: by interrupts, or by a hypercall, which does not wait for an interrupt handler there. */
export type Flushing = 'interrupts' | 'hypercall';

const kvm_flush_tlb_multi = instruction('flush_tlb_multi: a hypercall; the hypervisor flushes when it runs the virtual CPU next', (cpu: Cpu) => cpu.drain());

const freeTable = instruction((table: PteTable) => `pte_free(${table.name})`, (cpu: Cpu, table: PteTable) => {
  table.state = 'free';
}, { locked: true });

/** Ours: the next user of the table's frame, of which only the final contents matter. */
const useTable = instruction((table: PteTable, data: number) => `another owner gets ${table.name} and writes ${hex(data)}`, (cpu: Cpu, table: PteTable, data: number) => {
  table.state = 'used by another owner';
  cpu.memory.write32(table.frame, data);
}, { locked: true });

/** mm/mmu_gather.c:155-165 (6.0.1), tlb_remove_table_sync_one(): sends an interrupt that does nothing, and waits for all CPUs. */
const tlb_remove_table_sync_one = path(function* tlb_remove_table_sync_one(k: Kernel, q: CallQueues): Path {
  yield* on_each_cpu(k, q, 'tlb_remove_table_smp_sync');
});

/** mm/pgtable-generic.c:237-243 (6.6.9), pte_free_now(), as RCU calls it; before, and without RCU, pte_free(). Model: adds useTable: the table's next user. */
export const pte_free_now = path(function* pte_free_now(_k: Kernel, table: PteTable): Path {
  yield* freeTable(table);
  yield* useTable(table, 0x00bad067);
});

/**
 * mm/khugepaged.c:1363-1376 (6.0.1), collapse_and_free_pmd() and the like: unlinks the table, flushes TLBs, and frees the table, which is then used for something else.
 * Model: the flush includes lazy CPUs, as for freed tables, unlike that of the C; no CPU is lazy here.
 * Model: leaves out pte_free: pte_free_now().
 * Model: adds kvm_flush_tlb_multi, pte_free_now, xchg: a guest's flush, what happens to the table, and pmdp_collapse_flush().
 */
export const collapse_and_free_pmd = path(function* collapse_and_free_pmd(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, table: PteTable, va: number, flushing: Flushing, rcu: Rcu): Path {
  yield* arch_spin_lock(table.ptl); // pmd_lock()
  if (k.after('gup-fast/sync-early')) yield* tlb_remove_table_sync_one(k, q);
  yield* xchg(table.pmd, 0); // pmdp_collapse_flush()
  if (flushing === 'interrupts') yield* flush_tlb_mm_range(k, q, t, mm, va, va + 0x1000, true); // Model: one page of the range; nothing depends on its size
  else yield* kvm_flush_tlb_multi();
  if (k.after('gup-fast/barrier')) yield* smp_mb();
  if (k.after('gup-fast/sync')) yield* tlb_remove_table_sync_one(k, q);
  yield* arch_spin_unlock(table.ptl);
  if (k.after('gup-fast/defer')) yield* call_rcu(rcu, table); // pte_free_defer()
  if (k.before('gup-fast/defer')) yield* pte_free_now(k, table);
});
