import type { Cpu } from '../../hardware/cpu';
import { cli, invlpg, movFromCr3, movToCr3, popf, pushf, sti } from '../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../path';
import { HARDIRQ_MASK, SOFTIRQ_MASK } from './sched/preempt';
import type { Task } from '../task';
import { __pa, PARAVIRT_LAZY, type GuestKernel, type ParavirtOps } from '../vmi/guest';

// arch/i386/kernel/paravirt.c and asm-i386/paravirt.h: the operations that a
// hypervisor may replace, the native ones, and the lazy modes as generic code
// calls them. Their names have changed between releases; what they promise has not.

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** native_set_pte() and its relatives: a plain store to the table. */
const storeEntry = instruction((_k, at, value) => `*${hex(at)} = ${hex(value)}`, (cpu: Cpu, _k: GuestKernel, at: number, value: number) => {
  cpu.memory.write32(__pa(at), value);
});

/** arch/i386/kernel/paravirt.c:404-407 (2.6.21), native_set_pte() */
const native_set_pte = path(function* native_set_pte(k: GuestKernel, ptep: number, pte: number): Path {
  yield* storeEntry(k, ptep, pte);
});

/** arch/i386/kernel/paravirt.c:38-40 (2.6.21), native_nop(). */
const nothing = path(function* paravirt_nop(): Path {});

/** arch/i386/kernel/paravirt.c:230-233 (2.6.21), native_irq_disable() */
const native_irq_disable = path(function* native_irq_disable(): Path {
  yield* cli();
});

/** arch/i386/kernel/paravirt.c:235-238 (2.6.21), native_irq_enable() */
const native_irq_enable = path(function* native_irq_enable(): Path {
  yield* sti();
});

/** arch/i386/kernel/paravirt.c:216-221 (2.6.21), native_save_fl() */
const native_save_fl = path(function* native_save_fl(): Path<boolean> {
  return yield* pushf();
});

/** arch/i386/kernel/paravirt.c:223-228 (2.6.21), native_restore_fl() */
const native_restore_fl = path(function* native_restore_fl(_k: GuestKernel, flags: boolean): Path {
  yield* popf(flags);
});

/** arch/i386/kernel/paravirt.c:384-387 (2.6.21), native_flush_tlb() */
const native_flush_tlb = path(function* native_flush_tlb(): Path {
  const cr3 = yield* movFromCr3();
  yield* movToCr3(cr3);
});

const dropAll = instruction('__flush_tlb_global(): CR4.PGE off and on', (cpu: Cpu) => {
  cpu.drain();
  cpu.tlb.dropAll();
});

/** arch/i386/kernel/paravirt.c:393-396 (2.6.21), native_flush_tlb_global() */
const native_flush_tlb_global = path(function* native_flush_tlb_global(): Path {
  yield* dropAll();
});

/** arch/i386/kernel/paravirt.c:398-401 (2.6.21), native_flush_tlb_single() */
const native_flush_tlb_single = path(function* native_flush_tlb_single(_k: GuestKernel, address: number): Path {
  yield* invlpg(address);
});

/** struct paravirt_ops as linked: bare metal. */
export function nativeOps(): ParavirtOps {
  return {
    set_lazy_mode: () => nothing(),
    set_pte: native_set_pte,
    set_pte_at: (k, _mm, _address, ptep, pte) => native_set_pte(k, ptep, pte),
    set_pmd: native_set_pte,
    pte_update: () => nothing(),
    flush_tlb_user: () => native_flush_tlb(),
    flush_tlb_kernel: () => native_flush_tlb_global(),
    flush_tlb_single: native_flush_tlb_single,
    save_fl: () => native_save_fl(),
    restore_fl: native_restore_fl,
    irq_disable: () => native_irq_disable(),
    irq_enable: () => native_irq_enable(),
  };
}

/** include/linux/irqflags.h:52-53 (2.6.21), local_irq_save(): returns the flags. */
export const local_irq_save = path(function* local_irq_save(k: GuestKernel): Path<boolean> {
  const flags = yield* k.paravirt_ops.save_fl(k);
  yield* k.paravirt_ops.irq_disable(k);
  return flags;
});

/**
 * include/linux/irqflags.h:55-64 (2.6.21), local_irq_restore().
 * Model: leaves out raw_irqs_disabled_flags: it only chooses what is traced.
 */
export const local_irq_restore = path(function* local_irq_restore(k: GuestKernel, flags: boolean): Path {
  yield* k.paravirt_ops.restore_fl(k, flags);
});

/** include/asm-i386/paravirt.h:432-432 (2.6.21), arch_enter_lazy_mmu_mode(). */
export const arch_enter_lazy_mmu_mode = path(function* arch_enter_lazy_mmu_mode(k: GuestKernel): Path {
  yield* k.paravirt_ops.set_lazy_mode(k, PARAVIRT_LAZY.MMU);
});

/** include/asm-i386/paravirt.h:433-433 (2.6.21), arch_leave_lazy_mmu_mode(). */
export const arch_leave_lazy_mmu_mode = path(function* arch_leave_lazy_mmu_mode(k: GuestKernel): Path {
  yield* k.paravirt_ops.set_lazy_mode(k, PARAVIRT_LAZY.NONE);
});

/** include/asm-i386/paravirt.h:427-427 (2.6.21), arch_enter_lazy_cpu_mode(). */
const arch_enter_lazy_cpu_mode = path(function* arch_enter_lazy_cpu_mode(k: GuestKernel): Path {
  yield* k.paravirt_ops.set_lazy_mode(k, PARAVIRT_LAZY.CPU);
});

/** include/asm-i386/paravirt.h:428-428 (2.6.21), arch_leave_lazy_cpu_mode(). */
const arch_leave_lazy_cpu_mode = path(function* arch_leave_lazy_cpu_mode(k: GuestKernel): Path {
  yield* k.paravirt_ops.set_lazy_mode(k, PARAVIRT_LAZY.NONE);
});

const setLazyMmuUpdates = instruction((prev: Task) => `set_ti_thread_flag(${prev.name}, TIF_LAZY_MMU_UPDATES)`, (_cpu: Cpu, prev: Task) => {
  prev.lazy_mmu_updates = true;
}, { locked: true });

const testAndClearLazyMmuUpdates = instruction((next: Task) => `test_and_clear_ti_thread_flag(${next.name}, TIF_LAZY_MMU_UPDATES)`, (_cpu: Cpu, next: Task) => {
  const was = next.lazy_mmu_updates;
  next.lazy_mmu_updates = false;
  return was;
}, { locked: true });

/**
 * arch/x86/kernel/paravirt.c:273-282 (2.6.31), paravirt_start_context_switch(); until 2.6.30 lazy CPU mode is entered whatever the task is in.
 * Model: leaves out BUG_ON, task_thread_info: interrupts are off.
 */
export const arch_start_context_switch = path(function* arch_start_context_switch(k: GuestKernel, prev: Task): Path {
  if (k.after('vmi-lazy/leave-on-switch') && (yield* per_cpu_lazy_mode(k)) === PARAVIRT_LAZY.MMU) {
    yield* arch_leave_lazy_mmu_mode(k);
    yield* setLazyMmuUpdates(prev);
  }
  yield* arch_enter_lazy_cpu_mode(k);
});

/**
 * arch/x86/kernel/paravirt.c:284-292 (2.6.31), paravirt_end_context_switch(), on the stack of the task that runs now.
 * Model: leaves out BUG_ON, task_thread_info: interrupts are off.
 */
export const arch_end_context_switch = path(function* arch_end_context_switch(k: GuestKernel, next: Task): Path {
  yield* arch_leave_lazy_cpu_mode(k);
  if (k.after('vmi-lazy/leave-on-switch') && (yield* testAndClearLazyMmuUpdates(next))) yield* arch_enter_lazy_mmu_mode(k);
});

/** in_interrupt(): in a hard interrupt or a softirq. */
export const in_interrupt = silently('in_interrupt()', (cpu: Cpu, k: GuestKernel) => (k.current(cpu).preempt_count & (HARDIRQ_MASK | SOFTIRQ_MASK)) !== 0);

const per_cpu_lazy_mode = instruction('__get_cpu_var(paravirt_lazy_mode)', (cpu: Cpu, k: GuestKernel) => k.lazy(cpu).mode);

/** arch/x86/kernel/paravirt.c:294-300 (2.6.31), paravirt_get_lazy_mode(). */
export const paravirt_get_lazy_mode = path(function* paravirt_get_lazy_mode(k: GuestKernel): Path<number> {
  if (k.after('vmi-lazy/in-interrupt') && (yield* in_interrupt(k))) return PARAVIRT_LAZY.NONE;
  return yield* per_cpu_lazy_mode(k);
});

/** include/asm-i386/paravirt.h:434-434 (2.6.21), arch_flush_lazy_mmu_mode(); include/asm-x86/paravirt.h:995-1001 (2.6.24), arch_flush_lazy_mmu_mode(): what has been queued takes effect now. From 2.6.24 on, it leaves the mode and enters it again. */
export const arch_flush_lazy_mmu_mode = path(function* arch_flush_lazy_mmu_mode(k: GuestKernel): Path {
  if (k.before('vmi-lazy/common-state')) yield* k.paravirt_ops.set_lazy_mode(k, PARAVIRT_LAZY.FLUSH);
  if (k.after('vmi-lazy/common-state')) yield* leave_and_enter(k);
});

/** include/asm-x86/paravirt.h:995-1001 (2.6.24), arch_flush_lazy_mmu_mode(). */
const leave_and_enter = path(function* leave_and_enter(k: GuestKernel): Path {
  const mode = yield* paravirt_get_lazy_mode(k);
  if (mode !== PARAVIRT_LAZY.MMU) return;
  yield* arch_leave_lazy_mmu_mode(k);
  yield* arch_enter_lazy_mmu_mode(k);
});
