import type { Cpu } from '../../../hardware/cpu';
import { instruction, path, type Path } from '../../../path';
import { giveTo } from '../calls/memory-op';
import type { Domain, Vcpu } from '../domain';
import { hex, type page_info } from '../frames/frames';
import { _set_status, activeGrant, clearMarks, HOST_READ, HOST_WRITE, pin, unpin, writers, type Use } from '../grants/active';
import { leaveDomain } from '../grants/iommu';
import { entryOf, flagsOf, isPresent, mfnOf, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, type Entry } from '../public/layout';
import type { Mfn } from '../public/xen';
import type { XenState } from '../state';
import { walk } from './calls';
import { put_page_from_entry, readSlot, writeSlot } from './tables';
import { get_page, get_page_type, put_page, put_page_and_type, put_page_type } from './types';
import { clearAllocated, flushOn, incCount, isAllocated, lock, readOwner, readType, spin_lock, spin_unlock, typeIn, unlock } from './words';

// How frames change hands, step by step (common/memory.c, common/grant_table.c
// and arch/x86/mm.c of 4.13.5). Each call returns 0, or -1 for a refusal.

/** The only grant here. */
const REF = 0;

/** xen/common/memory.c:288-417 (Xen 4.13.5), guest_remove_page(). Model: leaves out dont_flush: for devices. */
export const guest_remove_page = path(function* guest_remove_page(vcpu: Vcpu, page: page_info): Path<number> {
  if (!(yield* get_page(page, vcpu.domain))) return -1;
  if (yield* wasAllocated(page)) yield* put_page(page);
  yield* put_page(page);
  return 0;
});

/** Ours: put_page_alloc_ref(), as one instruction, or as a test and a change. */
const wasAllocated = path(function* wasAllocated(page: page_info): Path<boolean> {
  if (page.xen.keeps('allocated-tested-and-cleared')) return yield* clearAllocated(page);
  const was = yield* isAllocated(page);
  if (was) yield* clearAllocated(page);
  return was;
});

/** Clears the count and PGC_allocated at once, if one reference is the owner's and the other is that of steal_page(). */
const takeBoth = instruction((page) => `cmpxchg count_info of mfn ${hex(page.mfn)} from 2 to 0`, (_cpu: Cpu, page: page_info) => {
  if (!page.allocated || page.count !== 2) return false;
  page.count = 0;
  page.allocated = false;
  return true;
}, { locked: true });

/** Model: all at once, since no other processor can take a reference to the frame while its count is 0. */
const unlink = instruction((page) => `mfn ${hex(page.mfn)} has no owner any more`, (_cpu: Cpu, page: page_info) => {
  leaveDomain(page);
  Object.assign(page, { owner: null, type: 'none', validated: false });
});

/** xen/arch/x86/mm.c:4437-4521 (Xen 4.13.5), steal_page(). Model: leaves out spin_lock, spin_unlock, page_alloc_lock, type_info, page_set_owner: one event, unlink(), for a frame whose count is 0. */
const steal_page = path(function* steal_page(vcpu: Vcpu, page: page_info): Path<boolean> {
  if (!page.xen.keeps('stolen-as-freed')) return yield* stealAsBefore(vcpu, page);
  if (!(yield* incCount(page))) return false;
  if ((yield* readOwner(page)) !== vcpu.domain || !(yield* takeBoth(page))) {
    yield* put_page(page);
    return false;
  }
  yield* unlink(page);
  return true;
});

const takeOnly = instruction((page) => `cmpxchg count_info of mfn ${hex(page.mfn)} from 1 to 0`, (_cpu: Cpu, page: page_info) => {
  if (!page.allocated || page.count !== 1) return false;
  page.count = 0;
  return true;
}, { locked: true });

const giveCountBack = instruction((page) => `count_info of mfn ${hex(page.mfn)} + 1`, (_cpu: Cpu, page: page_info) => { page.count += 1; }, { locked: true });
/**
 * xen/arch/x86/mm.c:3969-4033 (Xen 4.11.1), steal_page() as it was then: for a while a frame without an owner has a count, which others can increment (XSA-287).
 * Model: leaves out type_info, page_set_owner: in unlink().
 */
const stealAsBefore = path(function* stealAsBefore(vcpu: Vcpu, page: page_info): Path<boolean> {
  yield* spin_lock(vcpu, 'page_alloc_lock');
  const isStolen = (yield* readOwner(page)) === vcpu.domain && (yield* takeOnly(page));
  if (isStolen) {
    yield* unlink(page);
    yield* giveCountBack(page);
  }
  yield* spin_unlock(vcpu, 'page_alloc_lock');
  return isStolen;
});

/**
 * New frames are allocated, and assigned instead of the old ones.
 * Model: every processor flushes; Xen interrupts only those that have not flushed since the frame was freed, and no other one has it cached.
 */
const assign = instruction((page) => `another frame for mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info, vcpu: Vcpu, gpfn: number) => {
  const { xen } = page;
  const fresh = [...xen.pages].find((other) => other.owner === null && other.count === 0 && other !== page)!;
  xen.machine_to_phys_mapping.set(fresh.mfn, gpfn);
  xen.flushEverywhere();
  giveTo(fresh, vcpu.domain);
});

const readName = instruction((page) => `get_gpfn_from_mfn(mfn ${hex(page.mfn)})`, (_cpu: Cpu, page: page_info) => page.xen.machine_to_phys_mapping.get(page.mfn));

/**
 * xen/common/memory.c:515-810 (Xen 4.13.5), memory_exchange() of one frame.
 * Model: leaves out in, extent_order, out, max_order, nr_exchanged, nr_extents, domid, extent_start, out_chunk_order, propagate_node, mem_flags, domain_clamp_alloc_bitsize: one frame for one.
 * Model: leaves out alloc_domheap_pages, assign_pages: one event, assign(), for a frame that no other processor knows; memory suffices. Model: leaves out free_domheap_page: unlink() has done it.
 * Model: leaves out spin_lock, spin_unlock, page_alloc_lock, free_domheap_pages: for a new frame that cannot be assigned.
 */
export const memory_exchange = path(function* memory_exchange(vcpu: Vcpu, page: page_info): Path<number> {
  const gpfn = yield* readName(page);
  if (!(yield* steal_page(vcpu, page))) return -1;
  yield* assign(page, vcpu, gpfn);
  if (page.xen.keeps('stolen-as-freed')) return 0;
  yield* clearAllocated(page);
  yield* put_page(page);
  return 0;
});

const hostUse = (readonly: boolean): Use => (readonly ? HOST_READ : HOST_WRITE);

const lockGrant = instruction('active_entry_acquire()', (_cpu: Cpu, granter: Domain) => { granter.grantLocked = true; }, { locked: true, when: (_cpu: Cpu, granter: Domain) => !granter.grantLocked });
const unlockGrant = instruction('active_entry_release()', (_cpu: Cpu, granter: Domain) => { granter.grantLocked = false; });

/** Whether the guest allows the use, and whether it is the first one. */
const checkGrant = instruction((_vcpu, _granter, page) => `_set_status() of the grant of mfn ${hex(page.mfn)}`, (_cpu: Cpu, { domain }: Vcpu, granter: Domain, page: page_info, readonly: boolean): 'refused' | 'first' | 'again' => {
  const act = activeGrant(granter, REF);
  const looks = !act || (!readonly && writers(act) === 0);
  if (looks && !_set_status(page.xen, granter, REF, readonly, true, domain.domain_id)) return 'refused';
  return act ? 'again' : 'first';
});
const pinNow = instruction((_vcpu, _granter, page, readonly) => `the grant of mfn ${hex(page.mfn)} is pinned${readonly ? '' : ', to write'}`, (_cpu: Cpu, { domain }: Vcpu, granter: Domain, page: page_info, readonly: boolean) =>
  pin(granter, REF, hostUse(readonly), { domid: domain.domain_id, frame: page.mfn, readonly: false }));
const unpinNow = instruction((_granter, page) => `the grant of mfn ${hex(page.mfn)} is unpinned`, (_cpu: Cpu, granter: Domain, page: page_info, readonly: boolean) => unpin(page.xen, granter, REF, hostUse(readonly)));
const unmark = instruction('gnttab_clear_flags()', (_cpu: Cpu, granter: Domain, page: page_info, readonly: boolean) => clearMarks(page.xen, granter, REF, readonly));

/** Ours: what map_grant_ref() does under the lock of the grant. The first user takes a reference there, before others can see the pin. */
const pinGrant = path(function* pinGrant(vcpu: Vcpu, granter: Domain, page: page_info, readonly: boolean): Path<'refused' | 'first' | 'again'> {
  yield* lockGrant(granter);
  let use = yield* checkGrant(vcpu, granter, page, readonly);
  if (use === 'first' && !(yield* get_page(page, granter))) {
    yield* unmark(granter, page, readonly);
    use = 'refused';
  }
  if (use !== 'refused') yield* pinNow(vcpu, granter, page, readonly);
  yield* unlockGrant(granter);
  return use;
});

/** Ours: the error path of map_grant_ref(). */
const unpinGrant = path(function* unpinGrant(granter: Domain, page: page_info, readonly: boolean): Path {
  yield* lockGrant(granter);
  yield* unpinNow(granter, page, readonly);
  yield* unlockGrant(granter);
});

/** From now on the handle can be used: maptrack has a lock of its own. */
const useGrant = instruction((_vcpu, _granter, page, readonly) => `mfn ${hex(page.mfn)} is mapped by a grant${readonly ? '' : ', writable'}`, (_cpu: Cpu, { domain }: Vcpu, granter: Domain, page: page_info, readonly: boolean) => {
  domain.maptrack = [...domain.maptrack, { dom: granter.domain_id, ref: REF, frame: page.mfn, readonly, contains_pte: false, device: false, host: true, active: true }];
});

/**
 * xen/common/grant_table.c:903-1273 (Xen 4.13.5), map_grant_ref(), of a frame that `granter` grants to the domain, perhaps to itself.
 * Model: leaves out get_maptrack_handle, put_maptrack_handle, maptrack_entry, write_atomic: one event, useGrant(), which gives the handle its flags; before that it cannot be used.
 * Model: leaves out grant_read_lock, grant_read_unlock: the table neither grows nor changes its version. Model: leaves out nr_grant_entries, shared_entry_header, gt_version, status_entry, shared_entry_v1,
 * shared_entry_v2, full_page, length, status, ref, domid, is_sub_page, act_set_gfn, start, trans_domain, trans_gref, clear_flags, grant_table, rgt, dev_bus_addr: one grant, of a whole frame, in a table of version 1.
 * Model: leaves out gnttab_host_mapping_get_page_type: checks whether the mapping is writable. Model: leaves out page_get_owner: the frame has the owner of the grant. Model: leaves out cnt, rd, wr, grant_write_lock, grant_write_unlock, radix_tree_insert,
 * maptrack_tree, radix_tree_ulong_to_ptr, radix_tree_lookup_slot, radix_tree_ptr_to_ulong, radix_tree_replace_slot, radix_tree_delete: devices of another domain.
 * Model: leaves out replace_grant_host_mapping, gnttab_flush_tlb: they undo an entry; nothing fails after the entry.
 */
export const map_grant_ref = path(function* map_grant_ref(vcpu: Vcpu, granter: Domain, page: page_info, va: number, readonly: boolean): Path<number> {
  const use = yield* pinGrant(vcpu, granter, page, readonly);
  if (use === 'refused') return -1;
  const isReferenced = use === 'first' || (yield* get_page(page, granter));
  const isTyped = isReferenced && !readonly && (yield* get_page_type(page, 'writable'));
  if (isReferenced && (readonly || isTyped)) {
    const flags = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY | (readonly ? 0 : _PAGE_RW);
    const created = yield* replaceEntry(vcpu, page.xen, va, entryOf(page.mfn, flags), null); // create_grant_host_mapping(op->host_addr)
    if (created === 0) {
      yield* useGrant(vcpu, granter, page, readonly);
      return 0;
    }
  }
  if (isTyped) yield* put_page_type(page, null);
  if (isReferenced) yield* put_page(page);
  yield* unpinGrant(granter, page, readonly);
  return -1;
});

/** xen/arch/x86/pv/grant_table.c:47-136 (Xen 4.13.5), create_grant_pv_mapping(), and replace_grant_pv_mapping(): an entry is exchanged under the lock of its table. With `only`, this happens only if it maps that frame. Model: leaves out is_pv_32bit_domain: all guests are of one kind. */
const replaceEntry = path(function* replaceEntry(vcpu: Vcpu, xen: XenState, va: number, entry: Entry, only: Mfn | null): Path<number> {
  const found = yield* walk(vcpu, xen, va);
  const table = found === null ? undefined : xen.pageOf(found[0]);
  if (found === null || !table || !(yield* get_page(table, vcpu.domain))) return -1;
  const old = yield* exchangeLocked(table, found[1], entry, only);
  yield* put_page(table);
  if (old === null) return -1;
  if (only === null) yield* put_page_from_entry(table, 'l1', old);
  return 0;
});

/** Ours: what both do with the lock. */
const exchangeLocked = path(function* exchangeLocked(table: page_info, slot: number, entry: Entry, only: Mfn | null): Path<Entry | null> {
  if (!(yield* lock(table))) return null;
  const isLowest = typeIn(yield* readType(table)) === 'l1';
  const old = isLowest ? yield* readSlot(table, slot) : 0;
  const isFit = isLowest && (only === null || (isPresent(old) && mfnOf(old) === only && (flagsOf(old) & _PAGE_RW) !== 0));
  if (isFit) yield* writeSlot(table, slot, entry);
  yield* unlock(table);
  return isFit ? old : null;
});

const isInUse = instruction((_vcpu, handle) => `handle ${handle} is in use`, (_cpu: Cpu, vcpu: Vcpu, handle: number) => vcpu.domain.maptrack[handle]?.active === true);
const noLongerInUse = instruction((_vcpu, handle) => `handle ${handle} is no longer in use`, (_cpu: Cpu, vcpu: Vcpu, handle: number) => {
  const { domain } = vcpu;
  domain.maptrack = domain.maptrack.map((mapping, i) => (i === handle ? { ...mapping, host: false, active: false } : mapping));
});

/**
 * xen/common/grant_table.c:1299-1490 (Xen 4.13.5), unmap_common(); xen/common/grant_table.c:1492-1574 (Xen 4.13.5), unmap_common_complete(), of a writable mapping: clears the entry, flushes the TLBs, drops the references, and last the pin. Model: leaves out grant_read_lock, grant_read_unlock: the table
 * neither grows nor changes its version. Model: leaves out put_maptrack_handle, maptrack_entry, maptrack_limit, flags, domid, ref: the handle stays known, and unused. Model: leaves out nr_grant_entries, shared_entry_header, gt_version, status_entry, status, grant_table, rgt, rd, dev_bus_addr, host_addr,
 * new_addr, clear_flags: one grant, in a table of version 1, mapped by a processor. Model: a refused unmap flushes nothing here, although Xen flushes in any case: nothing was unmapped. Model: leaves out grant_write_lock, grant_write_unlock, radix_tree_lookup_slot, maptrack_tree,
 * radix_tree_ptr_to_ulong, cnt, wr, radix_tree_delete, radix_tree_replace_slot, radix_tree_ulong_to_ptr: devices of another domain. Model: leaves out gnttab_mark_dirty: a log for guests that move. Model: leaves out gnttab_host_mapping_get_page_type: checks whether the mapping was writable. Model: adds
 * flushOn: gnttab_flush_tlb(), which the caller does in between.
 */
export const unmap_grant_ref = path(function* unmap_grant_ref(vcpu: Vcpu, granter: Domain, page: page_info, va: number, handle: number): Path<number> {
  if (!(yield* isInUse(vcpu, handle))) return -1;
  yield* lockGrant(granter);
  // A path that has waited for the lock may find that the other one has unmapped it.
  const isGone = !(yield* isInUse(vcpu, handle)) || (yield* replaceEntry(vcpu, page.xen, va, 0, page.mfn)) !== 0;
  if (!isGone) yield* noLongerInUse(vcpu, handle);
  yield* unlockGrant(granter);
  if (isGone) return -1;
  if (page.xen.keeps('grant-unmap-flushed')) for (const other of page.xen.vcpus) if (other.domain === vcpu.domain) yield* flushOn(page, other.cpu.id);
  yield* lockGrant(granter);
  yield* put_page_and_type(page);
  yield* unpinNow(granter, page, false);
  yield* unlockGrant(granter);
  return 0;
});
