// Bounds on interrupts and switches, in words. A switch is a change from one process of the explorer (a
// CPU, or a thread of a small program) to another although the first could have continued. The literature
// calls this a preemption; here that word means the kernel's own, which happens on one CPU.

import type { Challenged } from '../../explorer/oracle/challenge';
import type { Layer, Need } from '../../explorer/layered/raised';

const count = (number: number, what: string): string => (number === 0 ? `no ${what}` : counted(number, what));

/** `1 interrupt`, `2 interrupts`, `0 states`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : noun.endsWith('ch') ? 'es' : 's'}`;
}

/** `challenged by 200 random runs, which found nothing new`, and how many of them did not end. */
export function challengeInWords({ challenged, unended }: Challenged): string {
  if (challenged === 0) return 'not challenged by random runs';
  return `challenged by ${counted(challenged, 'random run')}, which found nothing new${unended === 0 ? '' : `; ${unended} of them were given up as too long`}`;
}

/** The bound within which everything was seen: empty if there is none, or none that left anything out. */
export function withinWords({ interrupts, switches }: { readonly interrupts?: number; readonly switches?: number }, isCut: boolean): string {
  if (!isCut) return '';
  const limit = (number: number | undefined, what: string): string[] => (number === undefined ? [] : [number === 0 ? `no ${what}` : `at most ${count(number, what)}`]);
  return ` with ${[...limit(interrupts, 'interrupt'), ...limit(switches, 'switch')].join(' and ')}`;
}

/** `1 interrupt and 2 switches`. */
export function layerInWords({ interrupts, switches }: Need): string {
  return `${interrupts === null ? '' : `${count(interrupts, 'interrupt')} and `}${count(switches, 'switch')}`;
}

/** The minimum that a finding needs. Fewer interrupts come first, then fewer switches. */
export function needInWords({ interrupts, switches }: Need): string {
  if (interrupts === null) return `first with ${count(switches, 'switch')} and any number of interrupts${switches > 0 ? '; none with fewer' : ''}`;
  if (interrupts === 0) return `first with ${count(switches, 'switch')}${switches > 0 ? '; none with fewer' : ' and no interrupt'}`;
  const rest = switches > 0 ? `; none with fewer interrupts, or with ${interrupts} and fewer switches` : '; none with fewer';
  return `first with ${layerInWords({ interrupts, switches })}${rest}`;
}

/** One line for each number of interrupts: `no interrupt: 59 states with no switch, 173 with 1 switch`, where each number leaves out the states of cheaper runs. */
export function layersInWords(layers: readonly Layer[]): string[] {
  const rows = new Map<number | null, Layer[]>();
  for (const layer of layers) rows.set(layer.interrupts, [...(rows.get(layer.interrupts) ?? []), layer]);
  return [...rows].map(([interrupts, row]) => {
    const states = row.map((layer, i) => `${i === 0 ? counted(layer.states, 'state') : layer.states} with ${count(layer.switches, 'switch')}`).join(', ');
    return `${interrupts === null ? '' : `${count(interrupts, 'interrupt')}: `}${states}`;
  });
}

/** A search with more states than this is too large to be repeated often. */
const LARGE = 1_000_000;

/** For a large search, what makes it smaller; otherwise nothing. */
export function adviceInWords(states: number): string[] {
  if (states < LARGE) return [];
  return ['large: a bound such as --switches 2 covers only runs with few switches; machine/situations/scenes/README.md says how to make a situation smaller'];
}
