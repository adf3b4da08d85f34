import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/** A kernel boots: no early fault, no BUG, no panic before mem_init is done. */
export const bootGoesThrough = (k: BootKernel): Invariant => ({
  name: 'bootGoesThrough',
  check: () => (k.boot.stopped === null ? null : `the boot of ${k.release} stops with "${k.boot.stopped.message}"; it should reach the end of mem_init`),
});
