// The results of random programs, batch by batch, in a file: a run that is stopped loses at most
// the current batch, and the next run continues after the last complete one.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The results of a number of programs. */
export interface Tally {
  /** The seed that they were drawn from. */
  readonly seed: number;
  readonly programs: number;
  readonly failing: number;
  readonly outcomes: number;
  readonly comparisons: number;
  /** By reason. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** How many programs had each feature. */
  readonly features: Readonly<Record<string, number>>;
  /** On how many programs each further kind of comparison was made, beyond that with the plain interpreter. */
  readonly also: Readonly<Record<string, number>>;
  /** How many comparisons of each such kind were passed over as too large; missing in tallies that were kept before this was counted. */
  readonly alsoPassedOver?: Readonly<Record<string, number>>;
  /** The version of what was compared; see machineOf. */
  readonly machine: string;
}

const ROOT = resolve(__dirname, '../../..');
/** What a comparison of random programs depends on. */
const PARTS = ['machine/state', 'machine/explorer', 'machine/programs', 'steps/explorer/random-programs.ts', 'machine/context.ts', 'machine/context-frames.ts', 'machine/context-memory.ts', 'machine/path.ts'];

/** A short name for the current sources of the engines; comparisons made before they changed do not count for them. */
export const machineOf = (root = ROOT): string => sourcesIn(PARTS, root);

/** A short name for the sources in these folders and files. */
export function sourcesIn(parts: readonly string[], root = ROOT): string {
  const files = parts.flatMap((part) => (part.endsWith('.ts') ? [part] : readdirSync(join(root, part), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(part, name)))).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 8);
}

/** The tallies in a file; none if there is no such file. */
export const talliesIn = (file: string): readonly Tally[] => linesIn<Tally>(file, 'tally');

/** The lines of a file, each of which is a `what`; none if there is no such file. */
export function linesIn<Line>(file: string, what: string): readonly Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line, n) => {
    try {
      return JSON.parse(line) as Line;
    } catch {
      throw new Error(`line ${n + 1} of ${file} is not a ${what}; a run that was cut off while it wrote leaves such a line: remove it`);
    }
  });
}

export function keepIn(file: string, tally: Tally): void {
  appendFileSync(file, `${JSON.stringify(tally)}\n`);
}

/** Several tallies as one, with the seed of the first. */
export function sumOf(tallies: readonly Tally[]): Omit<Tally, 'seed' | 'machine'> {
  const total = (of: (tally: Tally) => number): number => tallies.reduce((sum, tally) => sum + of(tally), 0);
  const counts = (of: (tally: Tally) => Readonly<Record<string, number>>): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const tally of tallies) for (const [what, count] of Object.entries(of(tally))) sums[what] = (sums[what] ?? 0) + count;
    return sums;
  };
  return {
    programs: total(({ programs }) => programs), failing: total(({ failing }) => failing), outcomes: total(({ outcomes }) => outcomes), comparisons: total(({ comparisons }) => comparisons),
    passedOver: counts(({ passedOver }) => passedOver), features: counts(({ features }) => features), also: counts(({ also }) => also), alsoPassedOver: counts(({ alsoPassedOver }) => alsoPassedOver ?? {}),
  };
}

/** A summary of tallies, for a reader. */
export function inWords(tallies: readonly Tally[]): string[] {
  const { programs, failing, outcomes, comparisons, passedOver, features, also, alsoPassedOver } = sumOf(tallies);
  const uncounted = sumOf(tallies.filter((tally) => tally.alsoPassedOver === undefined)).also;
  const missed = Object.values(passedOver).reduce((sum, count) => sum + count, 0);
  const machines = new Map<string, number>();
  for (const tally of tallies) machines.set(tally.machine, (machines.get(tally.machine) ?? 0) + tally.programs);
  return [
    `${programs} random programs, ${failing} of which go wrong, ${outcomes} outcomes: every engine says what the programs mean, in ${comparisons - missed} of ${comparisons} comparisons`,
    ...Object.entries(passedOver).map(([reason, count]) => `  passed over: ${count} (${((100 * count) / comparisons).toFixed(2)} %), ${reason}`),
    ...Object.entries(also).map(([what, count]) => `  ${count} programs ${what}; ${alsoPassedOver?.[what] ?? 0} comparisons were passed over as too large${uncounted[what] === undefined ? '' : `, which were not counted for ${uncounted[what]} of the programs`}`),
    ...(machines.size > 1 ? [...machines].map(([machine, count]) => `  ${count} with the engines ${machine}${machine === machineOf() ? ', which are those of now' : ''}`) : []),
    '  with how many programs had what in them:',
    ...Object.entries(features).sort(([, one], [, other]) => other - one).map(([feature, count]) => `  ${String(count).padStart(8)}  ${feature}`),
  ];
}
