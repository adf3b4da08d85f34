import type { Invariant } from '../../explorer/system';
import type { Domain, Xen } from '../../hypervisors/xen/xen';
import type { PhysToMachine } from '../../kernel/xen/p2m';

/** Each frame that the guest's table gives for one of its pages belongs to the guest, and Xen's reverse map names that page. */
export function p2mMatchesM2p(xen: Xen, domain: Domain, p2m: PhysToMachine): Invariant {
  return {
    name: 'p2mMatchesM2p',
    check() {
      for (const pfn of p2m.keys()) {
        const mfn = p2m.get(pfn);
        const owner = xen.pageOf(mfn)?.owner ?? null;
        if (owner !== domain) return `${domain.name} believes that its page ${pfn} is mfn ${mfn}, which belongs to ${owner?.name ?? 'nobody'}`;
        const back = xen.machineToPhys(mfn);
        if (back !== pfn) return `${domain.name} believes that its page ${pfn} is mfn ${mfn}, which Xen knows as page ${back}`;
      }
      return null;
    },
  };
}

/** The reverse map names only frames that belong to a domain. */
export function xenReverseMapOwned(xen: Xen): Invariant {
  return {
    name: 'xenReverseMapOwned',
    check() {
      for (const mfn of xen.machine_to_phys_mapping.keys()) {
        if (xen.pageOf(mfn)!.owner === null) return `mfn ${mfn} belongs to nobody, and the reverse map calls it page ${xen.machineToPhys(mfn)}`;
      }
      return null;
    },
  };
}
