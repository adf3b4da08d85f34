import type { Cpu } from '../../hardware/cpu';
import { cli, invlpg, movFromCr3, movToCr3, sti } from '../../hardware/instructions';
import { path, silently, type Path } from '../../path';
import type { Value } from '../../state/hash';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import { READ_ONCE, smp_rmb, this_cpu_read } from '../words/access';
import { atomic_inc_return } from '../words/atomic';
import { cpumask_any_but, cpumask_clear_cpu, cpumask_copy } from '../words/bitops';
import { CondFunc, smp_call_function_many_cond, type CallQueues } from './smp';
import { switch_mm_irqs_off } from './tlb-switch';
import { LOADED_MM_SWITCHING, type TlbStates } from './tlbstate';

// arch/x86/mm/tlb.c, 6.12 to 6.18: a flush increments tlb_gen, then tells the CPUs
// in the mask that have the address space loaded; each catches up to the generation.

const PAGE_SIZE = 0x1000;

/** The generation of a flush that is not for a particular address space. */
export const TLB_GENERATION_INVALID = 0;

/** tlb_single_page_flush_ceiling: longer ranges are flushed as a whole. */
export const tlb_single_page_flush_ceiling = 33;

/** TLB_FLUSH_ALL: the end of a range that stands for everything. */
export const TLB_FLUSH_ALL = -1;

/** struct flush_tlb_info. */
export interface FlushTlbInfo {
  readonly [key: string]: Value;
  readonly t: TlbStates;
  /** Null for a batch: whatever address space a CPU has loaded catches up. */
  readonly mm: Mm | null;
  readonly start: number;
  readonly end: number;
  readonly new_tlb_gen: number;
  readonly freed_tables: boolean;
}

export const ownContext = silently('loaded_mm_asid, ctxs[loaded_mm_asid].tlb_gen', (cpu: Cpu, t: TlbStates) => {
  const { loaded_mm_asid, tlb_gen } = t.of(cpu);
  return { asid: loaded_mm_asid, gen: tlb_gen[loaded_mm_asid]! };
});

export const caughtUp = silently((_t, _asid: number, gen: number) => `ctxs[loaded_mm_asid].tlb_gen = ${gen}`, (cpu: Cpu, t: TlbStates, asid: number, gen: number) => {
  const own = t.of(cpu);
  own.tlb_gen = own.tlb_gen.map((old, i) => (i === asid ? gen : old));
});

/**
 * arch/x86/mm/tlb.c:1231-1244 (6.14), native_flush_tlb_local(): two instructions, of which the second serialises.
 * Model: leaves out invalidate_user_asid, loaded_mm_asid: page tables are not split.
 */
export const flush_tlb_local = path(function* flush_tlb_local(): Path {
  const cr3 = yield* movFromCr3();
  yield* movToCr3(cr3);
});

/**
 * arch/x86/mm/tlb.c:735-894 (6.14 to 6.14.7), flush_tlb_func(). Interrupts are off.
 * Model: leaves out initiating_cpu, ctx_id, new_tlb_gen, end, start, stride_shift: locals and fields of the request.
 * Model: leaves out this_cpu_write: caughtUp().
 * Model: adds ownContext, caughtUp: the contexts of the CPU, which only the CPU itself uses.
 */
export const flush_tlb_func = path(function* flush_tlb_func(k: Kernel, f: FlushTlbInfo): Path {
  const { t, mm } = f;
  const loaded_mm = (yield* this_cpu_read(t.loaded_mm)) as Mm;
  const own = yield* ownContext(t);
  if (mm !== null && mm !== loaded_mm) {
    if (k.since('6.14')) yield* cpumask_clear_cpu(t.mask(mm));
    return;
  }
  if (loaded_mm === k.init_mm) return;
  if (yield* this_cpu_read(t.is_lazy)) {
    yield* switch_mm_irqs_off(k, t, k.init_mm);
    return;
  }
  if (f.new_tlb_gen !== TLB_GENERATION_INVALID && f.new_tlb_gen <= own.gen) return;
  const mm_tlb_gen = yield* READ_ONCE(t.gen(loaded_mm));
  if (own.gen === mm_tlb_gen) return;
  const isPartial = f.end !== TLB_FLUSH_ALL && f.new_tlb_gen === own.gen + 1 && f.new_tlb_gen === mm_tlb_gen;
  if (!isPartial) yield* flush_tlb_local();
  for (let addr = f.start; isPartial && addr < f.end; addr += PAGE_SIZE) yield* invlpg(addr);
  yield* caughtUp(t, own.asid, mm_tlb_gen);
});

/**
 * arch/x86/mm/tlb.c:896-917 (6.14 to 6.14.7), should_flush_tlb(). 6.12 checks only is_lazy. Model: leaves out mm, trim_cpumask: fields of the request.
 * Model: leaves out the trimming of the mask once a second, without which fewer interrupts are sent.
 */
const should_flush_tlb = path(function* should_flush_tlb(k: Kernel, cpu: Cpu, info: FlushTlbInfo): Path<boolean> {
  const { t, mm } = info;
  if (!hasTrimming(k)) return !(yield* READ_ONCE(t.is_lazy.of(cpu)));
  if (k.after('skipped-flush/filter')) return yield* knowsSwitching(t, cpu, mm);
  return yield* knowsLoaded(t, cpu, mm);
});

/** 6db2526c1d69 is in 6.14, and went into the stable trees in February 2025. */
const hasTrimming = (k: Kernel): boolean => k.since('6.12.14');

/** Ours: the filter before the patch, which checks is_lazy first. */
const knowsLoaded = path(function* knowsLoaded(t: TlbStates, cpu: Cpu, mm: Mm | null): Path<boolean> {
  if (yield* READ_ONCE(t.is_lazy.of(cpu))) return false;
  if (mm === null) return true;
  return (yield* READ_ONCE(t.loaded_mm.of(cpu))) === mm;
});

/** Ours: the filter of the patch, which checks loaded_mm first and treats a CPU that is switching like one that has finished. */
const knowsSwitching = path(function* knowsSwitching(t: TlbStates, cpu: Cpu, mm: Mm | null): Path<boolean> {
  const loaded_mm = yield* READ_ONCE(t.loaded_mm.of(cpu));
  yield* smp_rmb();
  if (yield* READ_ONCE(t.is_lazy.of(cpu))) return false;
  return mm === null || loaded_mm === LOADED_MM_SWITCHING || loaded_mm === mm;
});

const everyCpu = new CondFunc('every CPU of the mask', silently('every CPU', () => true) as never);
const needsFlush = new CondFunc('should_flush_tlb', should_flush_tlb as never);

/**
 * arch/x86/mm/tlb.c:931-961 (6.14), native_flush_tlb_multi().
 * Model: leaves out end, start: for a trace.
 */
const native_flush_tlb_multi = path(function* native_flush_tlb_multi(k: Kernel, q: CallQueues, mask: number, info: FlushTlbInfo): Path {
  yield* smp_call_function_many_cond(k, q, mask, info, info.freed_tables ? everyCpu : needsFlush);
});

/**
 * arch/x86/mm/tlb.c:1024-1065 (6.14 to 6.14.7), flush_tlb_mm_range().
 * Model: leaves out get_cpu, put_cpu, get_flush_tlb_info, put_flush_tlb_info, trim_cpumask, should_trim_cpumask, mmu_notifier_arch_invalidate_secondary_tlbs: no task changes its CPU here; the request is a value; see should_flush_tlb(); no device caches translations.
 */
export const flush_tlb_mm_range = path(function* flush_tlb_mm_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, start: number, end: number, freed_tables: boolean): Path {
  const isFew = end !== TLB_FLUSH_ALL && (end - start) / PAGE_SIZE <= tlb_single_page_flush_ceiling;
  const new_tlb_gen = yield* atomic_inc_return(t.gen(mm));
  const info: FlushTlbInfo = { t, mm, start: isFew ? start : 0, end: isFew ? end : TLB_FLUSH_ALL, new_tlb_gen, freed_tables };
  if ((yield* cpumask_any_but(t.mask(mm))) !== 0) {
    yield* native_flush_tlb_multi(k, q, yield* cpumask_copy(t.mask(mm)), info);
  } else if (mm === (yield* this_cpu_read(t.loaded_mm))) {
    yield* cli();
    yield* flush_tlb_func(k, info);
    yield* sti();
  }
});

const smp_processor_id = silently('smp_processor_id()', (cpu: Cpu) => cpu.id);

/**
 * Ours: arch_tlbbatch_add_pending() and arch_tlbbatch_flush() of 6.14, for a batch of one address space: reclaim has removed an entry of `mm`, and the CPUs in its mask catch up, whatever they have loaded.
 */
export const flush_batch_of_one = path(function* flush_batch_of_one(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm): Path {
  yield* atomic_inc_return(t.gen(mm));
  const batch = yield* cpumask_copy(t.mask(mm));
  const info: FlushTlbInfo = { t, mm: null, start: 0, end: TLB_FLUSH_ALL, new_tlb_gen: TLB_GENERATION_INVALID, freed_tables: false };
  const self = 1 << (yield* smp_processor_id());
  if ((batch & ~self) !== 0) {
    yield* native_flush_tlb_multi(k, q, batch, info);
  } else if ((batch & self) !== 0) {
    yield* cli();
    yield* flush_tlb_func(k, info);
    yield* sti();
  }
});
