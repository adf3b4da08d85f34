// A scenario and a claim must be readable alone: in the ledger, in a list of failures and in a mail, the
// preceding one is missing.

import { REVIEWED } from '../../../machine/patches';
import { blocksOf, type Finding, type Rule, type Suite } from '../suite';

/** Words by which a sentence refers to the one before it. */
const LEANING = /^(Nor|Neither does|With it|So|The same (holds|can|is|goes|with|for)|It|They|That is|These|Those|And|But|Or|Also|Then|Likewise|Otherwise|Here|Not (?!being)|Even so|Even then|Only then|Either|Both|Its|Their)\b/;

/** Sentences whose "It" does not refer to anything before: "It takes two CPUs to …". */
const EMPTY_IT = /^It (takes|is [\w ]+ that|is [\w ]+ to)\b/;

const leans = (sentence: string): string | null => (EMPTY_IT.test(sentence) ? null : LEANING.exec(sentence)?.[0] ?? null);

const inScenarios = ({ documents }: Suite): Finding[] => documents.flatMap((document) => blocksOf(document).flatMap(({ kind, name, line }): Finding[] => {
  const word = kind === 'scenario' ? leans(name) : null;
  return word === null ? [] : [{ file: document.uri, line, message: `"${name}" cannot be read alone: "${word}" leans on the scenario before` }];
}));

const inClaims: Rule = () => REVIEWED.claims.flatMap(({ id, says }): Finding[] => {
  const word = leans(says) ?? /^That\b/.exec(says)?.[0] ?? (/\bThe same (can|holds)\b/.test(says) ? 'The same' : null);
  return word === null ? [] : [{ file: `machine/patches/claims/${id.slice(0, 3)}.ts`, line: 0, message: `claim ${id} cannot be read alone: "${word}" leans on the claim before` }];
});

/** Claims are checked with the project's own suite; a sample has none. */
export const names: Rule = (suite) => {
  const own = suite.documents.some(({ uri }) => uri.startsWith('features/patches/'));
  return own ? [...inScenarios(suite), ...inClaims(suite)] : inScenarios(suite);
};
