import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

const LOW_64K = 0x10000;

/**
 * If the BIOS corrupts the first 64 KiB, no page table lies there, whether or
 * not the kernel has noticed: this is why the DMI scan was moved forward.
 *
 * @param biosSpoilsLowMemory whether the machine has such a BIOS
 */
export const bootLowMemoryAvoided = (k: BootKernel, biosSpoilsLowMemory: boolean): Invariant => ({
  name: 'bootLowMemoryAvoided',
  check: () => {
    if (!k.boot.booted || !biosSpoilsLowMemory || k.config.X86_64) return null;
    const tables = k.boot.early_res.find(({ name, end }) => name === 'PGTABLE' && end > 0);
    if (!tables || tables.start >= LOW_64K) return null;
    return `the kernel's page tables are at 0x${tables.start.toString(16)}, in the 64 KiB that this BIOS overwrites`;
  },
});
