// One run is enough to show that something can fail. If the search of a kernel turns out to be long, the
// smallest such run is searched for in order of cost, which seldom takes more than a
// hundredth of all states. It is the run that the whole search would show.

import { violationsOf, type Verdict } from '../../machine/explorer/explore';
import { LayeredSearch } from '../../machine/explorer/layered/search';
import type { System, Violation } from '../../machine/explorer/system';
import type { Prepared } from '../../machine/situations/check';

/** After this many events, the search of a kernel counts as long. */
export const LONG = 50_000;

/** How many states to visit before the whole search continues. */
const STATES = 80_000;

/**
 * Searches for a violation in order of interrupts, then of changes of process.
 *
 * @returns what was seen until then, with the smallest run to each violation; it says nothing about what was not found.
 *   Null if nothing was found soon, or if no path has asked for a hunk of the situation's patch by then
 */
export function smallestBreach({ situation, choice }: Prepared, isWanted: (violation: Violation) => boolean, states = STATES): Verdict | null {
  const build = (): System => situation.build(choice);
  const system = build();
  const layers = new LayeredSearch(system, { states }, 'all switches');
  for (let standing = layers.seeLayer(); standing !== 'out of bounds'; standing = layers.seeLayer()) {
    const search = layers.result();
    if (!search.violations.some(isWanted)) {
      if (standing === 'ended') return null;
      continue;
    }
    const consulted = system.consulted?.() ?? [];
    if (!consulted.some((hunk) => hunk.startsWith(`${situation.patch}/`))) return null;
    const findings = violationsOf(build, search, system).map((finding) => ({ ...finding, need: null }))
      .sort((one, other) => one.witness.interrupts - other.witness.interrupts || one.witness.steps - other.witness.steps);
    return {
      holds: false, complete: false, bounds: {}, engine: 'layered', executions: null, blocked: 0,
      states: search.states, transitions: search.graph.size, events: search.events, depth: search.depth,
      findings, outcomes: [], collisionBound: search.collisionBound, consulted, search, layers: [], isCut: false, challenged: 0, unended: 0, knows: null,
    };
  }
  return null;
}
