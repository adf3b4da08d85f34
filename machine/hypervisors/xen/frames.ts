import { PAGE_SIZE } from '../../hardware/memory';
import { tracked } from '../../state/tracked';
import type { Entity } from '../../state/hash';
import type { Mfn } from './public';
import type { Xen } from './xen';

// Who owns each frame, how often it is referenced, and as what: the frame
// table (asm-x86/mm.h). Everything that keeps guests apart rests on two
// counts. A frame is freed when its general count falls to zero; it can take
// another type only while its type count is zero. So a frame that is mapped
// writable can be no page table, and the other way round.
//
// Every function here runs under the domain lock, so nothing interleaves.

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

interface PageInfoFields {
  /** The domain that the frame belongs to; null when it is in the heap. */
  owner: Entity | null;
  /** PGC_allocated: the owner's own reference, part of `count`. */
  allocated: boolean;
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
  /**
   * Processors that have not flushed since the type count last fell to zero,
   * as a bit set: what tlbflush_timestamp says when it is compared with each
   * processor's last flush.
   */
  notFlushed: number;
}

/** struct page_info */
export class page_info extends tracked<PageInfoFields>({
  owner: null, allocated: false, count: 0, type: 'none', type_count: 0, pinned: false, validated: false, notFlushed: 0,
}) {
  constructor(readonly xen: Xen, readonly mfn: Mfn, owner: Entity | null) {
    super(xen.store, `mfn${mfn}`, owner === null ? {} : { owner, allocated: true, count: 1 });
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
  page.owner = null;
  page.allocated = false;
}

/** arch/x86/mm.c, get_page_type(): one more reference as `type`, validating the frame if it was nothing before. */
export function get_page_type(page: page_info, type: FrameType): boolean {
  const { xen } = page;
  if (xen.keeps('counts-bounded') && page.type_count >= xen.maximumCount) return xen.refuse(`Type count overflow on pfn ${hex(page.mfn)}`);
  if (page.type_count === 0 && page.type !== type) {
    // Whoever still has the old use in a TLB could go on with it. The flush comes
    // before the scan, or the scan would check what can still be written (XSA-401).
    if (xen.keeps('flush-at-type-change') && page.type !== 'none') xen.flushFor(page);
    page.type = type;
    page.validated = type === 'writable' || type === 'none';
  } else if (page.type !== type && xen.keeps('exclusive-types')) {
    return xen.refuse(`Bad type (saw ${typeInfo(page)} != exp ${typeWord(type)}) for mfn ${hex(page.mfn)}`);
  }
  page.type_count = xen.counted(page.type_count + 1);
  if (page.validated) return true;
  if (!xen.alloc_page_type(page, type)) {
    xen.refuse(`Error while validating mfn ${hex(page.mfn)} for type ${typeWord(type)}`);
    page.type = 'none';
    page.type_count = 0;
    page.pinned = false;
    page.validated = false;
    return false;
  }
  page.validated = true;
  return true;
}

/** arch/x86/mm.c, put_page_type(): one reference as its type less; a table that nothing uses drops what it refers to. */
export function put_page_type(page: page_info): void {
  page.type_count -= 1;
  if (page.type_count > 0) return;
  page.xen.stamp(page);
  if (!isTable(page.type) || !page.validated) return;
  page.validated = false;
  if (page.xen.keeps('tables-devalidated')) page.xen.free_page_type(page, page.type);
}

/** arch/x86/mm.c, get_page_and_type(): both references, or neither. */
export function get_page_and_type(page: page_info, domain: Entity, type: FrameType): boolean {
  if (!get_page(page, domain)) return false;
  if (get_page_type(page, type)) return true;
  put_page(page);
  return false;
}

/** asm-x86/mm.h, put_page_and_type() */
export function put_page_and_type(page: page_info): void {
  put_page_type(page);
  put_page(page);
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
