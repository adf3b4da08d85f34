import { EINVAL, ENOSYS } from '../public/xen';
import { EVTCHNOP } from '../public/events';
import { instruction, path, silently, type Path } from '../../../path';
import type { Cpu } from '../../../hardware/cpu';
import type { Domain, Vcpu } from '../domain';
import type { XenState } from '../state';

// Event channels (common/event_channel.c): how a guest's processors interrupt
// each other. An event is one bit, so two of the same port are one. A virtual
// CPU is interrupted at once if it runs and does not mask its events, else when
// it next enters its guest without masking them; it is kicked for that purpose.
//
// Model: interprocessor channels only.

/** Vector of the interrupt that makes a processor check its virtual CPU's events. */
export const EVENT_CHECK_VECTOR = 0xfc;

/**
 * common/event_channel.c, do_event_channel_op()
 *
 * @returns 0, -EINVAL or -ENOSYS; the port, which is positive, for a binding
 */
export function do_event_channel_op(xen: XenState, vcpu: Vcpu, cmd: number, arg: number): number {
  switch (cmd) {
    case EVTCHNOP.bind_ipi: return evtchn_bind_ipi(xen, vcpu.domain, arg);
    case EVTCHNOP.send: return evtchn_send(xen, vcpu.domain, arg);
    case EVTCHNOP.unmask: return evtchn_unmask(xen, vcpu.domain, arg);
    default: return ENOSYS;
  }
}

const vcpuWith = (xen: XenState, domain: Domain, id: number): Vcpu | undefined => xen.vcpus.find((vcpu) => vcpu.domain === domain && vcpu.id === id);

/** common/event_channel.c, evtchn_bind_ipi(): a port by which virtual CPU `id` is interrupted. Port 0 is not used. */
function evtchn_bind_ipi(xen: XenState, domain: Domain, id: number): number {
  if (!vcpuWith(xen, domain, id)) return EINVAL;
  domain.channels = [...domain.channels, id];
  return domain.channels.length;
}

/** The virtual CPU that a port interrupts. */
function notified(xen: XenState, domain: Domain, port: number): Vcpu | undefined {
  const id = domain.channels[port - 1];
  return id === undefined ? undefined : vcpuWith(xen, domain, id);
}

/** common/event_channel.c, evtchn_send() and evtchn_set_pending() */
function evtchn_send(xen: XenState, domain: Domain, port: number): number {
  const vcpu = notified(xen, domain, port);
  if (!vcpu) {
    xen.refuse('evtchn_send', `Send to port ${port}, which is not bound`);
    return EINVAL;
  }
  const { shared_info } = domain;
  const bit = 1 << port;
  if ((shared_info.evtchn_pending & bit) !== 0) return 0;
  shared_info.evtchn_pending |= bit;
  if ((shared_info.evtchn_mask & bit) === 0) markPending(vcpu);
  return 0;
}

/** common/event_channel.c, evtchn_unmask(): an event that came while the port was masked is now announced. */
function evtchn_unmask(xen: XenState, domain: Domain, port: number): number {
  const vcpu = notified(xen, domain, port);
  if (!vcpu) return EINVAL;
  const { shared_info } = domain;
  const bit = 1 << port;
  const wasMasked = (shared_info.evtchn_mask & bit) !== 0;
  shared_info.evtchn_mask &= ~bit;
  if (wasMasked && (shared_info.evtchn_pending & bit) !== 0 && xen.keeps('unmask-announces')) markPending(vcpu);
  return 0;
}

/** Sets the port's word in the selector, marks the virtual CPU (vcpu_mark_events_pending()), and kicks it; each only if that has not been done. */
function markPending(vcpu: Vcpu): void {
  const { vcpu_info, cpu } = vcpu;
  if (vcpu_info.evtchn_pending_sel) return;
  vcpu_info.evtchn_pending_sel = true;
  if (vcpu_info.evtchn_upcall_pending) return;
  vcpu_info.evtchn_upcall_pending = true;
  if (!cpu.ipis.includes(EVENT_CHECK_VECTOR)) cpu.ipis = [...cpu.ipis, EVENT_CHECK_VECTOR].sort((one, other) => other - one);
}

/**
 * Whether entering the guest now would interrupt it. It is not entered while Xen is in the middle of taking a type. Model: nor while the processor's own flag is off, which kernel
 * paths written for bare metal clear (CLI, POPF).
 */
function isDue({ vcpu_info, cpu, event_callback, in_flight }: Vcpu): boolean {
  return in_flight === null && event_callback !== null && vcpu_info.evtchn_upcall_pending && !vcpu_info.evtchn_upcall_mask && cpu.IF;
}

/** arch/x86/x86_32/entry.S, test_all_events, on the way back into a guest: pushes its handler on top of what it did, with its events masked. */
export function test_all_events(vcpu: Vcpu): void {
  if (!isDue(vcpu)) return;
  vcpu.vcpu_info.evtchn_upcall_mask = true;
  vcpu.cpu.context!.interrupt(vcpu.event_callback!(), vcpu.cpu);
}

const takeEvents = silently('test_all_events', (cpu: Cpu, xen: XenState) => {
  const vcpu = xen.vcpuOn(cpu);
  if (!isDue(vcpu)) return false;
  vcpu.vcpu_info.evtchn_upcall_mask = true;
  return true;
});

const enterGuest = instruction('the event callback begins', () => undefined);

/** Ours: the kick has arrived, and Xen checks for events on its way back into the guest. */
export const event_check = path(function* event_check(xen: XenState, vcpu: Vcpu): Path {
  if (!(yield* takeEvents(xen))) return;
  yield* enterGuest();
  yield* vcpu.event_callback!();
});
