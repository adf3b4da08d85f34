import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { CallQueues } from '../linux-6/smp';
import { flush_tlb_mm_range } from '../linux-6/tlb-flush';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';
import type { Address } from './mprotect';
import { pte_none, pte_present, ptep_get_and_clear, read_pte, set_pte_at } from './pgtable';
import { flush_tlb_batched_pending } from './rmap';

// mm/memory.c, 4.14: addresses are unmapped table by table, each under its lock;
// the flush comes at the end, if a page was there, and the pages go after it.

const PAGE_SIZE = 0x1000;

/** mm/memory.c (4.14), zap_pte_range(). Whether it has taken a page away. Model: one entry of the table. */
const zap_pte_range = path(function* zap_pte_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, { va, ptl }: Address): Path<boolean> {
  yield* arch_spin_lock(ptl);
  if (k.after('batched-flush/zap')) yield* flush_tlb_batched_pending(k, q, t, mm);
  const pte = yield* read_pte(k, mm, va);
  if (pte_present(pte)) yield* ptep_get_and_clear(k, mm, va);
  else if (!pte_none(pte)) yield* set_pte_at(k, mm, va, 0);
  yield* arch_spin_unlock(ptl);
  return pte_present(pte);
});

/** mm/memory.c (4.14), unmap_page_range(), with the flush of tlb_finish_mmu(). Returns the addresses whose pages it has taken away. */
export const unmap_page_range = path(function* unmap_page_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, range: readonly Address[]): Path<readonly number[]> {
  const gone: number[] = [];
  for (const address of range) if (yield* zap_pte_range(k, q, t, mm, address)) gone.push(address.va);
  if (gone.length > 0) yield* flush_tlb_mm_range(k, q, t, mm, gone[0]!, gone.at(-1)! + PAGE_SIZE, false);
  return gone;
});
