import type { Cpu } from '../../hardware/cpu';
import { HYPERVISOR_mmuext_op, HYPERVISOR_update_va_mapping } from '../../hypervisors/xen/public/calls';
import { MMUEXT, UVMF_NONE } from '../../hypervisors/xen/public/xen';
import { instruction, path, type Path } from '../../path';
import type { Mm } from '../task';
import { BUG } from './bug';
import { kmap_flush_unused } from './highmem';
import { PAGE_KERNEL, PAGE_KERNEL_RO, type Page, type XenKernel } from './guest';
import { PagePinned, pgdPage } from './mmu';

// arch/x86/xen/enlighten.c (arch/i386/xen until 2.6.23): single tables that are
// added to, or removed from, a page table which Xen already has: pte pages, and
// with PAE from 2.6.25 on also the middle tables above them.

/**
 * arch/x86/xen/enlighten.c:670-677 (2.6.25), pin_pagetable_pfn(): one operation at once, or a BUG.
 * Model: leaves out arg1: the argument is made in the call.
 */
export const pin_pagetable_pfn = path(function* pin_pagetable_pfn(k: XenKernel, cmd: number, page: Page): Path {
  const { rc, why } = yield* HYPERVISOR_mmuext_op(k.xen, [{ cmd, mfn: k.pfn_to_mfn(page), about: page.name }]);
  if (rc !== 0) yield* BUG(k, 'enlighten.c', why);
});

/**
 * arch/x86/xen/mmu.c:70-83 (2.6.25), make_lowmem_page_readonly().
 * Model: leaves out lookup_address, ptev: the entry of the direct mapping is found by the page.
 */
export const make_lowmem_page_readonly = path(function* make_lowmem_page_readonly(k: XenKernel, page: Page): Path {
  const { rc, why } = yield* HYPERVISOR_update_va_mapping(k.xen, k.address(page), k.pte(page, PAGE_KERNEL_RO), UVMF_NONE, page.name);
  if (rc !== 0) yield* BUG(k, 'mmu.c', why);
});

/**
 * arch/x86/xen/mmu.c:85-98 (2.6.25), make_lowmem_page_readwrite().
 * Model: leaves out lookup_address, ptev: the entry of the direct mapping is found by the page.
 */
export const make_lowmem_page_readwrite = path(function* make_lowmem_page_readwrite(k: XenKernel, page: Page): Path {
  const { rc, why } = yield* HYPERVISOR_update_va_mapping(k.xen, k.address(page), k.pte(page, PAGE_KERNEL), UVMF_NONE, page.name);
  if (rc !== 0) yield* BUG(k, 'mmu.c', why);
});

const setPinned = instruction((page: Page) => `SetPagePinned(${page.name})`, (_cpu: Cpu, page: Page) => { page.PG_pinned = true; }, { locked: true });

/** arch/x86/xen/enlighten.c:681-697 (2.6.25), xen_alloc_ptpage(): called before a new table is linked, under page_table_lock. */
const xen_alloc_ptpage = path(function* xen_alloc_ptpage(k: XenKernel, mm: Mm, page: Page, level: 'PT_PTE' | 'PT_PMD'): Path {
  if (!(yield* PagePinned(yield* pgdPage(k, mm)))) return;
  yield* setPinned(page);
  if (!page.highmem) {
    if (k.before('xen-pte-lock/alloc-writable')) yield* make_lowmem_page_readonly(k, page);
    if (k.after('xen-pte-lock/alloc-pt') && level === 'PT_PTE') yield* pin_pagetable_pfn(k, MMUEXT.PIN_L1_TABLE, page);
    if (k.after('xen-pte-lock/pmd-pin') && level === 'PT_PMD') yield* pin_pagetable_pfn(k, MMUEXT.PIN_L2_TABLE, page);
  } else {
    if (k.before('xen-pte-lock/no-kmap-flush')) yield* kmap_flush_unused(k);
  }
});

/** arch/x86/xen/enlighten.c:699-702 (2.6.25), xen_alloc_pt() */
export const xen_alloc_pt = path(function* xen_alloc_pt(k: XenKernel, mm: Mm, page: Page): Path {
  yield* xen_alloc_ptpage(k, mm, page, 'PT_PTE');
});

/** arch/x86/xen/enlighten.c:704-707 (2.6.25), xen_alloc_pd(), from 2.6.25 on: a middle table is kept by the entry above it, and needs no pin. */
export const xen_alloc_pd = path(function* xen_alloc_pd(k: XenKernel, mm: Mm, page: Page): Path {
  yield* xen_alloc_ptpage(k, mm, page, 'PT_PMD');
});

/**
 * arch/x86/xen/enlighten.c:724-727 (2.6.25), xen_release_pt(): called before a pte page that is no longer linked is freed.
 * Model: leaves out xen_release_ptpage: it is the body of that function.
 * Model: adds PagePinned, make_lowmem_page_readwrite: its lines.
 */
export const xen_release_pt = path(function* xen_release_pt(k: XenKernel, page: Page): Path {
  if (!(yield* PagePinned(page)) || page.highmem) return;
  if (k.after('xen-pte-lock/release-pt')) yield* pin_pagetable_pfn(k, MMUEXT.UNPIN_TABLE, page);
  yield* make_lowmem_page_readwrite(k, page);
});

/**
 * arch/x86/xen/enlighten.c:729-732 (2.6.25), xen_release_pd(): called before a middle table that is no longer linked is freed.
 * Model: leaves out xen_release_ptpage: it is the body of that function.
 * Model: adds PagePinned, make_lowmem_page_readwrite: its lines.
 */
export const xen_release_pd = path(function* xen_release_pd(k: XenKernel, page: Page): Path {
  if (yield* PagePinned(page)) yield* make_lowmem_page_readwrite(k, page);
});
