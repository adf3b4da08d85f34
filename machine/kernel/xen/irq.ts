import { __HYPERVISOR } from '../../hypervisors/xen/public/xen';
import { EVTCHNOP } from '../../hypervisors/xen/public/events';
import { HYPERVISOR_event_channel_op, HYPERVISOR_iret, HYPERVISOR_xen_version, type Hypervisor } from '../../hypervisors/xen/public/calls';
import type { Cpu } from '../../hardware/cpu';
import { instruction, path, silently, type Call, type Path } from '../../path';
import { Entity } from '../../state/hash';

// arch/x86/xen/irq.c (in enlighten.c until 2.6.24) and drivers/xen/events.c:
// the interrupt flag of a guest, and how the guest is interrupted. Masking is a
// store to the page that it shares with Xen. So is unmasking, which Xen does not
// notice: the guest itself has to check for what came in the meantime.

/** local_irq_save(): whether interrupts were on. One instruction of its own processor. */
export const xen_save_fl_irq_disable = instruction('local_irq_save(flags)   # evtchn_upcall_mask = 1', (cpu: Cpu, xen: Hypervisor) => {
  const info = xen.vcpu_info(cpu);
  const flags = !info.evtchn_upcall_mask;
  info.evtchn_upcall_mask = true;
  return flags;
});

/** The store alone. Who does not look afterwards loses what came before. */
export const setMask = instruction((_xen, masked: boolean) => `evtchn_upcall_mask = ${masked ? 1 : 0}`, (cpu: Cpu, xen: Hypervisor, masked: boolean) => {
  xen.vcpu_info(cpu).evtchn_upcall_mask = masked;
});

/** An event between the store and this check interrupts by itself, so nothing is lost if both are one instruction. */
const isPending = silently('evtchn_upcall_pending', (cpu: Cpu, xen: Hypervisor) => xen.vcpu_info(cpu).evtchn_upcall_pending);

/**
 * arch/x86/xen/enlighten.c:194-218 (2.6.24), xen_restore_fl(): restores the flag; if that turns interrupts on, it also handles what came in the meantime.
 * Model: leaves out preempt_disable, preempt_enable_no_resched, preempt_check_resched: the shared page of this CPU is found with preemption off, in one instruction.
 */
export const xen_restore_fl = path(function* xen_restore_fl(xen: Hypervisor, flags: boolean): Path {
  yield* setMask(xen, !flags);
  if (flags && (yield* isPending(xen))) yield* force_evtchn_callback(xen);
});

/**
 * arch/x86/xen/enlighten.c:230-248 (2.6.24), xen_irq_enable().
 * Model: leaves out preempt_disable, evtchn_upcall_mask, preempt_enable_no_resched, evtchn_upcall_pending, force_evtchn_callback: xen_restore_fl() does the same.
 * Model: adds xen_restore_fl: those lines.
 */
export const xen_irq_enable = path(function* xen_irq_enable(xen: Hypervisor): Path {
  yield* xen_restore_fl(xen, true);
});

/** arch/x86/xen/events.c:93-96 (2.6.24), force_evtchn_callback(): any hypercall makes Xen check for events on its way back. */
const force_evtchn_callback = path(function* force_evtchn_callback(xen: Hypervisor): Path {
  yield* HYPERVISOR_xen_version(xen);
});

/** drivers/xen/events.c, mask_evtchn() */
export const mask_evtchn = instruction((_xen, port: number) => `sync_set_bit(${port}, evtchn_mask)`, (cpu: Cpu, xen: Hypervisor, port: number) => {
  xen.shared_info(cpu).evtchn_mask |= 1 << port;
}, { locked: true });

/** The store alone. Who does not look afterwards loses what came before. */
export const clearMask = instruction((_xen, port: number) => `sync_clear_bit(${port}, evtchn_mask)`, (cpu: Cpu, xen: Hypervisor, port: number) => {
  xen.shared_info(cpu).evtchn_mask &= ~(1 << port);
}, { locked: true });

const isPortPending = instruction((_xen, port: number) => `sync_test_bit(${port}, evtchn_pending)`, (cpu: Cpu, xen: Hypervisor, port: number) => (xen.shared_info(cpu).evtchn_pending & (1 << port)) !== 0);

const setSelector = instruction('sync_test_and_set_bit(evtchn_pending_sel)', (cpu: Cpu, xen: Hypervisor) => {
  const info = xen.vcpu_info(cpu);
  const was = info.evtchn_pending_sel;
  info.evtchn_pending_sel = true;
  return was;
}, { locked: true });

const setUpcall = instruction('evtchn_upcall_pending = 1', (cpu: Cpu, xen: Hypervisor) => { xen.vcpu_info(cpu).evtchn_upcall_pending = true; });

/**
 * arch/x86/xen/events.c:203-231 (2.6.24), unmask_evtchn(): a port of another CPU is unmasked by Xen.
 * Model: leaves out get_cpu, BUG_ON, cpu_from_evtchn, sync_test_bit, put_cpu: the caller knows to which CPU a port belongs.
 */
export const unmask_evtchn_remote = path(function* unmask_evtchn_remote(xen: Hypervisor, port: number): Path {
  yield* HYPERVISOR_event_channel_op(xen, EVTCHNOP.unmask, port);
});

/** arch/x86/xen/events.c:203-231 (2.6.24), unmask_evtchn(): for a port of this CPU, with interrupts off: the guest itself marks as pending what came in the meantime. */
export const unmask_evtchn_local = path(function* unmask_evtchn_local(xen: Hypervisor, port: number): Path {
  yield* clearMask(xen, port);
  if ((yield* isPortPending(xen, port)) && !(yield* setSelector(xen))) yield* setUpcall(xen);
});

/** Which ports a guest has bound to which CPU, and what it does when one is pending. */
export class EventChannels extends Entity {
  /** cpu_evtchn_mask: by the processor's number, a bit set over ports. */
  readonly ports = new Map<number, number>();

  constructor(name: string, readonly handle: (port: number) => Call<unknown>) {
    super(name);
  }

  /** bind_ipi_to_irqhandler(): a port for `cpu`, unmasked. Part of the set-up. Returns the port. */
  bind(xen: Hypervisor, cpu: Cpu): number {
    const result = xen.call(cpu, { op: __HYPERVISOR.event_channel_op, args: [EVTCHNOP.bind_ipi, cpu.id] });
    if (typeof result === 'symbol' || result.rc <= 0) throw new Error(`machine bug: ${cpu.name} gets no event channel`);
    this.ports.set(cpu.id, (this.ports.get(cpu.id) ?? 0) | (1 << result.rc));
    xen.shared_info(cpu).evtchn_mask &= ~(1 << result.rc);
    return result.rc;
  }
}

const clearUpcall = instruction('evtchn_upcall_pending = 0', (cpu: Cpu, xen: Hypervisor) => { xen.vcpu_info(cpu).evtchn_upcall_pending = false; });

const takeSelector = instruction('pending_words = xchg(&evtchn_pending_sel, 0)', (cpu: Cpu, xen: Hypervisor) => {
  const info = xen.vcpu_info(cpu);
  const words = info.evtchn_pending_sel;
  info.evtchn_pending_sel = false;
  return words;
}, { locked: true });

/** active_evtchns(): the first port that is pending and not masked, or 0. */
const active_evtchns = instruction('port = __ffs(active_evtchns())', (cpu: Cpu, xen: Hypervisor, events: EventChannels) => {
  const info = xen.shared_info(cpu);
  const active = info.evtchn_pending & ~info.evtchn_mask & (events.ports.get(cpu.id) ?? 0);
  return active === 0 ? 0 : 31 - Math.clz32(active & -active);
});

const clear_evtchn = instruction((_xen, port: number) => `clear_evtchn(${port})`, (cpu: Cpu, xen: Hypervisor, port: number) => {
  xen.shared_info(cpu).evtchn_pending &= ~(1 << port);
}, { locked: true });

/**
 * arch/x86/xen/events.c:468-497 (2.6.24), xen_evtchn_do_upcall(): every port that is pending is handled, with events masked.
 * Model: leaves out get_cpu, __ffs, orig_eax, do_IRQ, put_cpu: one word of ports; the handler of each is called.
 */
const xen_evtchn_do_upcall = path(function* xen_evtchn_do_upcall(xen: Hypervisor, events: EventChannels): Path {
  yield* clearUpcall(xen);
  if (!(yield* takeSelector(xen))) return;
  for (let port = yield* active_evtchns(xen, events); port !== 0; port = yield* active_evtchns(xen, events)) {
    yield* clear_evtchn(xen, port);
    yield* events.handle(port);
  }
});

/**
 * arch/x86/kernel/entry_32.S:1029-1047 (2.6.24), xen_hypervisor_callback(): comes only when events are not masked, so it returns to that.
 * Model: leaves out xen_iret_crit_fixup: no event comes between the two instructions of the way out, which is one hypercall.
 * Model: adds xen_evtchn_do_upcall, HYPERVISOR_iret: what it calls, and the way out.
 */
export const xen_hypervisor_callback = path(function* xen_hypervisor_callback(xen: Hypervisor, events: EventChannels): Path {
  yield* xen_evtchn_do_upcall(xen, events);
  yield* HYPERVISOR_iret(xen, 0, false);
});
