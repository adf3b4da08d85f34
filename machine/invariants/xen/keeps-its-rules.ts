import { xenBaseIsRoot } from './base-is-root';
import { xenCountsBalanced } from './counts-balanced';
import { xenGrantsInUse } from './grants-in-use';
import { xenGuestsIsolated, xenOwnSlotsIntact } from './guests-isolated';
import { xenReverseMapOwned } from './p2m';
import { xenHeedsInterrupts, xenLives, xenOwnMemoryKept } from './lives';
import { xenPinsHold } from './pins-hold';
import { xenDeadLeaveNothing } from './dead-leave-nothing';
import { xenDescriptorsHarmless, xenLinearChainsShort } from './tables-harmless';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** What must be true of the hypervisor after every step, whatever its guests do. */
export function xenKeepsItsRules(xen: Xen): readonly Invariant[] {
  return [xenLives(xen), xenHeedsInterrupts(xen), xenOwnMemoryKept(xen), xenGuestsIsolated(xen), xenOwnSlotsIntact(xen), xenCountsBalanced(xen), xenPinsHold(xen), xenBaseIsRoot(xen), xenDescriptorsHarmless(xen), xenLinearChainsShort(xen), xenReverseMapOwned(xen), xenGrantsInUse(xen), xenDeadLeaveNothing(xen)];
}
