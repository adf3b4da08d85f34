// Plain English, as far as a machine can tell: words and phrases that have made readers stop. Each comes with what to write
// instead. The features and all texts of the catalogue are checked.

import * as here from '../../../machine/patches';
import * as beside from '../../../machine/patches/beside';
import { fileOfPatch, headingsOf, type Finding, type Rule, type Suite } from '../suite';

/** Phrases that make a reader stop, and what a native engineer would write. */
const TURNS: readonly (readonly [turn: RegExp, better: string])[] = [
  [/\bfor ever\b/i, 'forever'],
  [/(?<!\b(?:there|that|which|what) )\b(?:is|are) no (?!longer\b|more\b|one\b)/i, '"is not a …", or name what there is instead'],
  [/\b(?:nobody|somebody)\b/i, 'the CPU, task or path that is meant'],
  [/^whoever\b|[.;:] whoever\b/i, 'the CPU, task or path that is meant'],
  [/\bbut for\b/i, 'except, or without'],
  [/\bin place of\b/i, 'instead of'],
  [/\bgo(?:es)? round\b/i, 'loops, or repeats the same state'],
  [/\b(?:is|are|was|were) held against\b/i, 'is compared with'],
  [/\btak(?:e|es|en|ing) (?:\w+ ){0,3}away\b/i, 'remove'],
  [/\bspeaks? to (?:it|\d)/i, 'is about'],
  [/\bfound out\b/i, 'found'],
  [/\bcomes? about\b/i, 'happens, or is possible'],
  [/\b(?:looks?|asks?) (?:once )?again\b/i, 'rereads, or retries'],
  [/\bchanges? of process for a preemption\b/i, 'a switch; preemption is the kernel\'s'],
  [/^(?:not asked|kept)$/i, 'not checked; holds'],
];

const objections = (text: string, file: string, line: number): Finding[] => TURNS.flatMap(([turn, better]): Finding[] => {
  const found = turn.exec(text);
  return found === null ? [] : [{ file, line, message: `"${found[0].replace(/^[.;:] /, '')}" makes readers stop; plainer: ${better}` }];
});

const inFeatures = ({ documents, uses }: Suite): Finding[] => [
  ...documents.flatMap((document) => headingsOf(document).flatMap(({ name, description, location }) => [name, description.replace(/\s+/g, ' ').trim()]
    .flatMap((text) => objections(text, document.uri, location.line)))),
  // Words in quotation marks are names, messages and commands, not prose.
  ...uses.flatMap(({ step, pickle, line }) => objections(step.text.replace(/"[^"]*"|'[^']*'/g, '""'), pickle.uri, line)),
];

/** For a project beside the package, only its own texts are checked. */
const { CLAIMS, PATCHES } = beside.PATCHES.length > 0 ? beside : here;

const inCatalogue = (): Finding[] => [
  ...CLAIMS.flatMap(({ id, says, hypothesis, wouldDecide, recorded }) => [says, hypothesis ?? '', wouldDecide ?? '', ...(recorded ?? []).map((citation) => citation.says)]
    .flatMap((text) => objections(text, `machine/patches/claims/${id.slice(0, 3)}.ts`, 0).map((finding) => ({ ...finding, message: `claim ${id}: ${finding.message}` })))),
  ...PATCHES.flatMap(({ id, title, story, quote, hunks, variants, citations, notModelled, repairsNothing }) => [
    title, quote, ...story, ...hunks.map(({ does }) => does), ...variants.flatMap((variant) => [variant.title, variant.about]), ...citations.map(({ says }) => says), ...notModelled, repairsNothing ?? '',
  ].flatMap((text) => objections(text, fileOfPatch(id), 0))),
];

/** The catalogue is checked with the project's own suite; a sample has none. */
export const prose: Rule = (suite) => {
  const own = suite.documents.some(({ uri }) => uri.startsWith('features/patches/'));
  const seen = new Set<string>();
  return [...inFeatures(suite), ...(own ? inCatalogue() : [])].filter(({ file, line, message }) => {
    const key = `${file}:${line}:${message}`;
    return !seen.has(key) && Boolean(seen.add(key));
  });
};
