import type { Cpu } from '../../../hardware/cpu';
import { path, repeatWhile, silently, type Path } from '../../../path';
import { in_interrupt, local_irq_restore, local_irq_save } from '../paravirt';
import { add_preempt_count, SOFTIRQ_OFFSET, sub_preempt_count } from '../sched/preempt';
import type { GuestKernel } from '../../vmi/guest';

// kernel/softirq.c, 2.6.21: work that an interrupt leaves for its way out, done
// on top of whatever it interrupted, with interrupts on.

/** raise_softirq_irqoff(). */
export const raise_softirq_irqoff = silently((_k, softirq) => `raise_softirq_irqoff(${softirq})`, (cpu: Cpu, k: GuestKernel, softirq: string) => {
  const state = k.softirq(cpu);
  if (!state.pending.includes(softirq)) state.pending = [...state.pending, softirq].sort();
});

const local_softirq_pending = silently('local_softirq_pending()', (cpu: Cpu, k: GuestKernel) => k.softirq(cpu).pending.length > 0);

const takePending = silently('pending = local_softirq_pending(); set_softirq_pending(0)', (cpu: Cpu, k: GuestKernel) => {
  const state = k.softirq(cpu);
  const { pending } = state;
  state.pending = [];
  return pending;
});

/** kernel/softirq.c:255-271 (2.6.21), do_softirq(), as invoke_softirq() calls it on the way out of an interrupt. */
export const do_softirq = path(function* do_softirq(k: GuestKernel): Path {
  if (yield* in_interrupt(k)) return;
  const flags = yield* local_irq_save(k);
  if (yield* local_softirq_pending(k)) yield* __do_softirq(k);
  yield* local_irq_restore(k, flags);
});

/**
 * kernel/softirq.c:207-251 (2.6.21), __do_softirq(). Model: repeats as long as something is pending; Linux leaves the rest to ksoftirqd after ten rounds.
 * Model: leaves out account_system_vtime, __builtin_return_address, trace_softirq_enter, trace_softirq_exit, action, rcu_bh_qsctr_inc, wakeup_softirqd: the actions are called by name.
 */
const __do_softirq = path(function* __do_softirq(k: GuestKernel): Path {
  yield* add_preempt_count(k, SOFTIRQ_OFFSET); // __local_bh_disable()
  yield* repeatWhile(softirq_round(k));
  yield* sub_preempt_count(k, SOFTIRQ_OFFSET);
});

/** kernel/softirq.c:207-251 (2.6.21), __do_softirq(). */
const softirq_round = path(function* softirq_round(k: GuestKernel): Path<boolean> {
  const pending = yield* takePending(k);
  yield* k.paravirt_ops.irq_enable(k);
  for (const softirq of pending) yield* k.softirqActions.get(softirq)!();
  yield* k.paravirt_ops.irq_disable(k);
  return yield* local_softirq_pending(k);
});
