// A tab of a real browser that shows the report, and what has gone wrong in it so far.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

export interface TabOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

export class Tab {
  private constructor(readonly page: Page, private readonly file: string, readonly problems: string[]) {}

  static async open(browser: Browser, file: string, { width = 1280, height = 900, dark = false }: TabOptions = {}): Promise<Tab> {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', acceptDownloads: true });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`the page throws ${error.message}`));
    page.on('console', (message) => { if (message.type() === 'error') problems.push(`the console says ${message.text()}`); });
    page.on('request', (request) => { if (/^(https?|wss?):/.test(request.url())) problems.push(`the page asks the network for ${request.url()}`); });
    const tab = new Tab(page, file, problems);
    await tab.go('');
    return tab;
  }

  /** Goes to an address of the report; '' is the top of the page. */
  async go(hash: string): Promise<void> {
    const address = `${pathToFileURL(this.file).href}${hash === '' ? '' : `#${hash}`}`;
    await this.page.goto('about:blank');
    await this.page.goto(address);
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }

  /** The part of the address after #, which is written shortly after a step. */
  async hash(): Promise<string> {
    await this.page.waitForTimeout(150);
    return this.page.evaluate('decodeURIComponent(location.hash)');
  }

  /** What axe-core finds wrong with what the page shows now, one line for each rule. What is hidden is left out: it is checked where it is shown, and it is most of the page. */
  async axe(): Promise<string[]> {
    await this.page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const found = await this.page.evaluate<{ id: string; nodes: { target: string[]; failureSummary: string }[] }[]>('axe.run({ exclude: [["[hidden]"]] }).then((result) => result.violations)');
    return found.map(({ id, nodes }) => `axe: ${id} at ${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join('; ')} (${nodes.length}x): ${nodes[0]!.failureSummary.split('\n')[1]?.trim() ?? ''}`);
  }

  /** By how many pixels the page is wider than the window. */
  async overflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
