import { PAGE_SIZE } from '../../../hardware/memory';
import type { Entity } from '../../../state/hash';
import { leaveDomain } from './iommu';
import { freeFrame, giveTo, steal_page } from '../calls/memory-op';
import { get_page, hex, put_page, type page_info } from '../frames/frames';
import { get_page_and_type, put_page_and_type } from '../frames/page-type';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, entryAddress, entryOf, flagsOf, isPresent, mfnOf, readEntry, writeEntry, writeEntryAnywhere, type Entry } from '../public/layout';
import { drop_page_from_entry } from '../frames/tables';
import { EBUSY, ENOMEM, ENOSYS, GNTST, type Mfn } from '../public/xen';
import type { GrantMapping } from '../domain';
import type { Domain, Vcpu } from '../domain';
import type { XenFunction } from '../releases/functions';
import type { XenState } from '../state';

// How a domain lets another one at a frame of its own, or gives it away
// (common/grant_table.c, and for the entries arch/x86/mm.c). The references
// that a mapping takes belong to the entry that was made for it, so a call that
// drops that entry by other means drops them too.
//
// Model: a grant table is a list that its guest writes directly; no transitive
// grants, no copies.

/** gnttab_map_grant_ref: where the mapping goes, and what is mapped. */
export interface MapGrant {
  /** A page's address, or (`contains_pte`) the machine address of the entry to use. */
  readonly host_addr: number;
  readonly contains_pte: boolean;
  readonly readonly: boolean;
  readonly ref: number;
  readonly dom: number;
  /** GNTMAP_device_map: for the domain's devices too. */
  readonly device?: boolean;
}

/** common/grant_table.c, __gnttab_map_grant_ref(). Returns a handle, or a negative status. */
export function gnttab_map_grant_ref(xen: XenState, vcpu: Vcpu, { host_addr, contains_pte, readonly, ref, dom, device = false }: MapGrant): number {
  const granter = xen.domains[dom];
  xen.begin(vcpu);
  if (!granter) return status(xen, '__gnttab_map_grant_ref', GNTST.bad_domain, `Could not find domain ${dom}`);
  const entry = granter.grants[ref];
  if (!entry || entry.accept || entry.domid !== vcpu.domain.domain_id) return status(xen, '__gnttab_map_grant_ref', GNTST.bad_gntref, `Bad ref ${ref}`);
  if (!readonly && entry.readonly && xen.keeps('grant-permission-checked')) {
    // The result of a comparison, returned instead of the error (XSA-316).
    return status(xen, '__gnttab_map_grant_ref', xen.keeps('grant-refusal-negative') ? GNTST.general_error : 1, 'Attempt to write-map a r/o grant entry');
  }
  const page = xen.pageOf(entry.frame);
  // Without the check the grant of any frame is as good as its owner's.
  const owner = page && !xen.keeps('grant-owner-checked') ? page.owner ?? granter : granter;
  const couldNotPin = (): number => status(xen, '__gnttab_map_grant_ref', GNTST.general_error, `Could not pin the granted frame ${hex(entry.frame)}`);
  if (!page || page.mfn === xen.ownTable || !take(page, owner, readonly)) return couldNotPin();
  // Another pair of references, for the devices' part.
  if (device && !take(page, owner, readonly)) {
    drop(page, readonly);
    return couldNotPin();
  }
  const flags = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY | (readonly ? 0 : _PAGE_RW);
  // The grant is in use before there is an entry for it, and its handle is known: others may map one before this call ends.
  const { maptrack } = vcpu.domain;
  const handle = maptrack.length;
  vcpu.domain.maptrack = [...maptrack, { dom, frame: page.mfn, readonly, grantedReadonly: entry.readonly, contains_pte, device, active: true }];
  const rc = create_grant_host_mapping(xen, vcpu, host_addr, contains_pte, entryOf(page.mfn, flags));
  if (rc !== 0) {
    vcpu.domain.maptrack = maptrack;
    drop(page, readonly);
    if (device) drop(page, readonly);
    return rc;
  }
  return handle;
}

const status = (xen: XenState, by: XenFunction, rc: number, why: string): number => {
  xen.refuse(by, why);
  return rc;
};

function take(page: page_info, owner: Entity, readonly: boolean): boolean {
  return readonly ? get_page(page, owner) : get_page_and_type(page, owner, 'writable');
}

function drop(page: page_info, readonly: boolean): void {
  if (readonly) put_page(page);
  else put_page_and_type(page);
}

/** Machine address of the entry that a guest names; null if it is not an entry of a lowest-level table of its own. */
function entryFor(xen: XenState, vcpu: Vcpu, host_addr: number, contains_pte: boolean): number | null {
  const at = contains_pte ? null : xen.guestEntry(vcpu, host_addr);
  const pa = contains_pte ? host_addr : at === null ? -1 : entryAddress(xen.layout, at.table, at.slot);
  const table = xen.pageOf(Math.floor(pa / PAGE_SIZE));
  if (!contains_pte && host_addr >= xen.layout.HYPERVISOR_VIRT_START) return null;
  if (!table || table.owner !== vcpu.domain) return null;
  const isTable = table.type === 'l1' && table.validated && table.type_count > 0;
  if (!isTable && xen.keeps('grant-entry-in-table')) return null;
  return pa;
}

/** arch/x86/mm.c, create_grant_pte_mapping() and create_grant_va_mapping() */
function create_grant_host_mapping(xen: XenState, vcpu: Vcpu, host_addr: number, contains_pte: boolean, entry: Entry): number {
  const by = contains_pte ? 'create_grant_pte_mapping' : 'create_grant_va_mapping';
  const pa = entryFor(xen, vcpu, host_addr, contains_pte);
  if (pa === null) return status(xen, by, GNTST.general_error, 'No L1 table for the grant mapping');
  const offset = pa % xen.layout.entryBytes;
  // A store that is not aligned would fall into two entries, and be checked in neither (XSA-227).
  if (offset !== 0 && xen.keeps('grant-entry-aligned')) return status(xen, by, GNTST.general_error, 'The entry is not aligned');
  const old = readEntry(xen.memory, xen.layout, pa - offset);
  writeEntryAnywhere(xen.memory, xen.layout, pa, entry);
  if (xen.keeps('grant-replaces-entry')) drop_page_from_entry(xen, 'l1', Math.floor(pa / PAGE_SIZE), old);
  return 0;
}

/**
 * common/grant_table.c, __gnttab_unmap_common() and its _complete(). Returns 0 or a negative status.
 *
 * @param host_addr where the mapping is; 0 to leave it
 * @param dev_bus_addr the devices' address of the frame; 0 to leave their part
 */
export function gnttab_unmap_grant_ref(xen: XenState, vcpu: Vcpu, host_addr: number, handle: number, dev_bus_addr = 0): number {
  const { domain } = vcpu;
  xen.begin(vcpu);
  const mapping = domain.maptrack[handle];
  if (!mapping?.active) return status(xen, '__gnttab_unmap_common', GNTST.bad_handle, `Bad handle ${handle}`);
  if (host_addr === 0 && mapping.device) return unmapForDevices(xen, domain, handle, dev_bus_addr);
  const pa = entryFor(xen, vcpu, host_addr, mapping.contains_pte);
  const entry = pa === null || pa % xen.layout.entryBytes !== 0 ? 0 : readEntry(xen.memory, xen.layout, pa);
  const by = mapping.contains_pte ? 'destroy_grant_pte_mapping' : 'destroy_grant_va_mapping';
  const isOther = !isPresent(entry) || mfnOf(entry) !== mapping.frame;
  if (pa === null || (isOther && xen.keeps('grant-unmap-same-frame'))) return status(xen, by, GNTST.general_error, 'The entry does not map the granted frame');
  const sameRights = ((flagsOf(entry) & _PAGE_RW) === 0) === mapping.readonly;
  if (!sameRights && xen.keeps('grant-unmap-matches')) return status(xen, by, GNTST.general_error, 'The entry has other rights than the grant');
  writeEntry(xen.memory, xen.layout, pa, 0);
  if (xen.keeps('grant-unmap-flushed')) xen.flushDomain(domain);
  drop(xen.pageOf(mapping.frame)!, mapping.readonly);
  if (mapping.device) drop(xen.pageOf(mapping.frame)!, mapping.readonly);
  domain.maptrack = domain.maptrack.map((other, i) => (i === handle ? { ...mapping, device: false, active: false } : other));
  return 0;
}

/** The devices' part alone. */
function unmapForDevices(xen: XenState, domain: Domain, handle: number, dev_bus_addr: number): number {
  const mapping = domain.maptrack[handle]!;
  const isAsked = dev_bus_addr !== 0;
  if (isAsked && dev_bus_addr !== mapping.frame * PAGE_SIZE) return status(xen, '__gnttab_unmap_common', GNTST.general_error, 'Bus address does not match the grant');
  if (!isAsked && xen.keeps('device-grant-unmapped-once')) return 0;
  drop(xen.pageOf(mapping.frame)!, mapping.readonly);
  if (isAsked) domain.maptrack = domain.maptrack.map((other, i) => (i === handle ? { ...mapping, device: false } : other));
  return 0;
}

/** Whether a mapping of a grant entitles a domain to a frame. */
export function isGranted(xen: XenState, domain: Domain, page: page_info, writes: boolean): boolean {
  return domain.maptrack.some((mapping: GrantMapping) => mapping.active && mapping.frame === page.mfn && xen.domains[mapping.dom] === page.owner && !(writes && mapping.grantedReadonly));
}

/**
 * common/grant_table.c, gnttab_set_version(): version 2 has a frame in which
 * Xen says which grants are in use, and which the guest may map.
 *
 * @returns 0, -EBUSY or -ENOMEM
 */
export function gnttab_set_version(xen: XenState, vcpu: Vcpu, version: 1 | 2): number {
  const { domain } = vcpu;
  xen.begin(vcpu);
  if (!xen.release.does['grant-tables-2']) return ENOSYS;
  if (domain.gt_version === version) return 0;
  if (xen.domains.some(({ maptrack }) => maptrack.some(({ active, dom }) => active && dom === domain.domain_id))) return status(xen, 'gnttab_set_version', EBUSY, 'Tried to change grant table version with grants still in use');
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
  domain.gt_version = version;
  return 0;
}

/** arch/x86/mm.c, share_xen_page_with_guest(): Xen's own use keeps the frame writable, so that it never becomes a table. */
function share_xen_page_with_guest(page: page_info): void {
  Object.assign(page, { xenHeap: true, type: 'writable', validated: true, type_count: 1 });
}

/** common/grant_table.c, gnttab_unpopulate_status_frames(): the frame goes only when the guest has no mapping of it left (XSA-255). */
function gnttab_unpopulate_status_frames(xen: XenState, page: page_info): number {
  if (page.count > 1 && xen.keeps('status-frame-unmapped')) return status(xen, 'gnttab_unpopulate_status_frames', EBUSY, `Status frame ${hex(page.mfn)} is still mapped`);
  leaveDomain(page);
  Object.assign(page, { xenHeap: false, owner: null, allocated: false, count: 0, type: 'none', type_count: 0 });
  return 0;
}

/**
 * Who has mapped a frame by a grant and has dropped the entry by other means may
 * still have it cached: it was not flushed, and the grant is still in use.
 *
 * gnttab_transfer() of 4.13.5 flushes the giver's processors alone, and the
 * taker's type changes flush the taker's: as its source reads, a release build is
 * not safe here. A debug build is, because it ends a domain that drops such an
 * entry (`_PAGE_GNTTAB`). Read in the source, not tried on a real Xen.
 */
function flushGrantees(xen: XenState, mfn: Mfn): void {
  if (!xen.keeps('grantees-flushed-at-transfer')) return;
  for (const domain of xen.domains) if (domain.maptrack.some(({ active, frame }) => active && frame === mfn)) xen.flushDomain(domain);
}

/** A copy of a frame in one that is low enough; the frame itself goes back to the heap. */
function copyBelow(xen: XenState, page: page_info, highest: Mfn): page_info | undefined {
  const copy = [...xen.pages].find(({ mfn, owner, count }) => owner === null && count === 0 && mfn <= highest && mfn !== page.mfn);
  if (copy) for (const pa of xen.memory.wordsOf(page.mfn as number)) xen.memory.write32(copy.mfn * PAGE_SIZE + (pa % PAGE_SIZE), xen.memory.read32(pa));
  return copy;
}

/** common/grant_table.c, gnttab_transfer(): gives a frame to a domain that waits for one. Returns 0 or a negative status. */
export function gnttab_transfer(xen: XenState, vcpu: Vcpu, mfn: Mfn, dom: number): number {
  const { domain } = vcpu;
  const page = xen.pageOf(mfn);
  const taker = xen.domains[dom];
  xen.begin(vcpu);
  if (!page || page.mfn === xen.ownTable) return status(xen, 'gnttab_transfer', GNTST.bad_page, `out-of-range mfn ${hex(mfn)}`);
  if (!taker || taker === domain) return status(xen, 'gnttab_transfer', GNTST.bad_domain, `Could not find domain ${dom}`);
  const ref = taker.grants.findIndex(({ accept, domid }) => accept && domid === domain.domain_id);
  if (ref < 0) return status(xen, 'gnttab_transfer', GNTST.bad_gntref, `Domain ${dom} waits for no frame`);
  if (!steal_page(page, domain)) return GNTST.bad_page;
  if (xen.keeps('flush-at-transfer')) xen.flushDomain(domain);
  flushGrantees(xen, mfn);
  // Whatever was checked about the contents was checked for the giver (XSA-214).
  if (xen.keeps('transfer-clears-type')) Object.assign(page, { type: 'none', type_count: 0, validated: false });
  const given = mfn <= taker.highest ? page : copyBelow(xen, page, taker.highest);
  if (!given) return status(xen, 'gnttab_transfer', GNTST.address_too_big, `No frame is low enough for domain ${dom}`); // the giver has lost the frame all the same
  const isCounted = given === page || xen.keeps('transfer-copy-counted');
  Object.assign(given, { owner: taker, allocated: true, count: isCounted ? 1 : 0 });
  taker.grants = taker.grants.map((entry, i) => (i === ref ? { ...entry, accept: false, frame: given.mfn, domid: -1 } : entry));
  return 0;
}
