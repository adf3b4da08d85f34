import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import type { Vcpu } from '../domain';
import { check_descriptor } from '../frames/descriptors';
import { hex, isTable, type FrameType, type page_info } from '../frames/frames';
import { adjusted, PAGE_CACHE_ATTRS } from '../frames/tables';
import { thirdSlotIsFit } from '../frames/validation';
import { flagsOf, isPresent, mfnOf, _PAGE_PRESENT, _PAGE_RW, type Entry } from '../public/layout';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';
import { get_page_from_entry, put_page_from_entry, readSlot, writeSlot } from './tables';
import { get_page, get_page_and_type, get_page_type, put_page, put_page_and_type, put_page_type } from './types';
import { exchangePinned, isPinned, lock, readType, typeIn, unlock } from './words';

// The calls by which a guest changes its tables (arch/x86/mm.c and arch/x86/pv/
// of 4.13.5), one locked instruction, one access to a table or one flush after
// the other. Each returns 0, or -1 for a refusal.

/** xen/arch/x86/mm.c:2182-2288 (Xen 4.13.5), mod_l1_entry(). The caller has the table's lock. Model: leaves out get_page_from_gfn: for guests whose memory Xen translates. */
const mod_l1_entry = path(function* mod_l1_entry(vcpu: Vcpu, table: page_info, slot: number, entry: Entry): Path<number> {
  const old = yield* readSlot(table, slot);
  if (isSame(old, entry)) {
    yield* writeSlot(table, slot, entry);
    return 0;
  }
  if (isPresent(entry) && !(yield* get_page_from_entry(table, 'l1', slot, entry, vcpu.domain))) return -1;
  yield* writeSlot(table, slot, entry);
  yield* put_page_from_entry(table, 'l1', old);
  return 0;
});

/**
 * xen/arch/x86/mm.c:2292-2354 (Xen 4.13.5), mod_l2_entry(); xen/arch/x86/mm.c:2357-2421 (Xen 4.13.5), mod_l3_entry(): returns null if it is refused, else the old entry, whose table still has to be released. The caller has the table's lock.
 * Model: leaves out put_page_from_l2e, put_page_from_l3e: with PTF_defer they only record it.
 * Model: leaves out type_info, is_guest_l2_slot, pgentry_ptr_to_slot, is_pv_32bit_domain: entries that a guest may have; the one that leads to Xen's own is not among them. Model: leaves out l2e_get_flags, l3e_get_flags, l3_disallow_mask,
 * l2e_has_changed, l3e_has_changed, adjust_guest_l2e, adjust_guest_l3e: arithmetic. Model: leaves out get_page_from_l2e, get_page_from_l3e: get_page_from_entry(). Model: leaves out pv_l1tf_check_l2e, pv_l1tf_check_l3e: for processors with
 * the L1TF flaw.
 */
const mod_upper_entry = path(function* mod_lN_entry(vcpu: Vcpu, table: page_info, type: FrameType, slot: number, entry: Entry): Path<Entry | null> {
  const old = yield* readSlot(table, slot);
  const right = adjusted(table.xen, type, entry) as Entry;
  if (isSame(old, entry)) {
    yield* writeSlot(table, slot, right);
    return 0;
  }
  if (isPresent(entry) && !(yield* get_page_from_entry(table, type, slot, entry, vcpu.domain))) return null;
  yield* writeSlot(table, slot, right);
  // Until 4.13. Another processor that holds the lock of the table in slot 3 has a reference to it meanwhile.
  if (type === 'l3' && !table.xen.keeps('third-slot-not-looked-at-again') && !(yield* create_pae_xen_mappings(table))) return null;
  return old;
});

/** Whether the table in slot 3 is this root's alone; BUG() otherwise. */
const create_pae_xen_mappings = instruction((root) => `create_pae_xen_mappings() of mfn ${hex(root.mfn)}: read type_info of what its slot 3 leads to`, (_cpu: Cpu, root: page_info) => thirdSlotIsFit(root.xen, root) || root.xen.bug('BUG in mod_l3_entry()'));

const isSame = (old: Entry, entry: Entry): boolean => isPresent(old) && isPresent(entry) && mfnOf(old) === mfnOf(entry) && ((flagsOf(old) ^ flagsOf(entry)) & (_PAGE_RW | _PAGE_PRESENT | PAGE_CACHE_ATTRS)) === 0;

const flushLinear = instruction('what Xen has cached of the tables is flushed', (_cpu: Cpu, vcpu: Vcpu, xen: XenState) => xen.flushLinearOf(vcpu.domain));

/** The result for one entry. If an upper table has changed, it is the old entry, so that the end of the call flushes and releases what it held. */
type Updated = 'refused' | 'done' | Entry;

/**
 * xen/arch/x86/mm.c:3999-4376 (Xen 4.13.5), do_mmu_update() of one entry. All processors flush at its end, after the lock and the reference have been released; what an upper table held is released after that, by put_old_guest_table(), with which the call
 * continues.
 * Model: leaves out mod_l4_entry, guest_table, guest_table_user: three levels, and one table for kernel and user. Model: leaves out ptr, val, gmfn: in the arguments. Model: leaves out set_gpfn_from_mfn: another
 * command, MMU_MACHPHYS_UPDATE. Model: leaves out flush_local, flush_mask: one event here, which drops what Xen has cached of the tables; in the C they also drop the guests' translations, which allows fewer outcomes.
 */
export const do_mmu_update = path(function* do_mmu_update(vcpu: Vcpu, page: page_info, slot: number, entry: Entry): Path<number> {
  if (!(yield* get_page(page, vcpu.domain))) return -1;
  const updated = (yield* lock(page)) ? yield* updateLocked(vcpu, page, slot, entry) : yield* storePlain(page, slot, entry);
  yield* put_page(page);
  if (typeof updated === 'number') {
    yield* flushLinear(vcpu, page.xen);
    yield* put_page_from_entry(page, 'l2', updated);
  }
  return updated === 'refused' ? -1 : 0;
});

/** Ours: what do_mmu_update() does with the lock. */
const updateLocked = path(function* updateLocked(vcpu: Vcpu, page: page_info, slot: number, entry: Entry): Path<Updated> {
  const type = typeIn(yield* readType(page));
  let updated: Updated = 'refused';
  if (type === 'l1') {
    if ((yield* mod_l1_entry(vcpu, page, slot, entry)) === 0) updated = 'done';
  } else if (isTable(type)) {
    updated = (yield* mod_upper_entry(vcpu, page, type, slot, entry)) ?? 'refused';
  } else if (type === 'writable') {
    yield* writeSlot(page, slot, entry);
    updated = 'done';
  }
  yield* unlock(page);
  return updated;
});

/** Ours: what do_mmu_update() does with a frame that is not a table. */
const storePlain = path(function* storePlain(page: page_info, slot: number, entry: Entry): Path<Updated> {
  if (!(yield* get_page_type(page, 'writable'))) return 'refused';
  yield* writeSlot(page, slot, entry);
  yield* put_page_type(page, null);
  return 'done';
});

/** The lowest-level table of an address, as Xen sees it through its linear mapping: the frame and the slot. */
export const walk = instruction((_vcpu, _xen, va) => `look up the table of ${hex(va)}`, (_cpu: Cpu, vcpu: Vcpu, xen: XenState, va: number): readonly [Mfn, number] | null => {
  const found = xen.guestEntry(vcpu, va);
  return found === null ? null : [found.table, found.slot];
});

/** xen/arch/x86/mm.c:4524-4623 (Xen 4.13.5), __do_update_va_mapping(), without a flush. Model: leaves out flush_tlb_local, flush_tlb_mask, flush_tlb_one_mask: only if the guest asks for a flush. */
export const do_update_va_mapping = path(function* do_update_va_mapping(vcpu: Vcpu, xen: XenState, va: number, entry: Entry): Path<number> {
  const found = yield* walk(vcpu, xen, va);
  const page = found === null ? undefined : xen.pageOf(found[0]);
  if (found === null || !page || !(yield* get_page(page, vcpu.domain))) return -1;
  const rc = yield* lockedAs(vcpu, page, found[1], entry);
  yield* put_page(page);
  return rc;
});

/** Ours: page_lock(), a check of the type, mod_l1_entry(), page_unlock(). */
const lockedAs = path(function* lockedAs(vcpu: Vcpu, page: page_info, slot: number, entry: Entry): Path<number> {
  if (!(yield* lock(page))) return -1;
  const rc = typeIn(yield* readType(page)) === 'l1' ? yield* mod_l1_entry(vcpu, page, slot, entry) : -1;
  yield* unlock(page);
  return rc;
});

/** xen/arch/x86/pv/ro-page-fault.c:265-299 (Xen 4.13.5), ptwr_do_page_fault(), with the checks before it: a store of a whole entry to a table that is mapped read-only. -1 if the guest gets the fault. Model: leaves out cr2, pte, data: arguments of the emulator. */
export const ptwr_do_page_fault = path(function* ptwr_do_page_fault(vcpu: Vcpu, xen: XenState, va: number, entry: Entry): Path<number> {
  const found = yield* walk(vcpu, xen, va);
  const upper = found === null ? undefined : xen.pageOf(found[0]);
  const mapping = upper ? yield* readSlot(upper, found![1]) : 0;
  const page = xen.pageOf(mfnOf(mapping));
  if ((flagsOf(mapping) & (_PAGE_PRESENT | _PAGE_RW)) !== _PAGE_PRESENT || !page || !(yield* get_page(page, vcpu.domain))) return -1;
  const rc = (yield* lockForStore(page)) ? yield* emulateLocked(vcpu, page, (va % 4096) / xen.layout.entryBytes, entry) : -1;
  yield* put_page(page);
  return rc;
});

/** Ours: what ptwr_do_page_fault() does with the lock. */
const emulateLocked = path(function* emulateLocked(vcpu: Vcpu, page: page_info, slot: number, entry: Entry): Path<number> {
  const rc = typeIn(yield* readType(page)) === 'l1' ? yield* emulate(vcpu, page, slot, entry) : -1;
  yield* unlock(page);
  return rc;
});

/** Ours: without the promise that a table is validated before it is written for the guest, the lock is taken whatever state it is in. */
const lockForStore = path(function* lockForStore(page: page_info): Path<boolean> {
  if (page.xen.keeps('ptwr-validated')) return yield* lock(page);
  return yield* lockAnyway(page);
});

const lockAnyway = instruction((page) => `page_lock() of mfn ${hex(page.mfn)}, validated or not`, (_cpu: Cpu, page: page_info) => {
  if (page.type_count === 0) return false;
  page.type_count += 1;
  page.locked = true;
  return true;
}, { locked: true, when: (_cpu, page) => !page.locked, awaits: (_cpu, page) => ({ kind: 'lock', name: `mfn ${hex(page.mfn)}.locked` }) });

/**
 * xen/arch/x86/pv/ro-page-fault.c:67-212 (Xen 4.13.5), ptwr_emulated_update(), of a whole entry, by a plain store.
 * Model: leaves out cr2, pte, data: arguments of the emulator. Model: leaves out page_get_owner, type_info: assertions of Xen. Model: leaves out is_pv_32bit_domain: half an entry is another store.
 */
const emulate = path(function* emulate(vcpu: Vcpu, page: page_info, slot: number, entry: Entry): Path<number> {
  if (isPresent(entry) && !(yield* get_page_from_entry(page, 'l1', slot, entry, vcpu.domain))) return -1;
  const old = yield* readSlot(page, slot);
  yield* writeSlot(page, slot, entry);
  yield* put_page_from_entry(page, 'l1', old);
  return 0;
});

/** xen/arch/x86/mm.c:3461-3997 (Xen 4.13.5), do_mmuext_op() in part: MMUEXT_PIN_L1_TABLE and the like, from line 3558 */
export const pin = path(function* pin(vcpu: Vcpu, page: page_info, type: FrameType): Path<number> {
  if (!(yield* get_page_and_type(page, vcpu.domain, type))) return -1;
  if (!(yield* setPinned(page, true))) return 0;
  yield* put_page_and_type(page);
  return -1;
});

/** Ours: returns the old bit; one instruction, or two: a test and a change. */
const setPinned = path(function* setPinned(page: page_info, to: boolean): Path<boolean> {
  if (page.xen.keeps('pin-tested-and-set')) return yield* exchangePinned(page, to);
  const was = yield* isPinned(page);
  if (was !== to) yield* exchangePinned(page, to);
  return was;
});

/** xen/arch/x86/mm.c:3461-3997 (Xen 4.13.5), do_mmuext_op() in part: MMUEXT_UNPIN_TABLE, from line 3634 */
export const unpin = path(function* unpin(vcpu: Vcpu, page: page_info): Path<number> {
  if (!(yield* get_page(page, vcpu.domain))) return -1;
  const was = yield* setPinned(page, false);
  if (was) yield* put_page_and_type(page);
  yield* put_page(page);
  return was ? 0 : -1;
});

const readBase = instruction('read v->arch.guest_table', (_cpu: Cpu, vcpu: Vcpu): Mfn | null => vcpu.guest_table);
const writeBase = instruction((_vcpu, page) => `write_ptbase(mfn ${hex(page.mfn)})`, (_cpu: Cpu, vcpu: Vcpu, page: page_info) => {
  vcpu.guest_table = page.mfn;
  page.xen.write_ptbase(vcpu);
});

/**
 * xen/arch/x86/mm.c:3311-3416 (Xen 4.13.5), new_guest_cr3().
 * Model: leaves out is_pv_32bit_domain, mod_l4_entry: with three levels below a top level of Xen's own, the entry there takes and drops the same references.
 * Model: leaves out pv_destroy_ldt, VM_ASSIST, fill_ro_mpt: no local descriptor table, and no reverse map in the guest's address space.
 */
export const new_guest_cr3 = path(function* new_guest_cr3(vcpu: Vcpu, page: page_info): Path<number> {
  const old = yield* readBase(vcpu);
  if (old === page.mfn) {
    yield* writeBase(vcpu, page);
    return 0;
  }
  if (!(yield* get_page_and_type(page, vcpu.domain, 'l3'))) return -1;
  yield* writeBase(vcpu, page);
  const before = old === null ? undefined : page.xen.pageOf(old);
  if (before) yield* put_page_and_type(before);
  return 0;
});

const clear = instruction((page) => `clear mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info) => {
  for (const pa of page.xen.memory.wordsOf(page.mfn as number)) page.xen.memory.write32(pa, 0);
});

/** xen/arch/x86/mm.c:3461-3997 (Xen 4.13.5), do_mmuext_op(), MMUEXT_CLEAR_PAGE */
export const clear_page = path(function* clear_page(vcpu: Vcpu, page: page_info): Path<number> {
  if (!(yield* get_page_and_type(page, vcpu.domain, 'writable'))) return -1;
  yield* clear(page);
  yield* put_page_and_type(page);
  return 0;
});

const takeGdt = instruction((_vcpu, page) => `the descriptor table is mfn ${hex(page.mfn)}`, (_cpu: Cpu, vcpu: Vcpu, page: page_info): readonly Mfn[] => {
  const before = vcpu.gdt_frames;
  vcpu.gdt_frames = [page.mfn];
  return before;
});
const dropGdt = instruction('there is no descriptor table', (_cpu: Cpu, vcpu: Vcpu): readonly Mfn[] => {
  const before = vcpu.gdt_frames;
  vcpu.gdt_frames = [];
  return before;
});

/**
 * xen/arch/x86/pv/descriptor-tables.c:99-146 (Xen 4.13.5), pv_set_gdt(), of one frame. Model: without d->domain_lock, since each processor changes a table of its own.
 * Model: leaves out pv_destroy_gdt, gdt_ents, pv_gdt_ptes, l1e_write: the C drops the reference first and then clears the entry; no processor can tell, since this one loads no selector of the guest before it has flushed.
 */
export const set_gdt = path(function* pv_set_gdt(vcpu: Vcpu, page: page_info): Path<number> {
  if (!(yield* get_page_and_type(page, vcpu.domain, 'gdt'))) return -1;
  for (const mfn of yield* dropGdt(vcpu)) yield* put_page_and_type(page.xen.pageOf(mfn)!);
  yield* takeGdt(vcpu, page);
  yield* flushOwn(vcpu, page.xen);
  return 0;
});

const flushOwn = instruction('flush_tlb_local()', (_cpu: Cpu, vcpu: Vcpu, xen: XenState) => xen.flush(vcpu));

const writeDescriptor = instruction((page) => `write a descriptor of mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info, low: number, high: number) => {
  page.xen.memory.write32(page.pa, low);
  page.xen.memory.write32(page.pa + 4, high);
});

/** xen/arch/x86/pv/descriptor-tables.c:209-256 (Xen 4.13.5), do_update_descriptor(), of the first descriptor of a frame. Model: leaves out check_descriptor: the same function, which is not a path. */
export const do_update_descriptor = path(function* do_update_descriptor(vcpu: Vcpu, page: page_info, low: number, high: number): Path<number> {
  const checked = check_descriptor(page.xen.layout, { low, high });
  if (!checked.isGood || !(yield* get_page(page, vcpu.domain))) return -1;
  const type = typeIn(yield* readType(page)) === 'gdt' ? 'gdt' : 'writable';
  const isTaken = yield* get_page_type(page, type);
  if (isTaken) {
    yield* writeDescriptor(page, checked.low, checked.high);
    yield* put_page_type(page, null);
  }
  yield* put_page(page);
  return isTaken ? 0 : -1;
});

