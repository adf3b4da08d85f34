// `npm run test:browser`: the report's page in a real Chromium. Every control is used, the page is
// viewed at four widths, light and dark, and nothing may be requested from the network. Screenshots
// go to reports/out/screenshots. `npm run test:browser -- [FOLDER] --only WORDS` does a part of
// this: `measure`, `views`, or the checks whose sentences contain the words; `--only` may be repeated.
// `--built` tests the page as it is, without building it again.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { check, type Evidence } from '../machine/situations/check';
import type { HunkTable } from '../machine/situations/hunks';
import { checks } from './browser/checks';
import { measure } from './browser/measure';
import { Tab } from './browser/tab';
import { buildReport } from './build';
import { formatMoment } from './moment';
import { reportOf, type Report } from './chapters';
import { readRun } from './messages';

const { values: { only, built }, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string', multiple: true }, built: { type: 'boolean' } } });

/** A folder other than reports/out may be named. */
const folder = resolve(positionals[0] ?? join(__dirname, 'out'));
const messages = join(folder, 'messages.ndjson');
const hunks = join(folder, 'hunks.json');
const compared = join(folder, 'counterparts.json');
const file = join(folder, 'index.html');
const screenshots = join(folder, 'screenshots');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const isWanted = (part: string): boolean => only === undefined || only.includes(part);
const chosen = checks.filter(({ says }) => only === undefined || only.some((words) => says.includes(words)));

async function useEverything(browser: Browser, report: Report): Promise<string[]> {
  const problems: string[] = [];
  for (const { says, run } of chosen) {
    const tab = await Tab.open(browser, file);
    try {
      await run(tab, report);
      console.log(`ok      ${says}`);
    } catch (error) {
      problems.push(`${says}: ${(error as Error).message}`);
      console.log(`NOT OK  ${says}`);
    }
    problems.push(...tab.problems.map((problem) => `${says}: ${problem}`));
    await tab.close();
  }
  return problems;
}

/** The views of the page, by the address of each. */
function views(): readonly (readonly [string, string])[] {
  const request = { situation: 'flush-tlb/classic', patches: 'none', invariants: ['cr3IsActiveMm'] };
  const { schedule, events } = check(request).verdict.findings[0]!.witness;
  const moment = (against: string | null): string => formatMoment({ request, schedule, step: events.length, against });
  return [['ledger', ''], ['chapter', 'thread-002'], ['explore', 'explore'], ['run', moment(null)], ['beside', moment('all')]];
}

/** All views at all widths, light and dark at the same time: the accessibility check of a long page keeps a core busy for half a minute. */
async function lookAtIt(browser: Browser): Promise<string[]> {
  mkdirSync(screenshots, { recursive: true });
  return (await Promise.all([false, true].map((dark) => lookAtTheme(browser, dark)))).flat();
}

async function lookAtTheme(browser: Browser, dark: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (const width of [360, 768, 1280, 2560]) {
    const tab = await Tab.open(browser, file, { width, dark });
    for (const [name, hash] of views()) {
      await tab.go(hash);
      const what = `${name}, ${width} pixels, ${dark ? 'dark' : 'light'}`;
      await tab.page.screenshot({ path: join(screenshots, `${name}-${width}-${dark ? 'dark' : 'light'}.png`) });
      const overflow = await tab.overflow();
      if (overflow > 0) problems.push(`${what}: the page is ${overflow} pixels wider than the window`);
      // A chapter is the same document as the ledger.
      if (name !== 'chapter') problems.push(...(await tab.axe()).map((found) => `${what}: ${found}`));
    }
    problems.push(...tab.problems);
    await tab.close();
  }
  return problems;
}

function rebuild(): ReturnType<typeof buildReport> {
  const read = <T>(path: string): T[] => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T[]) : []);
  return buildReport({ messages, out: file, tables: read<HunkTable>(hunks), counterparts: read<Evidence>(compared) });
}

async function main(): Promise<void> {
  if (!existsSync(messages)) return console.log('There are no messages of a run yet: run npm run review first.');
  const executablePath = process.env['CHROMIUM'] ?? browsers.find((path) => existsSync(path));
  if (!executablePath) throw new Error('no Chromium was found: install it or set CHROMIUM');
  const { report, problems } = built ? { report: reportOf(readRun(messages)), problems: [] } : await rebuild();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    if (isWanted('measure')) await measure(browser, file, report);
    const found = [...problems, ...(await useEverything(browser, report)), ...(isWanted('views') ? await lookAtIt(browser) : [])];
    for (const problem of found) console.error(problem);
    if (found.length > 0) process.exitCode = 1;
    else console.log(`reports/out/index.html: ${chosen.length} checks, ${isWanted('views') ? 8 * views().length : 0} views without an accessibility violation, no request to the network.`);
  } finally {
    await browser.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
