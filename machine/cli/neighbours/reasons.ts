// The catalogue of reasons: why a neighbour that holds with other outcomes is
// right, or why no situation can get to it. Each was written by somebody who has
// looked at the runs. One that is new and has no reason turns a scenario red.

export interface Reason {
  /** The neighbour's id, or what ids of several have in common. */
  readonly of: string | RegExp;
  readonly reason: string;
}

/** By subject: `vmi-boot`, `vmi-lazy@corrected`. */
export const REASONS: Readonly<Record<string, readonly Reason[]>> = {};
