import { path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import { READ_ONCE, smp_mb, smp_store_release, this_cpu_read, this_cpu_write } from '../words/access';
import { cpumask_clear_cpu, cpumask_set_cpu, cpumask_test_cpu } from '../words/bitops';
import { choose_new_asid, contextIs, isUpToDate, load_new_mm_cr3, loaded_mm_asid, setAsid } from './asids';
import { LOADED_MM_SWITCHING, type TlbStates } from './tlbstate';

// arch/x86/mm/tlb.c, 6.12 to 6.18: loading another address space. Its loaded_mm decides
// whether a CPU is told of flushes, and from tlb_gen it finds out what it has missed.

/** Ours: the lines of switch_mm_irqs_off() that make others interrupt this CPU. Until 6.13 the mask is exact; since 6.14 a CPU leaves it lazily, and enters it only if it is not in it. */
const startReceivingIpis = path(function* startReceivingIpis(k: Kernel, t: TlbStates, next: Mm): Path {
  if (!isLazyMask(k)) {
    yield* cpumask_set_cpu(t.mask(next));
    return;
  }
  const isThere = yield* cpumask_test_cpu(t.mask(next));
  if (!isThere) yield* cpumask_set_cpu(t.mask(next));
  if (k.after('skipped-flush/barrier') && isThere) yield* smp_mb();
});

/** 209954cbc7d0 is in 6.14, and not in the stable trees of 6.12 and before. */
const isLazyMask = (k: Kernel): boolean => k.since('6.14');

/**
 * arch/x86/mm/tlb.c:499-654 (6.14 to 6.18), switch_mm_irqs_off(). Interrupts are off.
 * Model: leaves out linear-address masking, CR4, the local descriptor table, speculation barriers.
 * Model: leaves out __read_cr3, build_cr3, pgd, tlbstate_lam_cr3_mask, __flush_tlb_all, ctx_id, cond_mitigation, mm_lam_cr3_mask, cpu_tlbstate_update_lam, mm_untag_mask, cr4_update_pce_mm, switch_ldt: checks, and the above.
 * Model: a CPU that stays with its address space stores loaded_mm and loaded_mm_asid again as they are; left out, since it changes no value.
 */
export const switch_mm_irqs_off = path(function* switch_mm_irqs_off(k: Kernel, t: TlbStates, next: Mm): Path {
  const prev = (yield* this_cpu_read(t.loaded_mm)) as Mm;
  const prev_asid = yield* loaded_mm_asid(t);
  const was_lazy = yield* this_cpu_read(t.is_lazy);
  if (was_lazy) yield* this_cpu_write(t.is_lazy, false);
  if (prev === next) {
    if (!was_lazy) return;
    yield* smp_mb();
    const now = yield* READ_ONCE(t.gen(next));
    if (yield* isUpToDate(t, prev_asid, now)) return;
    yield* contextIs(t, next, prev_asid, now);
    yield* load_new_mm_cr3(next, prev_asid, true);
    return;
  }
  if (!isLazyMask(k) && prev !== k.init_mm) yield* cpumask_clear_cpu(t.mask(prev));
  if (k.after('skipped-flush/bit-first')) yield* cpumask_set_cpu(t.mask(next));
  if (k.after('skipped-flush/barrier-before')) yield* smp_mb();
  if (k.after('skipped-flush/switching-first') && k.before('skipped-flush/release')) yield* this_cpu_write(t.loaded_mm, LOADED_MM_SWITCHING);
  if (k.after('skipped-flush/release')) yield* smp_store_release(t.loaded_mm, LOADED_MM_SWITCHING);
  if (next !== k.init_mm) yield* startReceivingIpis(k, t, next);
  const next_tlb_gen = yield* READ_ONCE(t.gen(next));
  const { asid, need_flush } = yield* choose_new_asid(t, next, next_tlb_gen);
  if (k.before('skipped-flush/switching-first')) yield* this_cpu_write(t.loaded_mm, LOADED_MM_SWITCHING);
  if (need_flush) yield* contextIs(t, next, asid, next_tlb_gen);
  yield* load_new_mm_cr3(next, asid, need_flush);
  if (k.after('skipped-flush/barrier-after-cr3')) yield* smp_mb();
  yield* this_cpu_write(t.loaded_mm, next);
  yield* setAsid(t, asid);
});

/** arch/x86/mm/tlb.c:669-675 (6.14), enter_lazy_tlb(): a plain store, which may wait. */
export const enter_lazy_tlb = path(function* enter_lazy_tlb(k: Kernel, t: TlbStates): Path {
  if ((yield* this_cpu_read(t.loaded_mm)) === k.init_mm) return;
  yield* this_cpu_write(t.is_lazy, true);
});
