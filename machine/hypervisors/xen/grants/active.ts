import { hex } from '../frames/frames';
import type { ActiveGrant, Domain, GrantEntry } from '../domain';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';

// Grants in use (common/grant_table.c): each use pins the grant, and while it is
// pinned its entry is marked as being read or written. A guest that wants to reuse
// the frame waits until the marks are cleared; until then it can change everything
// else in the entry, so Xen keeps what it has checked in an entry of its own.
//
// Model: no reserved entries, no grants of part of a page, no limit on pin counts.

const NOTHING: GrantEntry = { domid: -1, frame: -1, readonly: true, accept: false, trans_domid: -1, trans_gref: -1, reading: false, writing: false };

/** An entry of a grant table; fields that are not given are as in an empty one. */
export function grantEntry(fields: Partial<GrantEntry>): GrantEntry {
  return { ...NOTHING, ...fields } as GrantEntry;
}

/** A guest writes an entry of its table. A well-behaved one leaves the marks as they are. */
export function writeGrant(domain: Domain, ref: number, fields: Partial<GrantEntry>): void {
  const grants = [...domain.grants];
  while (grants.length <= ref) grants.push(NOTHING);
  const { reading, writing } = grants[ref]!;
  grants[ref] = { ...NOTHING, reading, writing, ...fields } as GrantEntry;
  domain.grants = grants;
}

/** One use of a grant. */
export interface Use {
  readonly readonly: boolean;
  /** By a processor, by a device, or by both at once. */
  readonly host: boolean;
  readonly device: boolean;
}

export const HOST_READ: Use = { readonly: true, host: true, device: false };
export const HOST_WRITE: Use = { readonly: false, host: true, device: false };

/** active_entry(); undefined if no domain uses the grant. */
export function activeGrant({ active }: Domain, ref: number): ActiveGrant | undefined {
  return active.find((grant) => grant.ref === ref);
}

export function writers({ hstw, devw }: ActiveGrant): number {
  return hstw + devw;
}

function users({ hstr, hstw, devr, devw }: ActiveGrant): number {
  return hstr + hstw + devr + devw;
}

/**
 * _set_status_v1() and _set_status_v2(): marks the entry for a use, if its owner allows that.
 *
 * @param isMapping a transitive grant can only be copied
 * @returns false if the guest's entry does not allow it
 */
export function _set_status(xen: XenState, granter: Domain, ref: number, readonly: boolean, isMapping: boolean, ldomid: number): boolean {
  const entry = granter.grants[ref]!;
  const isTransitive = entry.trans_domid >= 0;
  const by = !xen.release.does['grant-tables-2'] ? (isMapping ? '__gnttab_map_grant_ref' : '__acquire_grant_for_copy') : granter.gt_version === 1 ? '_set_status_v1' : '_set_status_v2';
  const isOffered = !entry.accept && entry.domid === ldomid && !(isTransitive && isMapping);
  if (!activeGrant(granter, ref) && !isOffered) return xen.refuse(by, `Bad flags or dom (${entry.domid}) of grant ${ref}; expected d${ldomid}`);
  if (!readonly && entry.readonly && xen.keeps('grant-permission-checked')) return xen.refuse(by, 'Attempt to write-map a r/o grant entry');
  if (xen.keeps('grant-marked')) mark(granter, ref, { reading: true, ...(readonly ? {} : { writing: true }) });
  return true;
}

function mark(granter: Domain, ref: number, marks: { readonly reading?: boolean; readonly writing?: boolean }): void {
  const entry = granter.grants[ref]!;
  const { reading = entry.reading, writing = entry.writing } = marks;
  if (reading === entry.reading && writing === entry.writing) return;
  granter.grants = granter.grants.map((other, i) => (i === ref ? { ...other, reading, writing } : other));
}

/** What Xen records about a grant at its first use. */
export interface Noted {
  readonly domid: number;
  readonly frame: Mfn;
  readonly readonly: boolean;
  readonly trans_domid?: number;
  readonly trans_gref?: number;
}

/** act->pin += …, with what is recorded at the first use. */
export function pin(granter: Domain, ref: number, use: Use, noted: Noted): void {
  const act = activeGrant(granter, ref);
  const first: ActiveGrant = { ref, trans_domid: -1, trans_gref: -1, ...noted, hstr: 0, hstw: 0, devr: 0, devw: 0 };
  const pinned = counted(act ? { ...act, readonly: noted.readonly } : first, use, 1);
  granter.active = act ? granter.active.map((other) => (other === act ? pinned : other)) : [...granter.active, pinned];
}

/** act->pin -= …; the last use of a kind clears its mark. */
export function unpin(xen: XenState, granter: Domain, ref: number, use: Use): void {
  const act = activeGrant(granter, ref);
  if (!act) throw new Error(`machine bug: grant ${ref} of ${granter.name} is not in use`);
  const left = counted(act, use, -1);
  granter.active = users(left) === 0 ? granter.active.filter((other) => other !== act) : granter.active.map((other) => (other === act ? left : other));
  clearMarks(xen, granter, ref, use.readonly);
}

/** gnttab_clear_flags(), as far as the remaining uses allow. */
export function clearMarks(xen: XenState, granter: Domain, ref: number, readonly: boolean): void {
  const left = activeGrant(granter, ref);
  const asLast = !left || !xen.keeps('grant-marks-cleared-last');
  mark(granter, ref, { ...(asLast ? { reading: false } : {}), ...(!readonly && (asLast || writers(left) === 0) ? { writing: false } : {}) });
}

function counted(act: ActiveGrant, { readonly, host, device }: Use, by: 1 | -1): ActiveGrant {
  const [h, d] = [host ? by : 0, device ? by : 0];
  return readonly ? { ...act, hstr: act.hstr + h, devr: act.devr + d } : { ...act, hstw: act.hstw + h, devw: act.devw + d };
}

/** Why a domain may not use a grant that is in use: another domain uses it. Null if it may. */
export function notForUse(act: ActiveGrant | undefined, ldomid: number): string | null {
  return act && act.domid !== ldomid ? `Bad domain (${act.domid} != ${ldomid})` : null;
}

/** Whether a domain is entitled to a frame by a grant in use. */
export function isGranted(xen: XenState, domain: Domain, { mfn, owner }: { readonly mfn: Mfn; readonly owner: unknown }, writes: boolean): boolean {
  return xen.domains.some((granter) => granter === owner && granter.active.some(({ domid, frame, readonly }) => domid === domain.domain_id && frame === mfn && !(writes && readonly)));
}

/** What is wrong with a frame, for messages. */
export const couldNotPin = (frame: Mfn): string => `Could not pin the granted frame ${hex(frame)}`;
