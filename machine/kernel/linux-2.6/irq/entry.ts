import type { Cpu, TrapFrame } from '../../../hardware/cpu';
import { PAGE_FAULT } from '../../../hardware/cpu';
import { cli, iret } from '../../../hardware/instructions';
import { path, repeatWhile, silently, type Path } from '../../../path';
import { do_exit } from '../mm/exit';
import { do_page_fault } from '../mm/fault';
import type { Kernel } from '../../kernel';
import { add_preempt_count, HARDIRQ_OFFSET, need_resched, preempt_count, set_need_resched, sub_preempt_count } from '../sched/preempt';
import { preempt_from_interrupt, schedule, this_rq } from '../sched/sched';
import { spin_lock, spin_unlock } from '../sched/spinlock';

// arch/i386/kernel/entry.S, 2.6.10: the way in from an interrupt or a fault,
// and the way out, on which the interrupted task may lose the CPU.

/** Vector of the timer interrupt: IRQ 0, include/asm-i386/mach-default/irq_vectors.h. */
export const TIMER_VECTOR = 0x20;

/** Installs the gates of the interrupts and faults that this kernel handles, on one CPU. */
export function trap_init(k: Kernel, cpu: Cpu): void {
  cpu.idt.set(PAGE_FAULT, { kind: 'interrupt', handler: (frame) => page_fault(k, frame) });
  for (const vector of k.irqActions.keys()) {
    cpu.idt.set(vector, { kind: 'interrupt', handler: (frame) => common_interrupt(k, frame) });
  }
}

/**
 * arch/i386/kernel/entry.S:361-367 (2.6.10), common_interrupt(); arch/i386/kernel/irq.c:48-107 (2.6.10), do_IRQ().
 * Model: leaves out orig_eax, irqctx, tinfo, previous_esp, xchg, __do_IRQ: there is one stack, and one handler for each line.
 */
export const common_interrupt = path(function* common_interrupt(k: Kernel, frame: TrapFrame): Path {
  yield* add_preempt_count(k, HARDIRQ_OFFSET); // irq_enter()
  yield* k.irqActions.get(frame.vector)!();
  yield* sub_preempt_count(k, HARDIRQ_OFFSET); // irq_exit(). Model: softirqs come with the chapters that need them
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});

const isIdle = silently('p == rq->idle', (cpu: Cpu, k: Kernel) => k.current(cpu) === k.rq(cpu).idle);

/**
 * arch/i386/kernel/time.c:286-303 (2.6.10), timer_interrupt(); kernel/sched.c:2284-2397 (2.6.10), scheduler_tick(). Under rq->lock, so its holder must have interrupts off. Model:
 * the tick always finds that the time slice is over, and on an idle CPU that there is something to do. Without CONFIG_SMP the lock is a count that only the handler itself could notice.
 * Model: leaves out write_seqlock, mark_offset, do_timer_interrupt, write_sequnlock, cpustat, atomic_read, static_prio: the time is never read.
 * Model: leaves out rebalance_tick: sched-balance.ts has it.
 */
export const timer_interrupt = path(function* timer_interrupt(k: Kernel): Path {
  const locks = k.config.SMP && !(yield* isIdle(k));
  const rq = yield* this_rq(k);
  if (locks) yield* spin_lock(k, { of: rq, field: 'lock' });
  yield* set_need_resched(k);
  if (locks) yield* spin_unlock(k, { of: rq, field: 'lock' });
});

/**
 * arch/i386/kernel/entry.S:161-166 (2.6.10), ret_from_intr(). Interrupts are off.
 * Model: adds resume_userspace: the label that the C falls through to.
 */
export const ret_from_intr = path(function* ret_from_intr(k: Kernel, frame: TrapFrame): Path {
  if (frame.cpl === 3) yield* resume_userspace(k);
  else if (k.config.PREEMPT) yield* resume_kernel(k, frame);
});

const pendingSignal = silently('test TIF_SIGPENDING', (cpu: Cpu, k: Kernel) => k.current(cpu).signal !== null);

/**
 * arch/i386/kernel/entry.S:167-177 (2.6.10), resume_userspace() and work_pending.
 * Model: adds do_exit, pendingSignal, work_resched: what work_pending leads to.
 * Model: leaves out restore_all, work_pending, cli: the caller returns.
 */
export const resume_userspace = path(function* resume_userspace(k: Kernel): Path {
  yield* repeatWhile(work_resched(k));
  if (yield* pendingSignal(k)) yield* do_exit(k);
});

/**
 * arch/i386/kernel/entry.S:271-281 (2.6.10), work_resched().
 * Model: leaves out restore_all, work_resched: the caller returns, or calls again.
 */
const work_resched = path(function* work_resched(k: Kernel): Path<boolean> {
  yield* cli();
  if (!(yield* need_resched(k))) return false;
  yield* schedule(k);
  return true;
});

/**
 * arch/i386/kernel/entry.S:178-180 (2.6.10), resume_kernel() under CONFIG_PREEMPT.
 * Model: leaves out restore_all: the caller returns.
 * Model: adds preempt_from_interrupt: the label that the C falls through to.
 */
const resume_kernel = path(function* resume_kernel(k: Kernel, frame: TrapFrame): Path {
  if ((yield* preempt_count(k)) !== 0) return;
  if (frame.IF) yield* repeatWhile(preempt_from_interrupt(k));
});

/**
 * arch/i386/kernel/entry.S:561-565 (2.6.10), page_fault(), error_code and ret_from_exception.
 * Model: adds cli, ret_from_intr, iret: the way out, which the C reaches by error_code and ret_from_exception.
 */
export const page_fault = path(function* page_fault(k: Kernel, frame: TrapFrame): Path {
  yield* do_page_fault(k, frame);
  yield* cli();
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});
