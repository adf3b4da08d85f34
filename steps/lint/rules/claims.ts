// The ledger and the features agree: a tag names a claim that exists, and each claim has what it
// needs: scenarios, a citation if it is about history, or what would decide it.

import { CLAIMS, REVIEWED } from '../../../machine/patches';
import type { Patch } from '../../../machine/patches/types';
import type { Finding, Rule, Suite } from '../suite';

const evidence = /^@(?:claim|counter|open):(.+)$/;

const unknownClaims = ({ pickles }: Suite): Finding[] =>
  pickles.flatMap(({ uri, name, location, tags }) =>
    tags.flatMap(({ name: tag }) => {
      const id = evidence.exec(tag)?.[1];
      if (id === undefined || CLAIMS.some((claim) => claim.id === id)) return [];
      return [{ file: uri, line: location?.line ?? 0, message: `"${name}" is tagged ${tag}, but the ledger has no claim ${id}` }];
    }),
  );

/** The report consists of the chapters, so the evidence for a claim must be in one. */
const strayClaims = ({ pickles }: Suite): Finding[] =>
  pickles.flatMap(({ uri, name, location, tags }) =>
    uri.startsWith('features/') && !uri.startsWith('features/patches/') && tags.some(({ name: tag }) => evidence.test(tag))
      ? [{ file: uri, line: location?.line ?? 0, message: `"${name}" speaks to a claim, but stands outside of features/patches` }]
      : [],
  );

const owedClaims = ({ pickles }: Suite): Finding[] => {
  const shown = new Set(pickles.flatMap(({ tags }) => tags.map(({ name }) => evidence.exec(name)?.[1])));
  return REVIEWED.claims
    .filter(({ id, recorded, wouldDecide }) => !shown.has(id) && (recorded?.length ?? 0) === 0 && wouldDecide === undefined)
    .map(({ id }) => ({ file: `machine/patches/claims/${id.slice(0, 3)}.ts`, line: 0, message: `claim ${id} has no scenario, no citation, and nothing that would decide it` }));
};

/**
 * A patch without a requirement must repair nothing, and say why.
 *
 * @param tagged the tags of each scenario
 */
export const requirementsOwed = (patches: readonly Pick<Patch, 'id' | 'repairsNothing'>[], tagged: readonly (readonly string[])[]): string[] => patches.flatMap(({ id, repairsNothing }) => {
  const isRequired = tagged.some((tags) => tags.includes('@requirement') && tags.includes(`@patch:${id}`));
  if (isRequired && repairsNothing !== undefined) return [`${id} says that it repairs nothing, and a scenario tagged @requirement says that it does`];
  return isRequired || repairsNothing !== undefined ? [] : [`${id} has no scenario tagged @requirement; a patch that repairs nothing says why (repairsNothing)`];
});

const owedRequirements = ({ pickles }: Suite): Finding[] =>
  requirementsOwed(REVIEWED.patches, pickles.map(({ tags }) => tags.map(({ name }) => name))).map((message) => ({ file: 'machine/patches/index.ts', line: 0, message }));

/** Checks only the project's own suite, since a sample has no ledger. */
export const claims: Rule = (suite) => {
  const own = suite.documents.some(({ uri }) => uri.startsWith('features/patches/'));
  return own ? [...unknownClaims(suite), ...strayClaims(suite), ...owedClaims(suite), ...owedRequirements(suite)] : unknownClaims(suite);
};
