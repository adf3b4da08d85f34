import { get_page, hex, put_page, rootType, type FrameType, type Got, type page_info } from '../frames/frames';
import { drop_page_and_type, get_page_and_type, put_page_and_type, take_page_and_type } from '../frames/page-type';
import { pv_destroy_ldt } from '../frames/local-descriptors';
import type { Entity } from '../../../state/hash';
import { get_pg_owner, Refused } from './foreign';
import { inOrder, leaveOldTable } from './in-order';
import { refuseAll } from './update';
import { EACCES, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, ERESTART, MMUEXT, VMASST_TYPE_writable_pagetables, type Mfn, type MmuextOp } from '../public/xen';
import type { Vcpu } from '../domain';
import type { RuleName } from '../rules';
import type { XenState } from '../state';

// The hypercalls by which a guest pins tables, switches its base pointer and
// flushes (arch/x86/mm.c).

/**
 * arch/x86/mm.c, do_mmuext_op(): operations in order, up to the first refusal.
 *
 * @returns 0, -EINVAL or -ENOSYS; -ERESTART if it was interrupted
 */
export function do_mmuext_op(xen: XenState, vcpu: Vcpu, ops: readonly MmuextOp[], from = 0, foreigndom?: number): number {
  const foreign = get_pg_owner(xen, vcpu, foreigndom);
  if (foreign instanceof Refused) return refuseAll(xen, vcpu, foreign);
  const { owner } = foreign;
  if (owner !== vcpu.domain && !vcpu.domain.privileged && xen.release.does['foreign-refused-by-policy']) return refuseAll(xen, vcpu, new Refused(EPERM, false));
  return inOrder(xen, vcpu, ops, from, (op) => oneOp(xen, vcpu, op, owner));
}

function oneOp(xen: XenState, vcpu: Vcpu, op: MmuextOp, owner: Entity): number {
  const { domain } = vcpu;
  const { does } = xen.release;
  const everyone = xen.vcpus.filter((other) => other.domain === domain);
  switch (op.cmd) {
    case MMUEXT.PIN_L1_TABLE: return pin(xen, owner, op.mfn ?? -1, 'l1');
    case MMUEXT.PIN_L2_TABLE: return pin(xen, owner, op.mfn ?? -1, 'l2');
    // A level that this paging mode lacks is ignored, and reported as a success.
    case MMUEXT.PIN_L3_TABLE: return xen.layout.levels < 3 ? 0 : pin(xen, owner, op.mfn ?? -1, 'l3');
    case MMUEXT.PIN_L4_TABLE: return xen.layout.levels < 4 ? 0 : pin(xen, owner, op.mfn ?? -1, 'l4');
    case MMUEXT.UNPIN_TABLE: return unpin(xen, vcpu, owner, op.mfn ?? -1);
    case MMUEXT.NEW_BASEPTR: return new_guest_cr3(xen, vcpu, op.mfn ?? -1);
    case MMUEXT.TLB_FLUSH_LOCAL: return flush(xen, [vcpu]);
    case MMUEXT.TLB_FLUSH_MULTI: return flush(xen, masked(everyone, op));
    case MMUEXT.TLB_FLUSH_ALL: return flush(xen, everyone);
    case MMUEXT.INVLPG_LOCAL: return invalidate(xen, [vcpu], op);
    case MMUEXT.INVLPG_MULTI: return invalidate(xen, masked(everyone, op), op);
    case MMUEXT.INVLPG_ALL: return invalidate(xen, everyone, op);
    case MMUEXT.FLUSH_CACHE: return domain.passthrough ? 0 : does['error-numbers'] ? EACCES : EINVAL;
    case MMUEXT.FLUSH_CACHE_GLOBAL: return !does['cache-flushed-globally'] ? unknown(xen, op) : domain.passthrough ? 0 : EINVAL;
    case MMUEXT.SET_LDT: return setLdt(xen, vcpu, op);
    case MMUEXT.NEW_USER_BASEPTR: return xen.layout.hostLevels === 4 ? newUserBase(xen, vcpu, op.mfn ?? -1) : unknown(xen, op);
    case MMUEXT.CLEAR_PAGE: return does['clear-and-copy'] ? clearPage(xen, vcpu, op.mfn ?? -1) : unknown(xen, op);
    case MMUEXT.COPY_PAGE: return does['clear-and-copy'] ? copyPage(xen, vcpu, op.mfn ?? -1, op.src_mfn ?? -1) : unknown(xen, op);
    case MMUEXT.MARK_SUPER:
    case MMUEXT.UNMARK_SUPER: return does['superpage-marks'] ? EOPNOTSUPP : unknown(xen, op);
    default: return unknown(xen, op);
  }
}

function unknown(xen: XenState, op: MmuextOp): number {
  xen.refuse('do_mmuext_op', `Invalid extended pt command ${op.cmd}`);
  return ENOSYS;
}

/** A 64-bit Xen accepts any 32-bit address, and an empty table needs none. */
function setLdt(xen: XenState, vcpu: Vcpu, { linear_addr = 0, nr_ents = 0 }: MmuextOp): number {
  const { layout } = xen;
  const on64 = layout.hostLevels === 4;
  const isAddress = on64 || linear_addr + nr_ents * 8 <= layout.HYPERVISOR_VIRT_START;
  const isBad = nr_ents > 8192 || (!(on64 && nr_ents === 0) && (linear_addr % 4096 !== 0 || !isAddress));
  if (isBad) return EINVAL;
  const base = on64 && nr_ents === 0 ? 0 : linear_addr;
  if (vcpu.ldt_base === base && vcpu.ldt_ents === nr_ents) return 0;
  pv_destroy_ldt(xen, vcpu);
  vcpu.ldt_base = base;
  vcpu.ldt_ents = nr_ents;
  return 0;
}

/** MMUEXT_NEW_USER_BASEPTR: the root for the programs of a 64-bit guest, or none. A 32-bit one has no fourth-level table to name. */
function newUserBase(xen: XenState, vcpu: Vcpu, mfn: Mfn): number {
  if (xen.layout.levels < 4) return mfn === 0 ? 0 : EINVAL;
  const old = vcpu.guest_table_user;
  const page = xen.pageOf(mfn);
  if (mfn === (old ?? 0)) return 0; // also when the call continues after releasing the old one
  xen.errno = EINVAL;
  const got = mfn === 0 ? 'done' : page ? takeRoot(xen, vcpu, page, 'user-base-references', 'user-base-root-type') : 'refused';
  if (got === 'again' || got === 'contended') return ERESTART;
  if (got === 'refused') {
    xen.refuse(page ? xen.refusedBy : 'do_mmuext_op', `Error while installing new mfn ${hex(mfn)}: ${xen.console.value}`, xen.errno);
    return xen.refusal();
  }
  vcpu.guest_table_user = mfn === 0 ? null : mfn;
  if (old !== null && xen.keeps('user-base-references') && xen.keeps('old-user-base-dropped')) giveUp(vcpu, xen.pageOf(old)!);
  return 0;
}

/** The references of a base pointer: as a root table, unless one of the rules is left out. */
function takeRoot(xen: XenState, { domain }: Vcpu, page: page_info, references: RuleName, asRoot: RuleName): Got {
  if (!xen.keeps(references)) return 'done';
  if (!xen.keeps(asRoot)) return get_page(page, domain) ? 'done' : 'refused';
  return take_page_and_type(page, domain, rootType(xen.layout));
}

/** Fills a frame of the guest with zeros, unless it is in use as anything but writable memory. */
function clearPage(xen: XenState, { domain }: Vcpu, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  if (!page || !takeForFilling(page, domain)) return EINVAL;
  for (const pa of xen.memory.wordsOf(mfn as number)) xen.memory.write32(pa, 0);
  letGoFilled(page);
  return 0;
}

function takeForFilling(page: page_info, domain: Entity): boolean {
  return page.xen.keeps('filled-as-writable') ? get_page_and_type(page, domain, 'writable') : get_page(page, domain);
}

function letGoFilled(page: page_info): void {
  if (page.xen.keeps('filled-as-writable')) put_page_and_type(page);
  else put_page(page);
}

function copyPage(xen: XenState, { domain }: Vcpu, mfn: Mfn, src: Mfn): number {
  const [from, to] = [xen.pageOf(src), xen.pageOf(mfn)];
  if (!from || !get_page(from, domain)) return EINVAL;
  const got = to !== undefined && takeForFilling(to, domain);
  if (got) {
    const { memory } = xen;
    const words = memory.wordsOf(src as number).map((pa) => [pa % 4096, memory.read32(pa)] as const);
    for (const pa of memory.wordsOf(mfn as number)) memory.write32(pa, 0);
    for (const [offset, word] of words) memory.write32(mfn * 4096 + offset, word);
    letGoFilled(to);
  }
  put_page(from);
  return got ? 0 : EINVAL;
}

function masked(vcpus: readonly Vcpu[], op: MmuextOp): Vcpu[] {
  return vcpus.filter(({ id }) => ((op.vcpumask ?? 0) & (1 << id)) !== 0);
}

function flush(xen: XenState, vcpus: readonly Vcpu[]): number {
  for (const vcpu of vcpus) xen.flush(vcpu);
  return 0;
}

function invalidate(xen: XenState, vcpus: readonly Vcpu[], op: MmuextOp): number {
  for (const vcpu of vcpus) xen.invalidate(vcpu, op.linear_addr ?? 0);
  return 0;
}

/** Validates the frame as a table and keeps it one until it is unpinned. */
function pin(xen: XenState, owner: Entity, mfn: Mfn, type: FrameType): number {
  const page = xen.pageOf(mfn);
  xen.errno = EINVAL;
  const got: Got = page ? take_page_and_type(page, owner, type) : 'refused';
  if (got === 'again' || got === 'contended') return ERESTART;
  if (!page || got === 'refused') {
    if (!page) xen.refuse('do_mmuext_op', `Error while pinning mfn ${hex(mfn)}`);
    return xen.refusal();
  }
  if (page.pinned && xen.keeps('pin-once')) {
    xen.refuse('do_mmuext_op', `Mfn ${hex(mfn)} already pinned`);
    put_page_and_type(page);
    return EINVAL;
  }
  page.pinned = true;
  if (!xen.keeps('pin-references')) put_page_and_type(page);
  return 0;
}

/** Drops the type reference that a pin holds. A base pointer or an upper table may hold others. */
function unpin(xen: XenState, vcpu: Vcpu, owner: Entity, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  // The message about a frame that is not the guest's names its owner, which 3.2 looks up even beyond the end of the frame table.
  if (!page && !xen.keeps('refusal-looks-nowhere')) return xen.bug('FATAL PAGE FAULT') || EINVAL;
  if (!page || !get_page(page, owner)) {
    xen.refuse('do_mmuext_op', `Mfn ${hex(mfn)} bad domain`);
    return EINVAL;
  }
  if (!page.pinned && xen.keeps('unpin-needs-pin')) {
    put_page(page);
    xen.refuse('do_mmuext_op', `Mfn ${hex(mfn)} not pinned`);
    return EINVAL;
  }
  page.pinned = false;
  giveUp(vcpu, page);
  put_page(page);
  return 0;
}

/** put_page_and_type_preemptible(), leaving what it could not finish to put_old_guest_table(). */
export function giveUp(vcpu: Vcpu, page: page_info): 'done' | 'again' {
  const got = drop_page_and_type(page, 'reference');
  if (got !== 'again' && got !== 'contended') return 'done';
  leaveOldTable(vcpu, page.mfn, got === 'again');
  return 'again';
}

/** arch/x86/mm.c, new_guest_cr3(): takes a reference to the new root before it drops the old one. */
function new_guest_cr3(xen: XenState, vcpu: Vcpu, mfn: Mfn): number {
  const page = xen.pageOf(mfn);
  const old = vcpu.guest_table;
  xen.errno = EINVAL;
  if (old === mfn && xen.layout.levels === 4) {
    xen.write_ptbase(vcpu);
    return 0;
  }
  const got: Got = page === undefined ? 'refused' : takeRoot(xen, vcpu, page, 'base-references', 'base-root-type');
  if (got === 'again' || got === 'contended') return ERESTART;
  if (!page || (got === 'refused' && xen.keeps('base-kept-on-failure'))) {
    xen.refuse(page ? xen.refusedBy : 'new_guest_cr3', `Error while installing new baseptr ${hex(mfn)}: ${xen.console.value}`, xen.errno);
    return xen.refusal();
  }
  vcpu.guest_table = mfn;
  pv_destroy_ldt(xen, vcpu);
  xen.write_ptbase(vcpu);
  if (old !== null && xen.keeps('base-references') && xen.keeps('old-base-dropped')) giveUp(vcpu, xen.pageOf(old)!);
  return got === 'done' ? 0 : EINVAL;
}

/** common/kernel.c, do_vm_assist(): turns the emulation of page-table writes on or off. */
export function do_vm_assist(vcpu: Vcpu, enable: boolean, type: number): number {
  if (type === VMASST_TYPE_writable_pagetables) vcpu.domain.writable_pagetables = enable;
  return 0;
}
