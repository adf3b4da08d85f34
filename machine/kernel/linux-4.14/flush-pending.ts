import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import { atomic_dec, atomic_inc, atomic_read } from '../words/atomic';
import type { Word } from '../words/layout';
import { u32 } from '../words/widths';

// include/linux/mm_types.h, 4.13 to 6.18: how many paths have changed entries
// of an address space and not flushed yet.

/** Declares mm->tlb_flush_pending. Part of the boot. */
export function declareFlushPending(k: Kernel): void {
  for (const mm of k.mms) k.words.declareField(mm, 'tlb_flush_pending', u32, 0);
}

/** mm->tlb_flush_pending. */
export const tlb_flush_pending = (k: Kernel, mm: Mm): Word => k.words.word('tlb_flush_pending', mm);

/** include/linux/mm_types.h:554-563 (4.13.9 to 6.18), inc_tlb_flush_pending(): before the lock of the page table is taken. */
export const inc_tlb_flush_pending = path(function* inc_tlb_flush_pending(k: Kernel, mm: Mm): Path {
  yield* atomic_inc(tlb_flush_pending(k, mm));
});

/** include/linux/mm_types.h:566-576 (4.13.9 to 6.18), dec_tlb_flush_pending(): after TLBs have been flushed. */
export const dec_tlb_flush_pending = path(function* dec_tlb_flush_pending(k: Kernel, mm: Mm): Path {
  yield* atomic_dec(tlb_flush_pending(k, mm));
});

/** include/linux/mm_types.h:536-539 (4.13.9 to 6.18), mm_tlb_flush_pending(): whether any path has. Reliable only under the lock of the page table. */
export const mm_tlb_flush_pending = path(function* mm_tlb_flush_pending(k: Kernel, mm: Mm): Path<boolean> {
  return (yield* atomic_read(tlb_flush_pending(k, mm))) !== 0;
});

/** include/linux/mm_types.h:544-547 (4.13.9 to 6.18), mm_tlb_flush_nested(): whether others have too, when the caller has. */
export const mm_tlb_flush_nested = path(function* mm_tlb_flush_nested(k: Kernel, mm: Mm): Path<boolean> {
  return (yield* atomic_read(tlb_flush_pending(k, mm))) > 1;
});
