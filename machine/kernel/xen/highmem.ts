import type { Cpu } from '../../hardware/cpu';
import { silently, path, type Path } from '../../path';
import { spin_lock, spin_unlock } from '../linux-2.6/sched/spinlock';
import { PAGE_KERNEL, type Page, type XenKernel } from './guest';
import { xen_pte_clear, xen_set_pte, xen_set_pte_at, type Ptep } from './pgtable';
import { flush_tlb_all } from './tlb';

// mm/highmem.c: a high page keeps its kernel mapping after the last kunmap(),
// until the slots are needed or flushed. Such a mapping is writable, so Xen
// does not accept the page as a page table.
//
// Model: the kmap of a high page is where the direct mapping would have it.

const strays = silently('pkmap_count[] == 1', (_cpu: Cpu, k: XenKernel) => k.kmaps.value);

const forget = silently('pkmap_count[] = 0', (_cpu: Cpu, k: XenKernel) => { k.kmaps.value = []; });

const kernelTable = silently('pkmap_page_table', (_cpu: Cpu, k: XenKernel, page: Page) => k.ptePage(k.swapper, k.address(page))!);

/** pte_clear(): without PAE it is set_pte_at(). */
const pte_clear = (k: XenKernel, ptep: Ptep) => (k.config.X86_PAE ? xen_pte_clear(k, ptep) : xen_set_pte_at(k, k.init_mm, ptep, 0));

/**
 * mm/highmem.c:109-114 (2.6.24), kmap_flush_unused(); mm/highmem.c:69-105 (2.6.24), flush_all_zero_pkmaps(): clears the entries that no task uses any more, and
 * makes every CPU flush. When it is called for a page table, the caller holds a page_table_lock, with interrupts on.
 * Model: leaves out flush_all_zero_pkmaps, flush_cache_kmaps, BUG_ON, set_page_address, PKMAP_ADDR: it is the body of that function; caches of virtual addresses.
 */
export const kmap_flush_unused = path(function* kmap_flush_unused(k: XenKernel): Path {
  yield* spin_lock(k, k.kmap_lock);
  const unused = yield* strays(k);
  yield* forget(k);
  for (const page of unused) yield* pte_clear(k, { table: yield* kernelTable(k, page), address: k.address(page) });
  yield* flush_tlb_all(k); // flush_tlb_kernel_range()
  yield* spin_unlock(k, k.kmap_lock);
});

/** arch/x86/mm/highmem_32.c:29-47 (2.6.24), kmap_atomic_prot(), writable, of a pte page that has become ordinary memory. Model: leaves out pagefault_disable, idx, BUG_ON, arch_flush_lazy_mmu_mode, PageHighMem: the mapping is where kmap() would have it, and not lazy. */
export const kmap_atomic_pte = path(function* kmap_atomic_pte(k: XenKernel, page: Page): Path {
  yield* xen_set_pte(k, { table: yield* kernelTable(k, page), address: k.address(page) }, k.pte(page, PAGE_KERNEL));
});
