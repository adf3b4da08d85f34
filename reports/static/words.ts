// Numbers and verdicts in words, as the report says them everywhere.

import type { Evidence } from '../../machine/situations/check';

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** `holds`, `violated` or `undecided`: a search that did not end decides nothing by finding nothing. */
export function conclusionOf({ verdict }: Evidence): 'holds' | 'violated' | 'undecided' {
  if (verdict.findings.length > 0) return 'violated';
  return verdict.complete ? 'holds' : 'undecided';
}

/** What was searched, and how far. */
export function searchOf({ verdict }: Evidence): string {
  const bounds = Object.entries(verdict.bounds).map(([name, bound]) => `at most ${count(bound, name.replace(/s$/, ''))}`);
  return [
    verdict.complete ? 'every interleaving' : 'search not complete',
    count(verdict.states, 'state'), count(verdict.transitions, 'transition'), count(verdict.events, 'event'),
    bounds.length > 0 ? bounds.join(', ') : 'no bound',
    verdict.collisionBound > 0 ? `two states taken for one with a chance below ${verdict.collisionBound.toExponential(1)}` : 'states compared exactly',
  ].join('; ');
}

export function parametersOf({ parameters }: Evidence): string {
  return Object.entries(parameters).map(([name, value]) => `${name} = ${String(value)}`).join(', ');
}

/** How a verdict looks: the class of its mark. */
export function markOf(verdict: string): string {
  return verdict.replace(/ /g, '-');
}
