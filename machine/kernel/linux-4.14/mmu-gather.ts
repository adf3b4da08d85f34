import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import type { Entity, Value } from '../../state/hash';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import type { Kernel } from '../kernel';
import { smp_call_function, type CallQueues } from '../linux-6/smp';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { atomic_dec, atomic_inc, atomic_read } from '../words/atomic';
import { declareFlushPending, mm_tlb_flush_nested, tlb_flush_pending as pending } from './flush-pending';
import { call_rcu, type Rcu } from './rcu';
import { flush_tlb_mm_range, TLB_FLUSH_ALL } from './tlb';

// mm/memory.c and include/asm-generic/tlb.h, 4.14, mm/mmu_gather.c since 4.19:
// unmapped pages are gathered, TLBs are flushed once for all of them, and then they
// are freed. A full batch has to be flushed and freed in between.

const PAGE_SIZE = 0x1000;

/** What can be gathered: a page, or a page table. */
export interface Frame extends Entity {
  state: string;
  /** What its next owner does with it, at once. */
  reuse?(cpu: Cpu): void;
}

interface GatherFields {
  /** The range to flush; `end` is 0 if there is none. */
  start: number;
  end: number;
  fullmm: boolean;
  freed_tables: boolean;
  pages: readonly Frame[];
  tables: readonly Frame[];
}

/** How much fits, and how tables are freed. */
export interface GatherOptions {
  /** How many pages fit into all batches for which there is memory: the path that adds the last one has to flush. */
  readonly room: number;
  /** What frees tables after a grace period, if the release does that; null if there is no memory for a batch of tables. */
  readonly rcu?: Rcu | null;
  /** Whether page tables belong to a hypervisor too, so that they are freed by RCU in 4.19 to 6.14 as well. */
  readonly isParavirt?: boolean;
}

/** struct mmu_gather, which is on the stack of the path that unmaps. */
export class MmuGather extends tracked<GatherFields>({ start: 0, end: 0, fullmm: false, freed_tables: false, pages: [], tables: [] }) {
  readonly room: number;
  readonly rcu: Rcu | null;
  readonly isParavirt: boolean;

  constructor(store: Store, name: string, readonly mm: Mm, { room, rcu = null, isParavirt = false }: GatherOptions) {
    super(store, name);
    this.room = room;
    this.rcu = rcu;
    this.isParavirt = isParavirt;
  }
}

/** Declares mm->tlb_flush_pending, which since 4.13 counts the paths that have unmapped and not flushed. Part of the boot. */
export function declareGathers(k: Kernel): void {
  declareFlushPending(k);
}

/** Whether tables are freed after a grace period: 9e52fc2b50de is in 4.14, 48a8b97cfd80 in 4.19, a37259732a7d in 6.15. */
const freesTablesByRcu = (k: Kernel, tlb: MmuGather): boolean => k.since('6.15') || (k.since('4.14') && (tlb.isParavirt || !k.since('4.19')));

const adjustRange = silently((_tlb: MmuGather, va: number) => `__tlb_adjust_range(0x${va.toString(16)})`, (_cpu: Cpu, tlb: MmuGather, va: number, freed_tables: boolean) => {
  tlb.start = tlb.end === 0 ? va : Math.min(tlb.start, va);
  tlb.end = Math.max(tlb.end, va + PAGE_SIZE);
  tlb.freed_tables ||= freed_tables;
});

const resetRange = silently('__tlb_reset_range()', (_cpu: Cpu, tlb: MmuGather) => Object.assign(tlb, { start: 0, end: 0, freed_tables: false }) && undefined);

const fullRange = silently('tlb->fullmm = 1', (_cpu: Cpu, tlb: MmuGather) => Object.assign(tlb, { fullmm: true, end: PAGE_SIZE, freed_tables: true }) && undefined);

const range = silently('tlb->start, tlb->end', (_cpu: Cpu, { start, end, fullmm, freed_tables }: MmuGather) => ({ start, end, fullmm, freed_tables }));

/** include/asm-generic/tlb.h:210-214 (4.13.9 to 4.14), tlb_remove_tlb_entry(): the flush covers the address. */
export const tlb_remove_tlb_entry = (tlb: MmuGather, va: number) => adjustRange(tlb, va, false);

const addPage = silently((_tlb: MmuGather, page: Frame) => `batch->pages[batch->nr++] = ${page.name}`, (_cpu: Cpu, tlb: MmuGather, page: Frame) => {
  tlb.pages = [...tlb.pages, page];
  return tlb.pages.length === tlb.room;
});

const takePage = silently('batch->pages[]', (_cpu: Cpu, tlb: MmuGather) => {
  const [first, ...others] = tlb.pages;
  tlb.pages = others;
  return first ?? null;
});

const addTable = silently((_tlb: MmuGather, table: Frame) => `(*batch)->tables[] = ${table.name}`, (_cpu: Cpu, tlb: MmuGather, table: Frame) => {
  tlb.tables = [...tlb.tables, table];
});

const takeTables = silently('*batch = NULL', (_cpu: Cpu, tlb: MmuGather) => {
  const { tables } = tlb;
  tlb.tables = [];
  return tables;
});

/** put_page(), __tlb_remove_table(): the last count is dropped by a locked instruction, so all earlier stores are in memory when the frame is free. */
const freeFrame = instruction((frame: Frame) => `free ${frame.name}`, (cpu: Cpu, frame: Frame) => {
  cpu.drain();
  frame.state = 'free';
  frame.reuse?.(cpu);
});

/** mm/memory.c:219-239 (4.13.9 to 4.14), arch_tlb_gather_mmu(); mm/mmu_gather.c:240-245 (4.20), tlb_gather_mmu(): since 4.13 it records that a flush is under way. Model: leaves out need_flush_all, local, __pages, batch_count, batch, page_size: an empty batch. Model: leaves out arch_tlb_gather_mmu, inc_tlb_flush_pending: both are here. */
export const tlb_gather_mmu = path(function* tlb_gather_mmu(k: Kernel, tlb: MmuGather): Path {
  yield* resetRange(tlb);
  if (k.since('4.13')) yield* atomic_inc(pending(k, tlb.mm));
  if (k.after('nested-madvise/count')) yield* atomic_inc(pending(k, tlb.mm));
});

/**
 * mm/memory.c:302-323 (4.13.9 to 4.14), __tlb_remove_page_size(): whether the batches are full, so that they have to be flushed before anything else is unmapped.
 * Model: leaves out end, page_size, tlb_next_batch: `room` says how much all batches hold.
 */
export const __tlb_remove_page = path(function* __tlb_remove_page(tlb: MmuGather, page: Frame): Path<boolean> {
  return yield* addPage(tlb, page);
});

/**
 * mm/memory.c:241-252 (4.13.9 to 4.14), tlb_flush_mmu_tlbonly(), with tlb_flush() of arch/x86/include/asm/tlb.h.
 * Model: leaves out tlb_flush, mmu_notifier_invalidate_range: the first is one call, and no device caches translations.
 * Model: leaves out tlb_table_flush: until 4.18 it is called here, after the flush, and since 4.19 by tlb_flush_mmu_free(); tables go to RCU after the flush either way.
 */
export const tlb_flush_mmu_tlbonly = path(function* tlb_flush_mmu_tlbonly(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather): Path {
  const { start, end, fullmm, freed_tables } = yield* range(tlb);
  if (end === 0) return;
  if (fullmm) yield* flush_tlb_mm_range(k, q, t, tlb.mm, 0, TLB_FLUSH_ALL, freed_tables);
  else yield* flush_tlb_mm_range(k, q, t, tlb.mm, start, end, freed_tables);
  yield* resetRange(tlb);
});

/**
 * mm/memory.c:254-263 (4.13.9 to 4.14), tlb_flush_mmu_free(), with tlb_table_flush() and tlb_batch_pages_flush().
 * Model: leaves out local: which batch it is.
 * Model: adds tlb_table_flush, takePage, freeFrame: see tlb_flush_mmu_tlbonly(); free_pages_and_swap_cache() page by page.
 */
export const tlb_flush_mmu_free = path(function* tlb_flush_mmu_free(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather): Path {
  yield* tlb_table_flush(k, q, t, tlb);
  for (let page = yield* takePage(tlb); page !== null; page = yield* takePage(tlb)) yield* freeFrame(page);
});

/** mm/memory.c:265-269 (4.13.9 to 4.14), tlb_flush_mmu(): also needed in the middle, when a batch is full. */
export const tlb_flush_mmu = path(function* tlb_flush_mmu(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather): Path {
  yield* tlb_flush_mmu_tlbonly(k, q, t, tlb);
  yield* tlb_flush_mmu_free(k, q, t, tlb);
});

/** mm/memory.c:275-293 (4.13.9 to 4.14), arch_tlb_finish_mmu(); mm/mmu_gather.c:247-261 (4.20), tlb_finish_mmu(): flushes everything, since 4.13, if others have unmapped in the same address space and not flushed. Model: until 5.1 the C flushes only the range of the call. Model: leaves out __tlb_adjust_range, local, check_pgt_cache, free_pages: see fullRange(); the batches themselves. Model: leaves out arch_tlb_finish_mmu, dec_tlb_flush_pending: both are here. */
export const tlb_finish_mmu = path(function* tlb_finish_mmu(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather): Path {
  if (k.since('4.13') && (yield* mm_tlb_flush_nested(k, tlb.mm))) yield* fullRange(tlb);
  if (k.after('nested-madvise/nested') && (yield* atomic_read(pending(k, tlb.mm))) > 1) yield* fullRange(tlb);
  if (k.after('nested-madvise/dec-early')) yield* atomic_dec(pending(k, tlb.mm));
  yield* tlb_flush_mmu(k, q, t, tlb);
  if (k.since('4.13')) yield* atomic_dec(pending(k, tlb.mm));
  if (k.after('nested-madvise/count') && k.before('nested-madvise/dec-early')) yield* atomic_dec(pending(k, tlb.mm));
});

/** include/asm-generic/tlb.h:350-356 (4.20), pte_free_tlb(): its line that records that tables are freed (22a61c3c4f13). */
export const tlb_free_tables = (tlb: MmuGather, va: number) => adjustRange(tlb, va, true);

/** arch/x86/mm/pgtable.c:57-62 (4.14.177), ___pte_free_tlb(): the table whose upper entry was cleared is freed by RCU, or with the pages, depending on the release. Model: leaves out pgtable_page_dtor, paravirt_release_pte: the table's lock, and the hypervisor, of which there is none. */
export const ___pte_free_tlb = path(function* ___pte_free_tlb(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, table: Frame): Path {
  if (freesTablesByRcu(k, tlb)) yield* tlb_remove_table(k, q, t, tlb, table);
  else if (yield* __tlb_remove_page(tlb, table)) yield* tlb_flush_mmu(k, q, t, tlb);
});

/** mm/memory.c:326-336 (4.19.13), tlb_table_invalidate(): d86564a2f085, before tables are handed over. */
const tlb_table_invalidate = path(function* tlb_table_invalidate(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather): Path {
  if (k.since('4.19')) yield* tlb_flush_mmu_tlbonly(k, q, t, tlb);
});

/** Until a6f572084fbe (4.19) a table of an address space with one user was freed at once. */
const isAlone = silently('atomic_read(&mm->mm_users) < 2', (_cpu: Cpu, mm: Mm) => mm.mm_users < 2);

/**
 * mm/memory.c:374-398 (4.13.9 to 4.14), tlb_remove_table(): adds the table to the batch of tables; without memory for a batch, it is freed when all CPUs have answered an interrupt.
 * Model: leaves out __get_free_page, tlb_table_flush: a batch of tables is never full; `rcu` says whether there is memory for one.
 * Model: adds tlb_table_invalidate: since 4.19.
 */
const tlb_remove_table = path(function* tlb_remove_table(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, table: Frame): Path {
  if (!k.since('4.19') && (yield* isAlone(tlb.mm))) return yield* freeFrame(table);
  if (tlb.rcu !== null) return yield* addTable(tlb, table);
  yield* tlb_table_invalidate(k, q, t, tlb);
  yield* smp_call_function(k, q, 'tlb_remove_table_smp_sync');
  yield* freeFrame(table);
});

/**
 * mm/memory.c:364-372 (4.13.9 to 4.14), tlb_table_flush(): hands the batch of tables to RCU.
 * Model: adds tlb_table_invalidate: since 4.19.
 */
const tlb_table_flush = path(function* tlb_table_flush(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather): Path {
  const tables = yield* takeTables(tlb);
  if (tables.length === 0) return;
  yield* tlb_table_invalidate(k, q, t, tlb);
  for (const table of tables) yield* call_rcu(tlb.rcu!, table as Value);
});

/**
 * mm/memory.c:351-362 (4.13.9 to 4.14), tlb_remove_table_rcu(): what RCU calls after the grace period.
 * Model: leaves out tables, free_page: each table of a batch is handed over by itself.
 */
export const tlb_remove_table_rcu = path(function* tlb_remove_table_rcu(_k: Kernel, table: Frame): Path {
  yield* freeFrame(table);
});
