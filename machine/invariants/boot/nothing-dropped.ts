import type { Invariant } from '../../explorer/system';
import type { BootHypervisor } from '../../hypervisors/vmi/boot-tables';

/** No update of a page table is dropped by the hypervisor. */
export const bootNothingDropped = (hypervisor: BootHypervisor | null): Invariant => ({
  name: 'bootNothingDropped',
  check: () => {
    if (hypervisor === null || hypervisor.dropped === 0) return null;
    return `the hypervisor dropped ${hypervisor.dropped} updates, the first of page frame 0x${hypervisor.firstDropped.toString(16)}; every page table should be known to it`;
  },
});
