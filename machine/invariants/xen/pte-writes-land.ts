import type { Invariant } from '../../explorer/system';
import type { Kernel } from '../../kernel/kernel';
import type { XenKernel } from '../../kernel/xen/guest';

// What happens to a write to a page-table entry. The oops text names the page
// and Xen's reason for not emulating the write, which distinguishes the two
// ways to fail.

/** What ptwr_do_page_fault() reports if the entry would have allowed the write. */
const STALE = 'stale translation';

function oopses(kernel: Kernel, applies: (oops: string) => boolean): string | null {
  for (const task of kernel.tasks) if (task.oops !== null && applies(task.oops)) return `${task.name} on ${task.onCpu?.name ?? 'no CPU'}: ${task.oops}`;
  return null;
}

/** Every write to an entry is carried out, by the processor or by Xen: no write hits a page that is read-only and not (or no longer) a page table. */
export function pteWritesLand(kernel: Kernel): Invariant {
  return { name: 'pteWritesLand', check: () => oopses(kernel, (oops) => oops.includes('paging request') && !oops.includes(STALE)) };
}

/** No write faults just because a TLB still has an earlier read-only mapping of the page. */
export function noStaleFault(kernel: Kernel): Invariant {
  return { name: 'noStaleFault', check: () => oopses(kernel, (oops) => oops.includes(STALE)) };
}

/** No BUG() is reached: Xen refuses nothing that the kernel asks for. */
export function xenRefusesNothing(kernel: Kernel): Invariant {
  return { name: 'xenRefusesNothing', check: () => oopses(kernel, (oops) => oops.includes('kernel BUG')) };
}

/** A table that was freed is not written any more, and nothing else is taken for a table. */
export function freedTablesUnwritten(kernel: XenKernel): Invariant {
  return {
    name: 'freedTablesUnwritten',
    check() {
      for (const page of kernel.freePages.value) {
        const freedWith = kernel.freedWith.get(page.pfn);
        if (freedWith >= 0 && kernel.presentEntries(page) !== freedWith) return `${page.name} has been freed, and then an entry was written to it`;
      }
      return oopses(kernel, (oops) => oops.includes('takes page 0 for a table'));
    },
  };
}
