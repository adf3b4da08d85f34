import { hex, type FrameType, type Got } from '../frames/frames';
import { leaveOldTable } from './mmuext';
import { _PAGE_PRESENT, _PAGE_RW, entryAddress, flagsOf, isPresent, mfnOf, writeEntry, type Entry } from '../public/layout';
import { adjusted, disallowMask, drop_page_from_entry, is_guest_slot, levelOf, PAGE_CACHE_ATTRS, take_page_from_entry } from '../frames/tables';
import type { Mfn } from '../public/xen';
import type { Domain, Xen } from '../xen';

// The change of one entry of a table that is in use: whatever it is to hold is
// referenced before, whatever it held is let go after.

/** What an update of one entry is about. */
export interface EntryUpdate {
  readonly type: FrameType;
  readonly table: Mfn;
  readonly slot: number;
  readonly entry: Entry;
  readonly domain: Domain;
}

/** arch/x86/mm.c, mod_l1_entry() to mod_l3_entry(): takes the new references, writes, drops the old ones. */
export function mod_entry(xen: Xen, update: EntryUpdate): Got {
  const { type, table, slot, domain } = update;
  const { layout, memory } = xen;
  const level = levelOf(type);
  const entry = adjusted(layout, type, update.entry);
  const pa = entryAddress(layout, table, slot);
  const old = xen.entryAt(table, slot);
  const refused = (message?: string): Got => {
    if (!xen.keeps('refused-leaves-entry')) writeEntry(memory, layout, pa, 0);
    if (message !== undefined) xen.refuse(message);
    return 'refused';
  };
  if (!is_guest_slot(layout, type, slot) && xen.keeps('own-slots-closed')) return refused(`Illegal L${level} update attempt in Xen-private area, slot ${slot}`);
  // Slot 3 holds Xen; behind it there are no entries, only the rest of the page.
  if (type === 'l3' && slot >= 3) return refused('Update of the PAE L3 slot that holds Xen');
  const recheck = type === 'l1' ? _PAGE_RW | _PAGE_PRESENT | PAGE_CACHE_ATTRS : xen.keeps('update-rechecks-write') ? _PAGE_RW | _PAGE_PRESENT : _PAGE_PRESENT;
  const sameTarget = isPresent(entry) && isPresent(old) && mfnOf(entry) === mfnOf(old) && ((flagsOf(entry) ^ flagsOf(old)) & recheck) === 0;
  const bad = isPresent(entry) ? flagsOf(entry) & disallowMask(layout, level, domain) : 0;
  if (sameTarget) {
    if (bad !== 0 && xen.keeps('forbidden-flags')) return refused(`Bad L${level} flags ${hex(bad)}`);
    writeEntry(memory, layout, pa, entry);
    return 'done';
  }
  const checked = xen.keeps(type === 'l1' ? 'validated-at-update' : 'upper-validated-at-update');
  const got = checked ? take_page_from_entry(xen, type, table, slot, update.entry, domain) : 'done';
  if (got === 'refused') return refused();
  if (got === 'again') return got;
  writeEntry(memory, layout, pa, entry);
  // What takes long is finished before this virtual CPU has anything else done.
  if (xen.keeps('old-entry-dropped') && drop_page_from_entry(xen, type, table, old) === 'again') leaveOldTable(xen.current, mfnOf(old), true);
  if (type !== 'l1') xen.flushLinearOf(domain);
  if (type === 'l3' && layout.hostLevels === 3) xen.reloadRoot(table);
  return got;
}
