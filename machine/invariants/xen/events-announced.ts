import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** An event that is pending and not masked is announced to its virtual CPU. For guests without handlers: a handler consumes the announcement first. */
export function xenEventsAnnounced(xen: Xen): Invariant {
  return {
    name: 'xenEventsAnnounced',
    check() {
      for (const { domain, id, name, vcpu_info } of xen.vcpus) {
        const { evtchn_pending, evtchn_mask } = domain.shared_info;
        const port = domain.channels.findIndex((notified, i) => notified === id && (evtchn_pending & ~evtchn_mask & (1 << (i + 1))) !== 0) + 1;
        if (port > 0 && !(vcpu_info.evtchn_pending_sel && vcpu_info.evtchn_upcall_pending)) return `port ${port} of ${domain.name} is pending and not masked, but ${name} has not been told`;
      }
      return null;
    },
  };
}
