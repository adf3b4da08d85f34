import { get_page, hex, put_page, type FrameType, type Got } from '../frames/frames';
import { drop_page_and_type, drop_page_type, put_page_and_type, take_page_and_type } from '../frames/page-type';
import { EINVAL, ENOSYS, ERESTART, MMUEXT, VMASST_TYPE_writable_pagetables, type Mfn, type MmuextOp } from '../public/xen';
import type { Vcpu, Xen } from '../xen';

// The hypercalls by which a guest pins tables, switches its base pointer and
// flushes (arch/x86/mm.c).

/**
 * arch/x86/mm.c, put_old_guest_table(): before a virtual CPU has anything else
 * done, what it had to give up and could not finish is given up.
 *
 * @returns false if that was interrupted again
 */
export function put_old_guest_table(xen: Xen, vcpu: Vcpu): boolean {
  const { old_guest_table } = vcpu;
  if (old_guest_table === null) return true;
  const page = xen.pageOf(old_guest_table)!;
  if (drop_page_type(page, vcpu.old_guest_table_partial ? 'partial' : 'reference') === 'again') {
    vcpu.old_guest_table_partial = true;
    return false;
  }
  put_page(page);
  vcpu.old_guest_table = null;
  vcpu.old_guest_table_partial = false;
  return true;
}

/** Leaves a table to put_old_guest_table(). */
export function leaveOldTable(vcpu: Vcpu, mfn: Mfn, partial: boolean): void {
  vcpu.old_guest_table = mfn;
  vcpu.old_guest_table_partial = partial;
}

/** A list of operations, which can be interrupted between two of them and within one, and then goes on after `from`. */
export function inOrder<T>(xen: Xen, vcpu: Vcpu, ops: readonly T[], from: number, one: (op: T) => number): number {
  xen.begin(vcpu, true);
  const again = (done: number): number => {
    vcpu.continuation = { from: done, rc: null };
    return ERESTART;
  };
  if (!put_old_guest_table(xen, vcpu)) return again(from);
  for (let i = from; i < ops.length; i++) {
    if (vcpu.old_guest_table !== null) return again(i);
    const rc = one(ops[i]!);
    if (rc === ERESTART) return again(i);
    if (rc !== 0) return rc;
  }
  return 0;
}

/**
 * arch/x86/mm.c, do_mmuext_op(): operations in order, up to the first refusal.
 *
 * @returns 0, -EINVAL or -ENOSYS; -ERESTART where it was interrupted
 */
export function do_mmuext_op(xen: Xen, vcpu: Vcpu, ops: readonly MmuextOp[], from = 0): number {
  return inOrder(xen, vcpu, ops, from, (op) => oneOp(xen, vcpu, op));
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
    case MMUEXT.NEW_BASEPTR: return new_guest_cr3(xen, vcpu, op.mfn ?? -1);
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
  const got: Got = page ? take_page_and_type(page, vcpu.domain, type) : 'refused';
  if (got === 'again') return ERESTART;
  if (!page || got === 'refused') {
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
  if (drop_page_and_type(page, 'reference') === 'again') leaveOldTable(vcpu, mfn, true);
  put_page(page);
  return 0;
}

/** arch/x86/mm.c, new_guest_cr3(): the new root is referenced before the old one is let go. */
function new_guest_cr3(xen: Xen, vcpu: Vcpu, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  const type: FrameType = xen.layout.levels === 3 ? 'l3' : 'l2';
  const old = vcpu.guest_table;
  let got: Got = page === undefined ? 'refused' : 'done';
  if (page && xen.keeps('base-references')) {
    got = xen.keeps('base-root-type') ? take_page_and_type(page, vcpu.domain, type) : get_page(page, vcpu.domain) ? 'done' : 'refused';
  }
  if (got === 'again') return ERESTART;
  if (!page || (got === 'refused' && xen.keeps('base-kept-on-failure'))) {
    xen.refuse(`Error while installing new baseptr ${hex(mfn)}`);
    return EINVAL;
  }
  vcpu.guest_table = mfn;
  xen.write_ptbase(vcpu);
  if (old !== null && xen.keeps('base-references') && drop_page_and_type(xen.pageOf(old)!, 'reference') === 'again') leaveOldTable(vcpu, old, true);
  return got === 'done' ? 0 : EINVAL;
}

/** common/kernel.c, do_vm_assist(): turns the emulation of page-table writes on or off. */
export function do_vm_assist(vcpu: Vcpu, enable: boolean, type: number): number {
  if (type === VMASST_TYPE_writable_pagetables) vcpu.domain.writable_pagetables = enable;
  return 0;
}
