import type { Invariant } from '../../explorer/system';
import type { BootKernel } from '../../kernel/boot/boot-kernel';
import { missingFunctions } from '../../kernel/boot/build';

/** The sources link with CONFIG_VMI and without it. */
export const bootLinksEitherWay = (k: BootKernel): Invariant => ({
  name: 'bootLinksEitherWay',
  check: () => {
    for (const VMI of [true, false]) {
      const [missing] = missingFunctions(k, VMI);
      if (missing) return `with CONFIG_VMI ${VMI ? 'on' : 'off'} nothing provides ${missing.callee}(), which ${missing.caller} calls; the kernel should link`;
    }
    return null;
  },
});
