import { load, movFromCr4, movToCr3, movToCr4, store } from '../../hardware/instructions';
import { path, type Path } from '../../path';
import { __va, get, printk, set, type BootKernel } from './boot-kernel';
import { e820_end_of_ram_pfn, find_e820_area, reserve_early } from './e820';
import {
  __flush_tlb_all, _PAGE_PRESENT, _PAGE_TABLE, addressIn, IDENT, IDENT_LARGE, PAGE_KERNEL, PAGE_KERNEL_LARGE, paravirt_alloc_pmd, paravirt_alloc_pte,
  pmd_offset, pteOffset, set_pmd, set_pmds, set_ptes,
} from './entries';
import { fixToVirt, indexOf } from './fixmap';
import { clear_page, early_ioremap_clear, early_ioremap_reset } from './ioremap';
import { maxmem, PAGE_OFFSET, topLayout, vmallocStart } from './layout';
import { __set_fixmap } from './pgtable-fixmap';
import { BUG_ON, panic } from './stop';

// arch/x86/mm/init_32.c: from the boot page tables to the kernel's own. After
// init_memory_mapping every fixmap entry has a page table of its own, and only
// then may the fixmap be used freely.

const PAGE = 4096;

/**
 * arch/x86/mm/init_32.c:578-644 (2.6.27), find_low_pfn_range(): how much of RAM is lowmem. Model: highmem= is ignored.
 * Model: leaves out highmem_pages, pages_to_mb: highmem= is not given, and nothing is printed.
 * Model: adds e820_end_of_ram_pfn: where the C reads max_pfn.
 */
export const find_low_pfn_range = path(function* find_low_pfn_range(k: BootKernel): Path {
  const max_pfn = yield* e820_end_of_ram_pfn(k);
  yield* set(k, 'max_pfn', max_pfn);
  const top = yield* get(k, 'kernel_top');
  const reserve = yield* get(k, '__VMALLOC_RESERVE');
  const MAXMEM_PFN = Math.floor(maxmem(k.layout, top, reserve) / PAGE);
  yield* set(k, 'max_low_pfn', Math.min(max_pfn, MAXMEM_PFN));
});

/**
 * arch/x86/mm/init_32.c:721-763 (2.6.27), find_early_table_space(): where the page tables of lowmem will be, in memory that the boot tables map.
 * Model: leaves out pmds, ptes, start: locals.
 */
const find_early_table_space = path(function* find_early_table_space(k: BootKernel, end: number): Path {
  const pageAlign = (value: number): number => Math.ceil(value / PAGE) * PAGE;
  const pmds = Math.ceil(end / k.PMD_SIZE);
  const loose = end % k.PMD_SIZE + k.PMD_SIZE;
  const tables = pageAlign(k.entrySize) + pageAlign(pmds * k.entrySize) + pageAlign(Math.ceil(loose / PAGE) * k.entrySize) + 2 * PAGE;
  const mapped = yield* get(k, 'max_pfn_mapped');
  const found = yield* find_e820_area(k, 0x7000, mapped * PAGE, tables);
  if (found === -1) yield* panic(k, 'Cannot find space for the kernel page tables');
  yield* set(k, 'table_start', found / PAGE);
  yield* set(k, 'table_end', found / PAGE);
  yield* set(k, 'table_top', (found + tables) / PAGE);
});

/**
 * arch/x86/mm/init_32.c:68-80 (2.6.27), alloc_low_page(), and alloc_bootmem_low_pages() once that works: a cleared page, as a physical address.
 * Model: adds alloc_bootmem_low_pages: the other branch, after boot.
 */
const allocTablePage = path(function* alloc_low_page(k: BootKernel): Path<number> {
  const after_init_bootmem = yield* get(k, 'after_init_bootmem');
  const pa = after_init_bootmem ? yield* alloc_bootmem_low_pages(k) : yield* takeTablePage(k);
  yield* clear_page(k, __va(k, pa));
  return pa;
});

/** Ours: the next page of the range that find_early_table_space() found. */
const takeTablePage = path(function* takeTablePage(k: BootKernel): Path<number> {
  const pfn = yield* get(k, 'table_end');
  const table_top = yield* get(k, 'table_top');
  if (pfn >= table_top) yield* panic(k, 'alloc_low_page: ran out of memory');
  yield* set(k, 'table_end', pfn + 1);
  return pfn * PAGE;
});

/**
 * include/linux/bootmem.h:108-109 (2.6.27), alloc_bootmem_low_pages().
 * Model: leaves out __alloc_bootmem_low: it is the body of that function.
 * Model: adds find_e820_area, panic, reserve_early: the allocator of early memory stands for that of bootmem, whose pages lie there.
 */
const alloc_bootmem_low_pages = path(function* alloc_bootmem_low_pages(k: BootKernel): Path<number> {
  const max_low_pfn = yield* get(k, 'max_low_pfn');
  const pa = yield* find_e820_area(k, PAGE, max_low_pfn * PAGE, PAGE);
  if (pa === -1) yield* panic(k, 'Out of memory');
  yield* reserve_early(k, pa, pa + PAGE, 'bootmem');
  return pa;
});

/**
 * arch/x86/mm/init_32.c:87-109 (2.6.27), one_md_table_init(): with PAE, adds a middle directory if there is none. Returns the address of its entry for `la`.
 * Model: leaves out alloc_bootmem_low_pages, set_pgd, BUG_ON: the page was taken by the caller, and the entry's levels are folded.
 */
const one_md_table_init = path(function* one_md_table_init(k: BootKernel, la: number): Path<number> {
  const { swapper_pg_dir } = k.symbols;
  const known = yield* pmd_offset(k, swapper_pg_dir, la);
  if (known !== 0) return known;
  const pa = yield* allocTablePage(k);
  yield* paravirt_alloc_pmd(k, pa);
  yield* set_pmd(k, __va(k, swapper_pg_dir) + 8 * Math.floor(la / 2 ** 30), pa + _PAGE_PRESENT);
  return yield* pmd_offset(k, swapper_pg_dir, la);
});

/**
 * arch/x86/mm/init_32.c:115-138 (2.6.27), one_page_table_init(): a page table under the entry at `pmdp` if there is none. Returns its physical address.
 * Model: leaves out alloc_bootmem_pages, alloc_bootmem_low_pages: both allocators are alloc_low_page() here.
 */
const one_page_table_init = path(function* one_page_table_init(k: BootKernel, pmdp: number): Path<number> {
  const pmd = yield* load(pmdp);
  if ((pmd & _PAGE_PRESENT) !== 0) return addressIn(pmd);
  const pa = yield* allocTablePage(k);
  yield* paravirt_alloc_pte(k, pa);
  yield* set_pmd(k, pmdp, pa + _PAGE_TABLE);
  const linked = yield* load(pmdp);
  yield* BUG_ON(k, addressIn(linked) !== pa, 'mm/init_32.c, one_page_table_init: the entry does not lead to the new table');
  return pa;
});

/**
 * arch/x86/mm/init_32.c:149-173 (2.6.27), page_table_range_init(): page tables, all empty, for `[start, end)`.
 * Model: leaves out pmd_idx: a local.
 */
const page_table_range_init = path(function* page_table_range_init(k: BootKernel, start: number, end: number): Path {
  for (let la = start; la < end; la += k.PMD_SIZE) {
    const pmdp = yield* one_md_table_init(k, la);
    yield* one_page_table_init(k, pmdp);
  }
});

/**
 * arch/x86/mm/init_32.c:187-259 (2.6.27), kernel_physical_mapping_init(): maps `[start, end)` of physical memory, page frame numbers, with large pages or small ones.
 * Model: leaves out pmd_idx, is_kernel_text, pte_ofs, update_page_count: locals; which pages hold the kernel's text does not matter here.
 * Model: adds __flush_tlb_all: the flush after the second pass, in 2.6.28.
 */
const kernel_physical_mapping_init = path(function* kernel_physical_mapping_init(k: BootKernel, start: number, end: number, size: 'large' | 'small'): Path {
  end = Math.min(end, (2 ** 32 - PAGE_OFFSET) / PAGE); // the last entry of the directory
  if (end <= start) return;
  const passes = k.since('2.6.28-rc1') ? (['identity', 'final'] as const) : (['final'] as const);
  for (const pass of passes) {
    if (size === 'large') yield* mapLarge(k, start, end, pass === 'final' ? PAGE_KERNEL_LARGE : IDENT_LARGE);
    else yield* mapSmall(k, start, end, pass === 'final' ? PAGE_KERNEL : IDENT);
    if (pass === 'identity') yield* __flush_tlb_all();
  }
});

/** Ours: the part of kernel_physical_mapping_init() that maps by large pages. */
const mapLarge = path(function* mapLarge(k: BootKernel, start: number, end: number, flags: number): Path {
  const pmdp = yield* one_md_table_init(k, __va(k, start * PAGE));
  yield* set_pmds(k, pmdp, start * PAGE + flags, k.PMD_SIZE, (end - start) / k.PTRS_PER_PTE);
});

/** Ours: the part of kernel_physical_mapping_init() that maps by small pages. */
const mapSmall = path(function* mapSmall(k: BootKernel, start: number, end: number, flags: number): Path {
  for (let pfn = start; pfn < end;) {
    const next = Math.min(end, (Math.floor(pfn / k.PTRS_PER_PTE) + 1) * k.PTRS_PER_PTE);
    const pmdp = yield* one_md_table_init(k, __va(k, pfn * PAGE));
    const table = yield* one_page_table_init(k, pmdp);
    yield* set_ptes(k, __va(k, table) + pteOffset(k, __va(k, pfn * PAGE)), pfn * PAGE + flags, PAGE, next - pfn);
    pfn = next;
  }
});

/**
 * include/asm-x86/processor.h:544-552 (2.6.27), set_in_cr4().
 * Model: leaves out mmu_cr4_features: the variable is CR4 itself, as it is after.
 */
const set_in_cr4 = path(function* set_in_cr4(mask: number): Path {
  const cr4 = yield* movFromCr4();
  yield* movToCr4(cr4 | mask);
});

const CR4_PSE = 0x10;
const CR4_PGE = 0x80;

/**
 * arch/x86/mm/init_32.c:765-847 (2.6.27), init_memory_mapping()(0, max_low_pfn << PAGE_SHIFT): lowmem, then page tables for the fixmap.
 * Model: leaves out set_nx, __supported_pte_mask, end_pfn, early_memtest: no NX, and no test of memory.
 */
export const init_memory_mapping = path(function* init_memory_mapping(k: BootKernel): Path {
  const max_low_pfn = yield* get(k, 'max_low_pfn');
  const after_init_bootmem = yield* get(k, 'after_init_bootmem');
  if (!after_init_bootmem) yield* find_early_table_space(k, max_low_pfn * PAGE);
  yield* set_in_cr4(CR4_PSE);
  yield* set_in_cr4(CR4_PGE);

  // The first large page is mapped by small ones, since MTRRs change within it.
  const large = k.PTRS_PER_PTE;
  const head = Math.min(large, max_low_pfn);
  const middle = Math.floor(max_low_pfn / large) * large;
  if (head > 0) yield* kernel_physical_mapping_init(k, 0, head, 'small');
  if (middle > large) yield* kernel_physical_mapping_init(k, large, middle, 'large');
  if (middle >= large && max_low_pfn > middle) yield* kernel_physical_mapping_init(k, middle, max_low_pfn, 'small');

  yield* early_ioremap_page_table_range_init(k);
  yield* movToCr3(k.symbols.swapper_pg_dir);
  yield* __flush_tlb_all();
  if (after_init_bootmem) return;
  const table_start = yield* get(k, 'table_start');
  const table_end = yield* get(k, 'table_end');
  yield* reserve_early(k, table_start * PAGE, table_end * PAGE, 'PGTABLE');
});

/** arch/x86/mm/init_32.c:442-455 (2.6.27), early_ioremap_page_table_range_init(): removes the window's own table and adds tables for the whole fixmap. */
const early_ioremap_page_table_range_init = path(function* early_ioremap_page_table_range_init(k: BootKernel): Path {
  yield* early_ioremap_clear(k);
  const top = yield* get(k, '__FIXADDR_TOP');
  const lowest = fixToVirt(top, k.fixmap.total - 1);
  const start = lowest - (lowest % k.PMD_SIZE);
  const end = Math.ceil(top / k.PMD_SIZE) * k.PMD_SIZE;
  yield* page_table_range_init(k, start, end);
  yield* early_ioremap_reset(k);
});

/**
 * arch/x86/mm/init_32.c:647-673 (2.6.27), initmem_init(): where lowmem ends, as an address; the boot allocator works from here on.
 * Model: leaves out highstart_pfn, memory_present, e820_register_active_regions, pages_to_mb, num_physpages, max_mapnr, setup_bootmem_allocator: counts of pages, and bootmem, which is the
 * allocator of early memory here.
 */
export const initmem_init = path(function* initmem_init(k: BootKernel): Path {
  const max_low_pfn = yield* get(k, 'max_low_pfn');
  yield* set(k, 'high_memory', PAGE_OFFSET + max_low_pfn * PAGE);
  yield* set(k, 'after_init_bootmem', true);
});

/** arch/x86/mm/init_32.c:387-417 (2.6.27), native_pagetable_setup_start(): clears what the boot tables map beyond lowmem, up to the first gap; then announces the top directory, which is late. */
export const paravirt_pagetable_setup_start = path(function* paravirt_pagetable_setup_start(k: BootKernel): Path {
  const first = (yield* get(k, 'max_low_pfn')) + 1;
  for (let pfn = first; pfn < 2 ** 20; pfn++) {
    const isMapped = yield* clearBeyondLowmem(k, pfn);
    if (!isMapped) break;
  }
  yield* paravirt_alloc_pmd(k, k.symbols.swapper_pg_dir);
});

/** arch/x86/mm/init_32.c:387-417 (2.6.27), native_pagetable_setup_start(), the body of its loop: whether there was an entry to clear. */
const clearBeyondLowmem = path(function* clearBeyondLowmem(k: BootKernel, pfn: number): Path<boolean> {
  const va = (PAGE_OFFSET + pfn * PAGE) % 2 ** 32;
  const pmdp = yield* pmd_offset(k, k.symbols.swapper_pg_dir, va);
  if (pmdp === 0) return false;
  const pmd = yield* load(pmdp);
  if ((pmd & _PAGE_PRESENT) === 0) return false;
  const ptep = __va(k, addressIn(pmd)) + pteOffset(k, va);
  const pte = yield* load(ptep);
  if ((pte & _PAGE_PRESENT) === 0) return false;
  yield* set_ptes(k, ptep, 0, 0, 1); // pte_clear()
  return true;
});

/**
 * arch/x86/mm/init_32.c:857-870 (2.6.27), paging_init(): page tables for kmap, and the first big use of lowmem.
 * Model: leaves out pagetable_init, kmap_init, sparse_init: kmap_init() only remembers an address, and memory is not sparse.
 * Model: adds permanent_kmaps_init: pagetable_init() calls it.
 */
export const paging_init = path(function* paging_init(k: BootKernel): Path {
  if (k.config.HIGHMEM) yield* permanent_kmaps_init(k);
  yield* __flush_tlb_all();
  yield* zone_sizes_init(k);
});

/**
 * arch/x86/mm/init_32.c:303-319 (2.6.27), permanent_kmaps_init().
 * Model: leaves out pkmap_page_table: the variable is only read by kmap().
 */
const permanent_kmaps_init = path(function* permanent_kmaps_init(k: BootKernel): Path {
  const { PKMAP_BASE, LAST_PKMAP } = topLayout(k.layout, yield* get(k, 'kernel_top'));
  yield* page_table_range_init(k, PKMAP_BASE, PKMAP_BASE + PAGE * LAST_PKMAP);
});

const MAX_DMA_ADDRESS = 16 << 20;
const PAGE_STRUCT_SIZE = 32;

/**
 * arch/x86/mm/init_32.c:676-688 (2.6.27), zone_sizes_init(): mem_map, cleared. Model: its first and its last word stand for all.
 * Model: leaves out memset, free_area_init_nodes: zones are not modelled.
 * Model: adds panic, reserve_early, store: the memory that free_area_init_nodes() takes.
 */
const zone_sizes_init = path(function* zone_sizes_init(k: BootKernel): Path {
  const max_pfn = yield* get(k, 'max_pfn');
  const max_low_pfn = yield* get(k, 'max_low_pfn');
  const size = max_pfn * PAGE_STRUCT_SIZE;
  const mem_map = yield* find_e820_area(k, MAX_DMA_ADDRESS, max_low_pfn * PAGE, size);
  if (mem_map === -1) yield* panic(k, 'Out of memory for mem_map');
  yield* reserve_early(k, mem_map, mem_map + size, 'mem_map');
  yield* store(__va(k, mem_map), 0);
  yield* store(__va(k, mem_map + size - 4), 0);
});

/**
 * arch/x86/kernel/apic_32.c:1186-1210 (2.6.27), init_apic_mappings(): the first lasting user of the fixmap (apic.c from 2.6.28 on).
 * Model: leaves out detect_init_APIC, apic_phys, alloc_bootmem_pages, set_fixmap_nocache, boot_cpu_physical_apicid, GET_APIC_ID, read_apic_id: the APIC is found, and its address is a
 * constant.
 * Model: adds __set_fixmap: set_fixmap_nocache().
 */
export const init_apic_mappings = path(function* init_apic_mappings(k: BootKernel): Path {
  const index = indexOf(k.fixmap, 'FIX_APIC_BASE');
  yield* __set_fixmap(k, index, 0xfee00000, PAGE_KERNEL);
  yield* load(fixToVirt(yield* get(k, '__FIXADDR_TOP'), index) + 0x20);
});

/**
 * arch/x86/mm/init_32.c:901-988 (2.6.27), mem_init(): the last checks of the layout.
 * Model: leaves out totalram_pages, free_all_bootmem, reservedpages, page_is_ram, set_highmem_pages_init, datasize, initsize, kclist_add, nr_free_pages, wp_works_ok, test_wp_bit, cpa_init,
 * save_pg_dir, zap_low_mappings: counts of pages, the test of WP and the identity mapping, on which nothing here depends.
 */
export const mem_init = path(function* mem_init(k: BootKernel): Path {
  const { FIXADDR_START, PKMAP_BASE, LAST_PKMAP, VMALLOC_END } = topLayout(k.layout, yield* get(k, 'kernel_top'));
  const high_memory = yield* get(k, 'high_memory');
  const VMALLOC_START = vmallocStart(k.layout, high_memory);
  if (k.config.HIGHMEM) {
    yield* BUG_ON(k, PKMAP_BASE + LAST_PKMAP * PAGE > FIXADDR_START, 'mm/init_32.c, mem_init: PKMAP runs into the fixmap');
    yield* BUG_ON(k, VMALLOC_END > PKMAP_BASE, 'mm/init_32.c, mem_init: VMALLOC_END > PKMAP_BASE');
  }
  yield* BUG_ON(k, VMALLOC_START > VMALLOC_END, 'mm/init_32.c, mem_init: VMALLOC_START > VMALLOC_END');
  yield* BUG_ON(k, high_memory > VMALLOC_START, 'mm/init_32.c, mem_init: high_memory > VMALLOC_START');
  yield* printk(k, 'virtual kernel memory layout is sound');
});
