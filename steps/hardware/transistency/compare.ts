// Compares programs on the machine with the axioms.

import type { CpuOptions } from '../../../machine/hardware/cpu';
import { allowedOutcomes, Axioms } from './axioms';
import { Endings } from './endings';
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
}

export interface Comparison {
  /** How many outcomes the axioms allow. */
  readonly outcomes: number;
  /** What differs, in words; null if machine and axioms agree. */
  readonly difference: string | null;
}

/** Compares one program, which the explorer runs. The comparison replaces the random runs that challenge searches elsewhere. */
export function compare(program: Program, { family = FAMILIES.stores, latitude = STRICT, options = optionsFor(family, latitude), run = program }: With = {}): Comparison {
  return compared(allowedOutcomes(program, family, latitude), reachedOutcomes(run, family, options, 0));
}

/** Compares many programs of as many processors; the machine's outcomes are found by following up each state once. */
export class Comparer {
  readonly axioms: Axioms;
  private readonly endings: Endings;

  constructor(cpus: number, { family = FAMILIES.stores, latitude = STRICT, options = optionsFor(family, latitude) }: Omit<With, 'run'>) {
    this.axioms = new Axioms(family, latitude);
    this.endings = new Endings(cpus, family, options);
  }

  compare(program: Program, run = program): Comparison {
    return compared(this.axioms.allowed(program), this.endings.of(run));
  }
}

function compared(allowed: readonly string[], reached: readonly string[]): Comparison {
  const beyond = reached.filter((outcome) => !allowed.includes(outcome));
  const missing = allowed.filter((outcome) => !reached.includes(outcome));
  if (beyond.length > 0) return { outcomes: allowed.length, difference: `the machine reaches ${beyond.join(', ')}, which the axioms forbid` };
  return { outcomes: allowed.length, difference: missing.length > 0 ? `the machine never reaches ${missing.join(', ')}, which the axioms allow` : null };
}
