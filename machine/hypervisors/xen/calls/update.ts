import { PAGE_SIZE } from '../../../hardware/memory';
import type { Entity } from '../../../state/hash';
import { get_page, hex, isTable, put_page, type FrameType, type Got, type page_info } from '../frames/frames';
import { get_page_type, put_page_type } from '../frames/page-type';
import { get_pg_owner, Refused, type Foreign } from './foreign';
import { inOrder } from './in-order';
import { mod_entry } from './modify';
import { isXens, writeEntry, type WideEntry } from '../public/layout';
import {
  EFAULT, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, ERESTART, MMU_MACHPHYS_UPDATE, MMU_NORMAL_PT_UPDATE, MMU_PT_UPDATE_NO_TRANSLATE, MMU_PT_UPDATE_PRESERVE_AD,
  UVMF_ALL, UVMF_FLUSHTYPE_MASK, UVMF_INVLPG, UVMF_TLB_FLUSH,
} from '../public/xen';
import type { Domain, Vcpu } from '../domain';
import type { XenState } from '../state';

// The two hypercalls by which a guest changes entries (arch/x86/mm.c).

/** One request: machine address of an entry with the kind in its low bits, and the new contents. */
export interface Request {
  readonly ptr: number;
  readonly val: WideEntry;
}

/**
 * arch/x86/mm.c, do_mmu_update(): changes entries by their machine address, in
 * order, up to the first refusal.
 *
 * @returns 0 or a negative error number; -ERESTART if it was interrupted
 */
export function do_mmu_update(xen: XenState, vcpu: Vcpu, requests: readonly Request[], from = 0, foreigndom?: number): number {
  const foreign = get_pg_owner(xen, vcpu, foreigndom, true);
  if (foreign instanceof Refused) return refuseAll(xen, vcpu, foreign);
  return inOrder(xen, vcpu, requests, from, (request) => oneUpdate(xen, vcpu, request, foreign));
}

/** Refuses the call as such. */
export function refuseAll(xen: XenState, vcpu: Vcpu, { rc, counts }: Refused): number {
  xen.begin(vcpu);
  xen.done = counts ? 0 : -1;
  xen.refuse('set_foreigndom', 'Cannot set foreign dom');
  return rc;
}

/** Whether a command changes an entry, in this release. */
function changesEntry({ release: { does } }: XenState, kind: number): boolean {
  return kind === MMU_NORMAL_PT_UPDATE || (kind === MMU_PT_UPDATE_PRESERVE_AD && does['preserve-ad']) || (kind === MMU_PT_UPDATE_NO_TRANSLATE && does['no-translate']);
}

function oneUpdate(xen: XenState, vcpu: Vcpu, { ptr, val }: Request, { owner: from, tables, rc: denied }: Foreign): number {
  const { layout } = xen;
  const kind = ptr % layout.entryBytes;
  const pa = ptr - kind;
  if (changesEntry(xen, kind)) return denied !== 0 ? denied : normalUpdate(xen, { tables, pa, entry: val, from, preserve_ad: kind === MMU_PT_UPDATE_PRESERVE_AD });
  if (kind === MMU_MACHPHYS_UPDATE) return denied !== 0 ? denied : machphysUpdate(xen, from, pa, Number(val));
  xen.refuse('do_mmu_update', `Invalid page update command ${kind}`);
  return ENOSYS;
}

interface NormalUpdate {
  /** The domain whose table it must be. */
  readonly tables: Domain;
  readonly pa: number;
  readonly entry: WideEntry;
  readonly from: Entity;
  readonly preserve_ad: boolean;
}

/** An entry of a table is validated; a word of an ordinary frame is only stored. */
function normalUpdate(xen: XenState, update: NormalUpdate): number {
  const page = xen.pageOf(Math.floor(update.pa / PAGE_SIZE));
  xen.errno = EINVAL;
  if (update.tables.translated) {
    // The function pointer for writing its tables is missing (XSA-109).
    if (!xen.keeps('others-tables-paravirtualised')) return xen.bug('FATAL PAGE FAULT in paging_write_guest_entry()') || EINVAL;
    xen.refuse('do_mmu_update', `${update.tables.name} is fully virtualised`);
    return EOPNOTSUPP;
  }
  if (!page || !get_page(page, update.tables)) {
    xen.refuse('do_mmu_update', 'Could not get page for normal update');
    return EINVAL;
  }
  const got = isTableForUpdate(page) ? updateTable(xen, page, update) : null;
  const stored = got ?? storeWord(xen, page, update);
  put_page(page);
  return stored === 'done' ? 0 : stored === 'again' || stored === 'contended' ? ERESTART : xen.refusal();
}

/** Whether the frame is treated as the table that it is; until 3.3 also as the table that it was. */
function isTableForUpdate(page: page_info): boolean {
  return isTable(page.type) && (!page.xen.release.does['former-table-takes-stores'] || (page.validated && page.type_count > 0));
}

/** The type is held during the update: in 3.2, a table whose count was zero is validated for that time. Null if it cannot be that table. */
function updateTable(xen: XenState, page: page_info, { tables, pa, entry, from, preserve_ad }: NormalUpdate): Got | null {
  const { type } = page;
  if (!get_page_type(page, type)) return null;
  const own = type === 'l1' ? from : tables;
  const isOthers = own !== from && xen.release.does['foreign-upper-refused'];
  const slot = (pa % PAGE_SIZE) / xen.layout.entryBytes;
  const got = isOthers ? refused(xen) : mod_entry(xen, { type, table: page.mfn, slot, entry, domain: tables, from: own, preserve_ad });
  if (xen.died.value === '') put_page_type(page);
  return got;
}

const refused = (xen: XenState): Got => xen.refuse('do_mmu_update', 'An upper entry for another domain') || 'refused';

function storeWord(xen: XenState, page: page_info, { pa, entry }: NormalUpdate): Got {
  const type: FrameType = 'writable';
  const typed = xen.keeps('plain-store-typed');
  if (typed && !get_page_type(page, type)) return xen.refuse(xen.refusedBy, xen.console.value, EINVAL) || 'refused';
  writeEntry(xen.memory, xen.layout, pa, entry);
  if (typed) put_page_type(page);
  return 'done';
}

/** Changes the guest frame number of a frame in the reverse map. */
function machphysUpdate(xen: XenState, from: Entity, pa: number, pfn: number): number {
  const page = xen.pageOf(Math.floor(pa / PAGE_SIZE));
  if (!page) return EINVAL;
  const checked = xen.keeps('m2p-owner-checked');
  if (checked && !get_page(page, from)) {
    xen.refuse('do_mmu_update', 'Could not get page for mach->phys update');
    return EINVAL;
  }
  if (xen.domains.some((domain) => domain === from && domain.translated)) {
    if (xen.keeps('m2p-reference-returned')) put_page(page);
    xen.refuse('do_mmu_update', 'Mach-phys update on auto-translate guest');
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
 * @param from the domain whose frame may be mapped, if not the guest itself
 * @returns 0 or a negative error number
 */
export function do_update_va_mapping(xen: XenState, vcpu: Vcpu, va: number, entry: WideEntry, flags: number, from?: Entity): number {
  const { domain } = vcpu;
  xen.begin(vcpu);
  xen.errno = EINVAL;
  const rc = changeMapping(xen, vcpu, va, entry, from ?? domain) ? 0 : xen.refusal();
  if (rc !== 0 && xen.keeps('refused-flush-skipped')) return rc;
  const kind = flags & UVMF_FLUSHTYPE_MASK;
  const where = flags - kind;
  // Anything else is the address of a mask of virtual CPUs. Model: the address is invalid.
  const isMask = kind !== 0 && where !== 0 && where !== UVMF_ALL;
  const targets = where === UVMF_ALL ? xen.vcpus.filter((other) => other.domain === domain) : [vcpu];
  for (const target of targets) {
    if (kind === UVMF_TLB_FLUSH) xen.flush(target);
    if (kind === UVMF_INVLPG) xen.invalidate(target, va);
  }
  return isMask ? EFAULT : rc;
}

function changeMapping(xen: XenState, vcpu: Vcpu, va: number, entry: WideEntry, from: Entity): boolean {
  if (isXens(xen.layout, va)) return xen.refuse('do_update_va_mapping', `update_va_mapping of Xen's address ${hex(va)}`);
  const at = xen.guestEntry(vcpu, va);
  const page = at === null ? undefined : xen.pageOf(at.table);
  const isLowest = page?.type === 'l1' || !xen.keeps('mapping-in-lowest-table');
  if (at === null || !page || !isLowest || page.type_count === 0) return xen.refuse('do_update_va_mapping', `update_va_mapping: no L1 table for ${hex(va)}`);
  const table = xen.linearTable(vcpu, va, at.table);
  return mod_entry(xen, { type: 'l1', table, slot: at.slot, entry, domain: vcpu.domain, from }) === 'done';
}

/** arch/x86/mm.c, do_update_va_mapping_otherdomain(). Model: only succeeds for a guest that names itself. */
export function do_update_va_mapping_otherdomain(xen: XenState, vcpu: Vcpu, va: number, entry: WideEntry, flags: number, domid: number): number {
  if (!xen.release.does['otherdomain-for-guests']) return EPERM;
  const foreign = get_pg_owner(xen, vcpu, domid);
  if (foreign instanceof Refused) return foreign.rc;
  return foreign.rc !== 0 ? foreign.rc : do_update_va_mapping(xen, vcpu, va, entry, flags, foreign.owner);
}
