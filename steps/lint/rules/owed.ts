// A chapter that `paravirt-spec new` began is done when nothing in it says "owed:" any more.

import { readFileSync } from 'node:fs';
import { filesBelow, isBeside, pathOf } from '../../../machine/cli/project';
import { REVIEWED } from '../../../machine/patches';
import { SITUATIONS } from '../../../machine/situations';
import { blocksOf, fileOfPatch, type Finding, type Rule, type Suite } from '../suite';

/** Every text in `data`, however deep. */
function textsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(textsIn) : [];
}

const isOwed = (text: string): boolean => /^\s*owed:/.test(text);

const inCatalogue: Rule = () => [
  ...REVIEWED.patches.map((patch) => ({ file: fileOfPatch(patch.id), data: patch })),
  ...REVIEWED.claims.map((claim) => ({ file: `machine/patches/claims/${claim.id.slice(0, 3)}.ts`, data: claim })),
  ...SITUATIONS.map((situation) => ({ file: `machine/situations/${situation.patch}.ts`, data: situation })),
].flatMap(({ file, data }): Finding[] => textsIn(data).filter(isOwed).map((text) => ({ file, line: 0, message: text })));

/** What `owed()` reports for a path. */
const inPaths: Rule = () => ['machine/kernel', 'machine/situations'].flatMap((folder) => filesBelow(folder)).filter((file) => !isBeside(file)).flatMap((file): Finding[] =>
  readFileSync(pathOf(file), 'utf8').split('\n').flatMap((line, i) => [...line.matchAll(/\byield\* owed\((['"`])(.*?)\1/g)].map(([, , what]) => ({ file, line: i + 1, message: `owed: ${what}` }))));

const inFeatures = ({ documents }: Suite): Finding[] =>
  documents.flatMap((document): Finding[] => {
    const { feature } = document;
    if (!feature) return [];
    const rules = feature.children.flatMap(({ rule }) => rule ?? []);
    const headings = [feature, ...rules].flatMap(({ name, description, location }) => [name, description].map((text) => ({ text, line: location.line })));
    const names = blocksOf(document).map(({ name, line }) => ({ text: name, line }));
    const steps = (document.uri.startsWith('features/patches/') ? blocksOf(document) : []).flatMap((block) => block.steps).filter(({ text }) => /"owed: /.test(text)).map(({ text, location }) => ({ file: document.uri, line: location.line, message: `owed: ${/"owed: (.*?)"/.exec(text)![1]!}` }));
    return [...steps, ...[...headings, ...names].filter(({ text }) => isOwed(text)).map(({ text, line }) => ({ file: document.uri, line, message: text.trim().split('\n')[0]! }))];
  });

/** The catalogue is checked with the project's own suite; a sample has none. */
export const owed: Rule = (suite) => {
  const own = suite.documents.some(({ uri }) => uri.startsWith('features/patches/'));
  return own ? [...inCatalogue(suite), ...inPaths(suite), ...inFeatures(suite)] : inFeatures(suite);
};
