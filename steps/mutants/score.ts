// The report of a run of mutants: how many were noticed, by folder, and each one that no scenario noticed.

import type { Ending } from './crew';
import { reasonWhyEqual } from './equal';
import type { Mutant } from './operators';

export interface Judged extends Ending {
  readonly mutant: Mutant;
  /** How many scenarios reach the changed place. */
  readonly reaching: number;
}

/** Bounds of the overall share, with 95 % confidence, if `hits` of `tries` were noticed (Wilson). */
export function interval(hits: number, tries: number): [number, number] {
  if (tries === 0) return [0, 1];
  const z = 1.96;
  const share = hits / tries;
  const middle = share + z * z / (2 * tries);
  const reach = z * Math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries));
  const scale = 1 + z * z / tries;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

/** Whether the mutant counts as killed because the process died, not because a scenario failed. */
export const isDeath = (why: string): boolean => /^stopped|^the process ended/.test(why);

/** `machine/kernel/linux-2.6`; just `machine` for a file directly in it. */
const folderOf = (file: string): string => file.split('/').slice(0, -1).slice(0, 2).join('/');

const percent = (share: number): string => `${Math.round(100 * share)} %`;

export function tableOf(results: readonly Judged[], refused: number): string {
  const folders = [...new Set(results.map(({ mutant }) => folderOf(mutant.file)))].sort();
  const line = (name: string, own: readonly Judged[]): string => {
    const killed = own.filter(({ killedBy }) => killedBy !== null).length;
    const [low, high] = interval(killed, own.length);
    return `${name.padEnd(34)}${String(killed).padStart(5)} of ${String(own.length).padStart(4)}${percent(killed / Math.max(1, own.length)).padStart(7)}   ${percent(low)} to ${percent(high)}`;
  };
  const equal = results.flatMap((result) => {
    const reason = reasonWhyEqual(result.mutant);
    return reason === null ? [] : [{ ...result, reason }];
  });
  const survivingEqual = equal.filter(({ killedBy }) => killedBy === null);
  const survivors = results.filter(({ killedBy, mutant }) => killedBy === null && !survivingEqual.some((each) => each.mutant === mutant));
  const stopped = results.filter(({ why }) => isDeath(why)).length;
  return [
    ...folders.map((folder) => line(folder, results.filter(({ mutant }) => folderOf(mutant.file) === folder))),
    line('all', results),
    line('without those that are equal', results.filter(({ mutant }) => !survivingEqual.some((each) => each.mutant === mutant))),
    `${refused} more were refused by the compiler; of those killed, ${stopped} ended in a process that died or had to be stopped`,
    ...survivors.map(({ mutant, reaching, ran, why }) => `SURVIVES ${mutant.id}\n    ${reaching === 0 ? 'no scenario comes to it' : `${ran} of the ${reaching} scenarios that come to it pass`}${why === '' ? '' : `; ${why}`}`),
    ...survivingEqual.map(({ mutant, reason }) => `EQUAL ${mutant.id}\n    ${reason}`),
    ...equal.filter(({ killedBy }) => killedBy !== null).map(({ mutant, killedBy }) => `LISTED AS EQUAL, BUT NOTICED ${mutant.id}\n    by ${killedBy}`),
    '',
  ].join('\n');
}
