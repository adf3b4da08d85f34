// Checks what programs declare about themselves, and reports how much of a program was checked.

import { auditSymmetry } from '../../machine/explorer/reduced/symmetry-audit';
import { ReducedSearch } from '../../machine/explorer/reduced/search';
import { StatefulSearch } from '../../machine/explorer/stateful/search';
import type { Program } from '../../machine/explorer/program';
import type { Objection } from '../../machine/explorer/verdict/audit';

/** The result of an audit, and how many states it covered. */
export interface Audited {
  readonly objection: Objection;
  readonly states: number;
  /** Whether these are all states; if not, the bound stopped the audit there. */
  readonly isComplete: boolean;
}

/** Audits what a program declares interchangeable: in all of its states, and in all pairs of them, if there are at most `limit`; otherwise in that many states. */
export function auditInterchangeable(program: Program, limit: number): Audited {
  const search = new ReducedSearch(program(), { fusing: false, sleeping: false, symmetry: false });
  let isComplete = false;
  while (!isComplete && search.counts.states <= limit) isComplete = search.advance(1_000);
  const { states } = search.counts;
  if (states > limit) return { objection: auditSymmetry(program, limit), states: limit, isComplete: false };
  return { objection: auditSymmetry(program, Infinity), states, isComplete };
}

/** What can happen once all work is done. */
export type AtRest = 'something comes' | 'nothing comes' | 'no run comes to rest';

/** What can happen once all work of a program is done, whatever the program declares. */
export function atRest(program: Program): AtRest {
  const search = new StatefulSearch({ ...program(), runsOut: true });
  try {
    while (search.advance(10_000) === 'under way') continue;
  } catch (error) {
    if (error instanceof Error && error.message.includes('says that it runs out')) return 'something comes';
    throw error;
  }
  return search.result().outcomes.size > 0 ? 'nothing comes' : 'no run comes to rest';
}
