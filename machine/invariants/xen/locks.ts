import type { Invariant } from '../../explorer/system';
import type { XenKernel } from '../../kernel/xen/guest';

/** No pte page's own lock is ever taken: holds where locks are not split. */
export function noPtlTaken(kernel: XenKernel): Invariant {
  return {
    name: 'noPtlTaken',
    check() {
      const page = kernel.mem_map.find(({ ptl }) => ptl !== null);
      return page ? `${page.ptl!.name} holds the pte lock of ${page.name}` : null;
    },
  };
}

/** Two processors never hold the locks of two pte pages at once: holds only where locks are not split. */
export function onePteLockAtATime(kernel: XenKernel): Invariant {
  return {
    name: 'onePteLockAtATime',
    check() {
      const holders = new Set(kernel.mem_map.flatMap(({ ptl }) => (ptl === null ? [] : [ptl])));
      return holders.size > 1 ? `${[...holders].map((cpu) => kernel.current(cpu).name).join(' and ')} hold the locks of different pte pages at the same time` : null;
    },
  };
}
