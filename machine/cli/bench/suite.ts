// What the suite costs: `npm test`, run once as its users run it, and where its time goes.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEATURE, goal, SUITE, SUITE_ON_TWO_CORES, YIELDS } from './goals';
import type { Measure } from './measure';

/** One run of the suite. */
export interface SuiteRun {
  readonly scenarios: number;
  readonly passed: boolean;
  /** Seconds from beginning to end. */
  readonly real: number;
  /** Seconds of processor time of all its processes. */
  readonly processor: number;
  /** Seconds from the beginning to the end of each scenario, by the path of its feature below features/. */
  readonly features: ReadonlyMap<string, number>;
}

interface Stamp {
  readonly seconds: number;
  readonly nanos: number;
}

/** Of Cucumber's messages, what is read here. */
interface Message {
  readonly pickle?: { readonly id: string; readonly uri: string };
  readonly testCase?: { readonly id: string; readonly pickleId: string };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string; readonly timestamp: Stamp };
  readonly testCaseFinished?: { readonly testCaseStartedId: string; readonly timestamp: Stamp };
}

/** Runs `npm test` in the folder of a project; null if it has no features, as this package has none. */
export function runSuite(project: string): SuiteRun | null {
  if (!existsSync(join(project, 'features'))) return null;
  const out = mkdtempSync(join(tmpdir(), 'bench-suite-'));
  try {
    const { stderr } = spawnSync('bash', ['-c', "TIMEFORMAT='took %R %U %S'; time npm test >/dev/null 2>&1; echo \"status $?\" >&2"], { cwd: project, encoding: 'utf8', env: { ...process.env, PARAVIRT_SPEC_OUT: out } });
    const [, real, user, system] = /took (\S+) (\S+) (\S+)/.exec(stderr)!.map(Number) as [number, number, number, number];
    return { ...secondsIn(readFileSync(join(out, 'messages.ndjson'), 'utf8')), passed: stderr.includes('status 0'), real, processor: user + system };
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Counts scenarios, and adds up the time of each feature, from the messages of a run. */
export function secondsIn(messages: string): Pick<SuiteRun, 'scenarios' | 'features'> {
  const features = new Map<string, number>();
  const uris = new Map<string, string>();
  const pickles = new Map<string, string>();
  const begun = new Map<string, { readonly uri: string; readonly at: number }>();
  const at = ({ seconds, nanos }: Stamp): number => seconds + nanos / 1e9;
  for (const line of messages.split('\n').filter((text) => text !== '')) {
    const { pickle, testCase, testCaseStarted: start, testCaseFinished: end } = JSON.parse(line) as Message;
    if (pickle) uris.set(pickle.id, pickle.uri.replace(/^features\//, ''));
    if (testCase) pickles.set(testCase.id, testCase.pickleId);
    if (start) begun.set(start.id, { uri: uris.get(pickles.get(start.testCaseId)!)!, at: at(start.timestamp) });
    if (end) {
      const { uri, at: from } = begun.get(end.testCaseStartedId)!;
      features.set(uri, (features.get(uri) ?? 0) + at(end.timestamp) - from);
    }
  }
  return { scenarios: begun.size, features };
}

/** Prints the table. Goals hold for a machine on which a bare loop yields 50 million times a second. */
export function benchSuite(line: (text: string) => void, figures: Measure, suite: () => SuiteRun | null): void {
  const run = suite();
  if (run === null) {
    line('suite: its features are not in this package');
    return;
  }
  const { scenarios, passed, real, processor, features } = run;
  const { events, seconds } = figures({ kind: 'generator' });
  const ratio = events / seconds / YIELDS;
  const folders = new Map<string, number>();
  for (const [uri, took] of features) folders.set(uri.split('/')[0]!, (folders.get(uri.split('/')[0]!) ?? 0) + took);
  const whole = [...features.values()].reduce((sum, took) => sum + took, 0);
  const slow = [...features].filter(([, took]) => took > FEATURE).sort(([, one], [, other]) => other - one);
  line(`suite: ${scenarios} scenarios${passed ? '' : ', not all of which pass'}: ${processor.toFixed(0)} s of processor time, ${real.toFixed(0)} s on two workers`);
  line(`  at ${YIELDS / 1e6} million yields a second, ${ratio.toFixed(2)} times as much: ${(processor * ratio).toFixed(0)} s, ${goal(processor * ratio, SUITE, 'or less')}; ${(real * ratio).toFixed(0)} s, ${goal(real * ratio, SUITE_ON_TWO_CORES, 'or less')}`);
  line(`  of its time: ${[...folders].sort().map(([folder, took]) => `${folder} ${(100 * took / whole).toFixed(0)} %`).join(', ')}`);
  line(`  features of more than ${FEATURE} s: ${slow.length}; ${goal(slow.length, 0, 'or less')}`);
  for (const [uri, took] of slow) line(`  ${took.toFixed(1).padStart(6)} s  ${uri}`);
}
