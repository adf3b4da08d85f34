import { isTable, type FrameType, type Got, type page_info } from './frames';
import { check_descriptor } from './descriptors';
import { holdsXen, installXen, is_guest_slot, linkLinear } from './own-entries';
import { isCompat, isPresent, mfnOf, PAGE_WORDS, wideEntriesOf, writeEntry, type Layout, type Level, type WideEntry } from '../public/layout';
import { adjusted, drop_page_from_entry, levelOf, take_page_from_entry, unadjusted } from './tables';
import type { Domain } from '../domain';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';

// What makes a frame a page table: each of its entries is checked, and holds
// references to what it points at, until the frame stops being a table
// (arch/x86/mm.c). A scan that meets a bad entry undoes everything: at once,
// or, if it is preemptible, when its virtual CPU next makes a call.

/** arch/x86/mm.c, alloc_page_type(): checks and references every entry of a frame that becomes a table. */
export function alloc_page_type(xen: XenState, page: page_info, type: FrameType): Got {
  if (type === 'gdt') return descriptorsAreHarmless(xen, page) ? 'done' : 'refused';
  if (!isTable(type) || page.owner === null || !xen.keeps('validated-at-type-change')) return 'done';
  if (type === 'l3' && isCompat(xen.layout)) clearBeyond(xen, page);
  const got = levelOf(type) > 1 && xen.release.does.preemptible ? scanPreemptibly(xen, page, type) : scan(xen, page, type);
  if (got === 'done' && holdsXen(xen.layout, type) && withTable(xen) && xen.keeps('own-slots-installed')) installXen(xen, page);
  return got;
}

/** Whether a table gets Xen's entries when it is validated itself; a 32-bit Xen of 3.2 installed those of a second-level table with its root. */
function withTable({ wholeOwnPart, layout, release: { does } }: XenState): boolean {
  return !wholeOwnPart || layout.hostLevels === 4 || does['own-entries-at-once'];
}

/** A 64-bit processor uses the whole page of a root, of which a 32-bit guest has filled four entries: Xen clears the rest first, even in a root that it will refuse. */
function clearBeyond(xen: XenState, page: page_info): void {
  const { layout, memory } = xen;
  for (const pa of memory.wordsOf(page.mfn as number)) if (pa % 4096 >= 4 * layout.entryBytes) memory.write32(pa, 0);
}

/** From end to end without interruption. */
function scan(xen: XenState, page: page_info, type: FrameType): Got {
  const taken: WideEntry[] = [];
  let good = true;
  for (const { slot, pa, entry } of wideEntriesOf(xen.memory, xen.layout, levelOf(type), page.mfn)) {
    if (!is_guest_slot(xen.layout, type, slot)) continue;
    if (type !== 'l1') xen.handled();
    good = take_page_from_entry(xen, { type, table: page.mfn, slot, entry, domain: page.owner as Domain }) === 'done';
    if (!good) break;
    taken.push(entry);
    const right = adjusted(xen, type, entry);
    if (right !== entry) writeEntry(xen.memory, xen.layout, pa, right);
  }
  if (good && hasThirdSlot(xen, type)) good = thirdSlotIsFit(xen, page);
  if (good) return 'done';
  unadjustBelow(xen, page, PAGE_WORDS);
  if (xen.keeps('failed-scan-unwound')) for (const entry of taken.reverse()) drop_page_from_entry(xen, type, page.mfn, entry);
  return 'refused';
}

/** arch/x86/mm.c, alloc_l2_table() to alloc_l4_table() of 4.13: from where it stopped before, and perhaps not to the end. */
function scanPreemptibly(xen: XenState, page: page_info, type: FrameType): Got {
  const { layout, memory } = xen;
  let resumes = page.partial_set;
  let isFirst = true;
  const mayStop = xen.scans === 0 || xen.keeps('upper-scans-look');
  for (const { slot, entry, pa } of wideEntriesOf(memory, layout, levelOf(type), page.mfn)) {
    if (slot < page.nr_validated_ptes || !is_guest_slot(layout, type, slot)) continue;
    if (!isFirst && mayStop && xen.hypercall_preempt_check()) {
      page.nr_validated_ptes = slot;
      if (xen.keeps('partial-flag-cleared')) page.partial_set = false;
      return 'again';
    }
    xen.handled();
    xen.scans++;
    const got = take_page_from_entry(xen, { type, table: page.mfn, slot, entry, domain: page.owner as Domain }, resumes, true);
    xen.scans--;
    if (got === 'contended') return contendedAt(xen, page, slot, resumes);
    if (got === 'again') leaveAt(page, slot, true);
    if (got === 'refused') leaveForLater(xen, page, slot, resumes, mfnOf(entry));
    if (got !== 'done') return got;
    if (hasThirdSlot(xen, type) && slot === 3 && !thirdSlotIsFit(xen, page)) return refuseThird(xen, page);
    const right = adjusted(xen, type, entry);
    if (right !== entry) writeEntry(memory, layout, pa, right);
    resumes = false;
    isFirst = false;
  }
  if (hasThirdSlot(xen, type) && !thirdSlotIsFit(xen, page)) return refuseThird(xen, page);
  leaveAt(page, PAGE_WORDS, false);
  return 'done';
}

/**
 * Another processor was working on the table of an entry, which is unchanged: not taken, or half done since an earlier attempt. If it
 * is the first entry, the whole table is unchanged; then, as the source reads, a half-done entry is forgotten, with its reference.
 */
function contendedAt(xen: XenState, page: page_info, slot: number, isHalfDone: boolean): Got {
  if (slot === 0 && !(isHalfDone && xen.keeps('contended-edge-kept'))) return 'contended';
  leaveAt(page, slot, isHalfDone && xen.keeps('contended-entry-kept'));
  return 'again';
}

function refuseThird(xen: XenState, page: page_info): Got {
  leaveForLater(xen, page, slotOfFailure(xen), false, mfnOf(xen.entryAt(page.mfn, 3)));
  return 'refused';
}

/**
 * The slot at which a scan finds the table of slot 3 missing or shared. Since Xen
 * checks this as soon as slot 3 has been taken, the scan is at slot 3, and
 * cleaning up begins below it: the reference of that entry is never dropped (4.14
 * to 4.17.7, a4cde0266d; read in the source).
 */
function slotOfFailure(xen: XenState): number {
  return xen.release.does['third-slot-checked-once'] && !xen.keeps('third-slot-given-back') ? 3 : PAGE_WORDS;
}

function leaveAt(page: page_info, slot: number, partial_set: boolean): void {
  page.nr_validated_ptes = slot;
  page.partial_set = partial_set;
}

/**
 * A bad entry: put_old_guest_table() releases what was taken so far, and can be
 * stopped too. If it was the first slot, only the table there can have taken
 * anything, and then that table is the one to release; as the source reads, a
 * table two levels above, which does not lead there itself, forgets it.
 *
 * @param mfn the frame that the bad entry names
 */
function leaveForLater(xen: XenState, page: page_info, slot: number, resumes: boolean, mfn: Mfn): void {
  const { current } = xen;
  const left = current.old_guest_table;
  const isPassedOn = left !== null && xen.layout.levels === 4 && xen.keeps('first-entry-passed-on');
  if (slot === 0 && !resumes && !isPassedOn) return;
  if (left !== null && left !== mfn && xen.debug) return void xen.bug('ASSERT_UNREACHABLE() in alloc_l4_table()');
  const below = left !== null && left === mfn && xen.keeps('failed-table-below-kept');
  leaveAt(page, slot, below || (resumes && xen.keeps('refused-entry-kept')));
  unadjustBelow(xen, page, slot);
  if (!xen.keeps('failed-scan-unwound')) return;
  current.old_guest_table = page.mfn;
  current.old_guest_table_partial = true;
}

/** Removes the rights that Xen has granted in the entries of a root. */
function unadjustBelow(xen: XenState, page: page_info, end: number): void {
  const { layout, memory } = xen;
  if (page.type !== 'l3' || !isCompat(layout)) return;
  for (const { slot, entry, pa } of [...wideEntriesOf(memory, layout, 3, page.mfn)]) if (slot < end) writeEntry(memory, layout, pa, unadjusted(layout, 'l3', entry));
}

/** Whether a table of this type is a root of four entries, the last of which leads to Xen. */
export function hasThirdSlot({ layout }: XenState, type: FrameType): boolean {
  return type === 'l3' && layout.levels === 3;
}

/**
 * arch/x86/mm.c, create_pae_xen_mappings(): Xen keeps its own entries in the
 * second-level table of slot 3, which must therefore exist, and belong to this
 * root alone.
 */
export function thirdSlotIsFit(xen: XenState, root: page_info): boolean {
  const entry = xen.entryAt(root.mfn, 3);
  if (!isPresent(entry)) return xen.refuse('create_pae_xen_mappings', 'PAE L3 3rd slot is empty');
  const page = xen.pageOf(mfnOf(entry));
  if (page?.type !== 'l2x' || page.type_count !== 1 || page.pinned) return xen.refuse('create_pae_xen_mappings', 'PAE L3 3rd slot is shared');
  if (!withTable(xen)) installXen(xen, page);
  linkLinear(xen, root, page.mfn);
  return true;
}

/** arch/x86/mm.c, free_page_type(): drops the references of the entries. Until 3.3 all TLBs were flushed, since the frame may still be cached as a table. */
export function free_page_type(xen: XenState, page: page_info, type: FrameType): Got {
  const { layout, memory, release: { does } } = xen;
  const entries = [...wideEntriesOf(memory, layout, levelOf(type), page.mfn)].filter(({ slot }) => is_guest_slot(layout, type, slot));
  const got = levelOf(type) > 1 && does.preemptible ? dropPreemptibly(xen, page, type, entries) : 'done';
  if (levelOf(type) === 1 || !does.preemptible) {
    for (const { pa, entry } of entries) {
      drop_page_from_entry(xen, type, page.mfn, entry);
      giveRightsBack(xen, page, type, pa, entry);
    }
  }
  if (got === 'done' && type === 'l2x') page.type = 'l2';
  if (!does['flush-not-when-freed'] && page.owner !== null) xen.flushDomain(page.owner);
  return got;
}

/** arch/x86/mm.c, free_l2_table() to free_l4_table() of 4.13: from the last entry down, perhaps not as far as the first. */
function dropPreemptibly(xen: XenState, page: page_info, type: FrameType, all: readonly { readonly slot: number; readonly pa: number; readonly entry: WideEntry }[]): Got {
  const last = page.partial_set ? page.nr_validated_ptes : page.nr_validated_ptes - 1;
  let what: 'reference' | 'partial' = page.partial_set ? 'partial' : 'reference';
  let isFirst = true;
  for (const { slot, pa, entry } of all.filter(({ slot: at }) => at <= last).reverse()) {
    if (!isFirst && xen.hypercall_preempt_check()) {
      leaveAt(page, slot + 1, xen.keeps('partial-flag-cleared') ? false : page.partial_set);
      return 'again';
    }
    xen.handled();
    const got = drop_page_from_entry(xen, type, page.mfn, entry, what);
    if (got === 'contended') return contendedAtDrop(xen, page, slot, what === 'partial');
    if (got === 'again') {
      leaveAt(page, slot, true);
      return got;
    }
    giveRightsBack(xen, page, type, pa, entry);
    what = 'reference';
    isFirst = false;
  }
  leaveAt(page, 0, false);
  return 'done';
}

/** A 64-bit Xen also scans the root of a 32-bit guest to the end of the page, so slot 3 is not its last. */
function lastSlot(layout: Layout, level: Level): number {
  return (level === 3 && layout.hostLevels === 4 ? 512 : layout.entries[level]) - 1;
}

/** The same for a table that is being released, which is unchanged if nothing of it has been released. */
function contendedAtDrop(xen: XenState, page: page_info, slot: number, isHalfDone: boolean): Got {
  const isLast = slot === lastSlot(xen.layout, levelOf(page.type));
  if (isLast && !(isHalfDone && xen.keeps('contended-edge-kept'))) return 'contended';
  const isKept = isHalfDone && xen.keeps('contended-entry-kept');
  leaveAt(page, isKept ? slot : slot + 1, isKept);
  return 'again';
}

/** For an entry that was released; an entry for the table itself held nothing. */
function giveRightsBack(xen: XenState, page: page_info, type: FrameType, pa: number, entry: WideEntry): void {
  const old = unadjusted(xen.layout, type, entry);
  if (old !== entry && mfnOf(entry) !== page.mfn) writeEntry(xen.memory, xen.layout, pa, old);
}

/** arch/x86/mm.c, alloc_segdesc_page(): checks each descriptor in turn, and corrects what it can. */
function descriptorsAreHarmless(xen: XenState, page: page_info): boolean {
  if (!xen.keeps('descriptors-checked')) return true;
  const { memory } = xen;
  const places = new Set(memory.wordsOf(page.mfn as number).map((pa) => pa - (pa % 8)));
  for (const pa of places) {
    const old = { low: memory.read32(pa), high: memory.read32(pa + 4) };
    const { isGood, low, high } = check_descriptor(xen.layout, old);
    if (low !== old.low) memory.write32(pa, low);
    if (high !== old.high) memory.write32(pa + 4, high);
    if (!isGood) return xen.refuse('alloc_segdesc_page', 'Bad descriptor');
  }
  return true;
}
