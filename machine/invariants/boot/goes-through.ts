import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

/**
 * A kernel boots: no early fault, no BUG, no panic before mem_init is done.
 *
 * @param where the functions in which a boot has stopped, outermost first
 */
export const bootGoesThrough = (k: BootKernel, where: () => readonly string[]): Invariant => ({
  name: 'bootGoesThrough',
  check: () => {
    if (k.boot.stopped === null) return null;
    const callers = where().slice(1).map((name) => `${name}()`).join(' > ');
    return `the boot of ${k.release} stops with "${k.boot.stopped.message}" in ${callers}; it should reach the end of mem_init`;
  },
});
