import { PAGE_SIZE } from '../../../hardware/memory';
import { get_page, put_page, type page_info } from './frames';
import { get_page_type, put_page_type } from './page-type';
import { isPresent, isXens, mfnOf } from '../public/layout';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';

// Local descriptor tables (arch/x86/pv/descriptor-tables.c and pv/mm.c of 4.13,
// before that arch/x86/mm.c). A guest names an address; Xen gives a frame the
// type of a descriptor table when the processor first accesses it, and keeps it
// so until the table or the address space changes.
//
// Model: the type is that of other descriptor tables, as since 3.3; 3.2 distinguishes
// the two. What the processor itself has cached of the table is left out.

/** Descriptors in a frame. */
export const PER_FRAME = PAGE_SIZE / 8;

/** pv_destroy_ldt(), invalidate_shadow_ldt() before 4.10: every frame of the table is released. */
export function pv_destroy_ldt(xen: XenState, vcpu: Vcpu): void {
  const { ldt_frames } = vcpu;
  if (ldt_frames.length === 0) return;
  vcpu.ldt_frames = [];
  if (xen.keeps('local-frames-given-back')) for (const [, mfn] of ldt_frames) letGo(xen, xen.pageOf(mfn)!);
}

function letGo(xen: XenState, page: page_info): void {
  if (xen.keeps('local-table-typed')) put_page_type(page);
  put_page(page);
}

/** put_page_from_l1e(): when a mapping of a descriptor table is dropped, the domain's local tables are dropped too, since one of them may be what was mapped. */
export function dropLocalTables(xen: XenState, page: page_info): void {
  if (page.type === 'gdt' && page.type_count > 0) for (const vcpu of xen.vcpus) if (vcpu.domain === page.owner) pv_destroy_ldt(xen, vcpu);
}

/**
 * A descriptor of the local table is read: by the processor, which checks the limit first, or by Xen for an instruction that
 * it emulates.
 *
 * @returns null, or the fault that the guest gets
 */
export function readLocalDescriptor(xen: XenState, vcpu: Vcpu, index: number, isEmulated: boolean): string | null {
  xen.begin(vcpu);
  // Without the check Xen uses what is beyond the table, or at address 0 if there is no table, as if it belonged to it (XSA-298).
  const isChecked = !isEmulated || xen.keeps('local-limit-checked');
  if (index >= vcpu.ldt_ents && isChecked) return 'general protection: the selector is beyond the limit';
  const frame = Math.floor(index / PER_FRAME);
  if (vcpu.ldt_frames.some(([known]) => known === frame)) return null;
  return pv_map_ldt_shadow_page(xen, vcpu, frame) ? null : 'page fault: no frame for the descriptor';
}

/** pv_map_ldt_shadow_page(), map_ldt_shadow_page() before 4.10 */
function pv_map_ldt_shadow_page(xen: XenState, vcpu: Vcpu, frame: number): boolean {
  const linear = (vcpu.ldt_base + frame * PAGE_SIZE) % (xen.layout.levels === 4 ? 2 ** 48 : 2 ** 32);
  const at = isXens(xen.layout, linear) ? null : xen.guestEntry(vcpu, linear);
  const entry = at === null ? 0 : xen.entryAt(at.table, at.slot);
  const page = isPresent(entry) ? xen.pageOf(mfnOf(entry)) : undefined;
  if (!page || !get_page(page, vcpu.domain)) return false;
  if (xen.keeps('local-table-typed') && !get_page_type(page, 'gdt')) {
    put_page(page);
    return false;
  }
  vcpu.ldt_frames = [...vcpu.ldt_frames, [frame, page.mfn]];
  return true;
}
