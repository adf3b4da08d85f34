import type { Invariant } from '../../explorer/system';
import type { BootHypervisor } from '../../hypervisors/vmi/boot-tables';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** The direct map that vmi_bringup() announced covers all of lowmem. */
export const bootLinearMappingCoversLowmem = (k: BootKernel, hypervisor: BootHypervisor | null): Invariant => ({
  name: 'bootLinearMappingCoversLowmem',
  check: () => {
    if (!k.boot.booted || !k.boot.vmi_active || hypervisor === null) return null;
    if (hypervisor.linearPages >= k.boot.max_low_pfn) return null;
    return `the hypervisor was told of ${hypervisor.linearPages} pages of direct map, lowmem has ${k.boot.max_low_pfn}`;
  },
});
