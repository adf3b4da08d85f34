// A search that is no situation's: of a bench, a few processors, a hypercall that is interrupted.

import { explore, type Verdict } from '../../machine/explorer/explore';
import type { EngineName } from '../../machine/explorer/engine';
import type { Program } from '../../machine/explorer/program';
import type { Bounds } from '../../machine/explorer/stateful/search';

/** So many random runs challenge a verdict in the suite, a tenth of what challenges it elsewhere (`challenge` in cucumber.js). */
export const FEW_RUNS = 20;

/**
 * Explores every interleaving of `program` within `bounds`.
 *
 * @param engine where it is known which one is best; without it that is found out
 */
export function explored(program: Program, bounds: Bounds = {}, engine?: EngineName): Verdict {
  return explore(program, bounds, undefined, { challenge: FEW_RUNS, ...(engine ? { engine } : {}) });
}
