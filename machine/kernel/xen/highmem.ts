import type { Cpu } from '../../hardware/cpu';
import { silently, path, type Path } from '../../path';
import type { Page, XenKernel } from './guest';
import { ptep_get_and_clear } from './pgtable';

// mm/highmem.c: a high page keeps its kernel mapping after the last kunmap(),
// until the mappings are needed or flushed. Such a mapping is writable, and so
// keeps Xen from accepting the page as a page table.
//
// Model: the kmap of a high page is where the direct mapping would show it.

const strays = silently('pkmap_count[] == 1', (_cpu: Cpu, k: XenKernel) => k.kmaps.value);

const forget = silently('pkmap_count[] = 0', (_cpu: Cpu, k: XenKernel) => { k.kmaps.value = []; });

const kernelTable = silently('pkmap_page_table', (_cpu: Cpu, k: XenKernel, page: Page) => k.ptePage(k.swapper, k.address(page))!);

/** mm/highmem.c:109-114 (2.6.24), kmap_flush_unused(): clears the entries that nobody counts any more. */
export const kmap_flush_unused = path(function* kmap_flush_unused(k: XenKernel): Path {
  for (const page of yield* strays(k)) yield* ptep_get_and_clear(k, { table: yield* kernelTable(k, page), address: k.address(page) });
  yield* forget(k);
});
