// The inside of red.js.

import { loadSupport, runCucumber, type IRunOptions } from '@cucumber/cucumber/api';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PATCHES } from '../../machine/patches';
import { wholeOf } from '../../machine/patches/selection';
import { projectRoot } from './command';

/** What becomes of the requirements under one choice of hunks; of those that name a hunk, no further than the first that is red. */
export interface Reviewed {
  readonly red: readonly string[];
  readonly green: readonly string[];
}

/** What red.js prints: with no patch at all, and with all but one hunk, by the hunk. */
export interface Red {
  readonly none: Reviewed;
  readonly without: Readonly<Record<string, Reviewed>>;
}

const SOURCES: IRunOptions['sources'] = { paths: ['features/patches'], defaultDialect: 'en', names: [], tagExpression: '', order: 'defined' };

type Support = Awaited<ReturnType<typeof loadSupport>>;

async function supportCode(): Promise<Support> {
  const { default: { require: globs } } = module.require(join(projectRoot, 'cucumber.js')) as { default: { require: string[] } };
  const folders = globs.flatMap((glob): [string, string][] => /\{([^}]*)\}/.exec(glob)?.[1]!.split(',').map((folder) => [join('steps', folder), '.steps.ts']) ?? [[join('steps', 'support'), '.ts']]);
  const requirePaths = folders.flatMap(([folder, ending]) => readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith(ending)).sort().map((name) => join(projectRoot, folder, name)));
  return await loadSupport({ sources: SOURCES, support: { requireModules: [], requirePaths, importPaths: [], loaders: [] } });
}

async function reviewed(support: Support, patches: string, tagExpression: string, failFast: boolean): Promise<Reviewed> {
  const names = new Map<string, string>();
  const pickles = new Map<string, string>();
  const cases = new Map<string, string>();
  const failed = new Set<string>();
  const notPassed = new Set<string>();
  const options: IRunOptions = {
    sources: { ...SOURCES, tagExpression },
    support,
    runtime: { dryRun: false, failFast, filterStacktraces: true, parallel: 0, retry: 0, retryTagFilter: '', strict: true, worldParameters: { patches, challenge: 1, hasty: true } },
    formats: { stdout: 'summary', files: {}, publish: false, options: {} },
  };
  const started: string[] = [];
  await runCucumber(options, { cwd: projectRoot, stdout: process.stderr }, ({ pickle, testCase, testCaseStarted, testStepFinished }) => {
    if (pickle) names.set(pickle.id, pickle.name);
    if (testCase) pickles.set(testCase.id, names.get(testCase.pickleId)!);
    if (testCaseStarted) {
      cases.set(testCaseStarted.id, pickles.get(testCaseStarted.testCaseId)!);
      started.push(testCaseStarted.id);
    }
    if (testStepFinished?.testStepResult.status === 'FAILED') failed.add(testStepFinished.testCaseStartedId);
    if (testStepFinished && testStepFinished.testStepResult.status !== 'PASSED') notPassed.add(testStepFinished.testCaseStartedId);
  });
  const nameOf = (id: string): string => cases.get(id)!;
  return { red: started.filter((id) => failed.has(id)).map(nameOf), green: started.filter((id) => !notPassed.has(id)).map(nameOf) };
}

export async function main(): Promise<void> {
  const support = await supportCode();
  const none = await reviewed(support, 'none', '@requirement', false);
  const without: Record<string, Reviewed> = {};
  for (const patch of PATCHES) {
    for (const hunk of wholeOf(patch)) {
      const named = await reviewed(support, `all,-${hunk}`, `@requirement and @hunk:${hunk}`, true);
      without[hunk] = named.red.length + named.green.length > 0 ? named : await reviewed(support, `all,-${hunk}`, `@requirement and @patch:${patch.id}`, true);
    }
  }
  process.stdout.write(`${JSON.stringify({ none, without } satisfies Red)}\n`);
}
