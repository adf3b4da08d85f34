import { get_page, get_page_and_type, hex, put_page, put_page_and_type, type FrameType } from './frames';
import {
  EINVAL, ENOMEM, ENOSYS, MMUEXT, VMASST_TYPE_writable_pagetables, XENMEM_decrease_reservation, XENMEM_increase_reservation,
  type Mfn, type MmuextOp,
} from './public';
import type { Vcpu, Xen } from './xen';

// The hypercalls by which a guest pins tables, switches its base pointer and
// flushes (arch/x86/mm.c), and those that give frames back and ask for more
// (common/memory.c).

/**
 * arch/x86/mm.c, do_mmuext_op(): operations in order, up to the first refusal.
 *
 * @returns 0, -EINVAL or -ENOSYS
 */
export function do_mmuext_op(xen: Xen, vcpu: Vcpu, ops: readonly MmuextOp[]): number {
  for (const op of ops) {
    const rc = oneOp(xen, vcpu, op);
    if (rc !== 0) return rc;
  }
  return 0;
}

function oneOp(xen: Xen, vcpu: Vcpu, op: MmuextOp): number {
  const { domain } = vcpu;
  const everyone = xen.vcpus.filter((other) => other.domain === domain);
  switch (op.cmd) {
    case MMUEXT.PIN_L1_TABLE: return pin(xen, vcpu, op.mfn ?? -1, 'l1');
    case MMUEXT.PIN_L2_TABLE: return pin(xen, vcpu, op.mfn ?? -1, 'l2');
    // A level that this paging mode does not have is passed over, and reported as a success.
    case MMUEXT.PIN_L3_TABLE: return xen.layout.levels < 3 ? 0 : pin(xen, vcpu, op.mfn ?? -1, 'l3');
    case MMUEXT.PIN_L4_TABLE: return 0;
    case MMUEXT.UNPIN_TABLE: return unpin(xen, vcpu, op.mfn ?? -1);
    case MMUEXT.NEW_BASEPTR: return new_guest_cr3(xen, vcpu, op.mfn ?? -1) ? 0 : EINVAL;
    case MMUEXT.TLB_FLUSH_LOCAL: return flush(xen, [vcpu]);
    case MMUEXT.TLB_FLUSH_MULTI: return flush(xen, masked(everyone, op));
    case MMUEXT.TLB_FLUSH_ALL: return flush(xen, everyone);
    case MMUEXT.INVLPG_LOCAL: return invalidate([vcpu], op);
    case MMUEXT.INVLPG_MULTI: return invalidate(masked(everyone, op), op);
    case MMUEXT.INVLPG_ALL: return invalidate(everyone, op);
    default:
      xen.refuse(`Invalid extended pt command ${op.cmd}`);
      return ENOSYS;
  }
}

function masked(vcpus: readonly Vcpu[], op: MmuextOp): Vcpu[] {
  return vcpus.filter(({ id }) => ((op.vcpumask ?? 0) & (1 << id)) !== 0);
}

function flush(xen: Xen, vcpus: readonly Vcpu[]): number {
  for (const vcpu of vcpus) xen.flush(vcpu);
  return 0;
}

function invalidate(vcpus: readonly Vcpu[], op: MmuextOp): number {
  for (const { cpu } of vcpus) cpu.tlb.invlpg(op.linear_addr ?? 0);
  return 0;
}

/** Validates the frame as a table and keeps it one until it is unpinned. */
function pin(xen: Xen, vcpu: Vcpu, mfn: Mfn, type: FrameType): number {
  const page = xen.pageOf(mfn);
  if (!page || !get_page_and_type(page, vcpu.domain, type)) {
    if (!page) xen.refuse(`Error while pinning mfn ${hex(mfn)}`);
    return EINVAL;
  }
  if (page.pinned && xen.keeps('pin-once')) {
    xen.refuse(`Mfn ${hex(mfn)} already pinned`);
    put_page_and_type(page);
    return EINVAL;
  }
  page.pinned = true;
  if (!xen.keeps('pin-references')) put_page_and_type(page);
  return 0;
}

/** Takes the guest's own type reference back. A base pointer or an upper table may hold others. */
function unpin(xen: Xen, vcpu: Vcpu, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  if (!page || !get_page(page, vcpu.domain)) {
    xen.refuse(`Mfn ${hex(mfn)} bad domain`);
    return EINVAL;
  }
  if (!page.pinned && xen.keeps('unpin-needs-pin')) {
    put_page(page);
    xen.refuse(`Mfn ${hex(mfn)} not pinned`);
    return EINVAL;
  }
  page.pinned = false;
  put_page_and_type(page);
  put_page(page);
  return 0;
}

/** arch/x86/mm.c, new_guest_cr3(): the new root is referenced before the old one is let go. */
function new_guest_cr3(xen: Xen, vcpu: Vcpu, mfn: Mfn): boolean {
  const page = xen.pageOf(mfn);
  const type: FrameType = xen.layout.levels === 3 ? 'l3' : 'l2';
  const old = vcpu.guest_table;
  let accepted = page !== undefined;
  if (page && xen.keeps('base-references')) {
    accepted = xen.keeps('base-root-type') ? get_page_and_type(page, vcpu.domain, type) : get_page(page, vcpu.domain);
  }
  if (!page || (!accepted && xen.keeps('base-kept-on-failure'))) return xen.refuse(`Error while installing new baseptr ${hex(mfn)}`);
  vcpu.guest_table = mfn;
  xen.write_ptbase(vcpu);
  if (old !== null && xen.keeps('base-references')) put_page_and_type(xen.pageOf(old)!);
  return accepted;
}

/**
 * common/memory.c, do_memory_op(), one frame at a time: a domain gives a frame
 * back, which is freed with its last reference; or gets one from the heap.
 *
 * @returns 0, -EINVAL or -ENOMEM; for an increase the frame, which is positive
 */
export function do_memory_op(xen: Xen, vcpu: Vcpu, cmd: number, mfn: Mfn): number {
  if (cmd === XENMEM_decrease_reservation) return guest_remove_page(xen, vcpu, mfn);
  if (cmd === XENMEM_increase_reservation) return alloc_domheap_page(xen, vcpu);
  return ENOSYS;
}

/** common/memory.c, guest_remove_page() */
function guest_remove_page(xen: Xen, vcpu: Vcpu, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  if (!page || !get_page(page, vcpu.domain)) {
    xen.refuse(`Bad page free for ${vcpu.domain.name}`);
    return EINVAL;
  }
  if (!xen.keeps('freed-when-unreferenced')) {
    page.owner = null;
    page.allocated = false;
    page.count = 0;
    return 0;
  }
  if (page.pinned) {
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

/** common/page_alloc.c, alloc_domheap_pages(): what other domains may still have of the frame in a TLB goes first. */
function alloc_domheap_page(xen: Xen, vcpu: Vcpu): number {
  for (const page of xen.pages) {
    if (page.owner !== null || page.count !== 0) continue;
    if (xen.keeps('flush-at-reuse')) for (const { cpu } of xen.vcpus) cpu.tlb.dropAll();
    page.owner = vcpu.domain;
    page.allocated = true;
    page.count = 1;
    page.type = 'none';
    page.type_count = 0;
    page.validated = false;
    for (const word of xen.memory.wordsOf(page.mfn as number)) xen.memory.write32(word, 0);
    return page.mfn;
  }
  return ENOMEM;
}

/** common/kernel.c, do_vm_assist(): turns the emulation of page-table writes on or off. */
export function do_vm_assist(vcpu: Vcpu, enable: boolean, type: number): number {
  if (type === VMASST_TYPE_writable_pagetables) vcpu.domain.writable_pagetables = enable;
  return 0;
}
