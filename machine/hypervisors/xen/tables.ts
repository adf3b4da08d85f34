import { get_page, get_page_and_type, hex, isTable, put_page, put_page_and_type, typeInfo, type FrameType, type page_info } from './frames';
import {
  _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_PWT, _PAGE_RW, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_USER,
  entriesOf, entryAddress, entryOf, flagsOf, isPresent, mfnOf, slotOf, writeEntry, type Entry, type Layout, type Level,
} from './public-layout';
import type { Entity } from '../../state/hash';
import type { Mfn } from './public';
import type { Xen } from './xen';

// What makes a frame a page table: each of its entries is checked, and holds
// references to what it points at, until the table is a table no more
// (arch/x86/mm.c). A scan that meets a bad entry puts everything back.

/** The level of a table type. */
export function levelOf(type: FrameType): Level {
  return type === 'l1' ? 1 : type === 'l3' ? 3 : 2;
}

/** The type of the tables that an entry of `level` in `slot` points at. */
function targetType(layout: Layout, level: Level, slot: number): FrameType {
  if (level === 2) return 'l1';
  return slot === slotOf(layout, 3, layout.HYPERVISOR_VIRT_START) ? 'l2x' : 'l2';
}

/** Flags that no entry of a level may have. In the three PAE root entries nearly all bits are reserved. */
export function disallowMask(layout: Layout, level: Level): number {
  if (level === 3) return 0x1ff & ~_PAGE_PRESENT;
  return _PAGE_PWT | _PAGE_PCD | _PAGE_PSE | _PAGE_GLOBAL;
}

/** Whether an entry is the guest's to fill; the others map Xen. `type` is the table's. */
export function is_guest_slot(layout: Layout, type: FrameType, slot: number): boolean {
  const holdsXen = layout.levels === 2 ? type === 'l2' : type === 'l2x';
  return !holdsXen || slot < slotOf(layout, 2, layout.HYPERVISOR_VIRT_START);
}

/** Takes the references that a new entry needs. False, with nothing taken, if it must not exist. */
export function get_page_from_entry(xen: Xen, type: FrameType, table: Mfn, slot: number, entry: Entry, domain: Entity): boolean {
  if (!isPresent(entry)) return true;
  const level = levelOf(type);
  const bad = flagsOf(entry) & disallowMask(xen.layout, level);
  if (bad !== 0 && xen.keeps('forbidden-flags')) return xen.refuse(`Bad L${level} flags ${hex(bad)}`);
  return level === 1 ? get_page_from_l1e(xen, entry, domain) : get_page_from_upper(xen, level, table, slot, entry, domain);
}

/** arch/x86/mm.c, get_page_from_l1e(): a writable mapping is a use as `writable`, a read-only one is no typed use at all. */
function get_page_from_l1e(xen: Xen, entry: Entry, domain: Entity): boolean {
  const page = xen.pageOf(mfnOf(entry));
  if (!page) return xen.refuse(`Could not get page ref for pfn ${hex(mfnOf(entry))}`);
  return (flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('writable-counted')
    ? get_page_and_type(page, domain, 'writable')
    : get_page(page, domain);
}

/** arch/x86/mm.c, get_page_from_l2e() and get_page_from_l3e() */
function get_page_from_upper(xen: Xen, level: Level, table: Mfn, slot: number, entry: Entry, domain: Entity): boolean {
  const page = xen.pageOf(mfnOf(entry));
  if (!page) return xen.refuse(`Could not get page ref for pfn ${hex(mfnOf(entry))}`);
  if (get_page_and_type(page, domain, targetType(xen.layout, level, slot))) return true;
  return level === 2 && get_linear_pagetable(xen, table, page, entry, domain);
}

/**
 * arch/x86/mm.c, get_l2_linear_pagetable(): an entry may point at a table of
 * its own level, which shows the guest its tables as memory. It must not be
 * writable, and a table other than itself must already be validated, because
 * a scan from here could come back to a table that is just being scanned.
 */
function get_linear_pagetable(xen: Xen, table: Mfn, page: page_info, entry: Entry, domain: Entity): boolean {
  if ((flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('linear-read-only')) return xen.refuse('Attempt to create linear p.t. with write perms');
  if (page.mfn === table) return true;
  if (!get_page(page, domain)) return false;
  const validated = (page.type === 'l2' || page.type === 'l2x') && page.validated && page.type_count < xen.maximumCount;
  if (!validated && xen.keeps('linear-validated')) {
    put_page(page);
    return xen.refuse(`Linear p.t. mfn ${hex(page.mfn)} is not validated (${typeInfo(page)})`);
  }
  page.type_count += 1;
  return true;
}

/** Drops what `get_page_from_entry` took. */
export function put_page_from_entry(xen: Xen, type: FrameType, table: Mfn, entry: Entry): void {
  if (!isPresent(entry)) return;
  const page = xen.pageOf(mfnOf(entry));
  if (!page) return;
  if (type !== 'l1') {
    if (page.mfn !== table) put_page_and_type(page);
  } else if ((flagsOf(entry) & _PAGE_RW) !== 0 && xen.keeps('writable-counted')) {
    put_page_and_type(page);
  } else {
    put_page(page);
  }
}

/** arch/x86/mm.c, alloc_page_type(): checks and references every entry of a frame that becomes a table. */
export function alloc_page_type(xen: Xen, page: page_info, type: FrameType): boolean {
  if (!isTable(type) || page.owner === null) return true;
  if (!xen.keeps('validated-at-type-change')) return true;
  const { layout, memory } = xen;
  const level = levelOf(type);
  const taken: Entry[] = [];
  let good = true;
  for (const { slot, entry } of entriesOf(memory, layout, level, page.mfn)) {
    if (!is_guest_slot(layout, type, slot)) continue;
    good = get_page_from_entry(xen, type, page.mfn, slot, entry, page.owner);
    if (!good) break;
    taken.push(entry);
  }
  if (good && type === 'l3') good = thirdSlotIsFit(xen, page);
  if (good) {
    installXen(xen, page, type);
    return true;
  }
  if (xen.keeps('failed-scan-unwound')) for (const entry of taken.reverse()) put_page_from_entry(xen, type, page.mfn, entry);
  return false;
}

/**
 * arch/x86/mm.c, create_pae_xen_mappings(): Xen keeps its own entries in the
 * second-level table of slot 3, which so must be there, and belong to this
 * root alone.
 */
function thirdSlotIsFit(xen: Xen, root: page_info): boolean {
  const entry = xen.entryAt(root.mfn, 3);
  if (!isPresent(entry)) return xen.refuse('PAE L3 3rd slot is empty');
  const page = xen.pageOf(mfnOf(entry))!;
  return (page.type === 'l2x' && page.type_count === 1 && !page.pinned) || xen.refuse('PAE L3 3rd slot is shared');
}

/** Flags of the entries that map Xen; the frame behind them is Xen's. */
export const XEN_ENTRY_FLAGS = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;

/** Fills the slots that map Xen. Model: the first is present and stands for all; the others are empty. */
function installXen(xen: Xen, page: page_info, type: FrameType): void {
  const { layout, memory } = xen;
  const holdsXen = layout.levels === 2 ? type === 'l2' : type === 'l2x';
  if (!holdsXen || !xen.keeps('own-slots-installed')) return;
  for (const { slot, pa } of [...entriesOf(memory, layout, 2, page.mfn)]) if (!is_guest_slot(layout, type, slot)) writeEntry(memory, layout, pa, 0);
  const first = entryAddress(layout, page.mfn, slotOf(layout, 2, layout.HYPERVISOR_VIRT_START));
  writeEntry(memory, layout, first, entryOf(xen.ownTable, XEN_ENTRY_FLAGS));
}

/** arch/x86/mm.c, free_page_type(): drops what the entries refer to. The frame may still be cached as a table, so all TLBs go. */
export function free_page_type(xen: Xen, page: page_info, type: FrameType): void {
  const { layout, memory } = xen;
  const owner = page.owner;
  for (const { slot, entry } of entriesOf(memory, layout, levelOf(type), page.mfn)) {
    if (is_guest_slot(layout, type, slot)) put_page_from_entry(xen, type, page.mfn, entry);
  }
  if (owner !== null) xen.flushDomain(owner);
}

/** What an update of one entry is about. */
export interface EntryUpdate {
  readonly type: FrameType;
  readonly table: Mfn;
  readonly slot: number;
  readonly entry: Entry;
  readonly domain: Entity;
}

/** arch/x86/mm.c, mod_l1_entry() to mod_l3_entry(): takes the new references, writes, drops the old ones. */
export function mod_entry(xen: Xen, update: EntryUpdate): boolean {
  const { type, table, slot, entry, domain } = update;
  const { layout, memory } = xen;
  const pa = entryAddress(layout, table, slot);
  const old = xen.entryAt(table, slot);
  const refused = (message: string): boolean => {
    if (!xen.keeps('refused-leaves-entry')) writeEntry(memory, layout, pa, 0);
    return xen.refuse(message);
  };
  if (!is_guest_slot(layout, type, slot) && xen.keeps('own-slots-closed')) return refused(`Illegal L${levelOf(type)} update attempt in Xen-private area, slot ${slot}`);
  // Slot 3 holds Xen; behind it there are no entries, only the rest of the page.
  if (type === 'l3' && slot >= 3) return refused('Update of the PAE L3 slot that holds Xen');
  const recheck = type === 'l1' || xen.keeps('update-rechecks-write') ? _PAGE_RW | _PAGE_PRESENT : _PAGE_PRESENT;
  const sameTarget = isPresent(entry) && isPresent(old) && mfnOf(entry) === mfnOf(old) && ((flagsOf(entry) ^ flagsOf(old)) & recheck) === 0;
  const bad = isPresent(entry) ? flagsOf(entry) & disallowMask(layout, levelOf(type)) : 0;
  if (sameTarget) {
    if (bad !== 0 && xen.keeps('forbidden-flags')) return refused(`Bad L${levelOf(type)} flags ${hex(bad)}`);
    writeEntry(memory, layout, pa, entry);
    return true;
  }
  const checked = xen.keeps(type === 'l1' ? 'validated-at-update' : 'upper-validated-at-update');
  if (checked && !get_page_from_entry(xen, type, table, slot, entry, domain)) {
    if (!xen.keeps('refused-leaves-entry')) writeEntry(memory, layout, pa, 0);
    return false;
  }
  writeEntry(memory, layout, pa, entry);
  if (xen.keeps('old-entry-dropped')) put_page_from_entry(xen, type, table, old);
  if (type === 'l3') xen.reloadRoot(table);
  return true;
}

/** Flags that a guest gives an ordinary mapping; for set-ups. */
export const GUEST_RW = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
