import type { page_info, FrameType } from './frames';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, entryAddress, entryOf, isPresent, mfnOf, slotOf, wideEntriesOf, writeEntry, type Layout } from '../public/layout';
import { levelOf } from './tables';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';

// The slots of a guest's tables that map Xen. They lie in a root of two levels
// or of four, and with PAE in the second-level table of the root's slot 3.
//
// Model: one entry, the first, stands for all of them, unless the hypervisor has
// its `wholeOwnPart`, like the one that is compared with recordings.

/** Flags of the entries that map Xen; the frame they map is Xen's. */
export const XEN_ENTRY_FLAGS = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;

/** Whether a table of this type holds Xen's entries. */
export function holdsXen(layout: Layout, type: FrameType): boolean {
  return type === holderOf(layout);
}

/** The type of the tables that hold them. */
export function holderOf({ levels }: Layout): FrameType {
  return levels === 2 ? 'l2' : levels === 3 ? 'l2x' : 'l4';
}

/** Whether the guest may fill an entry; the others map Xen. `type` is the table's. */
export function is_guest_slot(layout: Layout, type: FrameType, slot: number): boolean {
  return !holdsXen(layout, type) || slot < firstOwnSlot(layout) || slot > lastOwnSlot(layout);
}

/** The first slot of the table that maps Xen. */
export function firstOwnSlot(layout: Layout): number {
  return slotOf(layout, layout.levels === 4 ? 4 : 2, layout.HYPERVISOR_VIRT_START);
}

/** The last one: after it the entries of a root of four levels are the guest's again. */
export function lastOwnSlot(layout: Layout): number {
  return layout.levels === 4 ? 271 : Infinity;
}

interface OwnEntry {
  readonly slot: number;
  readonly of: 'xen' | 'm2p';
  readonly flags: number;
}

const FIRST_OWN_PAE = 428;
/** Where a 32-bit Xen maps the running guest's tables as memory: one entry for each of the root's four. */
const LINEAR_PT = 492;

/** The entries of the whole part, the same in every table. */
function wholePart(xen: XenState): readonly OwnEntry[] {
  if (xen.layout.hostLevels === 4) return [{ slot: FIRST_OWN_PAE, of: 'm2p', flags: 0x81 }];
  const perDomain = Array.from({ length: 12 }, (_, i) => ({ slot: 500 + i, of: 'xen', flags: XEN_ENTRY_FLAGS }) as const);
  return [
    { slot: FIRST_OWN_PAE, of: 'm2p', flags: 0xe1 },
    { slot: 436, of: 'xen', flags: xen.release.does['own-entries-at-once'] ? XEN_ENTRY_FLAGS : 0x1e3 },
    { slot: 484, of: 'm2p', flags: 0x1e3 },
    ...perDomain,
  ];
}

/** Fills the slots that map Xen, in a table that holds them and has been validated. */
export function installXen(xen: XenState, page: page_info): void {
  const { layout, memory } = xen;
  const first = firstOwnSlot(layout);
  for (const { slot, pa } of [...wideEntriesOf(memory, layout, levelOf(page.type), page.mfn)]) if (!is_guest_slot(layout, page.type, slot)) writeEntry(memory, layout, pa, 0);
  if (!xen.wholeOwnPart) {
    xen.poke(page.mfn, first, entryOf(xen.ownTable, XEN_ENTRY_FLAGS));
    return;
  }
  for (const { slot, of, flags } of wholePart(xen)) xen.poke(page.mfn, slot, entryOf(of === 'xen' ? xen.ownTable : xen.m2pTable, flags));
  if (layout.hostLevels === 3) xen.poke(page.mfn, LINEAR_PT, entryOf(page.mfn, XEN_ENTRY_FLAGS));
}

/** create_pae_xen_mappings() of a 32-bit Xen: its mapping of the tables of a root follows the root's entries. */
export function linkLinear(xen: XenState, root: page_info, third: Mfn): void {
  if (!xen.wholeOwnPart || xen.layout.hostLevels !== 3) return;
  for (let i = 0; i < 4; i++) {
    const entry = xen.entryAt(root.mfn, i);
    writeEntry(xen.memory, xen.layout, entryAddress(xen.layout, third, LINEAR_PT + i), isPresent(entry) ? entryOf(mfnOf(entry), XEN_ENTRY_FLAGS) : 0);
  }
}
