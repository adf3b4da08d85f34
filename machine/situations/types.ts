import type { System } from '../explorer/system';
import type { Bounds } from '../explorer/stateful/search';
import type { HunkId } from '../patches/types';

// A situation is the finite instance in which a claim is decided: which tasks
// run, on how many CPUs, which interrupts may come, what must hold.

/** A number or a word by which a situation can be varied. */
export interface Parameter {
  readonly about: string;
  readonly legal: readonly (string | number | boolean)[];
  readonly initially: string | number | boolean;
}

/** One choice of everything that can be chosen. */
export interface Choice {
  readonly hunks: ReadonlySet<HunkId>;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** The requirements to check; names of invariants of this situation. */
  readonly invariants: readonly string[];
}

export interface Situation {
  /** `flush-tlb/classic` */
  readonly id: string;
  readonly patch: string;
  /** One sentence: which task or CPU does what. */
  readonly title: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The requirements that can be checked here; those in `requirements` must hold once the patch is applied. */
  readonly invariants: readonly string[];
  /** What must hold on the patched kernel. By default, all of `invariants`. */
  readonly requirements?: readonly string[];
  /** Choices of parameters for which the requirements are judged hunk by hunk. By default, the initial ones. */
  readonly reviewed?: readonly Readonly<Record<string, string | number | boolean>>[];
  /** Whether `all` stands for the hunks of its own patch alone: a chapter that uses the building blocks of others applies none of their hunks, unless they are named. */
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
