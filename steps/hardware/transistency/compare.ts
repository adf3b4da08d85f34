// Compares one program on the machine with the axioms.

import type { CpuOptions } from '../../../machine/hardware/cpu';
import { allowedOutcomes } from './axioms';
import { optionsFor, reachedOutcomes } from './machine';
import { FAMILIES, STRICT, type Family, type Latitude, type Program } from './operations';

/** Settings of a comparison, if they are not the defaults. */
export interface With {
  readonly family?: Family;
  readonly latitude?: Latitude;
  /** The properties of the processors, if not those of the latitude. */
  readonly options?: CpuOptions;
  /** The program that the machine runs, if it is another one. */
  readonly run?: Program;
  /** Random runs that challenge each search. */
  readonly challenge?: number;
}

export interface Comparison {
  /** How many outcomes the axioms allow. */
  readonly outcomes: number;
  /** What differs, in words; null if machine and axioms agree. */
  readonly difference: string | null;
}

export function compare(program: Program, { family = FAMILIES.stores, latitude = STRICT, options = optionsFor(family, latitude), run = program, challenge }: With = {}): Comparison {
  const allowed = allowedOutcomes(program, family, latitude);
  const reached = reachedOutcomes(run, family, options, challenge);
  const beyond = reached.filter((outcome) => !allowed.includes(outcome));
  const missing = allowed.filter((outcome) => !reached.includes(outcome));
  if (beyond.length > 0) return { outcomes: allowed.length, difference: `the machine reaches ${beyond.join(', ')}, which the axioms forbid` };
  return { outcomes: allowed.length, difference: missing.length > 0 ? `the machine never reaches ${missing.join(', ')}, which the axioms allow` : null };
}
