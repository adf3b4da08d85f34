// What to type to repeat a run: the replay line that is printed under every witness.

import type { Request } from '../machine/situations/check';

/** `npx paravirt-spec replay flush-tlb 'kthread: 2, …' --patches none`. */
export function replayLine(request: Request, schedule: string): string {
  return ['npx paravirt-spec replay', request.situation, quote(schedule), ...options(request)].join(' ');
}

/** `npx paravirt-spec check flush-tlb --patches none`. */
export function checkLine(request: Request): string {
  return ['npx paravirt-spec check', request.situation, ...options(request)].join(' ');
}

function options({ patches, parameters, invariants, bounds }: Request): string[] {
  return [
    `--patches ${quote(patches)}`,
    ...Object.entries(parameters ?? {}).map(([name, value]) => `--set ${quote(`${name}=${String(value)}`)}`),
    ...(invariants ?? []).map((name) => `--invariant ${quote(name)}`),
    ...Object.entries(bounds ?? {}).map(([name, bound]) => `--${name} ${bound}`),
  ];
}

const quote = (word: string): string => (/^[\w@.,+/=-]+$/.test(word) ? word : `'${word}'`);
