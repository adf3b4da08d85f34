import { dropLocalTables } from './local-descriptors';
import { get_page, hex, put_page, typeInfo, type FrameType, type Got, type page_info } from './frames';
import { put_page_and_type, drop_page_and_type, get_page_type, take_page_and_type } from './page-type';
import {
  _PAGE_GLOBAL, _PAGE_GUEST_KERNEL, _PAGE_NX, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_PWT, _PAGE_RW, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_USER,
  flagsOf, isCompat, isPresent, mfnOf, slotOf, withFlags, type Layout, type Level, type WideEntry,
} from '../public/layout';
import { EACCES, EBUSY, EINVAL, EPERM, type Mfn } from '../public/xen';
import type { Entity } from '../../../state/hash';
import type { Domain } from '../domain';
import type { XenState } from '../state';

// What an entry of a page table needs: the flags that it may have, and the
// references that it holds (arch/x86/mm.c).

/** The level of a table type. */
export function levelOf(type: FrameType): Level {
  return type === 'l1' ? 1 : type === 'l3' ? 3 : type === 'l4' ? 4 : 2;
}

/** The type of the tables that an entry of `level` in `slot` points at. */
function targetType(layout: Layout, level: Level, slot: number): FrameType {
  if (level === 2) return 'l1';
  if (level === 4) return 'l3';
  return layout.levels === 3 && slot === slotOf(layout, 3, layout.HYPERVISOR_VIRT_START) ? 'l2x' : 'l2';
}

/** Bits of a lowest-level entry that choose how the caches treat the page; a mapping with any of them may bypass the caches. */
export const PAGE_CACHE_ATTRS = _PAGE_PWT | _PAGE_PCD | _PAGE_PSE;

/** Bits 52 to 62 of an entry, as `flagsOf` gives them: free for the guest's use if the processor ignores them. */
const AVAIL_HIGH = 0x7ff000;
/** _PAGE_GNTTAB of a debug build: bit 62, or until 3.2 bit 11. It marks an entry made for a grant. */
const GNTTAB = { on64: 0x400000, on32: 0x800 } as const;

/**
 * Flags that no entry of a level may have. In the entries of a PAE root nearly
 * all bits are reserved; a 64-bit processor has these bits, and a 64-bit guest
 * may use those that the processor ignores. A domain with a device may choose how
 * its pages are cached.
 */
export function disallowMask(xen: XenState, level: Level, domain: Domain): number {
  const { layout, release } = xen;
  const on64 = layout.hostLevels === 4;
  if (level === 4 || (level === 3 && layout.levels === 4)) return PAGE_CACHE_ATTRS | _PAGE_GLOBAL;
  if (level === 3) return AVAIL_HIGH | _PAGE_NX | (on64 ? PAGE_CACHE_ATTRS | _PAGE_GLOBAL : 0x1ff & ~_PAGE_PRESENT);
  const high = on64 ? 0 : AVAIL_HIGH;
  if (level === 2) {
    const large = release.does['superpage-option'] && !xen.keeps('large-pages-forbidden') ? _PAGE_PSE : 0;
    return high | _PAGE_GLOBAL | (PAGE_CACHE_ATTRS & ~large);
  }
  const caching = domain.passthrough ? 0 : PAGE_CACHE_ATTRS;
  // A 64-bit Xen allows GLOBAL (see `adjusted`); with a 32-bit one a global entry would survive a switch.
  return high | caching | (on64 ? 0 : _PAGE_GLOBAL) | grantMark(xen);
}

function grantMark({ debug, layout, release: { does } }: XenState): number {
  if (!debug) return 0;
  if (layout.hostLevels === 4) return GNTTAB.on64;
  return does['preserve-ad'] ? 0 : GNTTAB.on32;
}

/** What is mapped, where, and on whose behalf. */
export interface Mapping {
  readonly type: FrameType;
  readonly table: Mfn;
  readonly slot: number;
  readonly entry: WideEntry;
  /** The domain whose table it is. */
  readonly domain: Domain;
  /** The domain whose frames may be mapped: nearly always the same. */
  readonly from?: Entity;
}

/**
 * Takes the references that a new entry needs.
 *
 * @param resumes whether an earlier attempt was stopped and holds a general reference
 * @param keeps whether to keep that reference if it is stopped again: a table that is being scanned remembers the entry
 * @returns `refused`, with nothing taken, if it must not exist
 */
export function take_page_from_entry(xen: XenState, mapping: Mapping, resumes = false, keeps = false): Got {
  const { type, entry, domain } = mapping;
  if (!isPresent(entry)) return 'done';
  const level = levelOf(type);
  const bad = flagsOf(entry) & disallowMask(xen, level, domain);
  if (bad !== 0 && xen.keeps('forbidden-flags')) return xen.refuse(`get_page_from_l${level}e`, `Bad L${level} flags ${hex(bad)}`) || 'refused';
  if (level === 1) return get_page_from_l1e(xen, entry, mapping.from ?? domain, domain) ? 'done' : 'refused';
  return get_page_from_upper(xen, mapping, level, resumes, keeps);
}

/** The same for an entry of a lowest-level table, which cannot be stopped halfway. */
export function get_page_from_entry(xen: XenState, mapping: Mapping): boolean {
  return take_page_from_entry(xen, mapping) === 'done';
}

/** !is_iomem_page(): the memory of devices is what has no frame here, and the frames of DOMID_IO. */
function isMemory(xen: XenState, page: page_info | undefined): page is page_info {
  return page !== undefined && page.owner !== xen.dom_io;
}

/** arch/x86/mm.c, get_page_from_l1e(): a writable mapping is a use as `writable`, a read-only one is not a typed use at all. */
function get_page_from_l1e(xen: XenState, entry: WideEntry, from: Entity, domain: Domain): boolean {
  const mfn = mfnOf(entry);
  const page = xen.pageOf(mfn);
  if (!isMemory(xen, page)) return xen.refuse('get_page_from_l1e', `Could not get page ref for pfn ${hex(mfn)}: non-privileged attempt to map I/O space`, mfn === INVALID_MFN ? EINVAL : EPERM);
  const writable = (flagsOf(entry) & _PAGE_RW) !== 0;
  // A fully virtualised domain does not manage tables, so its frames need no types.
  const typed = writable && xen.keeps('writable-counted') && (from === domain || !isTranslated(xen, from));
  const refused = (): boolean => xen.refuse(xen.refusedBy, xen.console.value, EBUSY);
  if (!get_page(page, from)) return refused();
  if (typed && !get_page_type(page, 'writable')) {
    put_page(page);
    return refused();
  }
  if ((flagsOf(entry) & PAGE_CACHE_ATTRS) === 0) return true;
  if (page.xenHeap) {
    if (typed) put_page_and_type(page);
    else put_page(page);
    return xen.refuse('get_page_from_l1e', 'Attempt to change cache attributes of Xen heap page', EACCES);
  }
  if (writable) page.non_coherent = true;
  return true;
}

/** paging_mode_external() */
function isTranslated(xen: XenState, owner: Entity | null): boolean {
  return xen.domains.some((domain) => domain === owner && domain.translated);
}

const INVALID_MFN = 2 ** 40 - 1;

/** arch/x86/mm.c, get_page_from_l2e() to get_page_from_l4e() */
function get_page_from_upper(xen: XenState, mapping: Mapping, level: Level, resumes: boolean, keeps: boolean): Got {
  const { layout, release } = xen;
  const { slot, entry, domain, table } = mapping;
  const page = xen.pageOf(mfnOf(entry));
  if (!page) return xen.refuse('get_page_from_pagenr', `Could not get page ref for pfn ${hex(mfnOf(entry))}`) || 'refused';
  if (level === 2 && (flagsOf(entry) & _PAGE_PSE) !== 0 && xen.keeps('forbidden-flags')) return xen.refuse('get_page_from_l2e', 'Large pages are not allowed') || 'refused';
  const got = take_page_and_type(page, domain, targetType(layout, level, slot), resumes, keeps && xen.keeps('partial-entry-keeps-reference'));
  if (got !== 'refused' || (release.does['error-numbers'] && xen.errno !== EINVAL)) return got;
  // A root of a 32-bit guest may not map a root. A 64-bit Xen links it writable, whatever the guest asked for (XSA-185), and a 32-bit
  // one has checked only its first four entries.
  const mayBeLinear = level === 2 || layout.levels === 4 || (targetType(layout, level, slot) === 'l2' && !xen.keeps('root-not-linear'));
  if (!mayBeLinear || !get_linear_pagetable(xen, table, page, entry, domain)) return 'refused';
  // It now holds a second time what it kept when it was half released. As the source reads, no release drops that reference:
  // alloc_l2_table() says that such a table cannot be validated, but another processor may have validated it meanwhile.
  if (resumes && page.mfn !== table && xen.keeps('retaken-entry-counted-once')) put_page(page);
  return 'done';
}

/** PGT_type_equal(): whether both are tables of one level. */
const isOfLevel = ({ type }: page_info, level: Level): boolean => (level === 4 ? type === 'l4' : level === 3 ? type === 'l3' : level === 2 && (type === 'l2' || type === 'l2x'));

/**
 * arch/x86/mm.c, get_l2_linear_pagetable() to get_l4_linear_pagetable(): an
 * entry may point at a table of its own level, which maps the guest's tables as
 * memory. It must not be writable, and a table other than itself must already be
 * validated, because a scan from here could return to a table that is being
 * scanned. Such tables must not form chains: releasing them would recurse along
 * the chain (XSA-240).
 */
function get_linear_pagetable(xen: XenState, table: Mfn, page: page_info, entry: WideEntry, domain: Domain): boolean {
  const container = xen.pageOf(table)!;
  const level = levelOf(container.type);
  const by = level === 4 ? 'get_l4_linear_pagetable' : level === 3 ? 'get_l3_linear_pagetable' : 'get_l2_linear_pagetable';
  if ((flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('linear-read-only')) return xen.refuse(by, 'Attempt to create linear p.t. with write perms');
  if (page === container) return true;
  if (!get_page(page, domain)) return false;
  const refuse = (why: string): boolean => {
    put_page(page);
    return xen.refuse(by, `Linear p.t. mfn ${hex(page.mfn)} ${why}`);
  };
  const validated = isOfLevel(page, level) && page.validated && page.type_count < xen.maximumTypeCount;
  if (!validated && xen.keeps('linear-validated')) return refuse(`is not validated (${typeInfo(page)})`);
  if ((container.linear_pt_count < 0 || page.linear_pt_count > 0) && xen.keeps('linear-chains-refused')) return refuse('would make a chain');
  container.linear_pt_count += 1;
  page.linear_pt_count -= 1;
  page.type_count = xen.counted(page.type_count + 1);
  return true;
}

/**
 * Drops what `take_page_from_entry` took.
 *
 * @param what `partial` for the entry at which a table was left half done
 * @returns `again` if a table below was stopped halfway: the entry's general reference then stays
 */
export function drop_page_from_entry(xen: XenState, type: FrameType, table: Mfn, entry: WideEntry, what: 'reference' | 'partial' = 'reference'): Got {
  const page = isPresent(entry) ? xen.pageOf(mfnOf(entry)) : undefined;
  if (!isMemory(xen, page)) return 'done';
  if (type !== 'l1') {
    if (page.mfn === table) return 'done';
    const level = levelOf(type);
    if (level === 2 && (flagsOf(entry) & _PAGE_PSE) !== 0 && xen.keeps('forbidden-flags')) return xen.bug('a large page that was never counted is given up') || 'refused';
    // A half-done one was counted when it was begun.
    const isLinear = what === 'reference' && isOfLevel(page, level);
    const got = drop_page_and_type(page, what);
    if (isLinear && got !== 'contended') {
      xen.pageOf(table)!.linear_pt_count -= 1;
      page.linear_pt_count += 1;
    }
    if (got === 'again' && !xen.keeps('partial-entry-keeps-reference')) put_page(page);
    return got;
  }
  const isForeign = page.owner !== xen.pageOf(table)!.owner && isTranslated(xen, page.owner);
  if ((flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('writable-counted') && !isForeign) {
    put_page_and_type(page);
    return 'done';
  }
  if ((flagsOf(entry) & _PAGE_RW) === 0 && page.owner === xen.pageOf(table)!.owner) dropLocalTables(xen, page);
  put_page(page);
  return 'done';
}

/**
 * arch/x86/mm.c, adjust_guest_l1e() to adjust_guest_l4e(): what Xen adds to the flags of an entry. A 64-bit processor checks the rights
 * in the root's entries, so a 64-bit Xen grants all of them there to a 32-bit guest. The kernel of a 64-bit guest runs in ring 3 like its
 * programs: every entry is a user entry, those for the kernel alone are marked, and the others stay in the TLB when the root changes.
 */
export function adjusted(xen: XenState, type: FrameType, entry: WideEntry): WideEntry {
  const { layout } = xen;
  if (layout.hostLevels !== 4 || !isPresent(entry)) return entry;
  if (layout.levels === 4) return forRingThree(xen, type, entry);
  return type === 'l3' ? withFlags(entry, flagsOf(entry) | _PAGE_RW | _PAGE_USER) : entry;
}

function forRingThree(xen: XenState, type: FrameType, entry: WideEntry): WideEntry {
  const flags = flagsOf(entry);
  if (type === 'l4') return withFlags(entry, flags | _PAGE_USER | (xen.release.does['root-entries-accessed'] ? _PAGE_ACCESSED : 0));
  if (type !== 'l1') return withFlags(entry, flags | _PAGE_USER);
  const isKernels = (flags & _PAGE_GUEST_KERNEL) !== 0 || ((flags & _PAGE_USER) === 0 && xen.keeps('kernel-pages-local'));
  return withFlags(entry, flags | _PAGE_USER | (isKernels ? _PAGE_GUEST_KERNEL : _PAGE_GLOBAL));
}

/** arch/x86/mm.c, unadjust_guest_l3e(): removes them, and the bits that the processor has set there, when the table is no longer a root. */
export function unadjusted(layout: Layout, type: FrameType, entry: WideEntry): WideEntry {
  if (type !== 'l3' || !isCompat(layout) || !isPresent(entry)) return entry;
  return withFlags(entry, flagsOf(entry) & ~(_PAGE_RW | _PAGE_USER | _PAGE_ACCESSED));
}

/** Flags of an ordinary mapping of a guest; for set-ups. */
export const GUEST_RW = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
