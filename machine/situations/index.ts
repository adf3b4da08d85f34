import { flushTlbSituations } from './flush-tlb';
import type { Situation } from './types';

// Every situation that can be named on the command line and in the page.

export const SITUATIONS: readonly Situation[] = [...flushTlbSituations];

/** The situations of one patch; the first is the one that its name alone stands for. */
export function situationsOf(patch: string): readonly Situation[] {
  return SITUATIONS.filter((situation) => situation.patch === patch);
}
