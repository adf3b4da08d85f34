import { PAGE_SIZE } from '../../../hardware/memory';
import type { Entity } from '../../../state/hash';
import { get_page, put_page, type page_info } from '../frames/frames';
import { get_page_and_type, put_page_and_type } from '../frames/page-type';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, entryAddress, entryOf, flagsOf, isPresent, isXens, mfnOf, readEntry, writeEntry, writeEntryAnywhere, type Entry } from '../public/layout';
import { adjusted, drop_page_from_entry } from '../frames/tables';
import { GNTST, type Mfn } from '../public/xen';
import type { Domain, GrantMapping, Vcpu } from '../domain';
import type { XenFunction } from '../releases/functions';
import type { XenState } from '../state';
import { _set_status, activeGrant, clearMarks, couldNotPin, notForUse, pin, unpin, writers } from './active';
import { mapForDevices, unmapForDevices } from './device-grants';

// How a domain maps a frame of another one (common/grant_table.c, and for the
// entries arch/x86/mm.c, since 4.10 arch/x86/pv/grant_table.c). The references
// that a mapping takes belong to the entry that was made for it, so a call that
// drops that entry by other means drops them too. The pin remains until the
// grant is unmapped.
//
// Model: a grant table is a list that its guest writes directly.

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

/** common/grant_table.c, map_grant_ref(). Returns a handle, or a negative status. */
export function gnttab_map_grant_ref(xen: XenState, vcpu: Vcpu, { host_addr, contains_pte, readonly, ref, dom, device = false }: MapGrant): number {
  const { domain } = vcpu;
  const granter = xen.domains[dom];
  xen.begin(vcpu);
  if (!granter) return refused(xen, '__gnttab_map_grant_ref', GNTST.bad_domain, `Could not find domain ${dom}`);
  const entry = granter.grants[ref];
  const act = activeGrant(granter, ref);
  if (!entry) return refused(xen, '__gnttab_map_grant_ref', GNTST.bad_gntref, `Bad ref ${ref}`);
  const notForIt = notForUse(act, domain.domain_id);
  if (notForIt !== null) return refused(xen, '__gnttab_map_grant_ref', GNTST.general_error, notForIt);
  // The entry of a grant in use is not checked again, unless the new use is of a kind in which no domain has used it yet.
  const looks = !act || (!readonly && writers(act) === 0);
  // The result of a comparison, returned instead of the error (XSA-316).
  if (looks && !_set_status(xen, granter, ref, readonly, true, domain.domain_id)) return xen.keeps('grant-refusal-negative') ? GNTST.general_error : 1;
  const frame = act ? act.frame : entry.frame;
  const taken = takeGranted(xen, granter, frame, readonly, device);
  if (!taken) {
    if (looks) clearMarks(xen, granter, ref, readonly);
    return refused(xen, '__gnttab_map_grant_ref', GNTST.general_error, couldNotPin(frame));
  }
  pin(granter, ref, { readonly, host: true, device }, { domid: domain.domain_id, frame, readonly: looks ? entry.readonly : act.readonly });
  const flags = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY | (readonly ? 0 : _PAGE_RW);
  // The grant is in use, and its handle is known, before there is an entry for it: others may map a grant before this call ends.
  const { maptrack } = domain;
  domain.maptrack = [...maptrack, { dom, ref, frame, readonly, contains_pte, device, host: true, active: true }];
  const rc = create_grant_host_mapping(xen, vcpu, host_addr, contains_pte, adjusted(xen, 'l1', entryOf(frame, flags)) as Entry);
  if (rc !== 0) {
    domain.maptrack = maptrack;
    for (let i = 0; i < (device ? 2 : 1); i++) drop(taken, readonly);
    unpin(xen, granter, ref, { readonly, host: true, device });
    return rc;
  }
  if (granter !== domain) mapForDevices(xen, domain, frame, readonly);
  return maptrack.length;
}

/** The frame, with the references of one mapping, or of two if it is for devices too. Null if it is not the granter's, or has another use. */
function takeGranted(xen: XenState, granter: Domain, frame: Mfn, readonly: boolean, device: boolean): page_info | null {
  const page = xen.pageOf(frame);
  // Without the check, any domain can grant any frame.
  const owner = page && !xen.keeps('grant-owner-checked') ? page.owner ?? granter : granter;
  if (!page || page.mfn === xen.ownTable || !take(page, owner, readonly)) return null;
  if (!device || take(page, owner, readonly)) return page;
  drop(page, readonly);
  return null;
}

/** Why an operation on grants is refused, and by which function. */
export const refused = (xen: XenState, by: XenFunction, rc: number, why: string): number => {
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
  if (!contains_pte && isXens(xen.layout, host_addr)) return null;
  const at = contains_pte ? null : xen.guestEntry(vcpu, host_addr);
  const table = xen.pageOf(contains_pte ? Math.floor(host_addr / PAGE_SIZE) : at?.table ?? -1);
  if (!table || table.owner !== vcpu.domain) return null;
  const isTable = table.type === 'l1' && table.validated && table.type_count > 0;
  if (!isTable && xen.keeps('grant-entry-in-table')) return null;
  return at === null ? host_addr : entryAddress(xen.layout, xen.linearTable(vcpu, host_addr, at.table), at.slot);
}

/** create_grant_pte_mapping() and create_grant_va_mapping(), since 4.10 create_grant_pv_mapping() */
function create_grant_host_mapping(xen: XenState, vcpu: Vcpu, host_addr: number, contains_pte: boolean, entry: Entry): number {
  const by = contains_pte ? 'create_grant_pte_mapping' : 'create_grant_va_mapping';
  const pa = entryFor(xen, vcpu, host_addr, contains_pte);
  if (pa === null) return refused(xen, by, GNTST.general_error, 'No L1 table for the grant mapping');
  const offset = pa % xen.layout.entryBytes;
  // An unaligned store would change two entries, and be checked in neither (XSA-227).
  if (offset !== 0 && xen.keeps('grant-entry-aligned')) return refused(xen, by, GNTST.general_error, 'The entry is not aligned');
  const old = readEntry(xen.memory, xen.layout, pa - offset);
  writeEntryAnywhere(xen.memory, xen.layout, pa, entry);
  if (xen.keeps('grant-replaces-entry')) drop_page_from_entry(xen, 'l1', Math.floor(pa / PAGE_SIZE), old);
  return 0;
}

/** The parts of a grant to unmap. */
export interface UnmapGrant {
  readonly handle: number;
  /** Where the mapping is; 0 to leave it. */
  readonly host_addr: number;
  /** The devices' address of the frame; 0 to leave their part. */
  readonly dev_bus_addr?: number;
  /** GNTTABOP_unmap_and_replace: what is mapped at this address replaces the grant. */
  readonly new_addr?: number;
}

/** common/grant_table.c, unmap_common() and unmap_common_complete(). Returns 0 or a negative status. */
export function gnttab_unmap_grant_ref(xen: XenState, vcpu: Vcpu, op: UnmapGrant): number {
  const { domain } = vcpu;
  const { handle, host_addr, dev_bus_addr = 0 } = op;
  xen.begin(vcpu);
  const mapping = domain.maptrack[handle];
  if (!mapping?.active) return refused(xen, '__gnttab_unmap_common', GNTST.bad_handle, `Bad handle ${handle}`);
  if (dev_bus_addr !== 0 && dev_bus_addr !== mapping.frame * PAGE_SIZE) return refused(xen, '__gnttab_unmap_common', GNTST.general_error, 'Bus address does not match the grant');
  const done = { host: host_addr !== 0 && mapping.host, device: dev_bus_addr !== 0 && mapping.device };
  if (done.host) {
    const rc = replace_grant_host_mapping(xen, vcpu, mapping, op);
    if (rc !== 0) return rc;
  }
  const left = { ...mapping, host: mapping.host && !done.host, device: mapping.device && !done.device };
  const isOver = !left.host && !left.device;
  domain.maptrack = domain.maptrack.map((other, i) => (i === handle ? { ...left, active: !isOver } : other));
  const granter = xen.domains[mapping.dom]!;
  // A release that reports success counts the devices' mapping down, although nothing of it may have been unmapped (XSA-394).
  const isCounted = isOver || !xen.keeps('device-grants-counted-once');
  if (isCounted && granter !== domain && !unmapForDevices(xen, domain, mapping)) return GNTST.general_error;
  if (done.host && xen.keeps('grant-unmap-flushed')) xen.flushDomain(domain);
  complete(xen, granter, mapping, done);
  return 0;
}

function complete(xen: XenState, granter: Domain, mapping: GrantMapping, done: { readonly host: boolean; readonly device: boolean }): void {
  const { readonly, ref, device } = mapping;
  const page = xen.pageOf(mapping.frame)!;
  // Some releases dropped the references of the devices' part whenever a mapping had one, whatever was unmapped (XSA-224).
  if (done.device || (device && !xen.keeps('device-grant-unmapped-once'))) drop(page, readonly);
  if (done.host) drop(page, readonly);
  if ((done.host || done.device) && xen.keeps('grant-unpinned')) unpin(xen, granter, ref, { readonly, ...done });
}

/** destroy_grant_pte_mapping() and replace_grant_host_mapping(), since 4.10 replace_grant_pv_mapping(): clears the entry, or replaces it by another one. */
function replace_grant_host_mapping(xen: XenState, vcpu: Vcpu, { frame, readonly, contains_pte }: GrantMapping, { host_addr, new_addr = 0 }: UnmapGrant): number {
  if (new_addr !== 0 && contains_pte) return refused(xen, 'replace_grant_host_mapping', GNTST.general_error, 'An entry that was named by its address cannot be replaced');
  const other = new_addr === 0 ? 0 : steal_linear_address(xen, vcpu, new_addr);
  if (other === null) return refused(xen, 'steal_linear_address', GNTST.general_error, 'No L1 table for the entry that replaces the grant');
  const pa = entryFor(xen, vcpu, host_addr, contains_pte);
  const entry = pa === null || pa % xen.layout.entryBytes !== 0 ? 0 : readEntry(xen.memory, xen.layout, pa);
  const isOther = !isPresent(entry) || mfnOf(entry) !== frame;
  const sameRights = ((flagsOf(entry) & _PAGE_RW) === 0) === readonly;
  const why = pa === null || (isOther && xen.keeps('grant-unmap-same-frame')) ? 'The entry does not map the granted frame'
    : !sameRights && xen.keeps('grant-unmap-matches') ? 'The entry has other rights than the grant' : null;
  if (why !== null) {
    // The stolen entry is no longer in any table, and this call holds its references.
    if (new_addr !== 0 && xen.keeps('stolen-entry-dropped')) drop_page_from_entry(xen, 'l1', Math.floor(xen.guestEntry(vcpu, new_addr)!.table), other);
    return refused(xen, 'replace_grant_host_mapping', GNTST.general_error, why);
  }
  writeEntry(xen.memory, xen.layout, pa!, other);
  return 0;
}

/** steal_linear_address(): takes what is mapped at an address out of its table; null if there is no table. The caller gets its references. */
function steal_linear_address(xen: XenState, vcpu: Vcpu, va: number): Entry | null {
  const pa = entryFor(xen, vcpu, va, false);
  if (pa === null || pa % xen.layout.entryBytes !== 0) return null;
  const entry = readEntry(xen.memory, xen.layout, pa);
  if (xen.keeps('stolen-entry-moves')) writeEntry(xen.memory, xen.layout, pa, 0);
  return entry;
}
