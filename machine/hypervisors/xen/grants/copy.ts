import { PAGE_SIZE } from '../../../hardware/memory';
import { get_page, hex, put_page, type page_info } from '../frames/frames';
import { get_page_type, put_page_type } from '../frames/page-type';
import { DOMID_SELF, ERESTART, GNTST, type Mfn } from '../public/xen';
import type { Domain, Vcpu } from '../domain';
import type { XenState } from '../state';
import { _set_status, activeGrant, clearMarks, couldNotPin, HOST_READ, HOST_WRITE, notForUse, pin, unpin, writers } from './active';
import { refused } from './grants';

// GNTTABOP_copy (common/grant_table.c): Xen copies between two frames, each of
// which is the caller's own or was granted to it. During the copy a grant is in
// use; and it may lead to a grant of a third domain.
//
// Model: whole words; no grants of part of a page.

/** One end of a copy: a frame of the caller (`dom` is DOMID_SELF), or a grant. */
export interface CopyEnd {
  readonly dom: number;
  /** The frame's number, or that of the grant. */
  readonly at: number;
  /** Bytes from the beginning of the page. */
  readonly offset: number;
}

export interface GrantCopy {
  readonly source: CopyEnd;
  readonly dest: CopyEnd;
  /** Bytes. */
  readonly len: number;
}

/** struct gnttab_copy_buf: one end, as long as it is held; the next operation of the list may use it again. */
interface Held {
  readonly end: CopyEnd;
  readonly page: page_info;
  /** The frame to copy from or to: Xen finds it by its number. */
  readonly frame: Mfn;
  readonly readonly: boolean;
  readonly hasType: boolean;
}

interface Buffers {
  source: Held | null;
  dest: Held | null;
}

/**
 * gnttab_copy(): operations in order; a refused one does not stop the rest.
 *
 * @returns the result of the last one: 0 or a negative status; 0 also if only an earlier one was done
 */
export function gnttab_copy(xen: XenState, vcpu: Vcpu, ops: readonly GrantCopy[], from = 0): number {
  const held: Buffers = { source: null, dest: null };
  let [rc, isDone] = [0, false];
  xen.begin(vcpu, true);
  xen.done = from;
  for (let i = from; i < ops.length && xen.died.value === ''; i++) {
    if (i > from && xen.keeps('lists-look') && xen.hypercall_preempt_check()) {
      letGo(xen, held);
      vcpu.continuation = { from: i, rc: null, why: '' };
      xen.done = i;
      return ERESTART;
    }
    if (i > from) xen.handled('operation');
    rc = copyOne(xen, vcpu, ops[i]!, held);
    if (rc === 0) isDone = true;
    else letGo(xen, held);
  }
  letGo(xen, held);
  return isDone ? 0 : rc;
}

function letGo(xen: XenState, held: Buffers): void {
  release(xen, held.source);
  release(xen, held.dest);
  held.source = held.dest = null;
}

/** gnttab_copy_release_buf(): the grant first, since a grant in use guarantees its frame (XSA-236). */
function release(xen: XenState, held: Held | null): void {
  if (held === null) return;
  const granter = xen.domains[held.end.dom];
  if (granter) release_grant_for_copy(xen, granter, held.end.at, held.readonly);
  if (held.hasType) put_page_type(held.page);
  put_page(held.page);
}

const isSameEnd = (held: Held | null, { dom, at }: CopyEnd): held is Held => held !== null && held.end.dom === dom && held.end.at === at;

function copyOne(xen: XenState, vcpu: Vcpu, { source, dest, len }: GrantCopy, held: Buffers): number {
  for (const [end, which] of [[source, 'source'], [dest, 'dest']] as const) {
    if (isSameEnd(held[which], end)) continue;
    release(xen, held[which]);
    held[which] = null;
    const got = claim(xen, vcpu, end, which === 'source');
    if (typeof got === 'number') return got;
    held[which] = got;
  }
  if ((source.offset + len > PAGE_SIZE || dest.offset + len > PAGE_SIZE) && xen.keeps('copy-within-page')) return refused(xen, 'gnttab_copy_buf', GNTST.bad_copy_arg, 'copy beyond page area');
  const [to, out] = [held.dest!.frame * PAGE_SIZE + dest.offset, held.source!.frame * PAGE_SIZE + source.offset];
  const words = Array.from({ length: len / 4 }, (_, i) => xen.memory.read32(out + 4 * i));
  for (const [i, word] of words.entries()) if (xen.memory.read32(to + 4 * i) !== word) xen.memory.write32(to + 4 * i, word);
  return 0;
}

/** gnttab_copy_claim_buf() */
function claim(xen: XenState, vcpu: Vcpu, end: CopyEnd, readonly: boolean): Held | number {
  const { domain } = vcpu;
  const got = end.dom === DOMID_SELF ? ownFrame(xen, domain, end.at) : grantedFrame(xen, domain, end, readonly);
  if (typeof got === 'number') return got;
  const isTyped = !readonly && xen.keeps('copy-writes-writable');
  const hasType = isTyped && get_page_type(got.page, 'writable');
  const held = { ...got, end, readonly, hasType };
  if (!isTyped || hasType) return held;
  release(xen, held);
  return refused(xen, 'gnttab_copy_claim_buf', GNTST.general_error, `Could not get writable frame ${hex(got.frame)}`);
}

interface Found {
  readonly page: page_info;
  readonly frame: Mfn;
}

/** The status for a frame that does not exist, or belongs to another domain. */
const notToBeHad = ({ release: { does } }: XenState): number => (does['copy-names-bad-page'] ? GNTST.bad_page : GNTST.general_error);

function ownFrame(xen: XenState, domain: Domain, frame: Mfn): Found | number {
  const page = xen.pageOf(frame);
  return page && get_page(page, domain) ? { page, frame } : refused(xen, 'gnttab_copy_claim_buf', notToBeHad(xen), `source frame ${hex(frame)} invalid`);
}

function grantedFrame(xen: XenState, domain: Domain, { dom, at }: CopyEnd, readonly: boolean): Found | number {
  const granter = xen.domains[dom];
  if (!granter) return refused(xen, 'gnttab_copy_lock_domain', GNTST.bad_domain, `Could not find domain ${dom}`);
  return acquire_grant_for_copy(xen, { granter, ref: at, ldomid: domain.domain_id, readonly }, 0);
}

interface Acquiring {
  readonly granter: Domain;
  readonly ref: number;
  /** The domain that will use it. */
  readonly ldomid: number;
  readonly readonly: boolean;
}

/** How many grants may lead to one another before Xen's stack is full. */
const STACK = 8;

/** acquire_grant_for_copy(): pins a grant and takes one general reference to its frame, or neither. */
function acquire_grant_for_copy(xen: XenState, acquiring: Acquiring, depth: number): Found | number {
  const { granter, ref, ldomid, readonly } = acquiring;
  const entry = granter.grants[ref];
  const act = activeGrant(granter, ref);
  if (!entry) return refused(xen, '__acquire_grant_for_copy', GNTST.bad_gntref, `Bad grant reference ${ref}`);
  const notForIt = notForUse(act, ldomid);
  if (notForIt !== null) return refused(xen, '__acquire_grant_for_copy', GNTST.general_error, notForIt);
  const looks = !act || (!readonly && writers(act) === 0);
  const isTransitive = entry.trans_domid >= 0;
  if (isTransitive && (looks || xen.keeps('transitive-released-each-time'))) return acquireTransitive(xen, acquiring, looks, depth);
  if (!looks) return acquireInUse(xen, acquiring);
  if (!_set_status(xen, granter, ref, readonly, false, ldomid)) return GNTST.general_error;
  const page = xen.pageOf(entry.frame);
  if (!page || page.mfn === xen.ownTable || !get_page(page, xen.keeps('grant-owner-checked') ? granter : page.owner ?? granter)) {
    clearMarks(xen, granter, ref, readonly);
    return refused(xen, '__acquire_grant_for_copy', notToBeHad(xen), couldNotPin(entry.frame));
  }
  // The entry may now name a frame other than the one in use: a reference to one, and a copy to the other (XSA-500).
  const isOther = act !== undefined && (act.frame !== page.mfn || act.trans_domid >= 0);
  if (isOther && xen.keeps('copy-to-frame-in-use')) {
    put_page(page);
    clearMarks(xen, granter, ref, readonly);
    return refused(xen, '__acquire_grant_for_copy', GNTST.general_error, 'The grant in use is one of another frame');
  }
  const frame = act ? act.frame : page.mfn;
  pin(granter, ref, readonly ? HOST_READ : HOST_WRITE, { domid: ldomid, frame, readonly: entry.readonly });
  return { page, frame };
}

/** A grant that is already in use: its frame was checked then. */
function acquireInUse(xen: XenState, { granter, ref, ldomid, readonly }: Acquiring): Found | number {
  const act = activeGrant(granter, ref)!;
  const page = xen.pageOf(act.frame)!;
  const isOwned = page.owner === granter;
  // The pin outlives the frame if the entry of a mapping was dropped by other means (XSA-236).
  if (!isOwned && xen.keeps('copy-checks-owner')) return refused(xen, '__acquire_grant_for_copy', GNTST.bad_domain, `mfn ${hex(page.mfn)} is ${granter.name}'s no longer`);
  if (page.owner !== null && !get_page(page, page.owner)) return GNTST.bad_domain;
  pin(granter, ref, readonly ? HOST_READ : HOST_WRITE, { domid: ldomid, frame: act.frame, readonly: act.readonly });
  return { page, frame: act.frame };
}

/** A grant that leads to another one, which is pinned as well. */
function acquireTransitive(xen: XenState, acquiring: Acquiring, looks: boolean, depth: number): Found | number {
  const { granter, ref, ldomid, readonly } = acquiring;
  const { trans_domid, trans_gref, readonly: isReadonly } = granter.grants[ref]!;
  if (looks && !_set_status(xen, granter, ref, readonly, false, ldomid)) return GNTST.general_error;
  const next = xen.domains[trans_domid];
  const isLoop = depth > 0 && xen.keeps('transitive-once');
  const why = isLoop ? 'transitive grant when transitivity not allowed' : next === granter ? 'transitive grants cannot be self-referential' : !next ? `transitive grant referenced bad domain ${trans_domid}` : null;
  const got = why !== null ? refused(xen, '__acquire_grant_for_copy', GNTST.general_error, why)
    : depth > STACK ? (xen.bug('the stack is full of transitive grants') ? 0 : GNTST.general_error)
    : acquire_grant_for_copy(xen, { granter: next!, ref: trans_gref, ldomid: granter.domain_id, readonly }, depth + 1);
  const act = activeGrant(granter, ref);
  if (typeof got === 'number') {
    clearMarks(xen, granter, ref, readonly);
    return got;
  }
  if (act && (act.frame !== got.frame || act.trans_domid !== trans_domid || act.trans_gref !== trans_gref)) {
    release_grant_for_copy(xen, next!, trans_gref, readonly);
    put_page(got.page);
    clearMarks(xen, granter, ref, readonly);
    return refused(xen, '__acquire_grant_for_copy', GNTST.general_error, 'The grant in use leads elsewhere');
  }
  pin(granter, ref, readonly ? HOST_READ : HOST_WRITE, { domid: ldomid, frame: got.frame, readonly: isReadonly, trans_domid, trans_gref });
  return got;
}

/** release_grant_for_copy(): drops the pin, and that of the grant to which it leads. */
function release_grant_for_copy(xen: XenState, granter: Domain, ref: number, readonly: boolean): void {
  const act = activeGrant(granter, ref);
  if (!act) return; // Model: without the rule about transitive grants the real one's count would wrap
  const { trans_domid, trans_gref } = act;
  unpin(xen, granter, ref, readonly ? HOST_READ : HOST_WRITE);
  const next = xen.domains[trans_domid];
  if (!next) return;
  const left = activeGrant(granter, ref);
  // In some releases only the last reader's and the last writer's release went on to that grant (XSA-226).
  const [isLastWriter, isLast] = [!readonly && (!left || writers(left) === 0), !left];
  if (xen.keeps('transitive-released-each-time')) release_grant_for_copy(xen, next, trans_gref, readonly);
  else if (isLastWriter || isLast) release_grant_for_copy(xen, next, trans_gref, !isLastWriter);
}
