// Bounds on interrupts and switches, in words. A switch is where a run turns from one process of the
// explorer (a CPU, a thread of a small program) to another although the first could have gone on; the
// kernel's preemption is something else, and happens on one CPU. The explorer's own name for the bound
// is `preemptions`, as the literature has it.

import type { Challenged } from '../../explorer/oracle/challenge';
import type { Layer, Need } from '../../explorer/layered/raised';

const count = (number: number, what: string): string => (number === 0 ? `no ${what}` : counted(number, what));

/** `1 interrupt`, `2 interrupts`, `0 states`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : noun.endsWith('ch') ? 'es' : 's'}`;
}

/** `challenged by 200 random runs, which came to nothing else`, and how many of them did not end. */
export function challengeInWords({ challenged, unended }: Challenged): string {
  if (challenged === 0) return 'not challenged by random runs';
  return `challenged by ${counted(challenged, 'random run')}, which came to nothing else${unended === 0 ? '' : `; ${unended} of them were given up before they ended`}`;
}

/** Under which bound everything was seen: empty where there is none, or none that left anything out. */
export function withinWords({ interrupts, preemptions }: { readonly interrupts?: number; readonly preemptions?: number }, isCut: boolean): string {
  if (!isCut) return '';
  const limit = (number: number | undefined, what: string): string[] => (number === undefined ? [] : [number === 0 ? `no ${what}` : `at most ${count(number, what)}`]);
  return ` with ${[...limit(interrupts, 'interrupt'), ...limit(preemptions, 'switch')].join(' and ')}`;
}

/** `1 interrupt and 2 switches`. */
export function layerInWords({ interrupts, preemptions }: Need): string {
  return `${interrupts === null ? '' : `${count(interrupts, 'interrupt')} and `}${count(preemptions, 'switch')}`;
}

/** What a finding needs at least. Fewer interrupts come first, and fewer preemptions with as many. */
export function needInWords({ interrupts, preemptions }: Need): string {
  if (interrupts === null) return `first with ${count(preemptions, 'switch')} and whatever interrupts it takes${preemptions > 0 ? '; none with fewer' : ''}`;
  if (interrupts === 0) return `first with ${count(preemptions, 'switch')}${preemptions > 0 ? '; none with fewer' : ' and no interrupt'}`;
  const rest = preemptions > 0 ? `; none with fewer interrupts, or with ${interrupts} and fewer switches` : '; none with fewer';
  return `first with ${layerInWords({ interrupts, preemptions })}${rest}`;
}

/** One line for each number of interrupts: how many states each further preemption has added. */
export function layersInWords(layers: readonly Layer[]): string[] {
  const rows = new Map<number | null, Layer[]>();
  for (const layer of layers) rows.set(layer.interrupts, [...(rows.get(layer.interrupts) ?? []), layer]);
  return [...rows].map(([interrupts, row]) => {
    const states = row.map((layer) => `${layer.preemptions}: ${layer.states}`).join(', ');
    return `${interrupts === null ? '' : `${count(interrupts, 'interrupt')}, `}states by switches ${states}`;
  });
}
