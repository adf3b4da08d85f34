// What a neighbour turned out to be.

import type { Failure } from './try';

/** The answer about a neighbour. */
export type Answer =
  /** Some run breaks something that no run with the patch breaks. */
  | { readonly answer: 'rejected'; readonly trial: string; readonly invariant: string; readonly message: string; readonly schedule: string | null; readonly steps: number }
  /** Complete searches of both find the same, everywhere. */
  | { readonly answer: 'the same' }
  /** It holds, but its runs have other outcomes. */
  | { readonly answer: 'also right'; readonly differences: readonly Difference[] }
  /** It differs only in how runs end in which the patch itself fails. All runs that break nothing have the same outcomes. */
  | { readonly answer: 'no worse'; readonly differences: readonly Difference[] }
  | { readonly answer: 'does not build'; readonly message: string }
  /** No situation reaches the line: nothing is known. */
  | { readonly answer: 'not reached' }
  /** Some search did not finish. */
  | { readonly answer: 'undecided'; readonly trial: string };

export type AnswerName = Answer['answer'];

/** The different outcomes of its runs in one situation. */
export interface Difference {
  readonly trial: string;
  /** Outcomes and failures that only the neighbour has, and those that only the patch has. */
  readonly more: readonly string[];
  readonly fewer: readonly string[];
}

/** The result of a search, as far as it matters for a comparison. */
export interface Shown {
  readonly failures: readonly Failure[];
  readonly outcomes: readonly string[];
}

/** The smallest failure that makes a neighbour wrong: of a kind that the patch does not have there. */
export function newFailure(neighbour: Shown, patch: Shown): Failure | null {
  const known = new Set(patch.failures.map(({ invariant }) => invariant));
  return neighbour.failures.find(({ invariant }) => !known.has(invariant)) ?? null;
}

/** Where the two differ; null if they do not. */
export function differenceIn(trial: string, neighbour: Shown, patch: Shown): Difference | null {
  const [ofNeighbour, ofPatch] = [endsOf(neighbour), endsOf(patch)];
  const more = [...ofNeighbour].filter((end) => !ofPatch.has(end));
  const fewer = [...ofPatch].filter((end) => !ofNeighbour.has(end));
  return more.length + fewer.length === 0 ? null : { trial, more, fewer };
}

/** Every way in which a run ends. Which actor broke a requirement, where a loop is seen to begin, or which process waits where, is not part of the outcome. */
function endsOf({ failures, outcomes }: Shown): Set<string> {
  const isEnd = (invariant: string): boolean => invariant === 'deadlock' || invariant === 'livelock';
  return new Set([...outcomes, ...failures.map(({ invariant }) => (isEnd(invariant) ? `ends in a ${invariant}` : `breaks ${invariant}`))]);
}
