import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import { HYPERVISOR_event_channel_op } from '../../hypervisors/xen/public/calls';
import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Path } from '../../path';
import { answersOf } from '../answers';
import { spin_lock, spin_unlock } from '../linux-2.6/sched/spinlock';
import type { Mm } from '../task';
import type { CalledFunction, XenKernel } from './guest';

// arch/x86/xen/smp.c: making other CPUs call a function, and waiting until they
// have. What they call is in smp-interrupt.ts.

/** Fills call_data for `targets`. Model: its fields in one instruction, with the mb() that follows them: no CPU reads them before the interrupt. */
export const prepareCall = instruction(
  (_k, targets, func, mm) => `call_data = ${func}(${mm === null ? '' : mm.name}) on ${targets.map(({ name }) => name).join(', ')}`,
  (_cpu: Cpu, k: XenKernel, targets: readonly Cpu[], func: CalledFunction, mm: Mm | null) => {
    const data = k.call_data;
    data.func = func;
    data.mm = mm;
    data.pending = targets.reduce((bits, { id }) => bits | (1 << id), 0);
  },
  { locked: true }, // mb()
);

/** Until every target has answered. Model: `started` and `finished` are one set of CPUs, since the sender waits for both. */
export const waitForAnswers = instruction(
  'while (atomic_read(&data.finished) != cpus) cpu_relax()',
  (_cpu: Cpu, _k: XenKernel) => undefined,
  { when: (_cpu, k) => k.call_data.pending === 0, awaits: (_cpu, k) => answersOf(k.cpus, k.call_data.pending) },
);

const portOf = silently((_k, target) => `per_cpu(callfunc_irq, ${target.name})`, (_cpu: Cpu, k: XenKernel, target: Cpu) => k.percpu(target).callfunc_port);

/**
 * arch/x86/xen/smp.c:332-340 (2.6.24), xen_send_IPI_mask() of XEN_CALL_FUNCTION_VECTOR: an event for each target, by a hypercall each.
 * Model: leaves out xen_send_IPI_one: it is the body of that function.
 * Model: adds HYPERVISOR_event_channel_op: the event itself.
 */
export const xen_send_IPI_mask = path(function* xen_send_IPI_mask(k: XenKernel, targets: readonly Cpu[]): Path {
  for (const target of targets) yield* HYPERVISOR_event_channel_op(k.xen, EVTCHNOP.send, yield* portOf(k, target));
});

const withoutThis = silently('cpu_clear(smp_processor_id(), mask)', (cpu: Cpu, mask: readonly Cpu[]) => mask.filter((other) => other !== cpu));

/**
 * arch/x86/xen/smp.c:370-421 (2.6.24), xen_smp_call_function_mask(), waiting for all to answer.
 * Model: leaves out xen_vcpu_stolen(), HYPERVISOR_sched_op(): yielding to a processor that Xen is not running only affects speed.
 * Model: leaves out info, atomic_set, started, wait: call_data is filled in one instruction, whose end is the barrier.
 */
export const xen_smp_call_function_mask = path(function* xen_smp_call_function_mask(k: XenKernel, mask: readonly Cpu[], func: CalledFunction, mm: Mm | null): Path {
  const lock = { of: k.call_data, field: 'call_lock' };
  yield* spin_lock(k, lock);
  const targets = yield* withoutThis(mask);
  if (targets.length > 0) {
    yield* prepareCall(k, targets, func, mm);
    yield* xen_send_IPI_mask(k, targets);
    yield* waitForAnswers(k);
  }
  yield* spin_unlock(k, lock);
});
