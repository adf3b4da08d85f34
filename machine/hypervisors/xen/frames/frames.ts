import { PAGE_SIZE } from '../../../hardware/memory';
import { tracked } from '../../../state/tracked';
import type { Entity } from '../../../state/hash';
import { leaveDomain } from '../grants/iommu';
import type { Layout } from '../public/layout';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';

// The owner of each frame, how often it is referenced, and as what: the frame
// table (asm-x86/mm.h). The isolation of guests rests on two counts. A frame is
// freed when its general count falls to zero; it can take another type only
// while its type count is zero. So a frame that is mapped writable cannot be a
// page table, and vice versa.
//
// In a preemptible Xen a table can be half taken or half released: `partial`.
// Then its type count is one and belongs to no caller: the next caller
// continues from there, in either direction. See page-type.ts.

/**
 * What a frame is used as. `l2x` is a second-level table in slot 3 of a PAE
 * root, which holds Xen's own entries (PGT_pae_xen_l2).
 */
export type FrameType = 'none' | 'l1' | 'l2' | 'l2x' | 'l3' | 'l4' | 'gdt' | 'writable';

/** Types whose frames are page tables. */
export const TABLE_TYPES: readonly FrameType[] = ['l1', 'l2', 'l2x', 'l3', 'l4'];

/** PGT_root_page_table: the type of the tables that a base pointer may name. */
export function rootType({ levels }: Layout): FrameType {
  return levels === 4 ? 'l4' : levels === 3 ? 'l3' : 'l2';
}

export function isTable(type: FrameType): boolean {
  return TABLE_TYPES.includes(type);
}

/**
 * The result of an attempt; `again` if it was interrupted and has to be repeated (-ERESTART), `contended` if in addition nothing
 * has changed yet: another processor was working on the frame, and work was pending (-EINTR).
 */
export type Got = 'done' | 'refused' | 'again' | 'contended';

interface PageInfoFields {
  /** The domain that the frame belongs to; null when it is in the heap. */
  owner: Entity | null;
  /** PGC_allocated: the owner's own reference, part of `count`. */
  allocated: boolean;
  /** PGC_xen_heap: Xen's own memory, which it shares with the owner. */
  xenHeap: boolean;
  /** General references: everything that relies on the frame's existence. */
  count: number;
  /** PGT_type_mask. Remains when the count falls to zero. */
  type: FrameType;
  /** References as `type`. */
  type_count: number;
  /** PGT_pinned: the guest asked Xen to keep one type reference. */
  pinned: boolean;
  /** PGT_validated: the contents were checked. */
  validated: boolean;
  /** PGT_locked: a processor is changing an entry. Calls that are one event never leave it set; see stepwise/. */
  locked: boolean;
  /** PGT_partial: the entries below `nr_validated_ptes` are referenced, and perhaps the one at that slot. Holds a general reference. */
  partial: boolean;
  nr_validated_ptes: number;
  /** PTF_partial_set: the table at `nr_validated_ptes` is itself half done, and this one keeps a general reference to it. */
  partial_set: boolean;
  /** Entries to other tables of its own level, or, negative, entries of such tables to this one. */
  linear_pt_count: number;
  /** PGT_non_coherent: it was mapped in a way that lets stores bypass the caches. */
  non_coherent: boolean;
  /**
   * Processors that have not flushed since the type count last fell to zero,
   * as a bit set: what comparing tlbflush_timestamp with each processor's last
   * flush would tell.
   */
  notFlushed: number;
}

/** struct page_info */
export class page_info extends tracked<PageInfoFields>({
  owner: null, allocated: false, xenHeap: false, count: 0, type: 'none', type_count: 0, pinned: false, validated: false, locked: false,
  partial: false, nr_validated_ptes: 0, partial_set: false, linear_pt_count: 0, non_coherent: false, notFlushed: 0,
}) {
  constructor(readonly xen: XenState, readonly mfn: Mfn, owner: Entity | null) {
    super(xen.store, `mfn ${hex(mfn)}`, owner === null ? {} : { owner, allocated: true, count: 1 });
  }

  get pa(): number {
    return this.mfn * PAGE_SIZE;
  }
}

const TYPE_BITS: Readonly<Record<FrameType, number>> = {
  none: 0, l1: 0x20000000, l2: 0x40000000, l2x: 0x44000000, l3: 0x60000000, l4: 0x80000000, gdt: 0xa0000000, writable: 0xe0000000,
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
  if (page.count === 0 || (xen.keeps('counts-bounded') && page.count >= xen.maximumCount)) return xen.refuse('get_page', `Error pfn ${hex(page.mfn)}: count ${page.count}`);
  if (page.owner !== domain && xen.keeps('owner-checked')) {
    return xen.refuse('get_page', `Error pfn ${hex(page.mfn)}: rd=${domain.name}, od=${page.owner?.name ?? 'nobody'}`);
  }
  page.count = xen.counted(page.count + 1);
  return true;
}

/** asm-x86/mm.h, put_page(): one reference less; the last one frees the frame. */
export function put_page(page: page_info): void {
  page.count -= 1;
  if (page.count === 0) free_domheap_page(page);
}

/** common/page_alloc.c, free_domheap_pages(): back to the heap, which accepts no frame that is in use. */
function free_domheap_page(page: page_info): void {
  const { owner, xen } = page;
  const dying = xen.domains.find((domain) => domain === owner && domain.is_dying !== 'no');
  if (dying && page.xenHeap) {
    Object.assign(page, { xenHeap: false, type: 'none', type_count: 0 });
    if (dying.status === page.mfn) dying.status = null; // grant_table_destroy()
  }
  if (dying && page.type_count !== 0) xen.bug('BUG in free_domheap_pages()');
  leaveDomain(page);
  page.owner = null;
  page.allocated = false;
}

/** Whether a caller has taken the type and not yet checked the contents. */
export function isInFlight(page: page_info): boolean {
  return page.type_count > 0 && (isTable(page.type) || page.type === 'gdt') && !page.validated && !page.partial;
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
