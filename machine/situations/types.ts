import type { System } from '../explorer/system';
import type { Bounds } from '../explorer/stateful/search';
import type { HunkId } from '../patches/types';

// A situation is the finite instance in which a claim is decided: who runs, on
// how many CPUs, which interrupts may come, what must hold.

/** A number or a word that a situation can be varied by. */
export interface Parameter {
  readonly about: string;
  readonly legal: readonly (string | number | boolean)[];
  readonly initially: string | number | boolean;
}

/** One choice of everything that can be chosen. */
export interface Choice {
  readonly hunks: ReadonlySet<HunkId>;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Which requirements to check; names of invariants of this situation. */
  readonly invariants: readonly string[];
}

export interface Situation {
  /** `flush-tlb/classic` */
  readonly id: string;
  readonly patch: string;
  /** One sentence: who does what. */
  readonly title: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The requirements that can be checked here; the first ones, up to `requirements`, must hold once the patch is in. */
  readonly invariants: readonly string[];
  /** What must hold on the patched kernel. Without this, all of `invariants`. */
  readonly requirements?: readonly string[];
  /** Choices of parameters in which the requirements are judged hunk by hunk. Without this, the initial ones. */
  readonly reviewed?: readonly Readonly<Record<string, string | number | boolean>>[];
  /** Whether `all` stands for the hunks of its own patch alone: a chapter that uses the building blocks of others has none of theirs in, unless they are named. */
  readonly ownHunksOnly?: boolean;
  readonly bounds: Bounds;
  /** What this instance leaves out, for the reader. */
  readonly leavesOut: readonly string[];
  build(choice: Choice): System;
}

/** The parameters of a situation with their initial values, overridden by `given`. */
export function parametersOf(situation: Situation, given: Readonly<Record<string, string | number | boolean>> = {}): Record<string, string | number | boolean> {
  const initial = Object.fromEntries(Object.entries(situation.parameters).map(([name, parameter]) => [name, parameter.initially]));
  return { ...initial, ...given };
}
