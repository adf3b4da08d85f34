// One program on the machine and by the axioms.

import type { CpuOptions } from '../../../machine/hardware/cpu';
import { allowedOutcomes, type Program } from './axioms';
import { reachedOutcomes } from './machine';

/**
 * What differs, in words; null where machine and axioms agree.
 *
 * @param run what the machine runs, if it is to be another program
 */
export function compare(program: Program, options?: CpuOptions, run: Program = program): string | null {
  const allowed = allowedOutcomes(program);
  const reached = reachedOutcomes(run, options);
  const beyond = reached.filter((outcome) => !allowed.includes(outcome));
  const missing = allowed.filter((outcome) => !reached.includes(outcome));
  if (beyond.length > 0) return `the machine reaches ${beyond.join(', ')}, which the axioms forbid`;
  return missing.length > 0 ? `the machine never reaches ${missing.join(', ')}, which the axioms allow` : null;
}
