// Every path of the machine says where it stands in the C, or why it stands nowhere.

import { dirname } from 'node:path';
import { sourcedPaths } from '../../../machine/cli/sources/paths';
import { owes } from '../../../machine/cli/sources/provenance';
import { projectRoot } from '../../run/command';
import type { Finding, Rule, Suite } from '../suite';

/** The project's own paths, with its own suite; those of a sample, if it has any. */
function rootsOf({ documents }: Suite): readonly string[] {
  if (documents.some(({ uri }) => uri.startsWith('features/patches/'))) return [projectRoot];
  return [...new Set(documents.map(({ uri }) => dirname(uri)).filter((folder) => folder.startsWith('steps/fixtures/')))];
}

export const sources: Rule = (suite) =>
  rootsOf(suite).flatMap(sourcedPaths).flatMap((path): Finding[] => {
    const debt = owes(path);
    return debt === null ? [] : [{ file: path.file, line: path.line, message: path.owed ?? `the path ${path.name} ${debt}` }];
  });
