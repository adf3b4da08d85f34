import { hex, type FrameType, type Got } from '../frames/frames';
import { is_guest_slot, linkLinear } from '../frames/own-entries';
import { adjusted, disallowMask, drop_page_from_entry, levelOf, PAGE_CACHE_ATTRS, take_page_from_entry, type Mapping } from '../frames/tables';
import { hasThirdSlot, thirdSlotIsFit } from '../frames/validation';
import { leaveOldTable } from './in-order';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW, entryAddress, flagsOf, isPresent, mfnOf, withFlags, writeEntry, type WideEntry } from '../public/layout';
import { EINVAL, EPERM } from '../public/xen';
import type { XenState } from '../state';

// The change of one entry of a table that is in use: references for the new
// contents are taken before, those of the old contents are dropped after.

/** What an update of one entry is about. */
export interface EntryUpdate extends Mapping {
  /** MMU_PT_UPDATE_PRESERVE_AD: the accessed and the dirty bit of the old entry stay set. */
  readonly preserve_ad?: boolean;
}

/** arch/x86/mm.c, mod_l1_entry() to mod_l4_entry(): takes the new references, writes, drops the old ones. */
export function mod_entry(xen: XenState, update: EntryUpdate): Got {
  const { type, table, slot, domain } = update;
  const { layout, memory } = xen;
  const level = levelOf(type);
  const pa = entryAddress(layout, table, slot);
  const old = xen.entryAt(table, slot);
  const refused = (message?: string, rc?: number): Got => {
    if (!xen.keeps('refused-leaves-entry')) writeEntry(memory, layout, pa, 0);
    if (message !== undefined) xen.refuse(`mod_l${level}_entry`, message, rc);
    return 'refused';
  };
  if (!is_guest_slot(layout, type, slot) && xen.keeps('own-slots-closed')) return refused(`Illegal L${level} update attempt in Xen-private area, slot ${slot}`, level === 4 ? EINVAL : EPERM);
  // Slot 3 leads to Xen; after it there are no entries, only the rest of the page.
  if (hasThirdSlot(xen, type) && slot >= 3) return refused('Update of the PAE L3 slot that holds Xen');
  const bad = isPresent(update.entry) ? flagsOf(update.entry) & disallowMask(xen, level, domain) : 0;
  if (bad !== 0 && xen.keeps('forbidden-flags')) return refused(`Bad L${level} flags ${hex(bad)}`);
  const entry = preserved(update, old, adjusted(xen, type, update.entry));
  if (isSame(xen, type, old, update.entry)) {
    writeEntry(memory, layout, pa, entry);
    return 'done';
  }
  const checked = xen.keeps(type === 'l1' ? 'validated-at-update' : 'upper-validated-at-update');
  const got = checked ? take_page_from_entry(xen, update) : 'done';
  if (got === 'refused') return refused();
  if (got !== 'done') return got;
  writeEntry(memory, layout, pa, entry);
  if (hasThirdSlot(xen, type) && !thirdSlotHolds(xen, table)) return xen.bug('BUG in mod_l3_entry()') || 'refused';
  // What takes long is finished before anything else is done for this virtual CPU.
  if (xen.keeps('old-entry-dropped') && dropOld(xen, update, old) === 'again') leaveOldTable(xen.current, mfnOf(old), true);
  if (type !== 'l1') xen.flushLinearOf(domain);
  if (type === 'l3' && layout.hostLevels === 3) xen.reloadRoot(table);
  return got;
}

/** Model: a table that another processor is working on is tried again at once; the real Xen leaves it for later. */
function dropOld(xen: XenState, { type, table }: EntryUpdate, old: WideEntry): Got {
  const got = drop_page_from_entry(xen, type, table, old);
  return got === 'contended' ? drop_page_from_entry(xen, type, table, old) : got;
}

function preserved({ preserve_ad = false }: EntryUpdate, old: WideEntry, entry: WideEntry): WideEntry {
  const kept = preserve_ad ? flagsOf(old) & (_PAGE_ACCESSED | _PAGE_DIRTY) : 0;
  return kept === 0 ? entry : withFlags(entry, flagsOf(entry) | kept);
}

/** Whether the new entry needs nothing that the old one does not already have: the same frame, and no flag that matters differs. */
function isSame(xen: XenState, type: FrameType, old: WideEntry, entry: WideEntry): boolean {
  const all = type === 'l1' || xen.keeps('update-rechecks-write') ? _PAGE_RW | _PAGE_PRESENT | PAGE_CACHE_ATTRS : _PAGE_PRESENT;
  const recheck = type === 'l1' || xen.keeps('large-pages-forbidden') ? all : all & ~_PAGE_PSE;
  return isPresent(entry) && isPresent(old) && (mfnOf(entry) === mfnOf(old) || !xen.keeps('same-entry-same-frame')) && ((flagsOf(entry) ^ flagsOf(old)) & recheck) === 0;
}

/**
 * Until 4.13 Xen checked slot 3 again after each update of a root, and expected to
 * find what it had found when it took the root; but a table that maps the one in
 * slot 3 as memory holds a reference to it too, and so does another processor that
 * holds its lock (`xen-pairs.feature`).
 */
function thirdSlotHolds(xen: XenState, root: number): boolean {
  if (xen.keeps('third-slot-not-looked-at-again')) {
    linkLinear(xen, xen.pageOf(root)!, mfnOf(xen.entryAt(root, 3)));
    return true;
  }
  return thirdSlotIsFit(xen, xen.pageOf(root)!);
}
