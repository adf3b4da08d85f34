// `npm run test:browser`: the report's page in a real Chromium. The page must open from the disk
// without an error and without asking the network for anything.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const page = join(__dirname, 'out', 'index.html');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function problemsOf(executablePath: string): Promise<string[]> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const problems: string[] = [];
    const tab = await browser.newPage();
    tab.on('pageerror', (error) => problems.push(`the page throws ${error.message}`));
    tab.on('request', (request) => {
      if (/^(https?|wss?):/.test(request.url())) problems.push(`the page asks for ${request.url()}`);
    });
    await tab.goto(pathToFileURL(page).href);
    if ((await tab.title()) === '') problems.push('the page has no title');
    return problems;
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  if (!existsSync(page)) return console.log('reports/out/index.html is not built yet: nothing to test in a browser.');
  const browser = process.env['CHROMIUM'] ?? browsers.find((path) => existsSync(path));
  const problems = browser ? await problemsOf(browser) : ['no Chromium was found: install it or set CHROMIUM'];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('reports/out/index.html opens in Chromium, without errors and without the network.');
}

void main();
