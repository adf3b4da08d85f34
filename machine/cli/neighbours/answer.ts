// What a neighbour turned out to be.

import type { Failure } from './try';

/** A neighbour's fate. */
export type Answer =
  /** Some run breaks what none does with the patch. */
  | { readonly answer: 'rejected'; readonly trial: string; readonly invariant: string; readonly message: string; readonly schedule: string | null; readonly steps: number }
  /** Complete searches of both find the same, everywhere. */
  | { readonly answer: 'the same' }
  /** It holds, and its runs come to something else. */
  | { readonly answer: 'also right'; readonly differences: readonly Difference[] }
  /** It differs only where the patch itself fails, in how such runs end. All runs that break nothing have the same outcomes. */
  | { readonly answer: 'no worse'; readonly differences: readonly Difference[] }
  | { readonly answer: 'does not build'; readonly message: string }
  /** No situation gets to the line: nothing is known. */
  | { readonly answer: 'not reached' }
  /** Some search did not end. */
  | { readonly answer: 'undecided'; readonly trial: string };

export type AnswerName = Answer['answer'];

/** What else its runs come to in one situation. */
export interface Difference {
  readonly trial: string;
  /** Outcomes and failures that only the neighbour has, and only the patch. */
  readonly more: readonly string[];
  readonly fewer: readonly string[];
}

/** What a search has shown, as far as it counts for a comparison. */
export interface Shown {
  readonly failures: readonly Failure[];
  readonly outcomes: readonly string[];
}

/** The failure that makes a neighbour wrong: of a kind that the patch does not have there. The smallest one. */
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

/** Every way in which a run ends. Who broke a requirement on the way, where a loop is seen to begin, or who waits where, is not what it comes to. */
function endsOf({ failures, outcomes }: Shown): Set<string> {
  const isEnd = (invariant: string): boolean => invariant === 'deadlock' || invariant === 'livelock';
  return new Set([...outcomes, ...failures.map(({ invariant }) => (isEnd(invariant) ? `ends in a ${invariant}` : `breaks ${invariant}`))]);
}
