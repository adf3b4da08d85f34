import type { Entity } from '../../../state/hash';
import { flushCaches } from './coherence';
import { get_page, hex, isInFlight, isTable, put_page, typeInfo, typeWord, type FrameType, type Got, type page_info } from './frames';
import { leaveGrantees } from '../grants/device-grants';
import { followType } from '../grants/iommu';

// How a frame takes a type, and drops it (arch/x86/mm.c). A table is scanned
// when it becomes one; before the scan, everything that an earlier use has left
// in TLBs, caches and the IOMMU is flushed.

/** arch/x86/mm.c, get_page_type(): one more reference as `type`, validating the frame if it was nothing before. */
export function get_page_type(page: page_info, type: FrameType): boolean {
  return take_page_type(page, type) === 'done';
}

/** arch/x86/mm.c, _get_page_type(), where the caller can stop halfway. */
export function take_page_type(page: page_info, type: FrameType): Got {
  const { xen } = page;
  const refuse = (why: string): Got => (xen.refuse('get_page_type', why) || 'refused');
  if (xen.keeps('counts-bounded') && page.type_count >= xen.maximumTypeCount) return refuse(`Type count overflow on pfn ${hex(page.mfn)}`);
  const before = page.type;
  const isChange = page.type_count === 0 && before !== type;
  if (!isChange && page.type !== type && xen.keeps('exclusive-types')) {
    return refuse(`Bad type (saw ${typeInfo(page)} != exp ${typeWord(type)}) for mfn ${hex(page.mfn)}`);
  }
  if (xen.divides && isInFlight(page) && xen.current.in_flight !== page.mfn) return 'contended'; // another virtual CPU is working on it
  if (xen.isDivided && isTable(type)) {
    const stage = divided(page, type, isChange);
    if (stage !== null) return stage;
  }
  if (isChange && !changeType(page, type)) return refuse(`The IOMMU cannot follow mfn ${hex(page.mfn)} from ${before} to ${type}`);
  if (isChange) cleanse(page, before);
  const resumes = page.partial;
  if (resumes) page.partial = false;
  else page.type_count = xen.counted(page.type_count + 1);
  if (page.validated) return 'done';
  if (!resumes && page.nr_validated_ptes !== 0) page.nr_validated_ptes = 0;
  if (!resumes && page.partial_set) page.partial_set = false;
  if (resumes && !xen.keeps('linear-count-kept')) page.linear_pt_count = 0;
  const got = validate(page, type);
  if (resumes) put_page(page);
  return got;
}

/** The frame is no longer in use as its old type, and takes another. Returns false, with nothing changed, if a device would keep its old rights. */
function changeType(page: page_info, type: FrameType): boolean {
  const { xen } = page;
  const before = page.type;
  if (!followType(page, before, type)) {
    // Model: the real one crashes the domain as well.
    if (!xen.keeps('iommu-failure-drops-type')) Object.assign(page, { type, type_count: page.type_count + 1, validated: type === 'writable' });
    return false;
  }
  if (before === 'writable') leaveGrantees(xen, page.mfn);
  page.type = type;
  page.validated = type === 'writable' || type === 'none';
  return true;
}

/** A CPU that still has the old mapping in a TLB or a cache could continue to use it, and the scan would check contents that can still change. */
function cleanse(page: page_info, before: FrameType): void {
  const { xen } = page;
  if (xen.keeps('flush-at-type-change') && before !== 'none') xen.flushFor(page);
  if (page.type !== 'writable' && page.non_coherent && xen.keeps('caches-flushed-before-scan')) flushCaches(page);
}

/**
 * The same if others can act between the reference and the scan. The type is taken first, then
 * the TLBs are flushed: a flush before that could be followed by another round of mapping the
 * frame writable, writing and unmapping it, after which it would look the same (XSA-401).
 *
 * @returns the result; null to continue
 */
function divided(page: page_info, type: FrameType, isChange: boolean): Got | null {
  const { xen } = page;
  const { current } = xen;
  const isMine = current.in_flight === page.mfn;
  if (isChange && !xen.keeps('flush-after-reference')) {
    if (!isMine) xen.flushFor(page);
    current.in_flight = isMine ? null : page.mfn;
    if (isMine) page.notFlushed = 0; // it believes that the flush still counts
    return isMine ? null : 'again';
  }
  if (isChange && changeType(page, type)) {
    page.type_count += 1;
    page.count += 1;
    current.in_flight = page.mfn;
    return 'again';
  }
  if (!isInFlight(page)) return null;
  current.in_flight = null;
  cleanse(page, 'writable');
  const got = validate(page, type);
  put_page(page);
  return got;
}

/** Tables that are taken and released in parts. */
function isUpper(type: FrameType): boolean {
  return isTable(type) && type !== 'l1';
}

function validate(page: page_info, type: FrameType): Got {
  const { xen } = page;
  xen.isDivided = false; // Model: only the hypercall's own table is taken in parts
  const got = xen.alloc_page_type(page, type);
  if (got === 'done') {
    page.validated = true;
    return got;
  }
  if (got === 'contended') {
    page.type_count = 0;
    return got;
  }
  if (got === 'refused') xen.refuse(xen.refusedBy, `Error while validating mfn ${hex(page.mfn)} for type ${typeWord(type)}: ${xen.console.value}`, xen.errno);
  if (got === 'again' || xen.current.old_guest_table === page.mfn) {
    page.partial = true;
    if (xen.keeps('partial-holds-reference')) page.count += 1;
    return got;
  }
  Object.assign(page, { type: 'none', type_count: 0, pinned: false, validated: false });
  return got;
}

/** arch/x86/mm.c, put_page_type(): drops one type reference; a table that is no longer used drops the references of its entries. */
export function put_page_type(page: page_info): void {
  drop_page_type(page, 'reference');
}

/**
 * arch/x86/mm.c, _put_page_type(), where the caller can stop halfway.
 *
 * @param what a reference that the caller holds, or (PTF_partial_set) only a table that the caller left half done: another caller
 * may have completed it since, and then it is that caller's
 */
export function drop_page_type(page: page_info, what: 'reference' | 'partial'): Got {
  const { xen } = page;
  if (what === 'partial' && !page.partial && xen.keeps('partial-cleanup-told')) return 'done';
  // A caller that drops a reference has one, so the table is complete; since this became a rule, Xen crashes if it is not.
  if (what === 'reference' && page.partial && isTable(page.type) && xen.keeps('partial-cleanup-told')) return xen.bug('BUG in _put_page_type()') || 'refused';
  if (page.type_count > 1 || !isTable(page.type) || !(page.validated || page.partial)) {
    const isLast = page.type_count === 1;
    if (isLast) xen.stamp(page); // before dropping it, or the next user of the frame believes that no CPU has it cached
    page.type_count -= 1;
    return 'done';
  }
  if (isUpper(page.type) && xen.isContended()) return 'contended';
  if (page.partial && xen.keeps('partial-holds-reference')) put_page(page);
  xen.stamp(page);
  page.validated = false;
  page.partial = false;
  const got = xen.keeps('tables-devalidated') ? xen.free_page_type(page, page.type) : 'done';
  if (got === 'contended') {
    page.validated = true;
    return got;
  }
  if (got === 'again') {
    page.partial = true;
    if (xen.keeps('partial-holds-reference')) page.count += 1;
    return 'again';
  }
  page.type_count = 0;
  return 'done';
}

/** arch/x86/mm.c, get_page_and_type(): both references, or neither. */
export function get_page_and_type(page: page_info, domain: Entity, type: FrameType): boolean {
  return take_page_and_type(page, domain, type) === 'done';
}

/**
 * arch/x86/mm.c, get_page_and_type_from_mfn()
 *
 * @param had whether a general reference is kept from an attempt that was stopped
 * @param keeps whether to keep it if this one is stopped too
 */
export function take_page_and_type(page: page_info, domain: Entity, type: FrameType, had = false, keeps = false): Got {
  if (!had && !get_page(page, domain)) return 'refused';
  const { xen } = page;
  const { current } = xen;
  const before = current.old_guest_table;
  const got = isUpper(type) && xen.isContended() ? 'contended' : take_page_type(page, type);
  // A table that is left to be cleaned up has the reference with which it was tried (XSA-58).
  const isLeftOver = current.old_guest_table === page.mfn && before !== page.mfn && xen.keeps('left-over-keeps-reference');
  if (got !== 'done' && !had && !isLeftOver && !(keeps && got === 'again')) put_page(page);
  return got;
}

/** asm-x86/mm.h, put_page_and_type() */
export function put_page_and_type(page: page_info): void {
  put_page_type(page);
  put_page(page);
}

/** arch/x86/mm.c, put_page_and_type_preemptible(): drops the general reference with the type, or keeps it if part of the table is left. */
export function drop_page_and_type(page: page_info, what: 'reference' | 'partial'): Got {
  const got = drop_page_type(page, what);
  if (got === 'done') put_page(page);
  return got;
}
