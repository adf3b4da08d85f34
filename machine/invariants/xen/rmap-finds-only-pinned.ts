import type { Cpu } from '../../hardware/cpu';
import type { Invariant } from '../../explorer/system';
import type { Mm } from '../../kernel/task';
import type { Page, XenKernel } from '../../kernel/xen/guest';
import type { Xen } from '../../hypervisors/xen/xen';

/**
 * A path that comes through the reverse mapping holds the lock of an entry only
 * in an address space that Xen has pinned. This is not true: an address space
 * can be found before it is pinned, and while it is being unpinned.
 */
export function rmapFindsOnlyPinned(xen: Xen, kernel: XenKernel, spaces: readonly Mm[], builder: Cpu): Invariant {
  return {
    name: 'rmapFindsOnlyPinned',
    check() {
      for (const mm of spaces) {
        if (mm.freed || xen.pageOf(kernel.pfn_to_mfn(kernel.pgdPage(mm)))!.pinned) continue;
        const holder = holderIn(kernel, mm);
        if (holder !== null && holder.by !== builder) return `${kernel.current(holder.by).name} holds ${holder.what}, although Xen has not pinned the page directory of ${mm.name}`;
      }
      return null;
    },
  };
}

function holderIn(kernel: XenKernel, mm: Mm): { readonly by: Cpu; readonly what: string } | null {
  if (mm.page_table_lock !== null && !kernel.USE_SPLIT_PTLOCKS) return { by: mm.page_table_lock, what: `${mm.name}->page_table_lock` };
  const locked: Page | undefined = kernel.userPtePages(kernel.pgdPage(mm)).map(({ page }) => page).find((page) => page.ptl !== null);
  return locked ? { by: locked.ptl!, what: `the pte lock of ${locked.name}` } : null;
}
