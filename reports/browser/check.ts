// What a check of the page is, and what several checks use.

import type { Report } from '../chapters';
import { formatMoment, parseMoment } from '../moment';
import type { Tab } from './tab';

/** A sentence that must be true of the page, and a function that throws if it is not. */
export interface Check {
  readonly says: string;
  run(tab: Tab, report: Report): Promise<void>;
}

export const text = async (tab: Tab, selector: string): Promise<string> => ((await tab.page.locator(selector).first().textContent()) ?? '').trim();

/** The first witness of the report, or the first of the situation named that is long enough, as the address of its last step. */
export function witnessOf(report: Report, wanted: (events: number) => boolean = () => true, of?: string): string {
  for (const { evidence } of report.scenarios) {
    for (const { request, situation, verdict } of evidence) {
      if (of !== undefined && situation !== of) continue;
      const finding = verdict.findings.find(({ steps }) => wanted(steps));
      if (finding) return formatMoment({ request: { ...request, situation }, schedule: finding.witness.schedule, step: finding.steps, against: null });
    }
  }
  throw new Error(`the run has no witness ${of === undefined ? '' : `of ${of} `}to step through`);
}

export const stepOf = async (tab: Tab): Promise<number> => parseMoment(await tab.hash())!.step;
