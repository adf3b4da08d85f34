import type { Cpu } from '../../hardware/cpu';
import { entryAddress, isPresent, slotOf, writeEntry, _PAGE_PRESENT } from '../../hypervisors/xen/public/layout';
import { instruction, path, silently, type Path } from '../../path';
import { make_lowmem_page_readonly, pin_pagetable_pfn } from './enlighten';
import { MMUEXT } from '../../hypervisors/xen/public/xen';
import { xen_write_cr3 } from './drop-mm-ref';
import { xen_mark_init_mm_pinned } from './mmu';
import type { Page, XenKernel } from './guest';

// arch/x86/xen/enlighten.c, the pv_init hooks around pagetable_init(): the
// kernel leaves the page table that Xen's domain builder made and moves to its
// own, swapper_pg_dir, which it then pins.

/** Model: one instruction, although the C copies word by word; no other CPU runs yet, and no table that is written is in use. */
const copyTable = instruction((_k, to, from) => `memcpy(${to.name}, ${from.name})`, (_cpu: Cpu, k: XenKernel, to: Page, from: Page) => {
  const { memory } = k;
  for (const word of memory.wordsOf(k.pfn_to_mfn(from) as number)) {
    memory.write32(word - k.pfn_to_mfn(from) * 4096 + k.pfn_to_mfn(to) * 4096, memory.read32(word));
  }
});

const setPgd = instruction((_k, pgd, slot, pmd) => `set_pgd(${pgd.name}[${slot}], ${pmd.name})`, (_cpu: Cpu, k: XenKernel, pgd: Page, slot: number, pmd: Page) => {
  writeEntry(k.memory, k.layout, entryAddress(k.layout, k.pfn_to_mfn(pgd), slot), k.pte(pmd, _PAGE_PRESENT));
});

const hasKernelPmd = silently('the top entry of the kernel', (_cpu: Cpu, k: XenKernel, pgd: Page) =>
  k.layout.levels === 3 && isPresent(k.entryAt(k.pfn_to_mfn(pgd), slotOf(k.layout, 3, 0xc0000000))));

/**
 * arch/x86/xen/enlighten.c:746-792 (2.6.24), xen_pagetable_setup_start(). Xen requires each root to have its own kernel PMD.
 * Model: leaves out pt_base, set_pte, pgd_val_ma, alloc_bootmem_low_pages, pgd_page_vaddr, pgd_clear: the boot table is copied word by word; on PAE a middle table is given, not allocated.
 */
export const xen_pagetable_setup_start = path(function* xen_pagetable_setup_start(k: XenKernel, base: Page, xen_pgd: Page): Path {
  yield* copyTable(k, base, xen_pgd);
  if (yield* hasKernelPmd(k, xen_pgd)) {
    const pmd = k.page('swapper.pmd3');
    yield* copyTable(k, pmd, k.page('start_info.pmd3'));
    yield* make_lowmem_page_readonly(k, pmd);
    yield* setPgd(k, base, 3, pmd);
  }
  yield* make_lowmem_page_readonly(k, k.page('empty_zero_page'));
  yield* make_lowmem_page_readonly(k, base);
  yield* xen_write_cr3(k, base);
});

/**
 * arch/x86/xen/enlighten.c:794-831 (2.6.24), xen_pagetable_setup_done(): pins what it has built.
 * Model: leaves out alloc_pt, set_pte, xen_feature, set_pte_mfn, shared_info: the shared page's mapping does not matter here.
 */
export const xen_pagetable_setup_done = path(function* xen_pagetable_setup_done(k: XenKernel, base: Page): Path {
  const level = k.after('xen-pte-lock/boot-level') ? k.pinRootCommand : MMUEXT.PIN_L3_TABLE;
  yield* pin_pagetable_pfn(k, level, base);
});

/** Ours: the hooks in the order in which boot calls them. */
export const xen_boot = path(function* xen_boot(k: XenKernel): Path {
  yield* xen_pagetable_setup_start(k, k.swapper, k.page('start_info.pgd'));
  yield* xen_pagetable_setup_done(k, k.swapper);
  yield* xen_mark_init_mm_pinned(k); // xen_post_allocator_init(): now there are struct pages
});
