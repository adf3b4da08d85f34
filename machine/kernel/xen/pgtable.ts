import type { Cpu } from '../../hardware/cpu';
import { HYPERVISOR_update_va_mapping } from '../../hypervisors/xen/public/calls';
import { entryAddress, isPresent, mfnOf, type Entry } from '../../hypervisors/xen/public/layout';
import { UVMF_NONE } from '../../hypervisors/xen/public/xen';
import { instruction, path, RESTART, silently, type Path } from '../../path';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_RW } from '../linux-2.6/mm/pgtable';
import type { Mm } from '../task';
import { MMU_UPDATE_WORDS } from './mc-buffer';
import { __xen_mc_entry, MULTI_mmu_update, MULTI_update_va_mapping, xen_mc_batch, xen_mc_issue } from './multicalls';
import type { Page, XenKernel } from './guest';
import { flush_tlb_page } from './tlb';

// How the kernel writes entries. Most pte operations are the native ones: plain
// or locked instructions on the direct mapping of the pte page. While the page is
// read-only they fault, and Xen's emulation, or the fault handler, decides their
// outcome. include/asm-i386/pgtable*.h, arch/i386/xen/mmu.c.
//
// Model: a PAE entry is written as two words, as in the C; an entry is read in
// one piece, because nothing here depends on a torn read.

/** Where an entry is: the pte page and the address that the entry translates. */
export interface Ptep {
  readonly [key: string]: Page | number;
  readonly table: Page;
  readonly address: number;
}

const nameOf = ({ table, address }: Ptep): string => `${table.name}[0x${address.toString(16)}]`;

const rmw = (cpu: Cpu, k: XenKernel, ptep: Ptep, size: 4 | 8, result: (old: number) => number, high = 0): number | typeof RESTART =>
  k.xen.storeFor(cpu, k.pteAddress(ptep.table, ptep.address) + high, size, result);

/** pte_val(*ptep): reads through the direct mapping, which leaves a translation in this CPU's TLB. */
export const readPte = instruction((_k, ptep) => `pte = *${nameOf(ptep)}`, (cpu: Cpu, k: XenKernel, ptep: Ptep): Entry | typeof RESTART => {
  const va = k.pteAddress(ptep.table, ptep.address);
  const low = k.xen.loadFor(cpu, va);
  if (low === RESTART) return RESTART;
  if (!k.config.X86_PAE) return low;
  const high = k.xen.loadFor(cpu, va + 4);
  return high === RESTART ? RESTART : (high & 0xfffff) * 0x100000000 + low;
});

const xchgLow = instruction((_k, ptep) => `xchg(&${nameOf(ptep)}.pte_low, 0)`, (cpu: Cpu, k: XenKernel, ptep: Ptep) => rmw(cpu, k, ptep, 4, () => 0), { locked: true });

const clearHigh = instruction((_k, ptep) => `${nameOf(ptep)}.pte_high = 0`, (cpu: Cpu, k: XenKernel, ptep: Ptep) => {
  let old = 0;
  const done = rmw(cpu, k, ptep, 4, (value) => { old = value; return 0; }, 4);
  return done === RESTART ? RESTART : old;
});

/** include/asm-i386/pgtable-3level.h:128-138 (2.6.23), native_ptep_get_and_clear(): the present bit goes first, by a locked exchange. */
export const ptep_get_and_clear = path(function* ptep_get_and_clear(k: XenKernel, ptep: Ptep): Path<Entry> {
  const low = yield* xchgLow(k, ptep);
  const high = k.config.X86_PAE ? yield* clearHigh(k, ptep) : 0;
  return (high & 0xfffff) * 0x100000000 + low;
});

const lockedClear = (what: string, bit: number) => instruction(
  (_k: XenKernel, ptep: Ptep) => `lock; ${what} of ${nameOf(ptep)}`,
  (cpu: Cpu, k: XenKernel, ptep: Ptep) => rmw(cpu, k, ptep, 4, (old) => (old & ~bit) >>> 0),
  { locked: true },
);

const clearAccessed = lockedClear('clear the accessed bit', _PAGE_ACCESSED);
const clearWrite = lockedClear('clear the write bit', _PAGE_RW);

/**
 * include/asm-i386/pgtable.h:304-311 (2.6.23), ptep_clear_flush_young(): writes only if the entry is young.
 * Model: leaves out ptep_test_and_clear_young: its test and its clearing are two instructions here, as on the bus.
 */
export const ptep_clear_flush_young = path(function* ptep_clear_flush_young(k: XenKernel, mm: Mm, ptep: Ptep): Path<boolean> {
  const pte = yield* readPte(k, ptep);
  if (!pte_young(pte)) return false;
  yield* clearAccessed(k, ptep);
  yield* flush_tlb_page(k, mm, ptep.address);
  return true;
});

/** include/asm-generic/pgtable.h:84-90 (2.6.24), ptep_clear_flush() */
export const ptep_clear_flush = path(function* ptep_clear_flush(k: XenKernel, mm: Mm, ptep: Ptep): Path<Entry> {
  const pte = yield* ptep_get_and_clear(k, ptep);
  yield* flush_tlb_page(k, mm, ptep.address);
  return pte;
});

/**
 * include/asm-i386/pgtable.h:338-342 (2.6.23), ptep_set_wrprotect().
 * Model: leaves out clear_bit, pte_low, pte_update: one locked instruction; pte_update() does nothing on Xen.
 */
export const ptep_set_wrprotect = path(function* ptep_set_wrprotect(k: XenKernel, ptep: Ptep): Path {
  yield* clearWrite(k, ptep);
});

const storeLow = instruction((_k, ptep, pte) => `${nameOf(ptep)}.pte_low = 0x${(pte % 0x100000000).toString(16)}`, (cpu: Cpu, k: XenKernel, ptep: Ptep, pte: Entry) => {
  const done = rmw(cpu, k, ptep, 4, () => pte % 0x100000000);
  return done === RESTART ? RESTART : undefined;
});

const storeHigh = instruction((_k, ptep, pte) => `${nameOf(ptep)}.pte_high = 0x${Math.floor(pte / 0x100000000).toString(16)}`, (cpu: Cpu, k: XenKernel, ptep: Ptep, pte: Entry) => {
  const done = rmw(cpu, k, ptep, 4, () => Math.floor(pte / 0x100000000), 4);
  return done === RESTART ? RESTART : undefined;
});

/**
 * arch/x86/xen/mmu.c:190-195 (2.6.24), xen_set_pte(): plain stores, the half with the present bit last.
 * Model: leaves out smp_wmb: no instruction on x86.
 */
export const xen_set_pte = path(function* xen_set_pte(k: XenKernel, ptep: Ptep, pte: Entry): Path {
  if (k.config.X86_PAE) yield* storeHigh(k, ptep, pte);
  yield* storeLow(k, ptep, pte);
});

/**
 * include/asm-i386/pgtable.h:264-271 (2.6.23), native_local_ptep_get_and_clear(): reads it and clears it by plain stores, when no other CPU
 * uses the address space any more. Model: leaves out native_pte_clear(): its two stores are here.
 */
export const native_local_ptep_get_and_clear = path(function* native_local_ptep_get_and_clear(k: XenKernel, ptep: Ptep): Path<Entry> {
  const pte = yield* readPte(k, ptep);
  yield* storeLow(k, ptep, 0);
  if (k.config.X86_PAE) yield* storeHigh(k, ptep, 0);
  return pte;
});

/**
 * arch/x86/xen/mmu.c:202-207 (2.6.24), xen_pte_clear(): plain stores, the half with the present bit first.
 * Model: leaves out smp_wmb: no instruction on x86.
 */
export const xen_pte_clear = path(function* xen_pte_clear(k: XenKernel, ptep: Ptep): Path {
  yield* storeLow(k, ptep, 0);
  if (k.config.X86_PAE) yield* storeHigh(k, ptep, 0);
});

const isCurrentMm = silently((_k, mm: Mm) => `mm == current->mm || mm == &init_mm   # ${mm.name}`, (cpu: Cpu, k: XenKernel, mm: Mm) => mm === k.current(cpu).mm || mm === k.init_mm);

const isLazyMmu = silently('paravirt_get_lazy_mode() == PARAVIRT_LAZY_MMU', (cpu: Cpu, k: XenKernel) => k.percpu(cpu).lazy_mode === 'PARAVIRT_LAZY_MMU');

/**
 * arch/x86/xen/mmu.c:153-169 (2.6.24), xen_set_pte_at(): makes a hypercall if it can, and a plain store if the table is not the current one.
 * Model: leaves out mc: the slot of the queue is filled by the MULTI_ functions.
 * Model: adds xen_mc_batch: xen_mc_entry() begins with it.
 */
export const xen_set_pte_at = path(function* xen_set_pte_at(k: XenKernel, mm: Mm, ptep: Ptep, pte: Entry): Path {
  if (yield* isCurrentMm(k, mm)) {
    if (yield* isLazyMmu(k)) {
      const flags = yield* xen_mc_batch(k);
      yield* __xen_mc_entry(k, 0);
      yield* MULTI_update_va_mapping(k, ptep.address, pte, UVMF_NONE);
      yield* xen_mc_issue(k, 'PARAVIRT_LAZY_MMU', flags);
      return;
    }
    const { rc } = yield* HYPERVISOR_update_va_mapping(k.xen, ptep.address, pte, UVMF_NONE);
    if (rc === 0) return;
  }
  yield* xen_set_pte(k, ptep, pte);
});

const page_pinned = instruction((_k, table) => `page_pinned(${table.name})`, (_cpu: Cpu, _k: XenKernel, table: Page) => table.PG_pinned);

export const storeHalf = instruction(
  (_k, table, slot, offset, value) => `*${table.name}[${slot}]${offset === 0 ? '' : ', high half,'} = 0x${value.toString(16)}`,
  (cpu: Cpu, k: XenKernel, table: Page, slot: number, offset: number, value: number) => {
    const done = k.xen.storeFor(cpu, k.address(table) + slot * k.layout.entryBytes + offset, 4, () => value);
    return done === RESTART ? RESTART : undefined;
  },
);

/**
 * arch/x86/xen/mmu.c:275-285 (2.6.27), xen_set_pmd() and xen_set_pud(): by hypercall, pinned or
 * not; from 2.6.27 on by plain stores if the table does not count as pinned.
 * Model: leaves out xen_set_pmd_hyper: it is the body of that function.
 * Model: adds xen_mc_batch, __xen_mc_entry, xen_mc_issue: the lines of that function.
 */
export const xen_set_pmd = path(function* xen_set_pmd(k: XenKernel, table: Page, slot: number, entry: Entry): Path {
  if (k.since('2.6.27') && !(yield* page_pinned(k, table))) {
    yield* storeHalf(k, table, slot, 0, entry % 0x100000000);
    if (k.config.X86_PAE) yield* storeHalf(k, table, slot, 4, Math.floor(entry / 0x100000000));
    return;
  }
  const flags = yield* xen_mc_batch(k);
  yield* __xen_mc_entry(k, MMU_UPDATE_WORDS);
  yield* MULTI_mmu_update(k, { ptr: entryAddress(k.layout, k.pfn_to_mfn(table), slot), val: entry }, `${table.name}[${slot}] = 0x${entry.toString(16)}`);
  yield* xen_mc_issue(k, 'PARAVIRT_LAZY_MMU', flags);
});

export const pte_present = isPresent;

export function pte_young(pte: Entry): boolean {
  return (pte & _PAGE_ACCESSED) !== 0;
}

export function pte_dirty(pte: Entry): boolean {
  return (pte & _PAGE_DIRTY) !== 0;
}

/** pte_wrprotect(), pte_mkold(), pte_mkclean() as masks. */
export function without(pte: Entry, bits: number): Entry {
  const flags = pte % 0x1000;
  return pte - flags + (flags & ~bits);
}

/** pte_pfn(): the page that an entry maps; null if it is not the guest's. */
export function pageOfPte(k: XenKernel, pte: Entry): Page | null {
  return mfnOf(pte) === 0 ? null : k.pageOfEntry(pte);
}
