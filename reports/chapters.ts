// What the report says, put together from the catalogue and from a run: the ledger of all claims,
// and for each thread its patches, features and evidence.

import { REVIEWED, claimsOf } from '../machine/patches';
import { ledgerOf, sideOf, type Entry } from '../machine/patches/ledger';
import type { Patch } from '../machine/patches/types';
import type { RunFeature, RunScenario } from './messages';

export interface Chapter {
  /** `002` */
  readonly thread: string;
  /** Empty for a thread of which the catalogue has only claims. */
  readonly patches: readonly Patch[];
  readonly entries: readonly Entry[];
  readonly features: readonly RunFeature[];
}

export interface Report {
  readonly ledger: readonly Entry[];
  readonly chapters: readonly Chapter[];
  /** Every scenario of the run, including those about the tool. */
  readonly scenarios: readonly RunScenario[];
}

/** @throws SelectionError when a scenario is tagged with a claim that does not exist */
export function reportOf(features: readonly RunFeature[]): Report {
  const scenarios = features.flatMap(scenariosOf);
  const ledger = ledgerOf(REVIEWED.claims, scenarios.map(({ id, tags, status }) => ({ scenario: id, tags, passed: status === 'PASSED' })));
  const threads = [...new Set([...REVIEWED.patches.map(({ thread }) => thread), ...REVIEWED.claims.map(({ id }) => id.split('.')[0]!)])].sort();
  const chapters = threads.map((thread) => ({
    thread,
    patches: REVIEWED.patches.filter((patch) => patch.thread === thread),
    entries: ledger.filter(({ claim }) => claimsOf(thread).includes(claim)),
    features: features
      .filter((feature) => scenariosOf(feature).some(({ tags }) => tags.includes(`@seed:${thread}`)))
      .sort((one, other) => Number(isMain(other, thread)) - Number(isMain(one, thread))),
  }));
  return { ledger, chapters, scenarios };
}

export function scenariosOf(feature: RunFeature): readonly RunScenario[] {
  return feature.rules.flatMap(({ scenarios }) => scenarios);
}

/** The claims that a scenario is about, as its tags say. */
export function claimTagsOf({ tags }: RunScenario): NonNullable<ReturnType<typeof sideOf>>[] {
  return tags.flatMap((tag) => sideOf(tag) ?? []);
}

/** The feature that is named after the patch itself comes first. */
function isMain({ id }: RunFeature, thread: string): boolean {
  return REVIEWED.patches.some((patch) => patch.thread === thread && id === `${thread}-${patch.id}`);
}
