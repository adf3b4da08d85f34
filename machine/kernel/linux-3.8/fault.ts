import type { Cpu } from '../../hardware/cpu';
import { iret } from '../../hardware/instructions';
import type { TrapFrame } from '../../hardware/interrupts';
import { instruction, path, silently, type Path } from '../../path';
import { BUG, BUG_ON, oops } from '../bug';
import type { Kernel } from '../kernel';
import { _PAGE_PRESENT, pgdEntry } from '../linux-2.6/mm/pgtable';
import type { Mm } from '../task';
import { arch_enter_lazy_mmu_mode, arch_flush_lazy_mmu_mode, arch_leave_lazy_mmu_mode, set_pgd, type LazyMmu } from './lazy-mmu';

// arch/x86/mm/fault.c, 3.8: memory from vmalloc() is entered in init_mm alone; every
// other address space gets the entry of its page directory when it faults.

const slotOfLevel = (address: number, shift: number): number => 8 * (Math.floor(address / 2 ** shift) & 0x1ff);

/** Where the entry of the page directory for `address` is. */
export const pgdOf = (k: Kernel, mm: Mm, address: number): number => (k.config.X86_64 ? mm.pgd + slotOfLevel(address, 39) : pgdEntry(mm, address));

const pgd_offset = silently((_k, mm: Mm, address: number) => `pgd_offset(${mm.name}, 0x${address.toString(16)})`, (_cpu: Cpu, k: Kernel, mm: Mm, address: number) => pgdOf(k, mm, address));

const active_mm = silently('current->active_mm', (cpu: Cpu, k: Kernel) => k.current(cpu).active_mm!);

const readEntry = instruction((name: string, _at: number) => `*${name}`, (cpu: Cpu, _name: string, at: number) => cpu.memory.read32(at));

const frameOf = (entry: number): number => (entry & ~0xfff) >>> 0;

/**
 * arch/x86/mm/fault.c:358-424 (3.8.13), vmalloc_fault(), of x86-64: reads back what it has written.
 * Model: every address here is of the vmalloc area, so the check of that is left out; an entry is either 0 or present, so pgd_none() and pgd_present() are one question.
 * Model: leaves out pmd_ref, pte_ref: once the upper entry is the same, so are the tables below it, and init_mm maps the address throughout, so the C never returns -1 there.
 * Model: adds active_mm, inLazyMode: parts of setEntry(), and of the address of the entry.
 */
const vmalloc_fault_64 = path(function* vmalloc_fault(k: Kernel, lazy: LazyMmu, address: number): Path<boolean> {
  const mm = yield* active_mm(k);
  const pgd = yield* pgd_offset(k, mm, address);
  const ref = yield* readEntry('pgd_ref', yield* pgd_offset(k, k.init_mm, address));
  if ((ref & _PAGE_PRESENT) === 0) return false;
  if (((yield* readEntry('pgd', pgd)) & _PAGE_PRESENT) === 0) yield* setEntry(k, lazy, mm, pgd, ref);
  else yield* BUG_ON(k, frameOf(yield* readEntry('pgd', pgd)) !== frameOf(ref), 'BUG_ON(pgd_page_vaddr(*pgd) != pgd_page_vaddr(*pgd_ref)) in vmalloc_fault()');
  if (k.after('vmalloc-lazy/no-comparison')) return true;
  const slot = slotOfLevel(address, 30);
  const pudp = frameOf(yield* readEntry('pgd', pgd)) + slot;
  const pud_ref = yield* readEntry('pud_ref', frameOf(ref) + slot);
  if ((pud_ref & _PAGE_PRESENT) === 0) return false;
  const pud = yield* readEntry('pud', pudp);
  if ((pud & _PAGE_PRESENT) === 0 || frameOf(pud) !== frameOf(pud_ref)) yield* BUG(k, 'pud_none(*pud) || pud_page_vaddr(*pud) != pud_page_vaddr(*pud_ref) in vmalloc_fault()');
  return true;
});

/**
 * arch/x86/mm/fault.c:189-223 (3.8.13), vmalloc_sync_one(); arch/x86/mm/fault.c:261-290 (3.8.13), vmalloc_fault(), of i386: reads only init_mm's tables. Model: two levels; without the read of pte_k, since init_mm maps the address throughout.
 * Model: leaves out set_pmd, BUG_ON, pud_k: setEntry(); the C then compares a present entry with init_mm's, and no kernel here gives an address space a different one.
 * Model: adds active_mm, inLazyMode: the C reads CR3, which holds the page directory of that mm, since there is no context switch here.
 */
const vmalloc_fault_32 = path(function* vmalloc_fault(k: Kernel, lazy: LazyMmu, address: number): Path<boolean> {
  const mm = yield* active_mm(k);
  const pgd = yield* pgd_offset(k, mm, address);
  const ref = yield* readEntry('pmd_k', yield* pgd_offset(k, k.init_mm, address));
  if ((ref & _PAGE_PRESENT) === 0) return false;
  if (((yield* readEntry('pmd', pgd)) & _PAGE_PRESENT) === 0) yield* setEntry(k, lazy, mm, pgd, ref);
  return true;
});

/** Ours: set_pgd() in vmalloc_fault(), with what the patch and its near misses add. */
const setEntry = path(function* setEntry(k: Kernel, lazy: LazyMmu, mm: Mm, pgd: number, ref: number): Path {
  const isLazy = yield* inLazyMode(lazy);
  if (k.after('vmalloc-lazy/flush-first')) yield* arch_flush_lazy_mmu_mode(k, lazy);
  if (k.after('vmalloc-lazy/around') && isLazy) yield* arch_leave_lazy_mmu_mode(k, lazy);
  yield* set_pgd(lazy, mm, pgd, ref);
  if (k.after('vmalloc-lazy/flush')) yield* arch_flush_lazy_mmu_mode(k, lazy);
  if (k.after('vmalloc-lazy/leave') && isLazy) yield* arch_leave_lazy_mmu_mode(k, lazy);
  if (k.after('vmalloc-lazy/around') && isLazy) yield* arch_enter_lazy_mmu_mode(k, lazy);
});

const inLazyMode = silently('paravirt_get_lazy_mode() == PARAVIRT_LAZY_MMU', (_cpu: Cpu, lazy: LazyMmu) => lazy.state.mode === 'PARAVIRT_LAZY_MMU');

const read_cr2 = instruction('address = read_cr2()', (cpu: Cpu) => cpu.cr2);

/** Ours: how often the handler ran, for the outcome. The C counts no fault that vmalloc_fault() repairs. */
const count = silently('page faults + 1', (cpu: Cpu, k: Kernel) => { k.current(cpu).min_flt++; });

/** arch/x86/mm/fault.c:1012-1228 (3.8.13), __do_page_fault() in part, for addresses of the kernel that no entry maps, which is all that is read here: not in an interrupt, so paravirt_get_lazy_mode() returns the task's mode. */
export const do_page_fault = path(function* do_page_fault(k: Kernel, lazy: LazyMmu, frame: TrapFrame): Path {
  const address = yield* read_cr2();
  yield* count(k);
  const isRepaired = k.config.X86_64 ? yield* vmalloc_fault_64(k, lazy, address) : yield* vmalloc_fault_32(k, lazy, address);
  if (!isRepaired) yield* oops(k, `BUG: unable to handle kernel paging request at ${address.toString(16)}`);
  yield* iret(frame);
});
