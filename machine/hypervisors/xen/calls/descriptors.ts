import { PAGE_SIZE } from '../../../hardware/memory';
import { check_descriptor, FIRST_RESERVED_GDT_ENTRY, type Descriptor } from '../frames/descriptors';
import { get_page, put_page } from '../frames/frames';
import { get_page_and_type, get_page_type, put_page_and_type, put_page_type } from '../frames/page-type';
import { EINVAL, type Mfn } from '../public/xen';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';

// Descriptor tables (arch/x86/pv/descriptor-tables.c, before that
// arch/x86/mm.c): they have a type too, so that no guest can write to one.

const PER_FRAME = PAGE_SIZE / 8;

/**
 * do_set_gdt() and set_gdt()
 *
 * @param entries how many descriptors; the frames that they fill are taken
 * @returns 0 or -EINVAL
 */
export function do_set_gdt(xen: XenState, vcpu: Vcpu, mfns: readonly Mfn[], entries = mfns.length * PER_FRAME): number {
  xen.begin(vcpu);
  if (entries > FIRST_RESERVED_GDT_ENTRY) return EINVAL;
  const frames = Array.from({ length: Math.ceil(entries / PER_FRAME) }, (_, i) => mfns[i] ?? -1);
  const taken = [];
  for (const mfn of frames) {
    const page = xen.pageOf(mfn);
    if (!page || !get_page_and_type(page, vcpu.domain, 'gdt')) {
      if (xen.keeps('refused-gdt-unwound')) for (const held of taken) put_page_and_type(held);
      return EINVAL;
    }
    taken.push(page);
  }
  if (xen.keeps('old-gdt-dropped')) for (const mfn of vcpu.gdt_frames) put_page_and_type(xen.pageOf(mfn)!);
  vcpu.gdt_frames = frames;
  xen.flush(vcpu);
  return 0;
}

/**
 * do_update_descriptor(): one descriptor, by its machine address; corrected if possible.
 *
 * @returns 0 or -EINVAL
 */
export function do_update_descriptor(xen: XenState, vcpu: Vcpu, pa: number, descriptor: Descriptor): number {
  xen.begin(vcpu);
  const checked = check_descriptor(xen.layout, descriptor);
  const page = xen.pageOf(Math.floor(pa / PAGE_SIZE));
  if (pa % 8 !== 0 || !checked.isGood || !page || !get_page(page, vcpu.domain)) return EINVAL;
  const typed = xen.keeps('descriptor-write-typed');
  const got = !typed || get_page_type(page, page.type === 'gdt' ? 'gdt' : 'writable');
  if (got) {
    xen.memory.write32(pa, checked.low);
    xen.memory.write32(pa + 4, checked.high);
    if (typed) put_page_type(page);
  }
  put_page(page);
  return got ? 0 : EINVAL;
}
