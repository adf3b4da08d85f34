// What must be true when a boot has ended, and which of these requirements are not met.

import { bootInvariants, bootSetupArch } from '../../machine/situations/boot/setup-arch';
import type { BootMachine } from '../../machine/situations/boot/machine';

/** The requirements that do not hold now, each with its message. */
export function brokenRequirements(machine: BootMachine): { readonly name: string; readonly message: string }[] {
  const invariants = bootInvariants(machine);
  return bootSetupArch.invariants.flatMap((name) => {
    const message = invariants[name]!.check();
    return message === null ? [] : [{ name, message }];
  });
}
