// Every path of the machine names its place in the C, or says why it has none.

import { dirname } from 'node:path';
import { isBeside, PROJECT, type Project } from '../../../machine/cli/project';
import { sourcedPaths } from '../../../machine/cli/sources/paths';
import { owes } from '../../../machine/cli/sources/provenance';
import type { Finding, Rule, Suite } from '../suite';

/** The project's own paths, with its own suite; those of a sample, if it has any. */
export function projectsOf({ documents }: Suite): readonly Project[] {
  if (documents.some(({ uri }) => uri.startsWith('features/patches/'))) return [PROJECT];
  return [...new Set(documents.map(({ uri }) => dirname(uri)).filter((folder) => folder.startsWith('steps/fixtures/')))].map((root) => ({ root, home: root, hasOwn: false }));
}

export const sources: Rule = (suite) =>
  projectsOf(suite).flatMap(sourcedPaths).filter(({ file }) => !isBeside(file)).flatMap((path): Finding[] => {
    const debt = owes(path);
    return debt === null ? [] : [{ file: path.file, line: path.line, message: path.owed ?? `the path ${path.name} ${debt}` }];
  });
