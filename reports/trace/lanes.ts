// Who does each step of a run: a lane for every task, interrupt and hypervisor of every processor.

import type { ShownEvent } from '../../machine/explorer/verdict/evidence';

export interface Lane {
  readonly id: string;
  /** The processor on which it runs first. */
  readonly process: string;
  readonly name: string;
  readonly kind: 'task' | 'interrupt' | 'hypervisor';
}

const INTERRUPT_ENTRIES = /^(common_interrupt|do_IRQ|xen_call_function_interrupt|smp_\w+_interrupt|evtchn_do_upcall|do_softirq|__do_softirq)$/;
const HYPERVISOR_ENTRIES = /^(do_multicall|do_mmu_update|do_mmuext_op|do_update_va_mapping|ptwr_\w+)$/;

/** One instruction in which the hypervisor does everything: a call of the VMI ROM, a hypercall. */
const CALL = /^(VMI|hypercall) /;

/** Where a step is drawn: in the handler until that calls the scheduler, in the hypervisor while that acts for the guest. */
export function laneOf({ kind, process, context, paths, text }: ShownEvent): Lane {
  const interrupt = { id: `${process} interrupts`, process, name: 'interrupts', kind: 'interrupt' } as const;
  if (kind === 'interrupt') return interrupt;
  if (paths.some((name) => HYPERVISOR_ENTRIES.test(name)) || CALL.test(text)) return { id: `${process} hypervisor`, process, name: 'hypervisor', kind: 'hypervisor' };
  const entry = paths.findIndex((name) => INTERRUPT_ENTRIES.test(name));
  if (entry >= 0 && !paths.slice(entry).includes('schedule')) return interrupt;
  return { id: `${process} ${context}`, process, name: context, kind: 'task' };
}

/** Every lane of a run: by processor, tasks in the order of their first step, then interrupts, then the hypervisor. */
export function lanesOf(events: readonly ShownEvent[]): Lane[] {
  const lanes = new Map(events.map((event) => [laneOf(event).id, laneOf(event)]));
  const kinds = ['task', 'interrupt', 'hypervisor'];
  const processes = [...new Set(events.map(({ process }) => process))].sort();
  return processes.flatMap((process) => kinds.flatMap((kind) => [...lanes.values()].filter((lane) => lane.process === process && lane.kind === kind)));
}
