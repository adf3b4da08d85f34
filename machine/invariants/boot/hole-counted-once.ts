import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';
import { DEFAULT_VMALLOC_RESERVE } from '../../kernel/boot/layout';
import { askedVmalloc, laidOut } from './vmalloc-as-asked';

const MIB = 2 ** 20;

/** The hypervisor's hole costs lowmem its size once, not twice: vmalloc is not larger than requested while there is RAM that lowmem does not cover. */
export const bootHoleCountedOnce = (k: BootKernel): Invariant => ({
  name: 'bootHoleCountedOnce',
  check: () => {
    if (!k.boot.booted || k.boot.max_low_pfn === k.boot.max_pfn) return null;
    const asked = askedVmalloc(k.boot.boot_command_line) ?? DEFAULT_VMALLOC_RESERVE;
    const { usableVmalloc } = laidOut(k);
    if (usableVmalloc <= asked) return null;
    return `vmalloc has ${(usableVmalloc / MIB).toFixed(2)} MiB where ${asked / MIB} were asked for; the rest is missing from lowmem`;
  },
});
