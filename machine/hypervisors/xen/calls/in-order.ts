import { drop_page_type } from '../frames/page-type';
import { put_page } from '../frames/frames';
import { ERESTART, type Mfn } from '../public/xen';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';

// Lists of operations, as mmu_update and mmuext_op take them, and what a
// virtual CPU still has to clean up before any other call is carried out.

/**
 * arch/x86/mm.c, put_old_guest_table(): before anything else is done for a virtual
 * CPU, it finishes releasing a table that it could not release completely.
 *
 * Model: after -EINTR the table is still noted as half released. The source (4.13.5, and the newest that was read)
 * then notes that a whole reference is left, which it is not; see the README of the hypervisor.
 *
 * @returns false if that was interrupted again
 */
export function put_old_guest_table(xen: XenState, vcpu: Vcpu): boolean {
  const { old_guest_table } = vcpu;
  if (old_guest_table === null) return true;
  const page = xen.pageOf(old_guest_table)!;
  const got = drop_page_type(page, vcpu.old_guest_table_partial ? 'partial' : 'reference');
  if (got === 'again') vcpu.old_guest_table_partial = true;
  if (got !== 'done') return false;
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

/** A list of operations, which can be interrupted between two of them or within one, and then continues after `from`. */
export function inOrder<T>(xen: XenState, vcpu: Vcpu, ops: readonly T[], from: number, one: (op: T) => number): number {
  xen.begin(vcpu, true);
  const again = (done: number): number => {
    vcpu.continuation = { from: done, rc: null, why: '' };
    return ERESTART;
  };
  xen.done = from;
  if (!put_old_guest_table(xen, vcpu)) return again(from);
  for (let i = from; i < ops.length; i++) {
    xen.done = i;
    xen.begun = xen.store.writes;
    xen.refusedBy = null;
    if (vcpu.old_guest_table !== null || (i > from && xen.keeps('lists-look') && xen.hypercall_preempt_check())) return again(i);
    if (i > from) xen.handled('operation');
    const rc = one(ops[i]!);
    if (xen.died.value !== '') return rc;
    if (rc === ERESTART) return again(i);
    if (rc !== 0) return rc;
  }
  xen.done = ops.length;
  return 0;
}
