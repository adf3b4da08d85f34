import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import type { BootHypervisor } from '../../hypervisors/vmi/boot-tables';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** Once the hypervisor is active, the kernel neither uses an address of its part of the address space nor maps one there. */
export const bootLeavesTheHole = (k: BootKernel, cpu: Cpu, hypervisor: BootHypervisor | null): Invariant => ({
  name: 'bootLeavesTheHole',
  check: () => {
    if (hypervisor === null || !k.boot.vmi_active) return null;
    const { virtualTop, ownAsked } = hypervisor;
    const begin = `the hypervisor's addresses begin at 0x${virtualTop.toString(16)}`;
    if (cpu.lastAccess !== null && cpu.lastAccess.la >= virtualTop) return `the kernel has a ${cpu.lastAccess.kind} at 0x${cpu.lastAccess.la.toString(16)}; ${begin}`;
    return ownAsked === 0 ? null : `the kernel has written ${ownAsked} entries of the page directory for addresses that are not its own; ${begin}`;
  },
});
