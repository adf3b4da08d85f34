import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { CallQueues } from '../linux-6/smp';
import { arch_tlbbatch_add_mm, arch_tlbbatch_flush, flush_tlb_mm_range, TLB_FLUSH_ALL } from './tlb';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { barrier, read, write } from '../words/access';
import { atomic_inc, atomic_read, cmpxchg } from '../words/atomic';
import { cpumask_any_but } from '../words/bitops';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import { u32 } from '../words/widths';
import { pte_present, ptep_get_and_clear, read_pte, set_pte_at, swp_entry_to_pte } from './pgtable';

// mm/rmap.c, 4.2 to 5.17: reclaim removes a page from an address space. Since
// 4.3 it collects the CPUs to interrupt, and flushes once for many pages, long
// after releasing the locks of their page tables.
// Model: before 4.14, the TLB flush is that of 4.14.

/** A page that reclaim has found, and where it is mapped. */
export interface Mapped {
  readonly [key: string]: Mm | number | Word;
  readonly mm: Mm;
  readonly va: number;
  /** The lock of the page table that maps it. */
  readonly ptl: Word;
  /** Where its content will be on the swap device. */
  readonly swap: number;
}

/** TLB_FLUSH_BATCH_FLUSHED_SHIFT: the low half counts what waits, the high half what was flushed. */
const FLUSHED_SHIFT = 16;
const PENDING_MASK = 0x7fff;

/** Declares mm->tlb_flush_batched: a boolean, or both counts. Part of the boot. */
export function declareBatched(k: Kernel): void {
  for (const mm of k.mms) k.words.declareField(mm, 'tlb_flush_batched', u32, 0);
}

const tlb_flush_batched = (k: Kernel, mm: Mm): Word => k.words.word('tlb_flush_batched', mm);

/** mm/rmap.c:656-677 (4.14.177 to 5.17), set_tlb_ubc_flush_pending() in part: what it records in the address space, in every form. Model: leaves out the overflow of the count. */
const noteBatched = path(function* noteBatched(k: Kernel, mm: Mm): Path {
  if (k.after('batched-flush/note') && k.after('batched-flush/generations')) yield* atomic_inc(tlb_flush_batched(k, mm));
  if (k.after('batched-flush/note') && k.before('batched-flush/generations')) yield* write(tlb_flush_batched(k, mm), 1);
});

/** mm/rmap.c:656-677 (4.14.177), set_tlb_ubc_flush_pending(). Returns the batch with the CPUs that may have translations of `mm` added. */
const set_tlb_ubc_flush_pending = path(function* set_tlb_ubc_flush_pending(k: Kernel, t: TlbStates, batch: number, mm: Mm): Path<number> {
  const collected = yield* arch_tlbbatch_add_mm(t, batch, mm);
  yield* barrier();
  if (k.before('batched-flush/note-first') && k.before('batched-flush/note-unlocked')) yield* noteBatched(k, mm);
  return collected;
});

/** mm/rmap.c:664-677 (4.4 to 4.14), should_defer_flush(): only if another CPU has to be told. Model: leaves out get_cpu, put_cpu: no task changes its CPU here. */
const should_defer_flush = path(function* should_defer_flush(k: Kernel, t: TlbStates, mm: Mm): Path<boolean> {
  if (!k.since('4.3')) return false;
  return (yield* cpumask_any_but(t.mask(mm))) !== 0;
});

/**
 * mm/rmap.c:1297-1432 (4.4), try_to_unmap_one() in part: one page of anonymous memory. Until 4.2 each page is flushed separately.
 *
 * @returns whether the page was mapped there, and the batch
 */
export const try_to_unmap_one = path(function* try_to_unmap_one(k: Kernel, q: CallQueues, t: TlbStates, batch: number, { mm, va, ptl, swap }: Mapped): Path<number | null> {
  yield* arch_spin_lock(ptl);
  if (!pte_present(yield* read_pte(k, mm, va))) {
    yield* arch_spin_unlock(ptl);
    return null;
  }
  let collected = batch;
  const isDeferred = yield* should_defer_flush(k, t, mm);
  if (k.after('batched-flush/note-first') && isDeferred) yield* noteBatched(k, mm);
  yield* ptep_get_and_clear(k, mm, va);
  if (isDeferred) collected = yield* set_tlb_ubc_flush_pending(k, t, batch, mm);
  else yield* flush_tlb_mm_range(k, q, t, mm, va, va + 0x1000, false);
  yield* set_pte_at(k, mm, va, swp_entry_to_pte(swap));
  yield* arch_spin_unlock(ptl);
  if (k.after('batched-flush/note-unlocked') && isDeferred) yield* noteBatched(k, mm);
  return collected;
});

/** mm/rmap.c:635-645 (4.14.177), try_to_unmap_flush(). Model: leaves out tlb_ubc, arch, flush_required, writable: the batch is empty if no flush is required. */
export const try_to_unmap_flush = path(function* try_to_unmap_flush(k: Kernel, q: CallQueues, t: TlbStates, batch: number): Path {
  if (batch === 0) return;
  yield* arch_tlbbatch_flush(k, q, t, batch);
});

const flush_tlb_mm = (k: Kernel, q: CallQueues, t: TlbStates, mm: Mm) => flush_tlb_mm_range(k, q, t, mm, 0, TLB_FLUSH_ALL, false);

/** mm/rmap.c:707-722 (5.17-rc5), flush_tlb_batched_pending(): what was added during the flush still counts as waiting. Model: leaves out atomic_cmpxchg: it is cmpxchg(). */
const flushByGenerations = path(function* flushByGenerations(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm): Path {
  const batch = yield* atomic_read(tlb_flush_batched(k, mm));
  const pending = batch & PENDING_MASK;
  if (pending === batch >>> FLUSHED_SHIFT) return;
  yield* flush_tlb_mm(k, q, t, mm);
  if (k.before('batched-flush/read-again')) yield* cmpxchg(tlb_flush_batched(k, mm), batch, pending | (pending << FLUSHED_SHIFT));
  if (k.after('batched-flush/read-again')) yield* caughtUpWithAll(k, mm);
});

/** Ours: the lines of a wrong fix: everything that waits by then counts as flushed. */
const caughtUpWithAll = path(function* caughtUpWithAll(k: Kernel, mm: Mm): Path {
  const now = (yield* atomic_read(tlb_flush_batched(k, mm))) & PENDING_MASK;
  yield* write(tlb_flush_batched(k, mm), now | (now << FLUSHED_SHIFT));
});

/** mm/rmap.c:657-669 (4.13.9 to 5.16), flush_tlb_batched_pending(). */
const flushByFlag = path(function* flushByFlag(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm): Path {
  if ((yield* read(tlb_flush_batched(k, mm))) === 0) return;
  if (k.after('batched-flush/clear-first')) yield* write(tlb_flush_batched(k, mm), 0);
  yield* flush_tlb_mm(k, q, t, mm);
  yield* barrier();
  if (k.before('batched-flush/clear-first')) yield* write(tlb_flush_batched(k, mm), 0);
});

/** Ours: flush_tlb_batched_pending() in the form that the kernel has. Called under the lock of a page table. */
export const flush_tlb_batched_pending = path(function* flush_tlb_batched_pending(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm): Path {
  if (k.after('batched-flush/generations')) yield* flushByGenerations(k, q, t, mm);
  if (k.before('batched-flush/generations')) yield* flushByFlag(k, q, t, mm);
});
