import { get_page, hex, put_page, typeInfo, type FrameType, type Got, type page_info } from './frames';
import { put_page_and_type, drop_page_and_type, get_page_and_type, take_page_and_type } from './page-type';
import {
  _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_PWT, _PAGE_RW, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_USER,
  flagsOf, isPresent, mfnOf, slotOf, type Entry, type Layout, type Level,
} from '../public/layout';
import type { Mfn } from '../public/xen';
import type { Domain, Xen } from '../xen';

// What an entry of a page table needs: which flags it may have, and which
// references it holds to what it points at (arch/x86/mm.c).

/** The level of a table type. */
export function levelOf(type: FrameType): Level {
  return type === 'l1' ? 1 : type === 'l3' ? 3 : 2;
}

/** The type of the tables that an entry of `level` in `slot` points at. */
function targetType(layout: Layout, level: Level, slot: number): FrameType {
  if (level === 2) return 'l1';
  return slot === slotOf(layout, 3, layout.HYPERVISOR_VIRT_START) ? 'l2x' : 'l2';
}

/** Bits of a lowest-level entry that choose how the caches treat the page; a mapping with any of them may go past the caches. */
export const PAGE_CACHE_ATTRS = _PAGE_PWT | _PAGE_PCD | _PAGE_PSE;

/**
 * Flags that no entry of a level may have. In the three PAE root entries nearly
 * all bits are reserved; a 64-bit processor has them. A domain with a device
 * may choose how its pages are cached.
 */
export function disallowMask(layout: Layout, level: Level, domain: Domain): number {
  if (level === 3) return layout.hostLevels === 4 ? 0x198 : 0x1ff & ~_PAGE_PRESENT;
  return level === 1 && domain.passthrough ? _PAGE_GLOBAL : _PAGE_GLOBAL | PAGE_CACHE_ATTRS;
}

/** Whether an entry is the guest's to fill; the others map Xen. `type` is the table's. */
export function is_guest_slot(layout: Layout, type: FrameType, slot: number): boolean {
  const holdsXen = layout.levels === 2 ? type === 'l2' : type === 'l2x';
  return !holdsXen || slot < slotOf(layout, 2, layout.HYPERVISOR_VIRT_START);
}

/**
 * Takes the references that a new entry needs.
 *
 * @param resumes whether it was tried before and stopped, so that a general reference is held
 * @param keeps whether that reference stays if it is stopped again: a table that is being scanned remembers the entry
 * @returns `refused`, with nothing taken, if it must not exist
 */
export function take_page_from_entry(xen: Xen, type: FrameType, table: Mfn, slot: number, entry: Entry, domain: Domain, resumes = false, keeps = false): Got {
  if (!isPresent(entry)) return 'done';
  const level = levelOf(type);
  const bad = flagsOf(entry) & disallowMask(xen.layout, level, domain);
  if (bad !== 0 && xen.keeps('forbidden-flags')) return xen.refuse(`Bad L${level} flags ${hex(bad)}`) || 'refused';
  if (level === 1) return get_page_from_l1e(xen, entry, domain) ? 'done' : 'refused';
  return get_page_from_upper(xen, { level, table, slot, entry, domain }, resumes, keeps);
}

/** The same for an entry that cannot be stopped halfway. */
export function get_page_from_entry(xen: Xen, type: FrameType, table: Mfn, slot: number, entry: Entry, domain: Domain): boolean {
  return take_page_from_entry(xen, type, table, slot, entry, domain) === 'done';
}

/** arch/x86/mm.c, get_page_from_l1e(): a writable mapping is a use as `writable`, a read-only one is no typed use at all. */
function get_page_from_l1e(xen: Xen, entry: Entry, domain: Domain): boolean {
  const page = xen.pageOf(mfnOf(entry));
  if (!page) return xen.refuse(`Could not get page ref for pfn ${hex(mfnOf(entry))}`);
  const writable = (flagsOf(entry) & _PAGE_RW) !== 0;
  const got = writable && xen.keeps('writable-counted') ? get_page_and_type(page, domain, 'writable') : get_page(page, domain);
  if (got && writable && (flagsOf(entry) & PAGE_CACHE_ATTRS) !== 0) page.non_coherent = true;
  return got;
}

interface UpperEntry {
  readonly level: Level;
  readonly table: Mfn;
  readonly slot: number;
  readonly entry: Entry;
  readonly domain: Domain;
}

/** arch/x86/mm.c, get_page_from_l2e() and get_page_from_l3e() */
function get_page_from_upper(xen: Xen, upper: UpperEntry, resumes: boolean, keeps: boolean): Got {
  const { level, slot, entry, domain, table } = upper;
  const page = xen.pageOf(mfnOf(entry));
  if (!page) return xen.refuse(`Could not get page ref for pfn ${hex(mfnOf(entry))}`) || 'refused';
  const got = take_page_and_type(page, domain, targetType(xen.layout, level, slot), resumes, keeps && xen.keeps('partial-entry-keeps-reference'));
  if (got !== 'refused') return got;
  // A root of a 32-bit guest is linked writable by a 64-bit Xen, whatever the guest asked for, so it may not show itself (XSA-185).
  const mayBeLinear = level === 2 || (page.mfn === table && xen.layout.hostLevels === 4 && !xen.keeps('compat-root-not-linear'));
  return mayBeLinear && get_linear_pagetable(xen, table, page, entry, domain) ? 'done' : 'refused';
}

const isSecondLevel = ({ type }: page_info): boolean => type === 'l2' || type === 'l2x';

/**
 * arch/x86/mm.c, get_l2_linear_pagetable(): an entry may point at a table of
 * its own level, which shows the guest its tables as memory. It must not be
 * writable, and a table other than itself must already be validated, because
 * a scan from here could come back to a table that is just being scanned. Such
 * tables make no chains: giving them up would recurse along it (XSA-240).
 */
function get_linear_pagetable(xen: Xen, table: Mfn, page: page_info, entry: Entry, domain: Domain): boolean {
  const container = xen.pageOf(table)!;
  if ((flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('linear-read-only')) return xen.refuse('Attempt to create linear p.t. with write perms');
  if (page === container) return true;
  if (!get_page(page, domain)) return false;
  const refuse = (why: string): boolean => {
    put_page(page);
    return xen.refuse(`Linear p.t. mfn ${hex(page.mfn)} ${why}`);
  };
  const validated = isSecondLevel(page) && page.validated && page.type_count < xen.maximumTypeCount;
  if (!validated && xen.keeps('linear-validated')) return refuse(`is not validated (${typeInfo(page)})`);
  if ((container.linear_pt_count < 0 || page.linear_pt_count > 0) && xen.keeps('linear-chains-refused')) return refuse('would make a chain');
  container.linear_pt_count += 1;
  page.linear_pt_count -= 1;
  page.type_count += 1;
  return true;
}

/**
 * Drops what `take_page_from_entry` took.
 *
 * @param what `partial` for the entry at which a table was left half done
 * @returns `again` if a table below was stopped halfway: the entry's general reference then stays
 */
export function drop_page_from_entry(xen: Xen, type: FrameType, table: Mfn, entry: Entry, what: 'reference' | 'partial' = 'reference'): Got {
  const page = isPresent(entry) ? xen.pageOf(mfnOf(entry)) : undefined;
  if (!page) return 'done';
  if (type !== 'l1') {
    if (page.mfn === table) return 'done';
    // What is left half done has been counted when it was begun.
    if (what === 'reference' && levelOf(type) === 2 && isSecondLevel(page)) {
      xen.pageOf(table)!.linear_pt_count -= 1;
      page.linear_pt_count += 1;
    }
    const got = drop_page_and_type(page, what);
    if (got === 'again' && !xen.keeps('partial-entry-keeps-reference')) put_page(page);
    return got;
  }
  if ((flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('writable-counted')) put_page_and_type(page);
  else put_page(page);
  return 'done';
}

/** arch/x86/mm.c, adjust_guest_l3e(): a 64-bit processor heeds the rights in the root's entries, so a 64-bit Xen grants them all there. */
export function adjusted(layout: Layout, type: FrameType, entry: Entry): Entry {
  if (type !== 'l3' || layout.hostLevels !== 4 || !isPresent(entry)) return entry;
  return entry - flagsOf(entry) + (flagsOf(entry) | _PAGE_RW | _PAGE_USER);
}

/** Flags of the entries that map Xen; the frame behind them is Xen's. */
export const XEN_ENTRY_FLAGS = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;

/** Flags that a guest gives an ordinary mapping; for set-ups. */
export const GUEST_RW = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
