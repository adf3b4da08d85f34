import { freeFrame, giveTo } from '../calls/memory-op';
import { hex, type page_info } from '../frames/frames';
import { EBUSY, ENOMEM, ENOSYS } from '../public/xen';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';
import { refused } from './grants';
import { leaveDomain } from './iommu';

// The two versions of grant tables (common/grant_table.c): the second has marks
// in a frame of their own, and grants that lead to grants.

/**
 * common/grant_table.c, gnttab_set_version(): version 2 has a frame in which
 * Xen records which grants are in use; the guest may map it.
 *
 * @returns 0, -EBUSY or -ENOMEM
 */
export function gnttab_set_version(xen: XenState, vcpu: Vcpu, version: 1 | 2): number {
  const { domain } = vcpu;
  xen.begin(vcpu);
  if (!xen.release.does['grant-tables-2']) return ENOSYS;
  if (domain.gt_version === version) return 0;
  if (domain.active.length > 0) return refused(xen, 'gnttab_set_version', EBUSY, 'Tried to change grant table version with grants still in use');
  if (version === 2) {
    const page = freeFrame(xen);
    if (!page) return ENOMEM;
    xen.flushEverywhere();
    giveTo(page, domain);
    share_xen_page_with_guest(page);
    domain.status = page.mfn;
  } else if (domain.status !== null) {
    const rc = xen.keeps('status-frame-returned') ? gnttab_unpopulate_status_frames(xen, xen.pageOf(domain.status)!) : 0;
    if (rc !== 0) return rc;
    domain.status = null;
  }
  domain.grants = []; // the entries have another format
  domain.gt_version = version;
  return 0;
}

/** arch/x86/mm.c, share_xen_page_with_guest(): Xen's own reference keeps the frame writable, so that it never becomes a table. */
function share_xen_page_with_guest(page: page_info): void {
  Object.assign(page, { xenHeap: true, type: 'writable', validated: true, type_count: 1 });
}

/** common/grant_table.c, gnttab_unpopulate_status_frames(): the frame is freed only when the guest has no mapping of it left (XSA-255). */
function gnttab_unpopulate_status_frames(xen: XenState, page: page_info): number {
  if (page.count > 1 && xen.keeps('status-frame-unmapped')) return refused(xen, 'gnttab_unpopulate_status_frames', EBUSY, `Status frame ${hex(page.mfn)} is still mapped`);
  leaveDomain(page);
  Object.assign(page, { xenHeap: false, owner: null, allocated: false, count: 0, type: 'none', type_count: 0 });
  return 0;
}

