// `npm run test:browser`: the report's page in a real Chromium. Every control is used, the page is
// looked at in four widths, light and dark, and nothing may be asked of the network. Screenshots
// go to reports/out/screenshots.

import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { check, type Evidence } from '../machine/situations/check';
import type { HunkTable } from '../machine/situations/hunks';
import { checks } from './browser/checks';
import { Tab } from './browser/tab';
import { buildReport } from './build';
import { formatMoment } from './moment';
import type { Report } from './chapters';

/** Another folder than reports/out may be named. */
const folder = resolve(process.argv[2] ?? join(__dirname, 'out'));
const messages = join(folder, 'messages.ndjson');
const hunks = join(folder, 'hunks.json');
const compared = join(folder, 'counterparts.json');
const file = join(folder, 'index.html');
const screenshots = join(folder, 'screenshots');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function useEverything(browser: Browser, report: Report): Promise<string[]> {
  const problems: string[] = [];
  for (const { says, run } of checks) {
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

async function lookAtIt(browser: Browser): Promise<string[]> {
  mkdirSync(screenshots, { recursive: true });
  const problems: string[] = [];
  for (const dark of [false, true]) {
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
  }
  return problems;
}

async function measure(browser: Browser): Promise<void> {
  const tab = await Tab.open(browser, file);
  const paint = await tab.page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
  const ready = await tab.page.evaluate<number>("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
  console.log(`${(statSync(file).size / 1e6).toFixed(2)} MB, first paint ${paint.toFixed(0)} ms, interactive ${ready.toFixed(0)} ms`);
  const request = { situation: 'flush-tlb/classic', patches: 'all', parameters: { accesses: 2 } };
  await tab.go(formatMoment({ request, schedule: '', step: 0, against: null }));
  const began = await tab.page.evaluate<number>('performance.now()');
  await tab.page.click('#explore-start');
  await tab.page.locator('#verdict').waitFor({ timeout: 300_000 });
  const page = await tab.page.evaluate<number>('performance.now()') - began;
  const start = performance.now();
  const { verdict } = check(request);
  const node = performance.now() - start;
  console.log(`${verdict.events} events: ${(verdict.events / page).toFixed(0)} a millisecond in the page, ${(verdict.events / node).toFixed(0)} on Node`);
  await tab.close();
}

async function main(): Promise<void> {
  if (!existsSync(messages)) return console.log('There are no messages of a run yet: run npm run review first.');
  const executablePath = process.env['CHROMIUM'] ?? browsers.find((path) => existsSync(path));
  if (!executablePath) throw new Error('no Chromium was found: install it or set CHROMIUM');
  const { report, problems } = await buildReport({ messages, out: file, tables: existsSync(hunks) ? (JSON.parse(readFileSync(hunks, 'utf8')) as HunkTable[]) : [], counterparts: existsSync(compared) ? (JSON.parse(readFileSync(compared, 'utf8')) as Evidence[]) : [] });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await measure(browser);
    const found = [...problems, ...(await useEverything(browser, report)), ...(await lookAtIt(browser))];
    for (const problem of found) console.error(problem);
    if (found.length > 0) process.exitCode = 1;
    else console.log(`reports/out/index.html: ${checks.length} checks, ${8 * views().length} views without an accessibility violation, nothing asked of the network.`);
  } finally {
    await browser.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
