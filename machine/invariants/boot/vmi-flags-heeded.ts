import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** The flags of vmi= are known when the hypervisor is activated. */
export const bootVmiFlagsHeeded = (k: BootKernel): Invariant => ({
  name: 'bootVmiFlagsHeeded',
  check: () => {
    if (!k.boot.booted || !k.boot.vmi_active) return null;
    const late = k.boot.vmi_flags.filter((flag) => !k.boot.vmi_flags_heeded.includes(flag));
    return late.length === 0 ? null : `vmi=${late.join(',')} was parsed after activation; it should be known before`;
  },
});
