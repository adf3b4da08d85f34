import { PAGE_SIZE } from '../../hardware/memory';
import { tracked } from '../../state/tracked';
import type { Entity } from '../../state/hash';
import { flushCaches } from './coherence';
import { followType, leaveDomain } from './iommu';
import type { Mfn } from './public';
import type { Xen } from './xen';

// Who owns each frame, how often it is referenced, and as what: the frame
// table (asm-x86/mm.h). Everything that keeps guests apart rests on two
// counts. A frame is freed when its general count falls to zero; it can take
// another type only while its type count is zero. So a frame that is mapped
// writable can be no page table, and the other way round.
//
// In a preemptible Xen a table can be half taken or half given up: `partial`.
// Then its type count is one, which belongs to nobody: whoever comes next goes
// on where it was left, in either direction.

/**
 * What a frame is used as. `l2x` is a second-level table in slot 3 of a PAE
 * root, which holds Xen's own entries (PGT_pae_xen_l2).
 */
export type FrameType = 'none' | 'l1' | 'l2' | 'l2x' | 'l3' | 'gdt' | 'writable';

/** Types whose frames are page tables. */
export const TABLE_TYPES: readonly FrameType[] = ['l1', 'l2', 'l2x', 'l3'];

export function isTable(type: FrameType): boolean {
  return TABLE_TYPES.includes(type);
}

/** What an attempt came to; `again` where it was interrupted and has to be made once more (-ERESTART). */
export type Got = 'done' | 'refused' | 'again';

interface PageInfoFields {
  /** The domain that the frame belongs to; null when it is in the heap. */
  owner: Entity | null;
  /** PGC_allocated: the owner's own reference, part of `count`. */
  allocated: boolean;
  /** PGC_xen_heap: Xen's own memory, which it shares with the owner. */
  xenHeap: boolean;
  /** General references: anything that would be wrong if the frame went away. */
  count: number;
  /** PGT_type_mask. Stays when the count falls to zero. */
  type: FrameType;
  /** References as `type`. */
  type_count: number;
  /** PGT_pinned: the guest asked for one type reference to stay. */
  pinned: boolean;
  /** PGT_validated: the contents were checked. */
  validated: boolean;
  /** PGT_partial: the entries below `nr_validated_ptes` are referenced, and perhaps the one there. Holds a general reference. */
  partial: boolean;
  nr_validated_ptes: number;
  /** PTF_partial_set: the table at `nr_validated_ptes` is itself half done, and this one keeps a general reference to it. */
  partial_set: boolean;
  /** Entries to other tables of its own level, or, negative, entries of such tables to this one. */
  linear_pt_count: number;
  /** PGT_non_coherent: was mapped so that stores go past the caches. */
  non_coherent: boolean;
  /**
   * Processors that have not flushed since the type count last fell to zero,
   * as a bit set: what tlbflush_timestamp says when it is compared with each
   * processor's last flush.
   */
  notFlushed: number;
}

/** struct page_info */
export class page_info extends tracked<PageInfoFields>({
  owner: null, allocated: false, xenHeap: false, count: 0, type: 'none', type_count: 0, pinned: false, validated: false,
  partial: false, nr_validated_ptes: 0, partial_set: false, linear_pt_count: 0, non_coherent: false, notFlushed: 0,
}) {
  constructor(readonly xen: Xen, readonly mfn: Mfn, owner: Entity | null) {
    super(xen.store, `mfn ${hex(mfn)}`, owner === null ? {} : { owner, allocated: true, count: 1 });
  }

  get pa(): number {
    return this.mfn * PAGE_SIZE;
  }
}

const TYPE_BITS: Readonly<Record<FrameType, number>> = {
  none: 0, l1: 0x20000000, l2: 0x40000000, l2x: 0x44000000, l3: 0x60000000, gdt: 0xa0000000, writable: 0xe0000000,
};

/** The word `type_info` as Xen prints it: type, pinned, validated, count. */
export function typeInfo(page: page_info): string {
  const word = TYPE_BITS[page.type] + (page.pinned ? 0x10000000 : 0) + (page.validated ? 0x08000000 : 0) + page.type_count;
  return word.toString(16).padStart(8, '0');
}

/** `type_info` of an expected type, as it is printed. */
export function typeWord(type: FrameType): string {
  return TYPE_BITS[type].toString(16).padStart(8, '0');
}

/** asm-x86/mm.h, get_page(): one more general reference, if the frame belongs to `domain`. */
export function get_page(page: page_info, domain: Entity): boolean {
  const { xen } = page;
  if (page.count === 0 || (xen.keeps('counts-bounded') && page.count >= xen.maximumCount)) return xen.refuse(`Error pfn ${hex(page.mfn)}: count ${page.count}`);
  if (page.owner !== domain && xen.keeps('owner-checked')) {
    return xen.refuse(`Error pfn ${hex(page.mfn)}: rd=${domain.name}, od=${page.owner?.name ?? 'nobody'}`);
  }
  page.count = xen.counted(page.count + 1);
  return true;
}

/** asm-x86/mm.h, put_page(): one reference less; the last one frees the frame. */
export function put_page(page: page_info): void {
  page.count -= 1;
  if (page.count === 0) free_domheap_page(page);
}

/** common/page_alloc.c, free_domheap_pages(): back to the heap. */
function free_domheap_page(page: page_info): void {
  leaveDomain(page);
  page.owner = null;
  page.allocated = false;
}

/** arch/x86/mm.c, get_page_type(): one more reference as `type`, validating the frame if it was nothing before. */
export function get_page_type(page: page_info, type: FrameType): boolean {
  return take_page_type(page, type) === 'done';
}

/** arch/x86/mm.c, _get_page_type(), where the caller can stop halfway. */
export function take_page_type(page: page_info, type: FrameType): Got {
  const { xen } = page;
  const refuse = (why: string): Got => (xen.refuse(why) || 'refused');
  if (xen.keeps('counts-bounded') && page.type_count >= xen.maximumTypeCount) return refuse(`Type count overflow on pfn ${hex(page.mfn)}`);
  const before = page.type;
  const isChange = page.type_count === 0 && before !== type;
  if (!isChange && page.type !== type && xen.keeps('exclusive-types')) {
    return refuse(`Bad type (saw ${typeInfo(page)} != exp ${typeWord(type)}) for mfn ${hex(page.mfn)}`);
  }
  if (xen.divides && isInFlight(page) && xen.current.in_flight !== page.mfn) return 'again'; // another virtual CPU is at it
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
  const got = validate(page, type);
  if (resumes) put_page(page);
  return got;
}

/** The frame was of no use as what it was, and becomes something else. False, with nothing changed, where a device would keep its old rights. */
function changeType(page: page_info, type: FrameType): boolean {
  const { xen } = page;
  const before = page.type;
  if (!followType(page, before, type)) {
    // Model: the real one crashes the domain as well.
    if (!xen.keeps('iommu-failure-drops-type')) Object.assign(page, { type, type_count: page.type_count + 1, validated: type === 'writable' });
    return false;
  }
  page.type = type;
  page.validated = type === 'writable' || type === 'none';
  return true;
}

/** Whoever still has the old use in a TLB or in a cache could go on with it, and the scan would check what can still change. */
function cleanse(page: page_info, before: FrameType): void {
  const { xen } = page;
  if (xen.keeps('flush-at-type-change') && before !== 'none') xen.flushFor(page);
  if (isTable(page.type) && page.non_coherent && xen.keeps('caches-flushed-before-scan')) flushCaches(page);
}

/**
 * The same where others can come between the reference and the scan. The type
 * is taken first, then the TLBs are flushed: before it, the frame could be
 * mapped writable, written and unmapped once more, and look as it did (XSA-401).
 *
 * @returns what to answer now; null to go on
 */
function divided(page: page_info, type: FrameType, isChange: boolean): Got | null {
  const { xen } = page;
  const { current } = xen;
  const isMine = current.in_flight === page.mfn;
  if (isChange && !xen.keeps('flush-after-reference')) {
    if (!isMine) xen.flushFor(page);
    current.in_flight = isMine ? null : page.mfn;
    if (isMine) page.notFlushed = 0; // it believes that the flush still holds
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

/** Whether somebody has taken the type, and has not looked at the contents yet. */
export function isInFlight(page: page_info): boolean {
  return page.type_count > 0 && isTable(page.type) && !page.validated && !page.partial;
}

function validate(page: page_info, type: FrameType): Got {
  const { xen } = page;
  xen.isDivided = false; // Model: only the table that the hypercall is about is taken in parts
  const got = xen.alloc_page_type(page, type);
  if (got === 'done') {
    page.validated = true;
    return got;
  }
  if (got === 'refused') xen.refuse(`Error while validating mfn ${hex(page.mfn)} for type ${typeWord(type)}`);
  if (got === 'again' || xen.current.old_guest_table === page.mfn) {
    page.partial = true;
    if (xen.keeps('partial-holds-reference')) page.count += 1;
    return got;
  }
  Object.assign(page, { type: 'none', type_count: 0, pinned: false, validated: false });
  return got;
}

/** arch/x86/mm.c, put_page_type(): one reference as its type less; a table that nothing uses drops what it refers to. */
export function put_page_type(page: page_info): void {
  drop_page_type(page, 'reference');
}

/**
 * arch/x86/mm.c, _put_page_type(), where the caller can stop halfway.
 *
 * @param what a reference that the caller holds, or (PTF_partial_set) only a table that the caller left half done: somebody else
 *   may have completed it since, and then it is theirs
 */
export function drop_page_type(page: page_info, what: 'reference' | 'partial'): Got {
  const { xen } = page;
  if (what === 'partial' && !page.partial && xen.keeps('partial-cleanup-told')) return 'done';
  if (page.type_count > 1 || !isTable(page.type) || !(page.validated || page.partial)) {
    page.type_count -= 1;
    if (page.type_count === 0) xen.stamp(page);
    return 'done';
  }
  if (page.partial && xen.keeps('partial-holds-reference')) put_page(page);
  xen.stamp(page);
  page.validated = false;
  page.partial = false;
  if (xen.keeps('tables-devalidated') && xen.free_page_type(page, page.type) === 'again') {
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
 * @param keeps whether it shall be kept if this one is stopped too
 */
export function take_page_and_type(page: page_info, domain: Entity, type: FrameType, had = false, keeps = false): Got {
  if (!had && !get_page(page, domain)) return 'refused';
  const { current } = page.xen;
  const before = current.old_guest_table;
  const got = take_page_type(page, type);
  const isLeftOver = current.old_guest_table === page.mfn && before !== page.mfn;
  if (got !== 'done' && !had && !isLeftOver && !(keeps && got === 'again')) put_page(page);
  return got;
}

/** asm-x86/mm.h, put_page_and_type() */
export function put_page_and_type(page: page_info): void {
  put_page_type(page);
  put_page(page);
}

/** arch/x86/mm.c, put_page_and_type_preemptible(): the general reference goes with the type, or stays with what is left of it. */
export function drop_page_and_type(page: page_info, what: 'reference' | 'partial'): Got {
  const got = drop_page_type(page, what);
  if (got === 'done') put_page(page);
  return got;
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
