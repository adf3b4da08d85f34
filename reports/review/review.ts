// `npm run review`: explores every claim before and after its patch, tries which hunks are needed, and
// writes the report, with a summary in Markdown beside it and where GitHub looks for one. Everything
// is first written to a folder of its own, and replaces the old report when it is complete.

import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { cucumberSettings, PROJECT } from '../../machine/cli/project';
import { EXIT } from '../../machine/cli/exit';
import { makeFolder } from '../../machine/cli/folder';
import { counted } from '../../machine/cli/search/bounds';
import { refuseUnnamed } from '../../machine/cli/search/limits';
import { countVerdicts } from '../../machine/patches/ledger';
import type { HunkTable } from '../../machine/situations/hunks';
import { buildReport } from '../build';
import type { Report } from '../chapters';
import { annotations, summaryMarkdown } from '../summary';
import type { Counterpart } from '../versions';
import { Children } from './children';
import { takeLock } from './lock';
import { changesSince, keptRunOf, readKeptRun, type KeptRun } from './verdicts';

const { root, home } = PROJECT;
const folder = join(home, 'reports', 'out');
/** The messages of a run that was stopped, until a run is complete. */
const UNFINISHED = 'unfinished-messages.ndjson';

export interface ReviewOptions {
  /** Compare with the run kept in this folder; `true` stands for the previous run. */
  readonly since?: string | true;
}

/** Runs the scenarios of all threads and builds the page of them. 0 if all passed, 1 if one failed, 4 if it was stopped. */
export async function review({ since }: ReviewOptions = {}): Promise<number> {
  if (since !== true) refuseUnnamed('--since', since, 'a folder');
  makeFolder(folder);
  const before = since === undefined ? null : readKeptRun(since === true ? folder : resolve(since));
  const release = takeLock(folder);
  const fresh = join(folder, 'unfinished');
  const children = new Children();
  try {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh);
    const messages = join(fresh, 'messages.ndjson');
    const status = await runScenarios(children, fresh);
    if (existsSync(messages)) await tables(children, [messages, join(fresh, 'hunks.json'), join(fresh, 'counterparts.json')]);
    if (children.signal !== null || !existsSync(messages)) return unfinished(children.signal, messages);
    return (await publish(fresh, before)) && status === 0 ? EXIT.holds : EXIT.fails;
  } finally {
    children.release();
    release();
  }
}

/** In a process of its own. */
function runScenarios(children: Children, out: string): Promise<number> {
  const settings = cucumberSettings();
  const cucumber = join(dirname(require.resolve('@cucumber/cucumber/package.json')), 'bin', 'cucumber.js');
  return children.run([cucumber, ...(settings === null ? [] : ['--config', settings]), '--profile', 'review', ...(isLong() ? ['--parallel', '2'] : []), 'features/patches/**/*.feature'], { cwd: root, env: { PARAVIRT_SPEC_OUT: relative(root, out) } });
}

/** With few features, a second process costs more than it gains. */
function isLong(): boolean {
  return readdirSync(join(root, 'features', 'patches'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.feature')).length > 8;
}

function tables(children: Children, words: readonly string[]): Promise<number> {
  return children.run([join(__dirname, 'tables.js'), ...words], { cwd: root });
}

/** Builds the report and replaces the old one with it. Returns whether it can be trusted. */
async function publish(fresh: string, before: KeptRun | null): Promise<boolean> {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(fresh, name), 'utf8')) as T;
  const out = join(fresh, 'index.html');
  const { report, problems } = await buildReport({ messages: join(fresh, 'messages.ndjson'), out, tables: read<HunkTable[]>('hunks.json'), counterparts: read<Counterpart[]>('counterparts.json') });
  const run = keptRunOf(report);
  writeFileSync(join(fresh, 'verdicts.json'), `${JSON.stringify(run)}\n`);
  const changes = before && changesSince(before, run);
  if (changes) writeFileSync(join(fresh, 'changes.txt'), `${changes.join('\n')}\n`);
  writeFileSync(join(fresh, 'summary.md'), summaryMarkdown(report));
  for (const name of readdirSync(fresh)) {
    rmSync(join(folder, name), { recursive: true, force: true });
    renameSync(join(fresh, name), join(folder, name));
  }
  rmSync(fresh, { recursive: true, force: true });
  rmSync(join(folder, UNFINISHED), { force: true });
  tell(report, changes);
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}

/** A run that did not finish leaves the last report as it is, keeps what it found, and says so. */
function unfinished(signal: NodeJS.Signals | null, messages: string): number {
  const page = join(folder, 'index.html');
  const kept = join(folder, UNFINISHED);
  const why = signal === null ? 'the scenarios could not be run' : `stopped by ${signal}`;
  if (existsSync(messages)) {
    cpSync(messages, kept);
    const lines = readFileSync(kept, 'utf8').split('\n');
    const count = (kind: string): number => lines.filter((line) => line.startsWith(`{"${kind}":`)).length;
    const failed = lines.filter((line) => line.startsWith('{"testStepFinished":') && line.includes('"status":"FAILED"')).length;
    process.stdout.write('\n');
    console.error(count('testCaseFinished') === 0
      ? `${why} before the first scenario had been run`
      : `${why}: ${count('testCaseFinished')} of ${count('pickle')} scenarios were run, and ${failed} failed; their messages are in ${relative(process.cwd(), kept)}`);
  } else {
    console.error(`${why}: nothing was found`);
  }
  rmSync(join(folder, 'unfinished'), { recursive: true, force: true });
  if (existsSync(page)) console.error(`${relative(process.cwd(), page)} is old: it shows the run that ended at ${statSync(page).mtime.toISOString()}`);
  return signal === null ? EXIT.fault : EXIT.undecided;
}

function tell(report: Report, changes: readonly string[] | null): void {
  const { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, summaryMarkdown(report));
  if (GITHUB_ACTIONS) for (const annotation of annotations(report)) console.log(annotation);
  console.log(`${counted(report.ledger.length, 'claim')}: ${countVerdicts(report.ledger).map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`);
  if (changes) console.log(changes.length === 0 ? 'no verdict has changed' : changes.join('\n'));
  console.log(relative(process.cwd(), join(folder, 'index.html')));
}
