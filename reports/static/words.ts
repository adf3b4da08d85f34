// Numbers and verdicts in words, for the whole report.

import { withinWords } from '../../machine/cli/search/bounds';
import type { Patch } from '../../machine/patches/types';
import type { Evidence } from '../../machine/situations/check';

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** `holds`, `violated` or `undecided`: a search that did not finish and found nothing decides nothing. */
export function conclusionOf({ verdict }: Evidence): 'holds' | 'violated' | 'undecided' {
  if (verdict.findings.length > 0) return 'violated';
  return verdict.complete ? 'holds' : 'undecided';
}

/** `1 interrupt, 31 steps`. */
export function sizeOfRun({ interrupts, steps }: { readonly interrupts: number; readonly steps: number }): string {
  return `${count(interrupts, 'interrupt')}, ${count(steps, 'step')}`;
}

/** Whether the search was only to find one failing run (steps/support/brief.ts). */
const endsAtRun = ({ complete, findings, bounds }: Evidence['verdict']): boolean => !complete && findings.length > 0 && Object.keys(bounds).length === 0;

/** What was searched, and how far. */
export function searchOf({ verdict, boundedBy }: Evidence): string {
  return [
    verdict.complete ? `every interleaving${withinWords(verdict.bounds, verdict.isCut)}` : endsAtRun(verdict) ? 'ended at the smallest failing run, in order of interrupts and changes of process' : 'search not complete',
    count(verdict.states, 'state'), count(verdict.transitions, 'transition'), count(verdict.events, 'event'),
    boundedBy.length > 0 ? boundedBy.join(', ') : 'bounded by the situation alone',
    ...(verdict.challenged > 0 ? [`challenged by ${count(verdict.challenged, 'random run')}${verdict.unended > 0 ? `, ${verdict.unended} of which were given up as too long` : ''}`] : []),
    verdict.collisionBound > 0 ? `chance of a hash collision below ${verdict.collisionBound.toExponential(1)}` : 'states compared exactly',
  ].join('; ');
}

export function parametersOf({ parameters }: Evidence): string {
  return Object.entries(parameters).map(([name, value]) => `${name} = ${String(value)}`).join(', ');
}

/** The CSS class for the mark of a verdict. */
export function markOf(verdict: string): string {
  return verdict.replace(/ /g, '-');
}

/** Where the mail can be read: by its Message-ID, or by its subject in the archive. */
export function mailLink({ subject, messageId }: NonNullable<Patch['mail']>): string {
  return messageId === undefined ? `https://lore.kernel.org/all/?q=s%3A%22${encodeURIComponent(subject.replace(/^\[[^\]]*\] */, ''))}%22` : `https://lore.kernel.org/r/${encodeURIComponent(messageId)}`;
}
