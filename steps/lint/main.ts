// `npm run lint`: what is wrong with the features and their steps. With a folder as argument, the
// features and steps in that folder are looked at in place of the project's own.

import { projectRoot } from '../run/command';
import { findingsIn } from './rules';
import { type Finding, loadSuite, type SuiteLocation } from './suite';

const inFolder = (folder: string): SuiteLocation => ({
  paths: [`${folder}/**/*.feature`],
  require: [`${folder}/**/*.steps.ts`],
  requireModule: [require.resolve('../../machine/cli/load/typescript.js')],
});

const inOrder = (a: Finding, b: Finding): number => a.file.localeCompare(b.file) || a.line - b.line;

async function main(folder: string | undefined): Promise<void> {
  const suite = await loadSuite(folder ? inFolder(folder) : {}, projectRoot);
  const lines = findingsIn(suite)
    .sort(inOrder)
    .map(({ file, line, message }) => `${file}:${line}: ${message}`);
  const distinct = [...new Set(lines)];
  for (const line of distinct) console.log(line);
  console.log(`${suite.documents.length} features, ${suite.definitions.length} steps: ${distinct.length} findings`);

  const nothingRead = distinct.length === 0 && suite.documents.length === 0;
  if (nothingRead) console.error('No feature was found: nothing was checked.');
  process.exitCode = distinct.length > 0 || nothingRead ? 1 : 0;
}

void main(process.argv[2]);
