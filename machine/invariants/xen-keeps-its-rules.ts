import { xenBaseIsRoot } from './xen-base-is-root';
import { xenCountsBalanced } from './xen-counts-balanced';
import { xenGuestsIsolated, xenOwnSlotsIntact } from './xen-guests-isolated';
import { xenReverseMapOwned } from './xen-p2m';
import { xenPinsHold } from './xen-pins-hold';
import { xenDescriptorsHarmless, xenLinearChainsShort } from './xen-tables-harmless';
import type { Invariant } from '../explorer/system';
import type { Xen } from '../hypervisors/xen/xen';

/** What holds of the hypervisor after every step, whatever its guests do. */
export function xenKeepsItsRules(xen: Xen): readonly Invariant[] {
  return [xenGuestsIsolated(xen), xenOwnSlotsIntact(xen), xenCountsBalanced(xen), xenPinsHold(xen), xenBaseIsRoot(xen), xenDescriptorsHarmless(xen), xenLinearChainsShort(xen), xenReverseMapOwned(xen)];
}
