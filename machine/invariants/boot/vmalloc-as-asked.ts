import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';
import { memparse } from '../../kernel/boot/early-param';
import { addressSpaceAbove } from '../../kernel/boot/layout';

const MIB = 2 ** 20;
/** The guard gap, rounding and pkmap take up to this much of it even on a machine without a hypervisor. */
const NATIVE_LOSS = 17 * MIB;

/** Bytes that vmalloc= asks for; null if the command line does not say. */
export function askedVmalloc(commandLine: string): number | null {
  const word = commandLine.split(' ').find((one) => one.startsWith('vmalloc='));
  return word === undefined ? null : memparse(word.slice('vmalloc='.length));
}

/** The address space as this boot has laid it out. */
export function laidOut(k: BootKernel) {
  return addressSpaceAbove(k.layout, k.boot.kernel_top, k.boot.__VMALLOC_RESERVE, k.boot.high_memory);
}

/** vmalloc= gets what it asks for, except for what is lost natively too. */
export const bootVmallocAsAsked = (k: BootKernel): Invariant => ({
  name: 'bootVmallocAsAsked',
  check: () => {
    const asked = askedVmalloc(k.boot.boot_command_line);
    if (!k.boot.booted || asked === null || k.config.X86_64) return null;
    const { usableVmalloc } = laidOut(k);
    if (usableVmalloc >= asked - NATIVE_LOSS) return null;
    return `vmalloc has ${(usableVmalloc / MIB).toFixed(2)} MiB, but the command line asks for ${asked / MIB} MiB`;
  },
});
