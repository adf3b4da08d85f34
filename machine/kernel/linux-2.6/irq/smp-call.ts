import type { Cpu } from '../../../hardware/cpu';
import { iret, sendIpi } from '../../../hardware/instructions';
import type { TrapFrame } from '../../../hardware/interrupts';
import { instruction, path, silently, type Path } from '../../../path';
import { answersOf } from '../../answers';
import { ret_from_intr } from './entry';
import type { Kernel } from '../../kernel';
import { add_preempt_count, HARDIRQ_OFFSET, preempt_disable, preempt_enable, sub_preempt_count } from '../sched/preempt';
import { leave_mm } from '../smp-flush';
import { spin_lock, spin_unlock } from '../sched/spinlock';
import { __flush_tlb_all } from '../tlbflush';

// arch/i386/kernel/smp.c, 2.6.10: a function that every CPU calls, and the one
// such function that matters here.

/** CALL_FUNCTION_VECTOR, include/asm-i386/mach-default/irq_vectors.h. */
export const CALL_FUNCTION_VECTOR = 0xfb;

const others = (k: Kernel, cpu: Cpu): number => k.cpus.reduce((mask, other) => (other === cpu ? mask : mask | (1 << other.id)), 0);

const order = instruction('call_data = { do_flush_tlb_all, started 0, finished 0, wait }', (cpu: Cpu, k: Kernel) => {
  k.shootdown.call_cpumask = others(k, cpu);
}, { locked: true });

const otherCpus = silently('cpu_online_map but for this CPU', (cpu: Cpu, k: Kernel) => k.cpus.filter((other) => other !== cpu));

const finished = instruction('while (atomic_read(&data.finished) != cpus)', (_cpu: Cpu, _k: Kernel) => undefined, {
  when: (_cpu, k) => k.shootdown.call_cpumask === 0,
  awaits: (_cpu, k) => answersOf(k.cpus, k.shootdown.call_cpumask),
});

const finish = instruction('atomic_inc(&call_data->finished)', (cpu: Cpu, k: Kernel) => {
  k.shootdown.call_cpumask &= ~(1 << cpu.id);
}, { locked: true });

/**
 * arch/i386/kernel/smp.c:501-549 (2.6.10), smp_call_function(), waiting. Model: who has started and who has finished is one set, since the caller waits for both.
 * Model: leaves out func, info, atomic_set, mb: one function is called, and the model runs no store past another.
 */
const smp_call_function = path(function* smp_call_function(k: Kernel): Path {
  yield* spin_lock(k, { of: k.shootdown, field: 'call_lock' });
  yield* order(k);
  yield* sendIpi(CALL_FUNCTION_VECTOR, yield* otherCpus(k));
  yield* finished(k);
  yield* spin_unlock(k, { of: k.shootdown, field: 'call_lock' });
});

const isLazy = silently('cpu_tlbstate.state == TLBSTATE_LAZY', (cpu: Cpu, k: Kernel) => k.tlbstate(cpu).state === 'TLBSTATE_LAZY');

/** arch/i386/kernel/smp.c:456-463 (2.6.10), do_flush_tlb_all(): a lazy CPU gives up what it borrowed as well. */
const do_flush_tlb_all = path(function* do_flush_tlb_all(k: Kernel): Path {
  yield* __flush_tlb_all(k);
  if (yield* isLazy(k)) yield* leave_mm(k);
});

/**
 * arch/i386/kernel/smp.c:465-468 (2.6.10), flush_tlb_all() with CONFIG_SMP: on_each_cpu(do_flush_tlb_all).
 * Model: leaves out on_each_cpu: written out.
 * Model: adds preempt_disable, smp_call_function, preempt_enable: what on_each_cpu() does.
 */
export const flushTlbAllSmp = path(function* flushTlbAllSmp(k: Kernel): Path {
  yield* preempt_disable(k);
  yield* smp_call_function(k);
  yield* do_flush_tlb_all(k);
  yield* preempt_enable(k);
});

/**
 * arch/i386/kernel/smp.c:587-611 (2.6.10), smp_call_function_interrupt(), through BUILD_INTERRUPT(call_function_interrupt).
 * Model: leaves out void, func, info, wait, ack_APIC_irq, mb, started: the caller waits for the end.
 * Model: adds do_flush_tlb_all, ret_from_intr: the function, and the way out.
 */
const call_function_interrupt = path(function* call_function_interrupt(k: Kernel, frame: TrapFrame): Path {
  yield* add_preempt_count(k, HARDIRQ_OFFSET); // irq_enter()
  yield* do_flush_tlb_all(k);
  yield* sub_preempt_count(k, HARDIRQ_OFFSET); // irq_exit()
  yield* finish(k);
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});

/** smp_intr_init(): the gate of the call. */
export function callFunctionGate(k: Kernel, cpu: Cpu): void {
  cpu.vectorNames.set(CALL_FUNCTION_VECTOR, 'call_function');
  cpu.idt.set(CALL_FUNCTION_VECTOR, { kind: 'interrupt', handler: (frame) => call_function_interrupt(k, frame) });
}
