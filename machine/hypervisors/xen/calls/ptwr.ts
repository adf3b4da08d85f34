import { PAGE_SIZE } from '../../../hardware/memory';
import { hex, isTable } from '../frames/frames';
import { _PAGE_PRESENT, _PAGE_RW, entryAddress, flagsOf, highWord, isPresent, isXens, lowWord, mfnOf, wideEntry, withFlags, writeEntry, type WideEntry } from '../public/layout';
import { adjusted, drop_page_from_entry, get_page_from_entry } from '../frames/tables';
import type { Mfn } from '../public/xen';
import type { Vcpu } from '../domain';
import type { XenState } from '../state';

// A guest that stores to one of its read-only page tables gets a fault, which
// reaches Xen first. Under exact conditions Xen does the store for it, checked
// like an update; otherwise the guest gets the fault (arch/x86/mm.c,
// ptwr_do_page_fault(), called by fixup_page_fault() in traps.c).

/** A store as the fault handler decodes it. */
export interface FaultingStore {
  readonly va: number;
  /** Bytes: 4 or, for cmpxchg8b, 8. */
  readonly size: 4 | 8;
  /** The new value of the word or pair of words, given the old one. */
  readonly result: (old: WideEntry) => WideEntry;
  /** From the guest's kernel, not from one of its programs. */
  readonly kernelMode: boolean;
}

/** Why Xen did not emulate a store, or null when it did. */
export type Bounce = string | null;

/**
 * Handles a write-protect fault of the guest.
 *
 * @returns null if the store was done; else why the guest's own handler must run
 */
export function ptwr_do_page_fault(xen: XenState, vcpu: Vcpu, store: FaultingStore): Bounce {
  const { domain } = vcpu;
  xen.begin(vcpu);
  if (!domain.writable_pagetables) return 'the domain has not asked for writable page tables';
  if (!store.kernelMode && xen.keeps('ptwr-kernel-only')) return 'it comes from user mode';
  if (isXens(xen.layout, store.va)) return "the address is Xen's";
  const at = xen.guestEntry(vcpu, store.va);
  const mapping = at === null ? 0 : xen.entryAt(xen.linearTable(vcpu, store.va, at.table), at.slot);
  if (!isPresent(mapping)) return 'nothing is mapped there';
  // The fault came from a translation that is older than the entry; the guest has to notice that itself.
  if ((flagsOf(mapping) & _PAGE_RW) !== 0) return 'the page is mapped writable: the fault came from a stale translation';
  const page = xen.pageOf(mfnOf(mapping));
  if (!page) return 'the frame does not exist';
  if (xen.keeps('ptwr-only-tables')) {
    if (page.type !== 'l1') return `mfn ${hex(page.mfn)} is ${isTable(page.type) ? 'no lowest-level table' : 'no page table'} (its type is ${page.type})`;
    if (page.type_count === 0) return `mfn ${hex(page.mfn)} is not in use as a page table (its type count is 0)`;
    if (!page.validated && xen.keeps('ptwr-validated')) return `mfn ${hex(page.mfn)} is being taken as a table`;
    if (page.owner !== domain) return `mfn ${hex(page.mfn)} belongs to another domain`;
  }
  if (store.va % store.size !== 0 || (store.va % PAGE_SIZE) + store.size > PAGE_SIZE) return 'the store is not aligned';
  return ptwr_emulated_update(xen, vcpu, page.mfn, store);
}

/** arch/x86/mm.c, ptwr_emulated_update(): extends the store to a whole entry, checks the resulting entry, and exchanges references. */
function ptwr_emulated_update(xen: XenState, vcpu: Vcpu, table: Mfn, store: FaultingStore): Bounce {
  const { layout, memory } = xen;
  const offset = store.va % PAGE_SIZE;
  const slot = Math.floor(offset / layout.entryBytes);
  const old = xen.entryAt(table, slot);
  const upperHalf = layout.entryBytes === 8 && store.size === 4 && offset % 8 === 4;
  let entry = widened(old, store, upperHalf, layout.entryBytes);
  if (xen.keeps('ptwr-checks-entry') && !get_page_from_entry(xen, { type: 'l1', table, slot, entry, domain: vcpu.domain })) {
    // Half of a PAE entry was stored, the half with the address first: Xen clears the present bit, and judges the second half.
    if (!upperHalf || !isPresent(entry)) return `the entry it makes is ${xen.because('ptwr_emulated_update')}`;
    entry = withFlags(entry, flagsOf(entry) & ~_PAGE_PRESENT);
  }
  entry = adjusted(xen, 'l1', entry);
  writeEntry(memory, layout, entryAddress(layout, table, slot), entry);
  drop_page_from_entry(xen, 'l1', table, old);
  return null;
}

function widened(old: WideEntry, store: FaultingStore, upperHalf: boolean, entryBytes: number): WideEntry {
  if (store.size === entryBytes) return store.result(old);
  const [low, high] = [lowWord(old), highWord(old)];
  return upperHalf ? wideEntry(low, Number(store.result(high))) : wideEntry(Number(store.result(low)), high);
}
