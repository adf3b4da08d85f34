import type { Cpu } from '../../hardware/cpu';
import { cli, popf, pushf } from '../../hardware/instructions';
import { instruction, path, type Path } from '../../path';
import type { Kernel } from '../kernel';
import { on_each_cpu, type CallQueues } from '../linux-6/smp';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW, pgdEntry, pte_index } from '../linux-2.6/mm/pgtable';
import type { Word } from '../words/layout';
import { arch_spin_lock, arch_spin_unlock } from '../words/spinlock';

// arch/x86/mm/pageattr.c between 2.6.27 and 2.6.28, 32 bits without PAE: the
// attributes of one page change, and a large mapping that it lies in is split first.
// Model: function calls on other CPUs use the queues of kernel/smp.c, 6.x.

/** The locks of the file. */
export interface CpaLocks {
  readonly [key: string]: Word;
  readonly cpa_lock: Word;
  readonly pgd_lock: Word;
}

const LARGE = 0x400000;
const PTRS_PER_PTE = 1024;
const _KERNPG_TABLE = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;

const hex = (value: number): string => `0x${value.toString(16)}`;

/** lookup_address(): whether a large entry maps it. */
const isLarge = instruction((_k: Kernel, address: number) => `lookup_address(${hex(address)}, &level)`, (cpu: Cpu, k: Kernel, address: number) => (cpu.memory.read32(pgdEntry(k.init_mm, address)) & _PAGE_PSE) !== 0);

/** GFP_KERNEL may sleep, so the caller must not hold a spinlock nor have interrupts off: might_sleep_if() in __alloc_pages_internal(). Model: there is memory, so it never does. */
const alloc_pages = instruction('base = alloc_pages(GFP_KERNEL, 0)', (cpu: Cpu, k: Kernel, locks: CpaLocks) => {
  const held = Object.values(locks).filter((lock) => lock.get(cpu.memory) === cpu.id + 1).map(({ name }) => name);
  if (held.length > 0 || !cpu.IF) k.schedulingWhileAtomic.value ??= `BUG: sleeping function called from invalid context at mm/page_alloc.c: ${k.current(cpu).name} ${held.length > 0 ? `holds ${held.join(' and ')}` : 'has interrupts off'}`;
  return k.frames.alloc();
});

/** Model: all entries in one instruction, since no other CPU has the table yet. */
const fillTable = instruction((_k: Kernel, address: number, _base: number) => `for (i = 0; i < PTRS_PER_PTE; i++) set_pte(&pbase[i], pfn_pte(pfn++, ref_prot))   # ${hex(address)}`, (cpu: Cpu, k: Kernel, address: number, base: number) => {
  const pde = cpu.memory.read32(pgdEntry(k.init_mm, address));
  const rights = pde & 0xfff & ~_PAGE_PSE;
  for (let i = 0; i < PTRS_PER_PTE; i++) cpu.memory.write32(base + 4 * i, ((pde & -LARGE) >>> 0) + 0x1000 * i | rights);
});

/** __set_pmd_pte(): a store to the entry that every process shares. Model: the C stores it to every page directory; here there is only one. */
const __set_pmd_pte = instruction((_k: Kernel, address: number, base: number) => `__set_pmd_pte(kpte, ${hex(address)}, mk_pte(${hex(base)}))`, (cpu: Cpu, k: Kernel, address: number, base: number) => {
  cpu.memory.write32(pgdEntry(k.init_mm, address), base | _KERNPG_TABLE);
});

/** set_pte_atomic() of an entry that becomes read-only. */
const set_pte_atomic = instruction((_k: Kernel, address: number) => `set_pte_atomic(kpte of ${hex(address)}, read-only)`, (cpu: Cpu, k: Kernel, address: number) => {
  const at = ((cpu.memory.read32(pgdEntry(k.init_mm, address)) & ~0xfff) >>> 0) + 4 * pte_index(address);
  cpu.memory.write32(at, (cpu.memory.read32(at) & ~_PAGE_RW) >>> 0);
});

/** arch/x86/mm/pageattr.c:450-522 (8311eb84bf84), split_large_page(). Model: leaves out paravirt_alloc_pte, split_page_count, __free_page, pte_mkexec: counted and freed elsewhere; 32 bits without NX. Model: leaves out pte_pgprot, pte_clrhuge, pte_pfn, pfn_pte, pgprot_val, page_address, page_to_pfn, mk_pte, __va, tmp, pfninc: in fillTable. Model: leaves out spin_unlock_irqrestore: its two parts are here. */
const split_large_page = path(function* split_large_page(k: Kernel, locks: CpaLocks, address: number): Path {
  if (k.after('large-page-split/lock')) yield* arch_spin_unlock(locks.cpa_lock);
  const base = yield* alloc_pages(k, locks);
  if (k.after('large-page-split/lock')) yield* arch_spin_lock(locks.cpa_lock);
  const flags = yield* pushf(); // spin_lock_irqsave(&pgd_lock, flags)
  yield* cli();
  yield* arch_spin_lock(locks.pgd_lock);
  if (yield* isLarge(k, address)) { // another CPU may have split it already
    yield* fillTable(k, address, base);
    yield* __set_pmd_pte(k, address, base);
  }
  yield* arch_spin_unlock(locks.pgd_lock);
  yield* popf(flags);
});

/** arch/x86/mm/pageattr.c:524-602 (8311eb84bf84), __change_page_attr(). Model: leaves out static_protections, canon_pgprot, try_preserve_large_page: the attributes are legal, and one page of many changes. Model: leaves out WARN, pte_val, pte_pgprot, pte_pfn, pfn_pte, pgprot_val, flags, vaddr, old_pte, mask_clr, mask_set, pfn, numpages: one entry, always present, and one attribute. */
export const __change_page_attr = path(function* __change_page_attr(k: Kernel, q: CallQueues, locks: CpaLocks, address: number): Path {
  if (yield* isLarge(k, address)) {
    yield* split_large_page(k, locks, address);
    if (k.after('large-page-split/flush')) yield* on_each_cpu(k, q, 'flush'); // flush_tlb_all()
    if (k.after('large-page-split/flush-here')) yield* q.func(k, 'flush'); // __flush_tlb_all()
  } // repeat
  yield* set_pte_atomic(k, address);
});

/** arch/x86/mm/pageattr.c:675-713 (8311eb84bf84), __change_page_attr_set_clr(), of one page. Model: leaves out cpa_process_alias, BUG_ON, numpages, flags, curpage, vaddr: one page without aliases. */
export const __change_page_attr_set_clr = path(function* __change_page_attr_set_clr(k: Kernel, q: CallQueues, locks: CpaLocks, address: number): Path {
  if (k.after('large-page-split/lock')) yield* arch_spin_lock(locks.cpa_lock);
  yield* __change_page_attr(k, q, locks, address);
  if (k.after('large-page-split/lock')) yield* arch_spin_unlock(locks.cpa_lock);
});

/** arch/x86/mm/pageattr.c:721-803 (8311eb84bf84), change_page_attr_set_clr(). Model: leaves out kmap_flush_unused, vm_unmap_aliases, canon_pgprot, cache_attr, BUG_ON, pgprot_val, vaddr, numpages, mask_set, mask_clr, flags, curpage, force_split, checkalias, cache: one page without aliases, and one attribute. Model: leaves out cpa_flush_range, cpa_flush_array, cpa_flush_all: on_each_cpu() with a flush. */
export const change_page_attr_set_clr = path(function* change_page_attr_set_clr(k: Kernel, q: CallQueues, locks: CpaLocks, address: number): Path {
  yield* __change_page_attr_set_clr(k, q, locks, address);
  yield* on_each_cpu(k, q, 'flush');
});
