import { PAGE_SIZE } from '../../../hardware/memory';
import { get_page, hex, isTable, put_page, type FrameType, type Got, type page_info } from '../frames/frames';
import { get_page_type, get_page_and_type, put_page_and_type, put_page_type } from '../frames/page-type';
import { inOrder } from './mmuext';
import { mod_entry } from './modify';
import { writeEntry, type Entry } from '../public/layout';
import {
  EINVAL, ENOSYS, ERESTART, MMU_MACHPHYS_UPDATE, MMU_NORMAL_PT_UPDATE,
  UVMF_ALL, UVMF_FLUSHTYPE_MASK, UVMF_INVLPG, UVMF_TLB_FLUSH, type MmuUpdate,
} from '../public/xen';
import type { Vcpu, Xen } from '../xen';

// The two hypercalls by which a guest changes entries (arch/x86/mm.c). Each
// call is one event: it runs under the domain's lock from end to end.

/**
 * arch/x86/mm.c, do_mmu_update(): changes entries by their machine address, in
 * order, up to the first refusal.
 *
 * @returns 0, -EINVAL or -ENOSYS; -ERESTART where it was interrupted
 */
export function do_mmu_update(xen: Xen, vcpu: Vcpu, requests: readonly MmuUpdate[], from = 0): number {
  return inOrder(xen, vcpu, requests, from, (request) => oneUpdate(xen, vcpu, request));
}

function oneUpdate(xen: Xen, vcpu: Vcpu, { ptr, val }: MmuUpdate): number {
  const { layout } = xen;
  const kind = ptr % layout.entryBytes;
  const pa = ptr - kind;
  if (kind === MMU_NORMAL_PT_UPDATE) return normalUpdate(xen, vcpu, pa, val);
  if (kind === MMU_MACHPHYS_UPDATE) return machphysUpdate(xen, vcpu, pa, val);
  xen.refuse(`Invalid page update command ${kind}`);
  return ENOSYS;
}

/** An entry of a table is validated; a word of an ordinary frame is only stored. */
function normalUpdate(xen: Xen, vcpu: Vcpu, pa: number, entry: Entry): number {
  const { domain } = vcpu;
  const page = xen.pageOf(Math.floor(pa / PAGE_SIZE));
  if (!page || !get_page(page, domain)) {
    xen.refuse('Could not get page for normal update');
    return EINVAL;
  }
  const type = typeForUpdate(page);
  let got: Got = 'refused';
  // The type is held during the update: a table of 3.2 whose count was zero is validated for that long.
  if (get_page_type(page, type)) {
    if (type === 'writable') {
      writeEntry(xen.memory, xen.layout, pa, entry);
      got = 'done';
    } else {
      const slot = (pa % PAGE_SIZE) / xen.layout.entryBytes;
      got = mod_entry(xen, { type, table: page.mfn, slot, entry, domain });
    }
    put_page_type(page);
  }
  put_page(page);
  return got === 'done' ? 0 : got === 'again' ? ERESTART : EINVAL;
}

/** What the frame has to be for the update: the table that it is or was; in 4.13 (page_lock()) only what it is and nobody is just making it. */
function typeForUpdate(page: page_info): FrameType {
  const isOne = isTable(page.type) && (!page.xen.era.preemptible || (page.validated && page.type_count > 0));
  return isOne ? page.type : 'writable';
}

/** Changes which guest frame number the reverse map gives for a frame. */
function machphysUpdate(xen: Xen, vcpu: Vcpu, pa: number, pfn: number): number {
  const page = xen.pageOf(Math.floor(pa / PAGE_SIZE));
  if (!page) return EINVAL;
  const checked = xen.keeps('m2p-owner-checked');
  if (checked && !get_page(page, vcpu.domain)) {
    xen.refuse('Could not get page for mach->phys update');
    return EINVAL;
  }
  xen.machine_to_phys_mapping.set(page.mfn, pfn);
  if (checked) put_page(page);
  return 0;
}

/**
 * arch/x86/mm.c, do_update_va_mapping(): changes the entry that translates
 * `va` on this virtual CPU, and flushes as `flags` say.
 *
 * @returns 0 or -EINVAL
 */
export function do_update_va_mapping(xen: Xen, vcpu: Vcpu, va: number, entry: Entry, flags: number): number {
  const { domain } = vcpu;
  xen.begin(vcpu);
  const rc = changeMapping(xen, vcpu, va, entry) ? 0 : EINVAL;
  if (rc !== 0 && xen.keeps('refused-flush-skipped')) return rc;
  const targets = (flags & UVMF_ALL) !== 0 ? xen.vcpus.filter((other) => other.domain === domain) : [vcpu];
  const kind = flags & UVMF_FLUSHTYPE_MASK;
  for (const target of targets) {
    if (kind === UVMF_TLB_FLUSH) xen.flush(target);
    if (kind === UVMF_INVLPG) target.cpu.tlb.invlpg(va);
  }
  return rc;
}

function changeMapping(xen: Xen, vcpu: Vcpu, va: number, entry: Entry): boolean {
  if (va >= xen.layout.HYPERVISOR_VIRT_START) return xen.refuse(`update_va_mapping of Xen's address ${hex(va)}`);
  const at = xen.guestEntry(vcpu, va);
  const page = at === null ? undefined : xen.pageOf(at.table);
  if (at === null || !page || page.type !== 'l1' || page.type_count === 0) return xen.refuse(`update_va_mapping: no L1 table for ${hex(va)}`);
  const table = xen.linearTable(vcpu, va, at.table);
  return mod_entry(xen, { type: 'l1', table, slot: at.slot, entry, domain: vcpu.domain }) === 'done';
}

/**
 * arch/x86/domain.c, set_gdt(): descriptor tables are typed too, so that no
 * guest can write one.
 *
 * @returns 0 or -EINVAL
 */
export function do_set_gdt(xen: Xen, vcpu: Vcpu, mfns: readonly number[]): number {
  const taken = [];
  xen.begin(vcpu);
  for (const mfn of mfns) {
    const page = xen.pageOf(mfn);
    if (!page || !get_page_and_type(page, vcpu.domain, 'gdt')) {
      for (const held of taken) put_page_and_type(held);
      return EINVAL;
    }
    taken.push(page);
  }
  for (const mfn of vcpu.gdt_frames) put_page_and_type(xen.pageOf(mfn)!);
  vcpu.gdt_frames = [...mfns];
  return 0;
}
