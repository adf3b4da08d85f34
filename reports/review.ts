// `npm run review`: explores every claim before and after its patch, and writes the report; with a
// summary in Markdown beside it, which also goes where GitHub looks for one.

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { countVerdicts } from '../machine/patches/ledger';
import { buildReport } from './build';
import { annotations, summaryMarkdown } from './summary';

const root = resolve(__dirname, '..');
const folder = join(root, 'reports', 'out');

/** Runs the scenarios of all threads and builds the page of them. 0 if all passed, 1 if one failed or none was run. */
export async function review(): Promise<number> {
  const messages = join(folder, 'messages.ndjson');
  rmSync(messages, { force: true });
  const cucumber = join(dirname(require.resolve('@cucumber/cucumber/package.json')), 'bin', 'cucumber.js');
  const { status } = spawnSync(process.execPath, [cucumber, '--profile', 'report', 'features/patches/**/*.feature'], { cwd: root, stdio: 'inherit' });
  if (!existsSync(messages)) return 1;
  const out = join(folder, 'index.html');
  const { report, problems } = await buildReport({ messages, out });
  console.log(`${report.ledger.length} claims: ${countVerdicts(report.ledger).map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`);
  console.log(relative(process.cwd(), out));
  const summary = summaryMarkdown(report);
  writeFileSync(join(folder, 'summary.md'), summary);
  const { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, summary);
  if (GITHUB_ACTIONS) for (const annotation of annotations(report)) console.log(annotation);
  for (const problem of problems) console.error(problem);
  return status === 0 && problems.length === 0 ? 0 : 1;
}
