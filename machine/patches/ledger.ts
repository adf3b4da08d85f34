import { unknown } from './selection';
import type { Claim, ClaimId } from './types';

// The verdict on each claim, computed from the scenarios. No verdict is written
// down: a scenario says by its tags which claim it is about and on which side,
// and it counts only if it passes.
//
//   @claim:002.1     passing supports the claim
//   @counter:002.1   passing contradicts it
//   @open:002.14     passing shows that what is known allows both answers

/** The five verdicts, and the two that say that there is none. */
export const VERDICTS = ['confirmed', 'refuted', 'conditional', 'recorded', 'open', 'undecided', 'not yet decided'] as const;

export type VerdictWord = (typeof VERDICTS)[number];

/** What the ledger looks at in a scenario that was run. */
export interface Outcome {
  /** How the reader finds it. */
  readonly scenario: string;
  readonly tags: readonly string[];
  readonly passed: boolean;
}

/** One line of the ledger. Scenarios are named as their `Outcome` names them, in the order of the run. */
export interface Entry {
  readonly claim: Claim;
  readonly verdict: VerdictWord;
  /** Why it is this verdict, in one sentence without a full stop. */
  readonly because: string;
  readonly supported: readonly string[];
  readonly contradicted: readonly string[];
  readonly leftOpen: readonly string[];
  /** Scenarios about the claim that did not pass. */
  readonly failed: readonly string[];
}

/** What a tag says about a claim. */
export type Side = 'claim' | 'counter' | 'open';

/** The claim that a tag is about; null for a tag that is about none. */
export function sideOf(tag: string): { readonly side: Side; readonly claim: ClaimId } | null {
  const match = /^@(claim|counter|open):(.*)$/.exec(tag);
  return match && { side: match[1] as Side, claim: match[2]! };
}

/**
 * The ledger of `claims`, one entry for each, in their order.
 *
 * @throws SelectionError for a tag that names no claim
 */
export function ledgerOf(claims: readonly Claim[], outcomes: readonly Outcome[]): Entry[] {
  const ids = new Set(claims.map(({ id }) => id));
  const voices = outcomes.flatMap(({ scenario, tags, passed }) => tags.flatMap((tag) => {
    const said = sideOf(tag);
    if (!said) return [];
    if (!ids.has(said.claim)) throw unknown(`claim "${said.claim}" (${tag} of "${scenario}")`, said.claim, [...ids]);
    return [{ ...said, scenario, passed }];
  }));
  return claims.map((claim) => {
    const own = voices.filter((voice) => voice.claim === claim.id);
    const passed = (side: Side): string[] => own.filter((voice) => voice.side === side && voice.passed).map(({ scenario }) => scenario);
    const failed = own.filter((voice) => !voice.passed).map(({ scenario }) => scenario);
    const sides = { supported: passed('claim'), contradicted: passed('counter'), leftOpen: passed('open'), failed };
    return { claim, ...sides, ...decide(claim, sides) };
  });
}

type Sides = Pick<Entry, 'supported' | 'contradicted' | 'leftOpen' | 'failed'>;

function decide(claim: Claim, { supported, contradicted, leftOpen, failed }: Sides): Pick<Entry, 'verdict' | 'because'> {
  if (failed.length > 0) return { verdict: 'undecided', because: `${scenarios(failed)} failed` };
  if (claim.recorded && claim.recorded.length > 0) return { verdict: 'recorded', because: `history: ${claim.recorded.map(({ source }) => source).join('; ')}` };
  if (leftOpen.length > 0 && claim.wouldDecide !== undefined) return { verdict: 'open', because: `what is known allows both answers; what would decide it: ${claim.wouldDecide}` };
  if (supported.length > 0 && contradicted.length > 0) {
    if (claim.hypothesis === undefined) return { verdict: 'undecided', because: 'scenarios show both sides, and the catalogue names no hypothesis that tells them apart' };
    return { verdict: 'conditional', because: `true only if ${claim.hypothesis}` };
  }
  if (supported.length > 0) return { verdict: 'confirmed', because: `${scenarios(supported)} ${supported.length === 1 ? 'shows' : 'show'} it` };
  if (contradicted.length > 0) return { verdict: 'refuted', because: `${scenarios(contradicted)} ${contradicted.length === 1 ? 'contradicts' : 'contradict'} it` };
  if (claim.wouldDecide !== undefined) return { verdict: 'open', because: `what would decide it: ${claim.wouldDecide}` };
  return { verdict: 'not yet decided', because: 'no scenario is about it' };
}

const scenarios = (names: readonly string[]): string => (names.length === 1 ? 'one scenario' : `${names.length} scenarios`);

/** How many claims have each verdict, in the order of `VERDICTS`; verdicts that no claim has are left out. */
export function countVerdicts(entries: readonly Entry[]): readonly (readonly [VerdictWord, number])[] {
  return VERDICTS.map((word) => [word, entries.filter(({ verdict }) => verdict === word).length] as const).filter(([, count]) => count > 0);
}
