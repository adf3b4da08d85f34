// `npm run review`: explores every claim before and after its patch, tries what each hunk is good
// for, and writes the report; with a summary in Markdown beside it, which also goes where GitHub
// looks for one.

import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PATCHES } from '../machine/patches';
import { countVerdicts } from '../machine/patches/ledger';
import { situationsOf } from '../machine/situations';
import { hunkTable } from '../machine/situations/hunks';
import { buildReport } from './build';
import type { Report } from './chapters';
import { annotations, summaryMarkdown } from './summary';

const root = resolve(__dirname, '..');
const folder = join(root, 'reports', 'out');

/** Runs the scenarios of all threads and builds the page of them. 0 if all passed, 1 if one failed or none was run. */
export async function review(): Promise<number> {
  const messages = join(folder, 'messages.ndjson');
  mkdirSync(folder, { recursive: true });
  rmSync(messages, { force: true });
  const scenarios = runScenarios();
  const tables = PATCHES.filter(({ id }) => situationsOf(id).length > 0).map((patch) => hunkTable(patch));
  writeFileSync(join(folder, 'hunks.json'), JSON.stringify(tables));
  const status = await scenarios;
  if (!existsSync(messages)) return 1;
  const out = join(folder, 'index.html');
  const { report, problems } = await buildReport({ messages, out, tables });
  tell(report, out);
  for (const problem of problems) console.error(problem);
  return status === 0 && problems.length === 0 ? 0 : 1;
}

/** In a process of its own, beside which the hunks are tried. Resolves to its exit code. */
function runScenarios(): Promise<number> {
  const cucumber = join(dirname(require.resolve('@cucumber/cucumber/package.json')), 'bin', 'cucumber.js');
  const child = spawn(process.execPath, [cucumber, '--profile', 'report', '--parallel', '2', 'features/patches/**/*.feature'], { cwd: root, stdio: 'inherit' });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => done(code ?? 1));
  });
}

function tell(report: Report, out: string): void {
  const summary = summaryMarkdown(report);
  writeFileSync(join(folder, 'summary.md'), summary);
  const { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, summary);
  if (GITHUB_ACTIONS) for (const annotation of annotations(report)) console.log(annotation);
  console.log(`${report.ledger.length} claims: ${countVerdicts(report.ledger).map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`);
  console.log(relative(process.cwd(), out));
}
