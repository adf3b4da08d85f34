import { load } from '../../hardware/instructions';
import { path, type Path } from '../../path';
import { __va, get, printk, set, type BootKernel } from './boot-kernel';
import { __flush_tlb_one, _PAGE_PRESENT, addressIn, pmd_offset, pteOffset, set_pte } from './entries';
import { fixToVirt } from './fixmap';
import { BUG, BUG_ON } from './stop';

// arch/x86/mm/pgtable.c and pgtable_32.c: the normal way to set a fixmap
// entry, which needs page tables, and the way to move them all.

/**
 * arch/x86/mm/pgtable.c:332-335 (2.6.27), native_set_fixmap(): sets one entry through the kernel's page tables.
 * Model: leaves out __native_set_fixmap: it is the body of that function.
 */
export const __set_fixmap = path(function* __set_fixmap(k: BootKernel, idx: number, pa: number, flags: number): Path {
  const address = fixToVirt(yield* get(k, '__FIXADDR_TOP'), idx);
  yield* BUG_ON(k, idx >= k.fixmap.total, 'mm/pgtable.c, __set_fixmap: no such index');
  yield* set_pte_vaddr(k, address, pa + flags);
  const fixmaps_set = yield* get(k, 'fixmaps_set');
  yield* set(k, 'fixmaps_set', fixmaps_set + 1);
});

/**
 * arch/x86/mm/pgtable_32.c:27-60 (2.6.27), set_pte_vaddr(): every level above the entry must exist.
 * Model: leaves out set_pte_present, pte_clear: one store either way.
 */
export const set_pte_vaddr = path(function* set_pte_vaddr(k: BootKernel, address: number, pte: number): Path {
  const pmdp = yield* pmd_offset(k, k.symbols.swapper_pg_dir, address);
  if (pmdp === 0) yield* BUG(k, 'mm/pgtable_32.c, set_pte_vaddr: pgd_none');
  const pmd = yield* load(pmdp);
  if ((pmd & _PAGE_PRESENT) === 0) yield* BUG(k, 'mm/pgtable_32.c, set_pte_vaddr: pmd_none');
  yield* set_pte(k, __va(k, addressIn(pmd)) + pteOffset(k, address), pte);
  yield* __flush_tlb_one(address);
});

/**
 * arch/x86/mm/pgtable_32.c:107-114 (2.6.27), reserve_top_address(): gives the last `reserve` bytes of
 * the address space away. The check sees only what __set_fixmap has set, and
 * early_ioremap does not go through it.
 */
export const reserve_top_address = path(function* reserve_top_address(k: BootKernel, reserve: number): Path {
  const fixmaps_set = yield* get(k, 'fixmaps_set');
  yield* BUG_ON(k, fixmaps_set > 0, 'mm/pgtable_32.c, reserve_top_address: fixmaps_set > 0');
  yield* printk(k, `Reserving virtual address space above 0x${(2 ** 32 - reserve).toString(16)}`);
  yield* set(k, 'kernel_top', 2 ** 32 - reserve - 4096);
  if (k.before('vmi-boot/low-fixmap')) yield* set(k, '__FIXADDR_TOP', 2 ** 32 - reserve - 4096);
  if (k.before('vmi-boot/no-double-count') && k.before('vmi-boot/reserve-split')) {
    const __VMALLOC_RESERVE = yield* get(k, '__VMALLOC_RESERVE');
    yield* set(k, '__VMALLOC_RESERVE', __VMALLOC_RESERVE + reserve);
  }
});

/** Ours: the second half of the split that the review asked for; called once the command line has been parsed. */
export const reserve_vmalloc = path(function* reserve_vmalloc(k: BootKernel, reserve: number): Path {
  const __VMALLOC_RESERVE = yield* get(k, '__VMALLOC_RESERVE');
  yield* set(k, '__VMALLOC_RESERVE', __VMALLOC_RESERVE + reserve);
});
