// What the page costs a reader: its size, how soon it is painted, how long one step in the viewer takes,
// and how fast it explores. The figures are printed but not judged, since times differ from machine to machine.

import { statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { check } from '../../machine/situations/check';
import type { Report } from '../chapters';
import { formatMoment } from '../moment';
import { witnessOf } from './check';
import { Tab } from './tab';

/** One frame of a screen with 60 frames a second, in milliseconds. */
const FRAME = 1000 / 60;

/** Steps by keyboard from the beginning to the end of the run, once in each frame; gives the time of each step with its layout, and the time between frames. */
const STEP_THROUGH = `new Promise((done) => {
  const run = document.querySelector('.run');
  const press = (key) => run.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const steps = [], frames = [];
  let last = 0, at = '';
  press('Home');
  const frame = (now) => {
    if (last > 0) frames.push(now - last);
    last = now;
    const reached = document.querySelector('[data-scrub]').value;
    if (reached === at || steps.length >= 150) return done({ steps, frames });
    at = reached;
    const began = performance.now();
    press('ArrowDown');
    document.body.offsetHeight;
    steps.push(performance.now() - began);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

interface Stepping {
  readonly steps: readonly number[];
  readonly frames: readonly number[];
}

const at = (times: readonly number[], part: number): number => [...times].sort((one, other) => one - other)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;

export async function measure(browser: Browser, file: string, report: Report): Promise<void> {
  const tab = await Tab.open(browser, file);
  const paint = await tab.page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
  const ready = await tab.page.evaluate<number>("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
  console.log(`${(statSync(file).size / 1e6).toFixed(2)} MB, first paint ${paint.toFixed(0)} ms, interactive ${ready.toFixed(0)} ms`);
  for (const situation of ['flush-tlb/classic', 'xen-pte-lock', 'vmi-boot', 'switch-mm-barrier']) await stepThrough(tab, report, situation);
  await explore(tab);
  await tab.close();
}

/** The longest witness of a situation, or of all situations of a patch. */
async function stepThrough(tab: Tab, report: Report, of: string): Promise<void> {
  const witnesses = report.scenarios.flatMap(({ evidence }) => evidence.filter(({ situation }) => situation.startsWith(of)).flatMap(({ verdict, situation }) => verdict.findings.map(({ steps }) => ({ situation, steps }))));
  if (witnesses.length === 0) return;
  const { situation, steps: length } = witnesses.reduce((one, other) => (other.steps > one.steps ? other : one));
  await tab.go(witnessOf(report, (steps) => steps === length, situation));
  const session = await tab.page.context().newCDPSession(tab.page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const processorTime = async (): Promise<number> => 1000 * (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value;
  const before = await processorTime();
  const { steps, frames } = await tab.page.evaluate<Stepping>(STEP_THROUGH);
  const own = (await processorTime() - before) / steps.length;
  const late = frames.filter((time) => time > FRAME * 1.5).length;
  console.log(`${situation}, ${length} steps: a step takes ${own.toFixed(1)} ms of processor time; by the clock ${at(steps, 0.5).toFixed(1)} ms (95 of 100: ${at(steps, 0.95).toFixed(1)} ms); ${frames.length} frames, one every ${at(frames, 0.5).toFixed(1)} ms, ${late} of them late`);
}

async function explore(tab: Tab): Promise<void> {
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
}
