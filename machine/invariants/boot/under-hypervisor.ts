import type { Invariant } from '../../explorer/system';
import type { BootHypervisor } from '../../hypervisors/vmi/boot-tables';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** If a ROM was accepted, the booted kernel runs under the hypervisor. */
export const bootUnderHypervisor = (k: BootKernel, hypervisor: BootHypervisor | null): Invariant => ({
  name: 'bootUnderHypervisor',
  check: () => {
    if (!k.boot.booted || hypervisor === null || !k.config.VMI || k.boot.vmi_active) return null;
    return `the kernel has booted natively, the ROM at virtual top 0x${hypervisor.virtualTop.toString(16)} was never activated; it should run under the hypervisor`;
  },
});
