import { isTable, type FrameType, type Got, type page_info } from './frames';
import { entriesOf, entryAddress, entryOf, isPresent, PAGE_WORDS, slotOf, writeEntry, type Entry } from '../public/layout';
import { adjusted, drop_page_from_entry, is_guest_slot, levelOf, take_page_from_entry, XEN_ENTRY_FLAGS } from './tables';
import type { Domain, Xen } from '../xen';

// What makes a frame a page table: each of its entries is checked, and holds
// references to what it points at, until the table is a table no more
// (arch/x86/mm.c). A scan that meets a bad entry puts everything back: at once,
// or, where it is preemptible, when its virtual CPU next calls.

/** arch/x86/mm.c, alloc_page_type(): checks and references every entry of a frame that becomes a table. */
export function alloc_page_type(xen: Xen, page: page_info, type: FrameType): Got {
  if (type === 'gdt') return descriptorsAreHarmless(xen, page) ? 'done' : 'refused';
  if (!isTable(type) || page.owner === null || !xen.keeps('validated-at-type-change')) return 'done';
  const got = levelOf(type) > 1 && xen.era.preemptible ? scanPreemptibly(xen, page, type) : scan(xen, page, type);
  if (got === 'done') installXen(xen, page, type);
  return got;
}

/** From end to end, or not at all. */
function scan(xen: Xen, page: page_info, type: FrameType): Got {
  const taken: Entry[] = [];
  let good = true;
  for (const { slot, entry } of entriesOf(xen.memory, xen.layout, levelOf(type), page.mfn)) {
    if (!is_guest_slot(xen.layout, type, slot)) continue;
    good = take_page_from_entry(xen, type, page.mfn, slot, entry, page.owner as Domain) === 'done';
    if (!good) break;
    taken.push(entry);
  }
  if (good && type === 'l3') good = thirdSlotIsFit(xen, page);
  if (good) return 'done';
  if (xen.keeps('failed-scan-unwound')) for (const entry of taken.reverse()) drop_page_from_entry(xen, type, page.mfn, entry);
  return 'refused';
}

/** arch/x86/mm.c, alloc_l2_table() and alloc_l3_table() of 4.13: from where it was left, and perhaps not to the end. */
function scanPreemptibly(xen: Xen, page: page_info, type: FrameType): Got {
  const { layout, memory } = xen;
  let resumes = page.partial_set;
  let isFirst = true;
  for (const { slot, entry, pa } of entriesOf(memory, layout, levelOf(type), page.mfn)) {
    if (slot < page.nr_validated_ptes || !is_guest_slot(layout, type, slot)) continue;
    if (!isFirst && xen.hypercall_preempt_check()) {
      page.nr_validated_ptes = slot;
      if (xen.keeps('partial-flag-cleared')) page.partial_set = false;
      return 'again';
    }
    const got = take_page_from_entry(xen, type, page.mfn, slot, entry, page.owner as Domain, resumes, true);
    if (got === 'again') leaveAt(page, slot, true);
    if (got === 'refused') leaveForLater(xen, page, slot, resumes, isFirst);
    if (got !== 'done') return got;
    const right = adjusted(layout, type, entry);
    if (right !== entry) writeEntry(memory, layout, pa, right);
    resumes = false;
    isFirst = false;
  }
  const good = type !== 'l3' || thirdSlotIsFit(xen, page);
  if (!good) leaveForLater(xen, page, PAGE_WORDS, false, false);
  else leaveAt(page, PAGE_WORDS, false);
  return good ? 'done' : 'refused';
}

function leaveAt(page: page_info, slot: number, partial_set: boolean): void {
  page.nr_validated_ptes = slot;
  page.partial_set = partial_set;
}

/** A bad entry: what was taken so far is given up by put_old_guest_table(), which can be stopped too. */
function leaveForLater(xen: Xen, page: page_info, slot: number, resumes: boolean, isFirst: boolean): void {
  const { current } = xen;
  const below = current.old_guest_table !== null;
  if (isFirst && page.nr_validated_ptes === 0 && !below && !resumes) return;
  leaveAt(page, slot, below || resumes);
  if (!xen.keeps('failed-scan-unwound')) return;
  current.old_guest_table = page.mfn;
  current.old_guest_table_partial = true;
}

/**
 * arch/x86/mm.c, create_pae_xen_mappings(): Xen keeps its own entries in the
 * second-level table of slot 3, which so must be there, and belong to this
 * root alone.
 */
function thirdSlotIsFit(xen: Xen, root: page_info): boolean {
  const entry = xen.entryAt(root.mfn, 3);
  if (!isPresent(entry)) return xen.refuse('PAE L3 3rd slot is empty');
  const page = xen.pageOf(Math.floor(entry / 4096))!;
  return (page.type === 'l2x' && page.type_count === 1 && !page.pinned) || xen.refuse('PAE L3 3rd slot is shared');
}

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
export function free_page_type(xen: Xen, page: page_info, type: FrameType): Got {
  const { layout, memory, era } = xen;
  const entries = [...entriesOf(memory, layout, levelOf(type), page.mfn)].filter(({ slot }) => is_guest_slot(layout, type, slot));
  const got = levelOf(type) > 1 && era.preemptible ? dropPreemptibly(xen, page, type, entries) : 'done';
  if (levelOf(type) === 1 || !era.preemptible) for (const { entry } of entries) drop_page_from_entry(xen, type, page.mfn, entry);
  if (page.owner !== null) xen.flushDomain(page.owner);
  return got;
}

/** arch/x86/mm.c, free_l2_table() and free_l3_table() of 4.13: from the last entry down, and perhaps not to the first. */
function dropPreemptibly(xen: Xen, page: page_info, type: FrameType, all: readonly { readonly slot: number; readonly entry: Entry }[]): Got {
  const last = page.partial_set ? page.nr_validated_ptes : page.nr_validated_ptes - 1;
  let what: 'reference' | 'partial' = page.partial_set ? 'partial' : 'reference';
  let isFirst = true;
  for (const { slot, entry } of all.filter(({ slot: at }) => at <= last).reverse()) {
    if (!isFirst && xen.hypercall_preempt_check()) {
      leaveAt(page, slot + 1, xen.keeps('partial-flag-cleared') ? false : page.partial_set);
      return 'again';
    }
    const got = drop_page_from_entry(xen, type, page.mfn, entry, what);
    if (got === 'again') {
      leaveAt(page, slot, true);
      return got;
    }
    what = 'reference';
    isFirst = false;
  }
  leaveAt(page, 0, false);
  return 'done';
}

const DESCRIPTOR_PRESENT = 0x8000;
/** Code or data; without it a gate or a system segment. */
const DESCRIPTOR_SEGMENT = 0x1000;
const DESCRIPTOR_DPL = 0x6000;

/** arch/x86/x86_32/mm.c, check_descriptor(). Model: presence, kind and privilege; neither base nor limit. */
export function isHarmless(high: number): boolean {
  return (high & DESCRIPTOR_PRESENT) === 0 || ((high & DESCRIPTOR_SEGMENT) !== 0 && (high & DESCRIPTOR_DPL) !== 0);
}

/** The high words of the descriptors in a frame that are not zero. */
export function descriptorsOf(xen: Xen, page: page_info): readonly number[] {
  return xen.memory.wordsOf(page.mfn as number).filter((pa) => pa % 8 === 4).map((pa) => xen.memory.read32(pa));
}

/** arch/x86/mm.c, alloc_segdesc_page() */
function descriptorsAreHarmless(xen: Xen, page: page_info): boolean {
  if (!xen.keeps('descriptors-checked')) return true;
  return descriptorsOf(xen, page).every(isHarmless) || xen.refuse('Bad descriptor');
}
