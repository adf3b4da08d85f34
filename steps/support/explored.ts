// A search of something other than a situation: a bench, a few processors, a hypercall that is interrupted.

import { explore, type Verdict } from '../../machine/explorer/explore';
import type { EngineName } from '../../machine/explorer/engine';
import type { Program } from '../../machine/explorer/program';
import type { Bounds } from '../../machine/explorer/stateful/search';

/** How many random runs challenge a verdict in the suite: a tenth of those elsewhere (`challenge` in cucumber.js). */
export const FEW_RUNS = 20;

/**
 * Explores every interleaving of `program` within `bounds`.
 *
 * @param engine if it is known which one is best; otherwise the explorer chooses
 */
export function explored(program: Program, bounds: Bounds = {}, engine?: EngineName): Verdict {
  return explore(program, bounds, undefined, { challenge: FEW_RUNS, ...(engine ? { engine } : {}) });
}
