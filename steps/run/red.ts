// The code of the process that red.js starts.

import { loadSupport, runCucumber, type IRunOptions } from '@cucumber/cucumber/api';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATCHES } from '../../machine/patches';
import { wholeOf } from '../../machine/patches/selection';
import { projectRoot } from './command';

/** The results of the requirements with one choice of hunks; for those that name a hunk, only up to the first red one. */
export interface Reviewed {
  readonly red: readonly string[];
  readonly green: readonly string[];
}

/** What red.js prints: the results without any patch, and for each hunk, with all hunks except that one. */
export interface Red {
  readonly none: Reviewed;
  readonly without: Readonly<Record<string, Reviewed>>;
}

const SOURCES: IRunOptions['sources'] = { paths: [], defaultDialect: 'en', names: [], tagExpression: '', order: 'defined' };

type Support = Awaited<ReturnType<typeof loadSupport>>;

async function supportCode(): Promise<Support> {
  const { default: { require: globs } } = module.require(join(projectRoot, 'cucumber.js')) as { default: { require: string[] } };
  const folders = globs.flatMap((glob): [string, string][] => /\{([^}]*)\}/.exec(glob)?.[1]!.split(',').map((folder) => [join('steps', folder), '.steps.ts']) ?? [[join('steps', 'support'), '.ts']]);
  const requirePaths = folders.flatMap(([folder, ending]) => readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith(ending)).sort().map((name) => join(projectRoot, folder, name)));
  return await loadSupport({ sources: SOURCES, support: { requireModules: [], requirePaths, importPaths: [], loaders: [] } });
}

/** The features in which some scenario may have all these tags. Cucumber parses every feature that it gets, so it gets no others. */
class Features {
  private readonly texts: ReadonlyMap<string, string>;

  constructor(private readonly folder: string) {
    const files = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.feature')).sort();
    this.texts = new Map(files.map((file) => [join(folder, file), readFileSync(join(projectRoot, folder, file), 'utf8')]));
  }

  with(...tags: readonly string[]): string[] {
    return [...this.texts].filter(([, text]) => tags.every((tag) => text.split(/\s+/).includes(tag))).map(([file]) => file);
  }
}

async function reviewed(support: Support, features: Features, patches: string, tags: readonly string[], failFast: boolean): Promise<Reviewed> {
  const paths = features.with(...tags);
  if (paths.length === 0) return { red: [], green: [] };
  const names = new Map<string, string>();
  const pickles = new Map<string, string>();
  const cases = new Map<string, string>();
  const failed = new Set<string>();
  const notPassed = new Set<string>();
  const options: IRunOptions = {
    sources: { ...SOURCES, paths, tagExpression: tags.join(' and ') },
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
  const features = new Features(join('features', 'patches'));
  const none = await reviewed(support, features, 'none', ['@requirement'], false);
  const without: Record<string, Reviewed> = {};
  for (const patch of PATCHES) {
    for (const hunk of wholeOf(patch)) {
      const named = await reviewed(support, features, `all,-${hunk}`, ['@requirement', `@hunk:${hunk}`], true);
      without[hunk] = named.red.length + named.green.length > 0 ? named : await reviewed(support, features, `all,-${hunk}`, ['@requirement', `@patch:${patch.id}`], true);
    }
  }
  process.stdout.write(`${JSON.stringify({ none, without } satisfies Red)}\n`);
}
