import type { Cpu } from '../hardware/cpu';
import { instruction, path, type Path } from '../path';
import type { Kernel } from './kernel';

// include/asm-generic/bug.h: what a kernel says before it dies.

/** The end of a task, or of the machine: what the kernel prints. Nothing is done after it. */
export const die = instruction((_k, message) => message, (cpu: Cpu, k: Kernel, message: string) => {
  k.current(cpu).oops = message;
});

const stop = instruction('the CPU stops', () => undefined, { when: () => false, idle: true });

/** include/asm-generic/bug.h:8-11 (2.6.10), BUG(): prints and never returns. */
export const BUG = path(function* BUG(k: Kernel, message: string): Path {
  yield* die(k, `kernel BUG: ${message}`);
  yield* stop();
});

/** include/asm-generic/bug.h:22-22 (2.6.10), BUG_ON(). */
export const BUG_ON = path(function* BUG_ON(k: Kernel, condition: boolean, message: string): Path {
  if (condition) yield* BUG(k, message);
});

/**
 * arch/i386/kernel/traps.c:296-353 (2.6.10), die(): the oops of a page fault, and panic() if an interrupt handler was running.
 * Model: leaves out lock, lock_owner, lock_owner_depth, console_verbose, spin_lock_irq, bust_spinlocks, handle_BUG, show_registers, spin_unlock_irq, in_interrupt, set_current_state,
 * schedule_timeout, do_exit: a task that oopses does nothing afterwards.
 */
export const oops = path(function* oops(k: Kernel, message: string): Path {
  yield* die(k, message);
  yield* stop();
});

/** include/asm-generic/bug.h:108-113 (4.14.177), WARN_ON(): prints and goes on. Model: adds die: a warning is noted as what the task died of, since no kernel here may warn. */
export const WARN_ON = path(function* WARN_ON(k: Kernel, condition: boolean, message: string): Path {
  if (condition) yield* die(k, `WARNING: ${message}`);
});
