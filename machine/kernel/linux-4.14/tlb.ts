import type { Cpu } from '../../hardware/cpu';
import { cli, invlpg, popf, pushf, sti } from '../../hardware/instructions';
import { path, silently, type Path } from '../../path';
import { WARN_ON } from '../bug';
import type { Kernel } from '../kernel';
import { choose_new_asid, contextIs, isUpToDate, load_new_mm_cr3, loaded_mm_asid, setAsid } from '../linux-6/asids';
import { CondFunc, smp_call_function_many, smp_call_function_many_cond, type CallQueues } from '../linux-6/smp';
import { caughtUp, flush_tlb_local, ownContext, TLB_FLUSH_ALL, TLB_GENERATION_INVALID, tlb_single_page_flush_ceiling, type FlushTlbInfo } from '../linux-6/tlb-flush';
import { LOADED_MM_SWITCHING, type TlbStates } from '../linux-6/tlbstate';
import type { Mm } from '../task';
import { READ_ONCE, smp_mb, this_cpu_read, this_cpu_write } from '../words/access';
import { atomic_inc_return, atomic_read } from '../words/atomic';
import { cpumask_any_but, cpumask_clear_cpu, cpumask_copy, cpumask_set_cpu } from '../words/bitops';

// arch/x86/mm/tlb.c, 4.14 to 5.10: a flush increments tlb_gen, flushes here, and
// then tells the other CPUs in the mask, which is exact. Until 4.19 a lazy CPU is
// told like any other, and one with address-space identifiers is never lazy;
// since 4.20 a lazy one is left out unless page tables are freed.

export { TLB_FLUSH_ALL, type FlushTlbInfo };

const PAGE_SIZE = 0x1000;

/** 145f573b89a6 and its neighbours are in 4.20: every CPU may be lazy, and catches up when it returns. */
const isLazier = (k: Kernel): boolean => k.since('4.20');

/** arch/x86/mm/tlb.c:272-443 (4.20 to 5.10), switch_mm_irqs_off() in part: its lines for a CPU that already has the address space; until 4.19 it returns at once. */
const stayOn = path(function* stayOn(k: Kernel, t: TlbStates, mm: Mm, asid: number, was_lazy: boolean): Path {
  if (!isLazier(k) || !was_lazy) return;
  yield* smp_mb();
  const next_tlb_gen = yield* atomic_read(t.gen(mm));
  if (yield* isUpToDate(t, asid, next_tlb_gen)) return;
  yield* contextIs(t, mm, asid, next_tlb_gen);
  yield* load_new_mm_cr3(mm, asid, true);
});

/** arch/x86/mm/tlb.c:272-405 (4.14.177 to 5.10), switch_mm_irqs_off() in part: whether this CPU was lazy, if the release checks that. */
const leaveLazyMode = path(function* leaveLazyMode(k: Kernel, t: TlbStates): Path<boolean> {
  const was_lazy = isLazier(k) && (yield* this_cpu_read(t.is_lazy));
  if (!isLazier(k) || was_lazy) yield* this_cpu_write(t.is_lazy, false);
  return was_lazy;
});

/**
 * arch/x86/mm/tlb.c:272-405 (4.14.177 to 5.10), switch_mm_irqs_off(). Interrupts are off. Until 4.13 the CPU left the mask of `prev` after it
 * had loaded CR3; from 4.14 to 6.13 it leaves before.
 * Model: leaves out load_mm_cr4, switch_ldt, cond_ibpb, sync_current_stack_to_mm, ctx_id: CR4 and the local descriptor table stay, there is no speculation to guard against, the stack is mapped everywhere, and contextIs() records
 * whose context it is.
 * Model: leaves out __read_cr3, build_cr3, pgd, __flush_tlb_all, cpumask_test_cpu: checks, after each of which the C warns.
 * Model: until 4.19 loaded_mm does not say that CR3 is being changed; 4.14.177 has that too, and only an NMI on this CPU could tell.
 * Model: from 4.20 to 5.12 is_lazy is cleared whether or not it is set, and a CPU that stays with its address space stores loaded_mm again; left out, since it changes no value.
 */
export const switch_mm_irqs_off = path(function* switch_mm_irqs_off(k: Kernel, t: TlbStates, next: Mm): Path {
  const real_prev = (yield* this_cpu_read(t.loaded_mm)) as Mm;
  const prev_asid = yield* loaded_mm_asid(t);
  const was_lazy = yield* leaveLazyMode(k, t);
  if (real_prev === next) return yield* stayOn(k, t, next, prev_asid, was_lazy);
  // Since 4.19 the mask of init_mm is empty.
  if (!k.since('4.19') || real_prev !== k.init_mm) yield* cpumask_clear_cpu(t.mask(real_prev));
  if (!k.since('4.19') || next !== k.init_mm) yield* cpumask_set_cpu(t.mask(next));
  const next_tlb_gen = yield* atomic_read(t.gen(next));
  const { asid, need_flush } = yield* choose_new_asid(t, next, next_tlb_gen);
  if (k.since('4.19')) yield* this_cpu_write(t.loaded_mm, LOADED_MM_SWITCHING);
  if (need_flush) yield* contextIs(t, next, asid, next_tlb_gen);
  yield* load_new_mm_cr3(next, asid, need_flush);
  yield* this_cpu_write(t.loaded_mm, next);
  yield* setAsid(t, asid);
});

/** arch/x86/mm/tlb.c:151-159 (4.14.177 to 5.10), switch_mm(). */
export const switch_mm = path(function* switch_mm(k: Kernel, t: TlbStates, next: Mm): Path {
  const flags = yield* pushf();
  yield* cli();
  yield* switch_mm_irqs_off(k, t, next);
  yield* popf(flags);
});

/** arch/x86/mm/tlb.c:129-148 (4.14.177 to 5.10), leave_mm(): an idle driver calls this before a deep sleep in which the CPU should not be woken for flushes. */
export const leave_mm = path(function* leave_mm(k: Kernel, t: TlbStates): Path {
  if ((yield* this_cpu_read(t.loaded_mm)) === k.init_mm) return;
  yield* WARN_ON(k, !(yield* this_cpu_read(t.is_lazy)), 'leave_mm(): this CPU is not lazy');
  yield* switch_mm(k, t, k.init_mm);
});

/** arch/x86/include/asm/tlbflush.h:151-165 (4.14.177 to 4.19), tlb_defer_switch_to_init_mm(): deferring pays off unless the CPU has identifiers, with which loading init_mm drops nothing. */
const tlb_defer_switch_to_init_mm = silently('tlb_defer_switch_to_init_mm()', (cpu: Cpu) => !cpu.hasPcids);

/** arch/x86/mm/tlb.c:420-439 (4.14.177 to 5.10), enter_lazy_tlb(): until 4.19, a CPU with identifiers leaves the address space at once. */
export const enter_lazy_tlb = path(function* enter_lazy_tlb(k: Kernel, t: TlbStates): Path {
  if ((yield* this_cpu_read(t.loaded_mm)) === k.init_mm) return;
  const isDeferred = isLazier(k) || (yield* tlb_defer_switch_to_init_mm());
  if (isDeferred) yield* this_cpu_write(t.is_lazy, true);
  else yield* switch_mm(k, t, k.init_mm);
});

/** arch/x86/mm/tlb.c:493-606 (4.14.177 to 5.10), flush_tlb_func_common(). Interrupts are off. Model: leaves out ctx_id, new_tlb_gen, start, end, this_cpu_write: the check of a context, and fields of the request; the last is caughtUp(). Model: leaves out local_flush_tlb: it is flush_tlb_local(). Model: adds flush_tlb_local, ownContext, caughtUp: see linux-6/tlb-flush.ts. */
const flush_tlb_func_common = path(function* flush_tlb_func_common(k: Kernel, f: FlushTlbInfo): Path {
  const { t } = f;
  const loaded_mm = (yield* this_cpu_read(t.loaded_mm)) as Mm;
  const mm_tlb_gen = yield* atomic_read(t.gen(loaded_mm));
  const own = yield* ownContext(t);
  if (loaded_mm === k.init_mm) return;
  if (yield* this_cpu_read(t.is_lazy)) return yield* switch_mm_irqs_off(k, t, k.init_mm);
  if (own.gen === mm_tlb_gen) return;
  const isPartial = f.end !== TLB_FLUSH_ALL && f.new_tlb_gen === own.gen + 1 && f.new_tlb_gen === mm_tlb_gen;
  if (!isPartial) yield* flush_tlb_local();
  for (let addr = f.start; isPartial && addr < f.end; addr += PAGE_SIZE) yield* invlpg(addr);
  yield* caughtUp(t, own.asid, mm_tlb_gen);
});

/** arch/x86/mm/tlb.c:615-626 (4.14.177 to 5.10), flush_tlb_func_remote(): what the interrupt does on the CPU that receives it. Model: leaves out mm: a field of the request. */
export const flush_tlb_func_remote = path(function* flush_tlb_func_remote(k: Kernel, f: FlushTlbInfo): Path {
  if (f.mm !== null && f.mm !== (yield* this_cpu_read(f.t.loaded_mm))) return;
  yield* flush_tlb_func_common(k, f);
});

/** arch/x86/mm/tlb.c:655-658 (4.20 to 5.10), tlb_is_not_lazy(). */
const tlb_is_not_lazy = path(function* tlb_is_not_lazy(_k: Kernel, cpu: Cpu, { t }: FlushTlbInfo): Path<boolean> {
  return !(yield* READ_ONCE(t.is_lazy.of(cpu)));
});

const NOT_LAZY = new CondFunc('tlb_is_not_lazy', tlb_is_not_lazy as never);

/** arch/x86/mm/tlb.c:628-662 (4.14.177 to 4.19), native_flush_tlb_others(); arch/x86/mm/tlb.c:660-712 (4.20 to 5.10), native_flush_tlb_others(). Model: leaves out start, end, freed_tables, is_uv_system, uv_flush_tlb_others: for a trace, a field of the request, and machines that flush in another way. */
const native_flush_tlb_others = path(function* native_flush_tlb_others(k: Kernel, q: CallQueues, mask: number, info: FlushTlbInfo): Path {
  if (isLazier(k) && !info.freed_tables) yield* smp_call_function_many_cond(k, q, mask, info, NOT_LAZY);
  else yield* smp_call_function_many(k, q, mask, info);
});

/** arch/x86/mm/tlb.c:608-613 (4.14.177 to 5.10), flush_tlb_func_local(), with interrupts off around it. */
const flush_tlb_func_local = path(function* flush_tlb_func_local(k: Kernel, info: FlushTlbInfo): Path {
  yield* cli();
  yield* flush_tlb_func_common(k, info);
  yield* sti();
});

/**
 * arch/x86/mm/tlb.c:676-712 (4.14.177 to 5.10), flush_tlb_mm_range(): this CPU first, then the others. `freed_tables` exists since 4.20, and nothing uses it before.
 * Model: leaves out get_cpu(), put_cpu(): no task changes its CPU here.
 * Model: leaves out new_tlb_gen, start, end: fields of the request.
 * Model: leaves out local_irq_disable, local_irq_enable, flush_tlb_others: in flush_tlb_func_local(), and native_flush_tlb_others().
 */
export const flush_tlb_mm_range = path(function* flush_tlb_mm_range(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, start: number, end: number, freed_tables: boolean): Path {
  const isFew = end !== TLB_FLUSH_ALL && (end - start) / PAGE_SIZE <= tlb_single_page_flush_ceiling;
  const new_tlb_gen = yield* atomic_inc_return(t.gen(mm));
  const info: FlushTlbInfo = { t, mm, start: isFew ? start : 0, end: isFew ? end : TLB_FLUSH_ALL, new_tlb_gen, freed_tables };
  if (mm === (yield* this_cpu_read(t.loaded_mm))) yield* flush_tlb_func_local(k, info);
  if ((yield* cpumask_any_but(t.mask(mm))) !== 0) yield* native_flush_tlb_others(k, q, yield* cpumask_copy(t.mask(mm)), info);
});

/** arch/x86/include/asm/tlbflush.h:571-574 (4.14.177 to 5.11), flush_tlb_page(). */
export const flush_tlb_page = path(function* flush_tlb_page(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, a: number): Path {
  yield* flush_tlb_mm_range(k, q, t, mm, a, a + PAGE_SIZE, false);
});

const smp_processor_id = silently('smp_processor_id()', (cpu: Cpu) => cpu.id);

/** arch/x86/include/asm/tlbflush.h:590-595 (4.14.177), arch_tlbbatch_add_mm(): increments the generation, and adds the CPUs in the mask to the batch. Returns the batch, which is private to the task that collects it. Model: leaves out cpumask_or, cpumask: the batch is a value. */
export const arch_tlbbatch_add_mm = path(function* arch_tlbbatch_add_mm(t: TlbStates, batch: number, mm: Mm): Path<number> {
  yield* atomic_inc_return(t.gen(mm));
  const mask = yield* cpumask_copy(t.mask(mm));
  return batch | mask;
});

/** arch/x86/mm/tlb.c:752-775 (4.14.177 to 5.10), arch_tlbbatch_flush(): whatever the CPUs of the batch have loaded catches up to its generation. Model: leaves out get_cpu, put_cpu: no task changes its CPU here. Model: leaves out mm, start, end: fields of the request. Model: leaves out cpumask_test_cpu, cpumask_any_but, cpumask_clear, cpumask: the batch is a value. Model: leaves out local_irq_disable, local_irq_enable, flush_tlb_others: in flush_tlb_func_local(), and native_flush_tlb_others(). */
export const arch_tlbbatch_flush = path(function* arch_tlbbatch_flush(k: Kernel, q: CallQueues, t: TlbStates, batch: number): Path {
  const info: FlushTlbInfo = { t, mm: null, start: 0, end: TLB_FLUSH_ALL, new_tlb_gen: TLB_GENERATION_INVALID, freed_tables: false };
  const self = 1 << (yield* smp_processor_id());
  if ((batch & self) !== 0) yield* flush_tlb_func_local(k, info);
  if ((batch & ~self) !== 0) yield* native_flush_tlb_others(k, q, batch, info);
});
