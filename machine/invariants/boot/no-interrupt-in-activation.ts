import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import type { BootHypervisor } from '../../hypervisors/vmi/boot-tables';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** No handler runs while some operations are already the hypervisor's and others still the native ones. */
export const bootNoInterruptInActivation = (k: BootKernel, cpu: Cpu, hypervisor: BootHypervisor | null): Invariant => ({
  name: 'bootNoInterruptInActivation',
  check: () => {
    if (hypervisor === null || !hypervisor.active || k.boot.vmi_active || !(cpu.context?.inHandler ?? false)) return null;
    return 'an interrupt is handled between VMI_Init and the last operation that activation fills in; interrupts should be off there';
  },
});
