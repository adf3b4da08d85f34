import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../../path';
import type { Kernel } from '../../kernel';
import type { Task } from '../../task';
import { preempt_schedule } from './sched';

// include/linux/preempt.h and include/linux/hardirq.h: one count per task that
// says why it must not be preempted, in bit fields.

/** Bits 0-7: preempt_disable() and spinlocks. include/linux/hardirq.h, 2.6.10. */
export const PREEMPT_OFFSET = 0x1;
export const PREEMPT_MASK = 0xff;
/** Bits 8-15: softirqs. */
export const SOFTIRQ_OFFSET = 0x100;
export const SOFTIRQ_MASK = 0xff00;
/** Bits 16-27: hard interrupts. */
export const HARDIRQ_OFFSET = 0x10000;
export const HARDIRQ_MASK = 0xfff0000;
/** Bit 28: a preemption is under way. */
export const PREEMPT_ACTIVE = 0x10000000;

const currentOf = (k: Kernel, cpu: Cpu): Task => k.current(cpu);

/** The task that runs on this CPU: the macro `current`. */
export const current = silently('current', (cpu: Cpu, k: Kernel) => currentOf(k, cpu));

/** preempt_count() of the running task, which only that task and its interrupts change. */
export const preempt_count = silently('preempt_count()', (cpu: Cpu, k: Kernel) => currentOf(k, cpu).preempt_count);

/** include/linux/hardirq.h, preemptible(): constant 0 without CONFIG_PREEMPT. */
export const preemptible = silently('preemptible()', (cpu: Cpu, k: Kernel) => k.config.PREEMPT && currentOf(k, cpu).preempt_count === 0 && cpu.IF);

/** include/linux/debug_locks.h, DEBUG_LOCKS_WARN_ON(): the first warning of this kind, which ends them. */
function warn(k: Kernel, where: string, why: string, { name, preempt_count }: Task): void {
  k.debugLocksWarning.value ??= `WARNING: at kernel/sched.c ${where}(): ${why} (${name} has preempt_count 0x${preempt_count.toString(16)})`;
}

/** kernel/sched.c, add_preempt_count(); with CONFIG_DEBUG_PREEMPT it warns when only ten are left. */
export const add_preempt_count = instruction(
  (_k, value) => `preempt_count += 0x${value.toString(16)}`,
  (cpu: Cpu, k: Kernel, value: number) => {
    const task = currentOf(k, cpu);
    task.preempt_count += value;
    if (k.config.DEBUG_PREEMPT && (task.preempt_count & PREEMPT_MASK) >= PREEMPT_MASK - 10) warn(k, 'add_preempt_count', 'spinlock count overflowing soon', task);
  },
);

/** kernel/sched.c, sub_preempt_count(); with CONFIG_DEBUG_PREEMPT it refuses to borrow from the softirq bits. */
export const sub_preempt_count = instruction(
  (_k, value) => `preempt_count -= 0x${value.toString(16)}`,
  (cpu: Cpu, k: Kernel, value: number) => {
    const task = currentOf(k, cpu);
    if (task.preempt_count < value) throw new Error(`machine bug: ${task.name} takes 0x${value.toString(16)} from a preempt count of 0x${task.preempt_count.toString(16)}`);
    if (k.config.DEBUG_PREEMPT && value < PREEMPT_MASK && (task.preempt_count & PREEMPT_MASK) === 0) {
      // Nothing is subtracted now, nor later.
      warn(k, 'sub_preempt_count', 'the spinlock portion is underflowing', task);
      return;
    }
    task.preempt_count -= value;
  },
);

/**
 * Whether TIF_NEED_RESCHED is set. Model: part of the instruction before it.
 * An interrupt between the two would reschedule on its own way out, exactly
 * like one that comes right after the test.
 */
export const need_resched = silently('test TIF_NEED_RESCHED', (cpu: Cpu, k: Kernel) => currentOf(k, cpu).need_resched);

export const set_need_resched = instruction('set TIF_NEED_RESCHED', (cpu: Cpu, k: Kernel) => {
  currentOf(k, cpu).need_resched = true;
}, { locked: true });

/** include/linux/preempt.h:28-32 (2.6.10), preempt_disable(); nothing without CONFIG_PREEMPT. */
export const preempt_disable = path(function* preempt_disable(k: Kernel): Path {
  if (k.config.PREEMPT) yield* add_preempt_count(k, PREEMPT_OFFSET);
});

/** include/linux/preempt.h:34-38 (2.6.10), preempt_enable_no_resched(). */
export const preempt_enable_no_resched = path(function* preempt_enable_no_resched(k: Kernel): Path {
  if (k.config.PREEMPT) yield* sub_preempt_count(k, PREEMPT_OFFSET);
});

/** include/linux/preempt.h:46-50 (2.6.10), preempt_enable(): a reschedule that was requested in the meantime happens here. */
export const preempt_enable = path(function* preempt_enable(k: Kernel): Path {
  yield* preempt_enable_no_resched(k);
  yield* preempt_check_resched(k);
});

/**
 * include/linux/preempt.h:40-44 (2.6.10), preempt_check_resched().
 * Model: leaves out test_thread_flag: need_resched() tests it.
 */
export const preempt_check_resched = path(function* preempt_check_resched(k: Kernel): Path {
  if (k.config.PREEMPT && (yield* need_resched(k))) yield* preempt_schedule(k);
});
