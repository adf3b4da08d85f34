// A great many random programs, batch by batch; those whose tallies are in a file are skipped.

import { compareAnswers } from '../random/answers';
import { compareWithMeaning } from '../random/automata';
import { compareWithinBounds } from '../random/bounds';
import { compareWithClasses } from '../random/classes';
import { compareEngines, piecemeal } from '../random/random';
import { keepIn, machineOf, sumOf, talliesIn, type Tally } from './tally';
import { asItIs, compareWithTruth, MANY, WHOLE } from '../random/truth';

/** What is compared only on some programs, since it costs more: on one of this many. */
const ALSO: readonly { readonly oneFor: number; readonly what: string; readonly compare: (programs: number, seed: number) => { readonly difference: string | null; readonly passedOver: number } }[] = [
  { oneFor: 100, what: 'were searched in parts, and by instalments', compare: (programs, seed) => compareEngines(programs, seed, piecemeal) },
  { oneFor: 100, what: 'were searched within bounds', compare: (programs, seed) => compareWithinBounds(programs, seed) },
  { oneFor: 100, what: 'had their classes counted, and the executions of the optimal engine', compare: (programs, seed) => compareWithClasses(programs, seed) },
  { oneFor: 250, what: 'were searched once for all of their invariants, and once for each', compare: (programs, seed) => compareAnswers(programs, seed) },
  { oneFor: 25, what: 'were tables of rules, with neither paths nor contexts, compared with what they mean', compare: (programs, seed) => compareWithMeaning(programs, seed) },
];

/** An engine disagrees with the definition of a program. */
export class Differs extends Error {}

export interface Many {
  /** The total number of programs, including those in the file. */
  readonly programs: number;
  /** The seed of the first batch; that of the next is larger by the size of a batch. */
  readonly first: number;
  /** Where the tallies are kept; null if nowhere. */
  readonly file: string | null;
  readonly batch: number;
}

/**
 * Compares as many programs as are still missing.
 *
 * @param tell is called after each batch with the number of programs compared so far
 * @returns the tallies of all, including those in the file
 * @throws Differs if an engine differs on one of them
 */
export function compareMany({ programs, first, file, batch }: Many, tell: (done: number) => void): readonly Tally[] {
  const machine = machineOf();
  const tallies = file === null ? [] : [...talliesIn(file)];
  let seed = tallies.reduce((next, tally) => Math.max(next, tally.seed + batch), first);
  for (let done = sumOf(tallies).programs; done < programs; seed += batch) {
    const tally = tallyOf(Math.min(batch, programs - done), seed, machine);
    tallies.push(tally);
    done += tally.programs;
    if (file !== null) keepIn(file, tally);
    tell(done);
  }
  return tallies;
}

function tallyOf(programs: number, seed: number, machine: string): Tally {
  const { difference, passedOver, features, failing, outcomes, comparisons } = compareWithTruth(programs, seed, WHOLE, asItIs, MANY);
  refuse(difference, seed);
  const also: Record<string, number> = {};
  const alsoPassedOver: Record<string, number> = {};
  for (const { oneFor, what, compare } of ALSO) {
    also[what] = Math.ceil(programs / oneFor);
    const { difference: alsoDifference, passedOver: tooLarge } = compare(also[what], seed);
    refuse(alsoDifference, seed);
    alsoPassedOver[what] = tooLarge;
  }
  return { seed, programs, failing, outcomes, comparisons, passedOver: Object.fromEntries(passedOver), features: Object.fromEntries(features), also, alsoPassedOver, machine };
}

function refuse(difference: string | null, seed: number): void {
  if (difference !== null) throw new Differs(`${difference}\nseed ${seed}`);
}
