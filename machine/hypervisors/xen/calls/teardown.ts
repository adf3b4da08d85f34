import { put_old_guest_table } from './in-order';
import { giveUp } from './mmuext';
import { get_page, isTable, put_page, type FrameType, type page_info } from '../frames/frames';
import { drop_page_and_type, put_page_and_type } from '../frames/page-type';
import { pv_destroy_ldt } from '../frames/local-descriptors';
import { unpin } from '../grants/active';
import { assignDevice } from '../grants/iommu';
import { ERESTART } from '../public/xen';
import type { Domain, Vcpu } from '../domain';
import type { XenState } from '../state';

// How a domain ends (common/domain.c, arch/x86/domain.c): its processors stop,
// its grant mappings are released, then its base pointers, then frame by frame
// its pins and its own references. What others have mapped of it remains, and
// remains the dead domain's, until they unmap it. The toolstack's call can be
// interrupted like any other, and is made again.
//
// Model: no frames are shared copy-on-write, and none is kept by devices.

/**
 * common/domain.c, domain_kill()
 *
 * @returns 0 when the domain is dead, -ERESTART if the call has to be made again
 */
export function domain_kill(xen: XenState, domain: Domain): number {
  const vcpus = xen.vcpus.filter((vcpu) => vcpu.domain === domain);
  xen.begin(vcpus[0]!, true);
  if (domain.is_dying === 'no') {
    for (const vcpu of vcpus) {
      xen.flush(vcpu); // it has left its processor
      vcpu.continuations = [];
    }
    domain.is_dying = 'dying';
    domain.channels = [];
    gnttab_release_mappings(xen, domain);
  }
  if (domain.is_dying === 'dying' && !domain_relinquish_resources(xen, domain)) return ERESTART;
  domain.is_dying = 'dead';
  return 0;
}

/** common/grant_table.c, gnttab_release_mappings(): drops the pins and the references of devices; those of entries are dropped with their tables. */
function gnttab_release_mappings(xen: XenState, domain: Domain): void {
  if (!xen.keeps('grants-released-at-death')) return;
  for (const { dom, ref, frame, readonly, host, device, active } of domain.maptrack) {
    if (!active) continue;
    const page = xen.pageOf(frame)!;
    if (device && readonly) put_page(page);
    if (device && !readonly) put_page_and_type(page);
    if (host || device) unpin(xen, xen.domains[dom]!, ref, { readonly, host, device });
  }
  domain.maptrack = [];
  domain.deviceGrants = [];
}

/** The frames of one step of relinquish_memory(), and the tables that it forcibly invalidates: Xen's own; for a 64-bit Xen those of the fourth level; then level by level. */
interface Step {
  readonly xenHeap: boolean;
  readonly type: FrameType;
}

function stepsFor({ layout }: XenState): readonly Step[] {
  const fourth = layout.levels === 4 ? ['l4'] as const : layout.hostLevels === 4 ? ['none'] as const : [];
  const types: readonly FrameType[] = [...fourth, ...(layout.levels > 2 ? ['l3'] as const : []), 'l2'];
  return [{ xenHeap: true, type: 'none' }, ...types.map((type) => ({ xenHeap: false, type }))];
}

/** arch/x86/domain.c, domain_relinquish_resources(): in steps; `rel_priv` says how many are done. Returns false if it is interrupted. */
function domain_relinquish_resources(xen: XenState, domain: Domain): boolean {
  const vcpus = xen.vcpus.filter((vcpu) => vcpu.domain === domain);
  if (domain.rel_priv === 0) {
    assignDevice(xen, domain, false); // pci_release_devices()
    for (const vcpu of vcpus) {
      xen.nextPart();
      if (!vcpu_destroy_pagetables(xen, vcpu)) return false;
    }
    xen.nextPart();
    for (const vcpu of vcpus) {
      pv_destroy_ldt(xen, vcpu);
      for (const mfn of vcpu.gdt_frames) put_page_and_type(xen.pageOf(mfn)!);
      vcpu.gdt_frames = [];
    }
    domain.rel_priv = 1;
  }
  for (const [i, step] of stepsFor(xen).entries()) {
    if (domain.rel_priv > i + 1) continue;
    if (!relinquish_memory(xen, domain, step)) return false;
    domain.relmem_list = [];
    domain.rel_priv = i + 2;
  }
  return true;
}

/** arch/x86/mm.c, vcpu_destroy_pagetables(): drops the base pointers, the one for programs last. Returns false if it is interrupted. */
function vcpu_destroy_pagetables(xen: XenState, vcpu: Vcpu): boolean {
  if (!put_old_guest_table(xen, vcpu)) return false;
  if (!giveBaseUp(xen, vcpu, 'guest_table')) return false;
  return !xen.keeps('user-base-given-back') || giveBaseUp(xen, vcpu, 'guest_table_user');
}

/** A table that cannot be released completely is left to the virtual CPU, and is no longer a base pointer (XSA-310). */
function giveBaseUp(xen: XenState, vcpu: Vcpu, which: 'guest_table' | 'guest_table_user'): boolean {
  const mfn = vcpu[which];
  if (mfn === null) return true;
  const page = xen.pageOf(mfn)!;
  if (!xen.keeps('destroyed-base-left-over')) {
    if (drop_page_and_type(page, 'reference') !== 'done') return false;
    vcpu[which] = null;
    return true;
  }
  vcpu[which] = null;
  return giveUp(vcpu, page) === 'done';
}

/** arch/x86/domain.c, relinquish_memory(): drops the pin and the owner's reference of each frame, and forcibly invalidates the remaining tables. Returns false if it is interrupted. */
function relinquish_memory(xen: XenState, domain: Domain, { xenHeap, type }: Step): boolean {
  for (const page of [...xen.pages]) {
    if (page.owner !== domain || page.xenHeap !== xenHeap || domain.relmem_list.includes(page.mfn)) continue;
    domain.relmem_list = [...domain.relmem_list, page.mfn];
    const isTaken = get_page(page, domain);
    noteOverlooked(domain, page, !isTaken && page.count > 0);
    if (!isTaken) {
      if (isBroken(page, type)) domain.unbroken = [...domain.unbroken, page.mfn];
      continue;
    }
    if (!relinquishOne(xen, page, type)) {
      domain.relmem_list = domain.relmem_list.filter((mfn) => mfn !== page.mfn); // to the head of the list
      return false;
    }
    if (xen.died.value !== '' || xen.hypercall_preempt_check()) return false;
  }
  return true;
}

/** A frame whose count is at its maximum is skipped; a later step may drop its pin and its owner's reference. */
function noteOverlooked(domain: Domain, { mfn }: page_info, isFull: boolean): void {
  if (domain.overlooked.includes(mfn) === isFull) return;
  domain.overlooked = isFull ? [...domain.overlooked, mfn] : domain.overlooked.filter((other) => other !== mfn);
}

function relinquishOne(xen: XenState, page: page_info, type: FrameType): boolean {
  if (page.pinned && !dropPin(xen, page)) return false;
  if (page.allocated) {
    page.allocated = false;
    put_page(page);
  }
  if (isBroken(page, type) && xen.keeps('dead-tables-broken') && !invalidate(xen, page)) return false;
  put_page(page);
  return true;
}

/** Whether a step gives this frame up by force. PGT_l2_page_table does not say whether a table holds Xen's entries. */
const isBroken = (page: page_info, type: FrameType): boolean => isTable(page.type) && (page.type === type || (page.type === 'l2x' && type === 'l2')) && (page.validated || page.partial);

/** A table that is half released is no longer pinned, although the step for the level below still has to finish it; one of which nothing was released still is (XSA-299). */
function dropPin(xen: XenState, page: page_info): boolean {
  page.pinned = false;
  const got = drop_page_and_type(page, 'reference');
  if (got === 'done' || xen.died.value !== '') return got === 'done';
  if (got === 'contended' || !xen.keeps('half-done-not-pinned')) page.pinned = true;
  else put_page(page);
  put_page(page);
  return false;
}

/** Forcibly: a table that is still in use now is in a cycle of entries, or is half done. */
function invalidate(xen: XenState, page: page_info): boolean {
  const wasPartial = page.partial;
  Object.assign(page, { validated: false, partial: false });
  const got = xen.free_page_type(page, page.type);
  if (got === 'again') {
    // A half-done table has a type reference and a general one: the one that was taken for this step (XSA-310).
    if (!wasPartial && xen.keeps('dead-tables-counted')) page.type_count += 1;
    page.partial = true;
    if (wasPartial) put_page(page);
    return false;
  }
  if (got === 'contended') {
    page.validated = true;
    put_page(page);
  }
  if (wasPartial) {
    if (got === 'done') page.type_count -= 1;
    put_page(page);
  }
  return got !== 'contended';
}
