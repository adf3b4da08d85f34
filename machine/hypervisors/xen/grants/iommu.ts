import { isTable, type FrameType, type page_info } from '../frames/frames';
import { leaveGrantees } from './device-grants';
import type { Domain } from '../domain';
import { ENOSYS } from '../public/xen';
import type { XenState } from '../state';

// What a domain's device may write, if it has one: every frame that the domain
// itself may map writable, and no table. The IOMMU's tables follow the types of
// the frames (drivers/passthrough, called by arch/x86/mm.c).
//
// Model: the tables are reduced to one name for each frame: the domain whose
// devices can reach it. A step fails while `xen.iommuFails` is set, as it does
// when memory is short.

/** Follows a change of type. False, with nothing changed, if that fails. */
export function followType(page: page_info, before: FrameType, type: FrameType): boolean {
  const domain = page.owner as Domain | null;
  if (domain === null || !domain.passthrough || (before === 'writable') === (type === 'writable')) return true;
  const { xen } = page;
  if (!xen.keeps('iommu-follows-type')) return true;
  if (type !== 'writable' && !xen.keeps('iommu-tlb-flushed')) return true;
  if (xen.iommuFails.value) return false;
  xen.iommu.set(page.mfn, type === 'writable' ? domain.name : '');
  return true;
}

/** guest_physmap_add_page(), which some releases also called for a paravirtualised domain: its devices reach whatever it is given (XSA-288). */
export function joinDomain(page: page_info, domain: Domain): void {
  const { xen } = page;
  if (domain.passthrough && !xen.keeps('iommu-only-writable')) xen.iommu.set(page.mfn, domain.name);
}

/** guest_physmap_remove_page(): the frame leaves its domain, so the domain's devices can no longer reach it, and its entry in the reverse map is removed. */
export function leaveDomain(page: page_info): void {
  const { xen } = page;
  if (xen.keeps('iommu-left-with-domain')) xen.iommu.set(page.mfn, '');
  leaveGrantees(xen, page.mfn);
  if (xen.keeps('m2p-left-with-domain')) xen.machine_to_phys_mapping.delete(page.mfn);
}

/** XEN_DOMCTL_assign_device: until 3.3 only for fully virtualised domains. Gives the domain a device, which can reach what is now writable; or removes it. */
export function assignDevice(xen: XenState, domain: Domain, has: boolean): number | null {
  if (!domain.translated && !xen.release.does.passthrough) return ENOSYS;
  domain.passthrough = has;
  for (const page of xen.pages) {
    if (page.owner === domain) xen.iommu.set(page.mfn, has && page.type === 'writable' && !isTable(page.type) ? domain.name : '');
  }
  return null;
}
