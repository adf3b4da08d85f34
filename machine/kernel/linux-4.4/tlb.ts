import type { Cpu } from '../../hardware/cpu';
import { invlpg, iret, movFromCr3, movToCr3, sendIpi } from '../../hardware/instructions';
import type { TrapFrame } from '../../hardware/interrupts';
import { instruction, path, silently, type Path } from '../../path';
import { answersOf } from '../answers';
import type { Kernel } from '../kernel';
import { load_cr3 } from '../linux-2.6/mm/mmu_context';
import { mm_cpumask } from './mmu_context';
import { preempt_disable, preempt_enable } from '../linux-2.6/sched/preempt';
import type { Mm } from '../task';
import { smp_mb, smp_wmb } from '../words/access';
import { cpumask_any_but, cpumask_clear_cpu, cpumask_test_cpu } from '../words/bitops';

// arch/x86/mm/tlb.c, 4.4: a flush tells only the CPUs that the mask names. A
// store to the page table comes first; the load of the mask can overtake it
// unless there is a barrier in between.

/** arch/x86/include/asm/irq_vectors.h. */
export const CALL_FUNCTION_VECTOR = 0xfb;

/** The end of a range that stands for everything. */
export const TLB_FLUSH_ALL = 0xffffffff;

/** tlb_single_page_flush_ceiling: longer ranges are flushed as a whole. */
const tlb_single_page_flush_ceiling = 33;

const PAGE_SIZE = 0x1000;

/** arch/x86/include/asm/tlbflush.h:87-90 (4.4), __native_flush_tlb(): two instructions, of which the second serialises. */
const local_flush_tlb = path(function* local_flush_tlb(): Path {
  const cr3 = yield* movFromCr3();
  yield* movToCr3(cr3);
});

/** arch/x86/mm/tlb.c:183-222 (4.4), flush_tlb_mm_range() in part: one page after the other, or everything. */
const flushHere = path(function* flushHere(start: number, end: number): Path {
  if (end === TLB_FLUSH_ALL) yield* local_flush_tlb();
  for (let addr = start; end !== TLB_FLUSH_ALL && addr < end; addr += PAGE_SIZE) yield* invlpg(addr);
});

const bugIfOk = instruction('BUG_ON(cpu_tlbstate.state == TLBSTATE_OK)', (cpu: Cpu, k: Kernel) => {
  if (k.tlbstate(cpu).state === 'TLBSTATE_OK') k.current(cpu).oops = 'kernel BUG in leave_mm(): this CPU is not lazy';
});

const active_mm = silently('cpu_tlbstate.active_mm', (cpu: Cpu, k: Kernel) => k.tlbstate(cpu).active_mm!);

/** arch/x86/mm/tlb.c:41-57 (4.4), leave_mm(): if the bit is already clear there is nothing left to do, and so no barrier. */
export const leave_mm = path(function* leave_mm(k: Kernel): Path {
  yield* bugIfOk(k);
  const mm = yield* active_mm(k);
  if (yield* cpumask_test_cpu(mm_cpumask(k, mm))) {
    yield* cpumask_clear_cpu(mm_cpumask(k, mm));
    yield* load_cr3(k.init_mm);
  }
});

const stateOf = silently('cpu_tlbstate', (cpu: Cpu, k: Kernel, mm: Mm): 'other' | 'ok' | 'lazy' => {
  const { active_mm: active, state } = k.tlbstate(cpu);
  if (active !== mm) return 'other';
  return state === 'TLBSTATE_OK' ? 'ok' : 'lazy';
});

const request = instruction('info->flush_mm, flush_start, flush_end', (_cpu: Cpu, k: Kernel) => k.shootdown.flush_mm!);

const range = silently('info->flush_start, flush_end', (_cpu: Cpu, k: Kernel): readonly [start: number, end: number] => [k.shootdown.flush_va, k.shootdown.flush_end]);

/** Model: locked, where the C stores to the flag of a call of its own. The store could only be seen later, and IRET, which follows, waits for it. */
const answer = instruction('csd_unlock(csd)', (cpu: Cpu, k: Kernel) => {
  k.shootdown.flush_cpumask &= ~(1 << cpu.id);
}, { locked: true });

/**
 * arch/x86/mm/tlb.c:101-131 (4.4), flush_tlb_func(): a range without an end is one page.
 * Model: leaves out __flush_tlb_single: INVLPG, one page at a time.
 */
const flush_tlb_func = path(function* flush_tlb_func(k: Kernel): Path {
  const mm = yield* request(k);
  const state = yield* stateOf(k, mm);
  const [start, end] = yield* range(k);
  if (state === 'ok') yield* flushHere(start, end === 0 ? start + PAGE_SIZE : end);
  if (state === 'lazy') yield* leave_mm(k);
});

/**
 * arch/x86/kernel/smp.c:293-298 (4.4), smp_call_function_interrupt().
 * Model: leaves out ipi_entering_ack_irq, __smp_call_function_interrupt, exiting_irq: one call is queued at a time.
 * Model: adds flush_tlb_func, answer, iret: that call, the end of it, and the way out.
 */
export const call_function_interrupt = path(function* call_function_interrupt(k: Kernel, frame: TrapFrame): Path {
  yield* flush_tlb_func(k);
  yield* answer(k);
  yield* iret(frame);
});

/** Continues when every CPU that was called has answered. */
const whenAnswered = {
  when: (_cpu: Cpu, k: Kernel) => k.shootdown.flush_cpumask === 0,
  awaits: (_cpu: Cpu, k: Kernel) => answersOf(k.cpus, k.shootdown.flush_cpumask),
};

const describe = (start: number, end: number): string => (end === TLB_FLUSH_ALL ? '' : ` from 0x${start.toString(16)}${end === 0 ? '' : ` to 0x${end.toString(16)}`}`);

/**
 * The queue of calls is a list that is added to with a locked instruction, so a CPU that sends an interrupt has no stores waiting.
 * Model: the call is filled in and added in one instruction, since no CPU reads it before it is in the list.
 */
const enqueue = instruction((_k: Kernel, mm: Mm, start: number, end: number, mask: number) => `llist_add(flush ${mm.name}${describe(start, end)}) for CPUs ${mask}`, (cpu: Cpu, k: Kernel, mm: Mm, start: number, end: number, mask: number) => {
  k.shootdown.flush_mm = mm;
  k.shootdown.flush_va = start;
  k.shootdown.flush_end = end;
  k.shootdown.flush_cpumask = mask;
}, { ...whenAnswered, locked: true });

const answered = instruction('csd_lock_wait(csd)', (_cpu: Cpu, _k: Kernel) => undefined, whenAnswered);

/**
 * arch/x86/mm/tlb.c:133-155 (4.4), native_flush_tlb_others(); kernel/smp.c:404-470 (4.4), smp_call_function_many(), which reads the mask again. Model: one call at a time in the machine.
 * Model: leaves out flush_start, flush_end, is_uv_system, uv_flush_tlb_others, cpu_online, cpumask_first_and, cpumask_next_and, next_cpu, smp_call_function_single, this_cpu_ptr, cpumask_and,
 * cpumask, cpumask_clear_cpu, for_each_cpu, per_cpu_ptr, csd_lock, flags, func, info, llist, smp_call_function_many: the mask is one word, and each read of it is one load.
 */
const flush_tlb_others = path(function* flush_tlb_others(k: Kernel, mm: Mm, start: number, end: number): Path {
  const mask = yield* cpumask_any_but(mm_cpumask(k, mm));
  if (mask === 0) return;
  yield* enqueue(k, mm, start, end, mask);
  yield* sendIpi(CALL_FUNCTION_VECTOR, k.cpus.filter((cpu) => (mask & (1 << cpu.id)) !== 0));
  yield* answered(k);
});

/** The relation of the current task to `mm`: none, its owner, or a borrower. */
const standing = silently('current->active_mm, current->mm', (cpu: Cpu, k: Kernel, mm: Mm): 'stranger' | 'owner' | 'lazy' => {
  const task = k.current(cpu);
  if (task.active_mm !== mm) return 'stranger';
  return task.mm === null ? 'lazy' : 'owner';
});

/**
 * arch/x86/mm/tlb.c:183-222 (4.4), flush_tlb_mm_range(). A caller that does not run in the address space has others flush everything, whatever the range.
 * Model: no huge pages, for which the C flushes everything.
 */
export const flush_tlb_mm_range = path(function* flush_tlb_mm_range(k: Kernel, mm: Mm, start: number, end: number): Path {
  yield* preempt_disable(k);
  const who = yield* standing(k, mm);
  if (k.after('switch-mm-barrier/write-barrier')) yield* smp_wmb();
  if (k.after('switch-mm-barrier/stranger') && who === 'stranger') yield* smp_mb();
  if (who === 'lazy') yield* leave_mm(k);
  if (k.after('switch-mm-barrier/after-leave') && who === 'lazy') yield* smp_mb();
  // A MOV to a control register and INVLPG serialise, so the owner needs no barrier.
  const isFew = who === 'owner' && end !== TLB_FLUSH_ALL && (end - start) / PAGE_SIZE <= tlb_single_page_flush_ceiling;
  const [from, to] = isFew ? [start, end] : [0, TLB_FLUSH_ALL];
  if (who === 'owner') yield* flushHere(from, to);
  const others = yield* cpumask_any_but(mm_cpumask(k, mm));
  if (k.after('switch-mm-barrier/late')) yield* smp_mb();
  if (others !== 0) yield* flush_tlb_others(k, mm, from, to);
  yield* preempt_enable(k);
});

/** arch/x86/mm/tlb.c:224-241 (4.4), flush_tlb_page(). */
export const flush_tlb_page = path(function* flush_tlb_page(k: Kernel, mm: Mm, start: number): Path {
  yield* preempt_disable(k);
  const who = yield* standing(k, mm);
  if (who === 'owner') yield* invlpg(start);
  if (who === 'lazy') yield* leave_mm(k);
  if (k.after('switch-mm-barrier/page-after-leave') && who === 'lazy') yield* smp_mb();
  if (k.after('switch-mm-barrier/page-stranger') && who === 'stranger') yield* smp_mb();
  const others = yield* cpumask_any_but(mm_cpumask(k, mm));
  if (others !== 0) yield* flush_tlb_others(k, mm, start, 0);
  yield* preempt_enable(k);
});
