import type { Domain, GrantMapping } from '../domain';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';

// The frames granted by other domains that a domain's devices can reach: each
// mapping is also one in the IOMMU's tables, whether or not the guest asks for
// that, and each frame is counted once for each mapping (common/grant_table.c).
//
// Model: this is counted even for a domain that has no device yet.

export function mapForDevices(xen: XenState, domain: Domain, frame: Mfn, readonly: boolean): void {
  const { rd = 0, wr = 0, writes = false } = domain.deviceGrants.find((other) => other.frame === frame) ?? {};
  const counted = { frame, rd: rd + (readonly ? 1 : 0), wr: wr + (readonly ? 0 : 1), writes: writes || !readonly };
  domain.deviceGrants = [...domain.deviceGrants.filter((other) => other.frame !== frame), counted];
}

/** Returns false, and Xen crashes, if a frame is counted down once too often. */
export function unmapForDevices(xen: XenState, domain: Domain, { frame, readonly }: GrantMapping): boolean {
  const known = domain.deviceGrants.find((other) => other.frame === frame);
  if ((readonly ? known?.rd : known?.wr) === undefined || (readonly ? known!.rd : known!.wr) === 0) return !domain.passthrough || xen.bug('BUG() in unmap_common(): a grant for devices is counted down once too often');
  const rd = known!.rd - (readonly ? 1 : 0);
  const wr = known!.wr - (readonly ? 0 : 1);
  const others = domain.deviceGrants.filter((other) => other !== known);
  domain.deviceGrants = rd + wr === 0 ? others : [...others, { frame, rd, wr, writes: known!.writes && wr > 0 }];
  return true;
}

/**
 * A frame takes another type, or leaves its domain: the devices of a domain that has
 * a grant of it can no longer write it.
 *
 * As the source reads, no release does that: when a guest drops the entry of a grant by
 * other means, its references are dropped, and the IOMMU's entry, which holds none,
 * remains until the grant is unmapped. A debug build crashes a domain that drops such an
 * entry (`_PAGE_GNTTAB`). Found by reading the source, not tried on a real Xen.
 */
export function leaveGrantees(xen: XenState, mfn: Mfn): void {
  if (!xen.keeps('iommu-follows-grants')) return;
  for (const domain of xen.domains) {
    if (domain.deviceGrants.some(({ frame, writes }) => frame === mfn && writes)) domain.deviceGrants = domain.deviceGrants.map((other) => (other.frame === mfn ? { ...other, writes: false } : other));
  }
}
