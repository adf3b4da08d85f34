// Mistakes in the features and their steps, and what is still missing in the chapters.

import { THIS_PACKAGE, PROJECT } from '../../machine/cli/project';
import { findingsIn } from './rules';
import { type Finding, loadSuite, type SuiteLocation } from './suite';

const inFolder = (folder: string): SuiteLocation => ({
  paths: [`${folder}/**/*.feature`],
  require: [`${folder}/**/*.steps.ts`],
  requireModule: [require.resolve('../../machine/cli/load/typescript.js')],
});

const inOrder = (a: Finding, b: Finding): number => a.file.localeCompare(b.file) || a.line - b.line;

export interface Linted {
  /** One finding on each line. */
  readonly lines: readonly string[];
  /** How much was checked. */
  readonly summary: string;
  readonly nothingRead: boolean;
}

/**
 * Checks the project's own suite.
 *
 * @param folder checks the features and steps in this folder of the package instead
 */
export async function lint(folder?: string): Promise<Linted> {
  const suite = folder === undefined ? await loadSuite({}, PROJECT.root) : await loadSuite(inFolder(folder), THIS_PACKAGE.root);
  const lines = findingsIn(suite).sort(inOrder).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  const distinct = [...new Set(lines)];
  const own = suite.definitions.filter((definition) => definition.of === 'these').length;
  return {
    lines: distinct,
    summary: `${suite.documents.length} features, ${own} steps: ${distinct.length} findings`,
    nothingRead: distinct.length === 0 && suite.documents.length === 0,
  };
}
