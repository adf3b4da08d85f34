import { PAGE_SIZE } from '../../../hardware/memory';
import { steal_page } from '../calls/memory-op';
import { hex, type page_info } from '../frames/frames';
import { GNTST, type Mfn } from '../public/xen';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';
import { refused } from './grants';

// How a domain gives a frame to another one for good (common/grant_table.c).

/**
 * A domain that has mapped a frame by a grant and dropped the entry by other means may
 * still have it cached: it was not flushed, and the grant is still in use.
 *
 * gnttab_transfer() of 4.13.5 flushes only the giver's processors, and type changes by
 * the taker flush the taker's: as its source reads, a release build is not safe here.
 * A debug build is, because it crashes a domain that drops such an entry
 * (`_PAGE_GNTTAB`). Found by reading the source, not tried on a real Xen.
 */
function flushGrantees(xen: XenState, mfn: Mfn): void {
  if (!xen.keeps('grantees-flushed-at-transfer')) return;
  for (const domain of xen.domains) if (domain.maptrack.some(({ active, frame }) => active && frame === mfn)) xen.flushDomain(domain);
}

/** Copies a frame to one that is low enough; the original goes back to the heap. */
function copyBelow(xen: XenState, page: page_info, highest: Mfn): page_info | undefined {
  const copy = [...xen.pages].find(({ mfn, owner, count }) => owner === null && count === 0 && mfn <= highest && mfn !== page.mfn);
  if (copy) for (const pa of xen.memory.wordsOf(page.mfn as number)) xen.memory.write32(copy.mfn * PAGE_SIZE + (pa % PAGE_SIZE), xen.memory.read32(pa));
  return copy;
}

/** common/grant_table.c, gnttab_transfer(): gives a frame to a domain that awaits one. Returns 0 or a negative status. */
export function gnttab_transfer(xen: XenState, vcpu: Vcpu, mfn: Mfn, dom: number): number {
  const { domain } = vcpu;
  const page = xen.pageOf(mfn);
  const taker = xen.domains[dom];
  xen.begin(vcpu);
  if (!page || page.mfn === xen.ownTable) return refused(xen, 'gnttab_transfer', GNTST.bad_page, `out-of-range mfn ${hex(mfn)}`);
  if (!taker || taker === domain) return refused(xen, 'gnttab_transfer', GNTST.bad_domain, `Could not find domain ${dom}`);
  if (taker.is_dying !== 'no' && xen.keeps('dying-gets-nothing')) return refused(xen, 'gnttab_transfer', GNTST.general_error, `Domain ${dom} is dying`);
  const ref = taker.grants.findIndex(({ accept, domid }) => accept && domid === domain.domain_id);
  if (ref < 0) return refused(xen, 'gnttab_transfer', GNTST.bad_gntref, `Domain ${dom} waits for no frame`);
  if (!steal_page(page, domain)) return GNTST.bad_page;
  if (xen.keeps('flush-at-transfer')) xen.flushDomain(domain);
  flushGrantees(xen, mfn);
  // Whatever was checked about the contents was checked for the giver (XSA-214).
  if (xen.keeps('transfer-clears-type')) Object.assign(page, { type: 'none', type_count: 0, validated: false });
  const given = mfn <= taker.highest ? page : copyBelow(xen, page, taker.highest);
  if (!given) return refused(xen, 'gnttab_transfer', GNTST.address_too_big, `No frame is low enough for domain ${dom}`); // the giver has lost the frame all the same
  const isCounted = given === page || xen.keeps('transfer-copy-counted');
  Object.assign(given, { owner: taker, allocated: true, count: isCounted ? 1 : 0 });
  taker.grants = taker.grants.map((entry, i) => (i === ref ? { ...entry, accept: false, frame: given.mfn, domid: -1 } : entry));
  return 0;
}
