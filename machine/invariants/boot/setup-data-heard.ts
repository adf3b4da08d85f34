import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** What the boot loader passed by setup_data has reached the memory map. */
export const bootSetupDataHeard = (k: BootKernel): Invariant => ({
  name: 'bootSetupDataHeard',
  check: () => {
    const { booted, hdr_setup_data, e820 } = k.boot;
    if (!booted || hdr_setup_data === 0 || !k.since('2.6.27-rc1')) return null;
    if (e820.some(({ addr, type }) => addr === hdr_setup_data && type === 'kernel data')) return null;
    return `the setup_data node at 0x${hdr_setup_data.toString(16)} is still free memory; the kernel should have read and kept it`;
  },
});
