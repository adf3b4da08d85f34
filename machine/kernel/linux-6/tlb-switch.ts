import type { Cpu } from '../../hardware/cpu';
import { movToCr3, movToCr3NoFlush } from '../../hardware/instructions';
import { path, silently, type Path } from '../../path';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import { READ_ONCE, smp_mb, smp_store_release, this_cpu_read, this_cpu_write } from '../words/access';
import { cpumask_clear_cpu, cpumask_set_cpu, cpumask_test_cpu } from '../words/bitops';
import { LOADED_MM_SWITCHING, TLB_NR_DYN_ASIDS, type TlbStates } from './tlbstate';

// arch/x86/mm/tlb.c, 6.12 to 6.18: loading another address space. A CPU is told of
// flushes by what its loaded_mm says, and finds out by tlb_gen what it has missed.

/** An address-space identifier for the CPU's next address space, and whether its translations must go. */
interface Asid {
  readonly [key: string]: number | boolean;
  readonly asid: number;
  readonly need_flush: boolean;
}

/** arch/x86/mm/tlb.c (6.14.7), choose_new_asid(). Only this CPU looks at its contexts, with interrupts off. */
const choose_new_asid = silently((_t, next: Mm) => `choose_new_asid(${next.name})`, (cpu: Cpu, t: TlbStates, next: Mm, next_tlb_gen: number): Asid => {
  if (!cpu.hasPcids) return { asid: 0, need_flush: true };
  const own = t.of(cpu);
  const slot = own.ctx.indexOf(next);
  if (slot >= 0) return { asid: slot, need_flush: own.tlb_gen[slot]! < next_tlb_gen };
  const asid = own.next_asid >= TLB_NR_DYN_ASIDS ? 0 : own.next_asid;
  own.next_asid = asid + 1;
  return { asid, need_flush: true };
});

const contextIs = silently((_t, mm: Mm, asid: number) => `ctxs[${asid}] = { ${mm.name}, tlb_gen }`, (cpu: Cpu, t: TlbStates, mm: Mm, asid: number, tlb_gen: number) => {
  const own = t.of(cpu);
  own.ctx = own.ctx.map((old, i) => (i === asid ? mm : old));
  own.tlb_gen = own.tlb_gen.map((old, i) => (i === asid ? tlb_gen : old));
});

const loaded_mm_asid = silently('cpu_tlbstate.loaded_mm_asid', (cpu: Cpu, t: TlbStates) => t.of(cpu).loaded_mm_asid);

const setAsid = silently((_t, asid: number) => `cpu_tlbstate.loaded_mm_asid = ${asid}`, (cpu: Cpu, t: TlbStates, asid: number) => {
  t.of(cpu).loaded_mm_asid = asid;
});

/** What CR3 is to hold: the page directory and, with identifiers, asid + 1. */
const build_cr3 = silently((mm: Mm, asid: number) => `build_cr3(${mm.name}->pgd, ${asid})`, (cpu: Cpu, mm: Mm, asid: number) => mm.pgd + (cpu.hasPcids ? asid + 1 : 0));

/** arch/x86/mm/tlb.c (6.14.7), load_new_mm_cr3(): serialises, and keeps the translations of the identifier where they are up to date. */
const load_new_mm_cr3 = path(function* load_new_mm_cr3(mm: Mm, asid: number, need_flush: boolean): Path {
  const cr3 = yield* build_cr3(mm, asid);
  if (need_flush) yield* movToCr3(cr3);
  else yield* movToCr3NoFlush(cr3);
});

/** Ours: the lines of switch_mm_irqs_off() that let others know this CPU. Until 6.13 the mask is exact; since 6.14 a CPU leaves it lazily, and enters it only if it is not there. */
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
 * arch/x86/mm/tlb.c (6.12.14 to 6.18), switch_mm_irqs_off(). Interrupts are off.
 * Model: leaves out linear-address masking, CR4, the local descriptor table, speculation barriers.
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

const isUpToDate = silently('ctxs[asid].tlb_gen == next_tlb_gen', (cpu: Cpu, t: TlbStates, asid: number, gen: number) => t.of(cpu).tlb_gen[asid] === gen);

/** arch/x86/mm/tlb.c (6.14.7), enter_lazy_tlb(): a plain store, which may wait. */
export const enter_lazy_tlb = path(function* enter_lazy_tlb(k: Kernel, t: TlbStates): Path {
  if ((yield* this_cpu_read(t.loaded_mm)) === k.init_mm) return;
  yield* this_cpu_write(t.is_lazy, true);
});
