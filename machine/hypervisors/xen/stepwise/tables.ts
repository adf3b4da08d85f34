import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import type { Domain } from '../domain';
import { hex, type FrameType, type page_info } from '../frames/frames';
import { holdsXen, installXen, is_guest_slot } from '../frames/own-entries';
import { adjusted, levelOf, unadjusted } from '../frames/tables';
import { thirdSlotIsFit } from '../frames/validation';
import { entriesOf, entryAddress, flagsOf, isPresent, mfnOf, readEntry, slotOf, writeEntry, _PAGE_RW, type Entry } from '../public/layout';
import type { XenState } from '../state';
import { get_page, get_page_and_type, get_page_type, put_page, put_page_type } from './types';
import { addLinear, decLinearEntries, decLinearUses, incLinearEntries, incLinearUses, readLinear, takeLinear } from './words';

// Taking and dropping the references of a table's entries, one entry after the
// other (arch/x86/mm.c of 4.13.5); frames/tables.ts and frames/validation.ts do
// the same in one piece.
//
// Model: only entries that a guest may have; nothing is interrupted.

const at = ({ xen, mfn }: page_info, slot: number): number => entryAddress(xen.layout, mfn, slot);

/** An entry of a table, read from memory. */
export const readSlot = instruction((page, slot) => `read entry ${slot} of mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info, slot: number): Entry => readEntry(page.xen.memory, page.xen.layout, at(page, slot)));

/** UPDATE_ENTRY() */
export const writeSlot = instruction((page, slot, entry) => `entry ${slot} of mfn ${hex(page.mfn)} = ${hex(entry)}`, (_cpu: Cpu, page: page_info, slot: number, entry: Entry) => writeEntry(page.xen.memory, page.xen.layout, at(page, slot), entry));

/** The next slot from `from` on with an entry of the guest's, or -1: a loop over the entries skips empty ones. */
const nextSlot = instruction((page, _type, from) => `look for an entry of mfn ${hex(page.mfn)} from slot ${from} on`, (_cpu: Cpu, page: page_info, type: FrameType, from: number) => {
  for (const { slot, entry } of entriesOf(page.xen.memory, page.xen.layout, levelOf(type), page.mfn)) if (slot >= from && isPresent(entry) && is_guest_slot(page.xen.layout, type, slot)) return slot;
  return -1;
});

/** The last such slot below `to`. */
const lastSlot = instruction((page, _type, to) => `look for an entry of mfn ${hex(page.mfn)} below slot ${to}`, (_cpu: Cpu, page: page_info, type: FrameType, to: number) => {
  let found = -1;
  for (const { slot, entry } of entriesOf(page.xen.memory, page.xen.layout, levelOf(type), page.mfn)) if (slot < to && isPresent(entry) && is_guest_slot(page.xen.layout, type, slot)) found = slot;
  return found;
});

/** What happens to a table of that level before and after its entries are taken; false if it must not be one. */
const before = instruction((page) => `what is behind the entries of mfn ${hex(page.mfn)} is cleared`, (_cpu: Cpu, page: page_info) => {
  const { memory, layout } = page.xen;
  for (const pa of memory.wordsOf(page.mfn as number)) if (pa % 4096 >= 4 * layout.entryBytes) memory.write32(pa, 0);
});
const finish = instruction((page, type) => `mfn ${hex(page.mfn)} is all right as ${type}`, (_cpu: Cpu, page: page_info, type: FrameType) => {
  if (type === 'l3') return thirdSlotIsFit(page.xen, page);
  if (holdsXen(page.xen.layout, type)) installXen(page.xen, page);
  return true;
});

/** Descriptors are checked in one piece: by now they cannot be written. */
const checkDescriptors = instruction((page) => `check the descriptors of mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info) => page.xen.alloc_page_type(page, 'gdt') === 'done');

const targetOf = (xen: XenState, table: FrameType, slot: number): FrameType => (levelOf(table) === 2 ? 'l1' : slot === slotOf(xen.layout, 3, xen.layout.HYPERVISOR_VIRT_START) ? 'l2x' : 'l2');

/**
 * xen/arch/x86/mm.c:835-1022 (Xen 4.13.5), get_page_from_l1e(), and those for the levels above.
 * Model: leaves out test_bit, d, mfn, put_page_type, set_bit, type_info: memory of devices, and pages whose caching the guest changes. Model: leaves out get_gpfn_from_mfn: for a message.
 */
export const get_page_from_entry = path(function* get_page_from_lNe(table: page_info, type: FrameType, slot: number, entry: Entry, domain: Domain): Path<boolean> {
  const page = table.xen.pageOf(mfnOf(entry));
  if (!page) return false;
  if (type !== 'l1') return (yield* get_page_and_type(page, domain, targetOf(table.xen, type, slot))) || (levelOf(type) === 2 && (yield* get_l2_linear_pagetable(table, page, entry, domain)));
  if (!(yield* get_page(page, domain))) return false;
  const isWritable = (flagsOf(entry) & _PAGE_RW) !== 0 && page.xen.keeps('writable-counted');
  if (!isWritable || (yield* get_page_type(page, 'writable'))) return true;
  yield* put_page(page);
  return false;
});

/** Ours: inc_linear_entries() and inc_linear_uses(), each as one instruction, or as a test and a change. */
const countLinear = path(function* countLinear(page: page_info, by: 1 | -1): Path<boolean> {
  if (page.xen.keeps('linear-tested-and-counted')) return by === 1 ? yield* incLinearEntries(page) : yield* incLinearUses(page);
  if ((yield* readLinear(page)) * by < 0) return false;
  yield* addLinear(page, by);
  return true;
});

/** Ours: what the macro define_get_linear_pagetable() of xen/arch/x86/mm.c makes for the second level (lines 681 to 744 of 4.13.5): a table may map another one of its level, or itself, read-only. */
const get_l2_linear_pagetable = path(function* get_l2_linear_pagetable(table: page_info, page: page_info, entry: Entry, domain: Domain): Path<boolean> {
  if ((flagsOf(entry) & _PAGE_RW) !== 0 && table.xen.keeps('linear-read-only')) return false;
  if (page === table) return true;
  if (!(yield* get_page(page, domain))) return false;
  if (yield* countLinear(table, 1)) {
    if (yield* countLinear(page, -1)) {
      if (yield* takeLinear(page)) return true;
      yield* decLinearUses(page);
    }
    yield* decLinearEntries(table);
  }
  yield* put_page(page);
  return false;
});

/**
 * xen/arch/x86/mm.c:1173-1254 (Xen 4.13.5), put_page_from_l1e(), and those for the levels above.
 * Model: leaves out page_get_owner: only asked about domains of another kind. Model: leaves out type_info, pv_destroy_ldt, flush_tlb_mask: no local descriptor table, which would be dropped with the last mapping of its page.
 */
export const put_page_from_entry = path(function* put_page_from_lNe(table: page_info, type: FrameType, entry: Entry): Path {
  const page = isPresent(entry) ? table.xen.pageOf(mfnOf(entry)) : undefined;
  if (!page || (type !== 'l1' && page === table)) return;
  const isTyped = type !== 'l1' || ((flagsOf(entry) & _PAGE_RW) !== 0 && page.xen.keeps('writable-counted'));
  if (isTyped) yield* put_page_type(page, type === 'l1' ? null : table);
  if (isTyped) yield* put_page(page);
  else yield* put_page(page);
});

/**
 * xen/arch/x86/mm.c:2647-2724 (Xen 4.13.5), alloc_page_type(), with alloc_l1_table() to alloc_l3_table(): every entry is taken, or none. Model: leaves out alloc_l4_table: three levels.
 * Model: leaves out type_info: _get_page_type() stores the result here. Model: leaves out count_info, get_gpfn_from_mfn: for messages.
 */
export const alloc_page_type = path(function* alloc_page_type(page: page_info, type: FrameType): Path<boolean> {
  if (type === 'gdt') return yield* checkDescriptors(page);
  if (!page.xen.keeps('validated-at-type-change')) return true;
  if (type === 'l3') yield* before(page);
  const owner = yield* readOwnerOf(page);
  let slot = yield* nextSlot(page, type, 0);
  while (slot >= 0 && owner !== null && (yield* takeSlot(page, type, slot, owner))) slot = yield* nextSlot(page, type, slot + 1);
  if (slot < 0 && (yield* finish(page, type))) return true;
  yield* dropBelow(page, type, slot < 0 ? 512 : slot);
  return false;
});

/** Ours: one entry of a table that is being validated, on behalf of the owner of the table. */
const takeSlot = path(function* takeSlot(page: page_info, type: FrameType, slot: number, owner: Domain): Path<boolean> {
  const entry = yield* readSlot(page, slot);
  if (!(yield* get_page_from_entry(page, type, slot, entry, owner))) return false;
  const right = adjusted(page.xen, type, entry) as Entry;
  if (right !== entry) yield* writeSlot(page, slot, right);
  return true;
});

const readOwnerOf = instruction((page) => `page_get_owner() of mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info): Domain | null => page.owner as Domain | null);

/**
 * xen/arch/x86/mm.c:2727-2782 (Xen 4.13.5), free_page_type(), with free_l1_table() to free_l3_table(): drops the references of the entries, in the lowest tables from the first on, in others from the last on.
 * Model: leaves out page_get_owner: only asked whether Xen shadows the domain. Model: leaves out free_l4_table: three levels.
 */
export const free_page_type = path(function* free_page_type(page: page_info, type: FrameType): Path {
  if (page.xen.keeps('tables-devalidated')) {
    if (type === 'l1') yield* dropAll(page);
    else yield* dropBelow(page, type, 512);
  }
  if (type === 'l2x') yield* becomePlain(page);
});

/** Ours: PGT_pae_xen_l2 is cleared with the last reference. */
const becomePlain = instruction((page) => `mfn ${hex(page.mfn)} is no longer a table with Xen's entries`, (_cpu: Cpu, page: page_info) => { page.type = 'l2'; });

/** xen/arch/x86/mm.c:1891-1903 (Xen 4.13.5), free_l1_table(). Model: leaves out page_get_owner: only asked about domains of another kind. */
const dropAll = path(function* free_l1_table(page: page_info): Path {
  for (let slot = yield* nextSlot(page, 'l1', 0); slot >= 0; slot = yield* nextSlot(page, 'l1', slot + 1)) yield* put_page_from_entry(page, 'l1', yield* readSlot(page, slot));
});

/** Ours: drops the references of the entries below a slot, from the last on. */
const dropBelow = path(function* dropBelow(page: page_info, type: FrameType, to: number): Path {
  for (let slot = yield* lastSlot(page, type, to); slot >= 0; slot = yield* lastSlot(page, type, slot)) {
    const entry = yield* readSlot(page, slot);
    yield* put_page_from_entry(page, type, entry);
    const old = unadjusted(page.xen.layout, type, entry) as Entry;
    if (old !== entry) yield* writeSlot(page, slot, old);
  }
});
