import { typeInfo } from '../../hypervisors/xen/frames/frames';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';
import type { XenKernel } from '../../kernel/xen/guest';

/** Once boot is over, Xen holds swapper_pg_dir as a page table by a pin. */
export function bootTablePinned(xen: Xen, kernel: XenKernel): Invariant {
  return {
    name: 'bootTablePinned',
    check() {
      const isOver = kernel.tasks.every((task) => task.thread.ended);
      const page = xen.pageOf(kernel.pfn_to_mfn(kernel.swapper))!;
      if (!isOver || page.pinned) return null;
      return `boot is over, and Xen has not pinned swapper_pg_dir (${typeInfo(page)}): only the CPUs that have it loaded keep it a page table`;
    },
  };
}
