import type { Invariant } from '../../explorer/system';
import type { BootHypervisor } from '../../hypervisors/vmi/boot-tables';
import type { BootKernel } from '../../kernel/boot/boot-kernel';
import { laidOut } from './vmalloc-as-asked';

/** No part of the kernel's address space lies in the hypervisor's. */
export const bootBelowTheHole = (k: BootKernel, hypervisor: BootHypervisor | null): Invariant => ({
  name: 'bootBelowTheHole',
  check: () => {
    if (!k.boot.booted || hypervisor === null || !k.boot.vmi_active) return null;
    const { FIXADDR_TOP, high_memory, VMALLOC_START } = laidOut(k);
    const highest = Math.max(FIXADDR_TOP, high_memory, VMALLOC_START);
    if (highest <= hypervisor.virtualTop) return null;
    return `the kernel uses addresses up to 0x${highest.toString(16)}, the hypervisor's begin at 0x${hypervisor.virtualTop.toString(16)}`;
  },
});
