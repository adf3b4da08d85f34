import { overwriteCaches } from '../frames/coherence';
import { get_page, hex, put_page, type page_info } from '../frames/frames';
import { put_page_and_type } from '../frames/page-type';
import { joinDomain, leaveDomain } from '../grants/iommu';
import { isXens } from '../public/layout';
import { EFAULT, EINVAL, ENOMEM, EOPNOTSUPP, ENOSYS, XENMEM_decrease_reservation, XENMEM_exchange, XENMEM_increase_reservation, type Mfn } from '../public/xen';
import type { Domain, Vcpu } from '../domain';
import type { XenState } from '../state';

// Frames change hands (common/memory.c, common/page_alloc.c): a domain gives
// one back, asks for one, or trades one in.

/**
 * common/memory.c, do_memory_op(), one frame at a time.
 *
 * @param gpfn the guest's own number for a new frame; -1 if it gives none
 * @param out where the guest wants the result of an exchange; Model: nothing is written to the guest's memory there
 * @returns 0, -EINVAL, -ENOMEM or -ENOSYS; the number of a frame that it gets, which is positive
 */
export function do_memory_op(xen: XenState, vcpu: Vcpu, cmd: number, mfn: Mfn, gpfn = -1, out?: ExchangeResult): number {
  xen.begin(vcpu);
  switch (cmd) {
    case XENMEM_decrease_reservation: return guest_remove_page(xen, vcpu, mfn);
    case XENMEM_increase_reservation: return alloc_domheap_page(xen, vcpu.domain, gpfn);
    case XENMEM_exchange: return memory_exchange(xen, vcpu.domain, mfn, out);
    default: return ENOSYS;
  }
}

/** common/memory.c, guest_remove_page(): the frame is freed with its last reference. */
function guest_remove_page(xen: XenState, vcpu: Vcpu, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  const isShared = page?.xenHeap === true && xen.keeps('shared-frame-stays');
  if (!page || isShared || !get_page(page, vcpu.domain)) {
    xen.refuse('guest_remove_page', `Bad page free for ${vcpu.domain.name}`);
    return EINVAL;
  }
  if (!xen.keeps('freed-when-unreferenced')) {
    takeAway(page);
    return 0;
  }
  if (page.pinned && !xen.keeps('unpinned-by-hand')) {
    page.pinned = false;
    put_page_and_type(page);
  }
  if (page.allocated) {
    page.allocated = false;
    put_page(page);
  }
  put_page(page);
  return 0;
}

/** common/page_alloc.c, alloc_domheap_pages(): first flushes what other domains may still have of the frame in a TLB. */
function alloc_domheap_page(xen: XenState, domain: Domain, gpfn: number): number {
  const page = freeFrame(xen);
  if (!page) return ENOMEM;
  if (xen.keeps('flush-at-reuse')) xen.flushEverywhere();
  giveTo(page, domain);
  xen.machine_to_phys_mapping.set(page.mfn, gpfn);
  return page.mfn;
}

/** A frame of the heap, to which there is no reference. */
export function freeFrame(xen: XenState): page_info | undefined {
  for (const page of xen.pages) if (page.owner === null && page.count === 0) return page;
  return undefined;
}

/** Makes a free frame the domain's, empty and without a type. */
export function giveTo(page: page_info, domain: Domain): void {
  Object.assign(page, { owner: domain, allocated: true, count: 1, type: 'none', type_count: 0, validated: false });
  overwriteCaches(page);
  for (const word of page.xen.memory.wordsOf(page.mfn as number)) page.xen.memory.write32(word, 0);
  joinDomain(page, domain);
}

/**
 * arch/x86/mm.c, steal_page(): takes a frame from its domain, which must no
 * longer use it: its only reference is the owner's own.
 */
export function steal_page(page: page_info, domain: Domain): boolean {
  const { xen } = page;
  // What else Xen keeps about the frames of such a domain would remain (XSA-217).
  if (domain.translated && xen.keeps('hvm-keeps-its-frames')) return xen.refuse('steal_page', `${domain.name} is fully virtualised`, EOPNOTSUPP);
  const isUnused = page.allocated && page.count === 1;
  if (page.xenHeap || (page.owner !== domain && xen.keeps('stolen-only-own')) || (!isUnused && xen.keeps('stolen-only-unused'))) {
    return xen.refuse('steal_page', `Bad page ${hex(page.mfn)}: ed=${domain.name}, sd=${page.owner?.name ?? 'nobody'}, caf=${page.count}, taf=${page.type_count}`);
  }
  takeAway(page);
  return true;
}

function takeAway(page: page_info): void {
  leaveDomain(page);
  page.owner = null;
  page.allocated = false;
  page.count = 0;
}

/** Where an exchange writes the numbers of the frames that it gives. */
export interface ExchangeResult {
  /** The list's address. */
  readonly va: number;
  /** `nr_exchanged`, which a guest may set: how many entries of the list are done. */
  readonly done: number;
}

/** Bytes of one frame number in the list. */
const RESULT_BYTES = 8;

/** Whether Xen accepts the addresses that an exchange would write: where the list begins, and where it continues. */
function isGuests(xen: XenState, { va, done }: ExchangeResult): boolean {
  const isGuestsOwn = (address: number): boolean => !isXens(xen.layout, address);
  if (!isGuestsOwn(va) && xen.keeps('exchange-result-checked')) return false;
  const isChecked = xen.keeps('exchange-offset-checked') && xen.keeps('exchange-result-checked');
  return isGuestsOwn(va + done * RESULT_BYTES) || !isChecked;
}

/** common/memory.c, memory_exchange(): a frame for another one. */
function memory_exchange(xen: XenState, domain: Domain, mfn: Mfn, out: ExchangeResult = { va: 0, done: 0 }): number {
  const page = xen.pageOf(mfn);
  const fresh = freeFrame(xen);
  if (!fresh) return ENOMEM;
  const gpfn = xen.machine_to_phys_mapping.get(mfn);
  if (!isGuests(xen, out)) return EFAULT;
  if (!page || !steal_page(page, domain)) return EINVAL;
  xen.machine_to_phys_mapping.set(fresh.mfn, gpfn);
  if (xen.keeps('flush-at-reuse')) xen.flushEverywhere();
  giveTo(fresh, domain);
  const at = out.va + out.done * RESULT_BYTES;
  if (isXens(xen.layout, at)) xen.memory.write32(xen.ownTable * 4096 + (at % 4096), fresh.mfn);
  return fresh.mfn;
}
