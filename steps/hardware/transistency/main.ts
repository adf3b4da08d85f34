// npm run transistency -- [OPERATIONS] [CPUS] [--family F] [--latitude L] [--part I/N] [--one-in N [--seed S]] [--reduced | --rules]: all programs of up to OPERATIONS operations (4)
// on CPUS processors (2), and how many differ. F selects the operations (operations.ts), L what the processors may do in addition to looking ahead. `--part 3/100` compares
// every hundredth program from the third on, so that all parts together are all programs; each prints one line for each length.
// `--one-in 3000 --seed 7` compares a sample: each program with that chance, drawn by the seed.
// `--reduced` leaves out the programs that a rule makes simpler (simpler.ts), and `--rules` compares only those, by the axioms alone, each with the simpler one.

import { Comparer } from './compare';
import { FAMILIES, LATITUDES, textOf, type Program } from './operations';
import { optionsFrom, WrongUse, type Options } from './options';
import { programs, sampleOf } from './programs';
import { checkRule, simplerThan } from './simpler';

interface Tally {
  at: number;
  compared: number;
  simpler: number;
  outcomes: number;
  differ: number;
}

function main(words: readonly string[]): number {
  const options = optionsFrom(words);
  let differing = 0;
  for (let length = options.cpus; length <= options.most; length++) {
    const began = process.cpuUsage().user;
    const tally: Tally = { at: 0, compared: 0, simpler: 0, outcomes: 0, differ: 0 };
    const comparer = new Comparer(options.cpus, { family: FAMILIES[options.family], latitude: LATITUDES[options.latitude] });
    const isDrawn = sampleOf(options.oneIn, options.seed);
    for (const program of programs(FAMILIES[options.family], options.cpus, length)) {
      const isOwn = tally.at++ % options.parts === options.part - 1;
      if (isDrawn() && isOwn) judge(program, options, comparer, tally);
    }
    differing += tally.differ;
    process.stdout.write(`${lineOf(options, length, tally)} (${Math.round((process.cpuUsage().user - began) / 1e6)} s of one core)\n`);
  }
  return differing === 0 ? 0 : 1;
}

function judge(program: Program, { family, simpler }: Options, comparer: Comparer, tally: Tally): void {
  const less = simpler === 'compared' ? null : simplerThan(program, FAMILIES[family]);
  if (less !== null) tally.simpler++;
  if (simpler === 'checked' ? less === null : less !== null) return;
  const { difference, outcomes } = less === null ? comparer.compare(program) : checkRule(program, less, comparer.axioms);
  tally.compared++;
  tally.outcomes += outcomes;
  if (difference === null) return;
  tally.differ++;
  process.stdout.write(`${textOf(program)}: ${difference}\n`);
}

function lineOf({ family, latitude, cpus, part, parts, oneIn, seed, simpler }: Options, length: number, { at, compared, simpler: less, outcomes, differ }: Tally): string {
  const which = `${parts === 1 ? '' : `, part ${part} of ${parts}`}${oneIn === 1 ? '' : `, one in ${oneIn} by seed ${seed}`}`;
  const how = simpler === 'checked' ? 'compared with simpler ones' : 'compared';
  const rest = simpler === 'left out' ? `, ${less} stand for simpler ones` : '';
  return `${family}, ${latitude}, ${cpus} ${cpus === 1 ? 'processor' : 'processors'}, ${length} operations${which}: ${compared} of ${at} programs ${how}${rest}, ${outcomes} outcomes, ${differ} programs differ`;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof WrongUse)) throw error;
  process.stderr.write(`transistency: ${error.message}\n`);
  process.exitCode = 2;
}
