// npm run transistency -- [OPERATIONS] [CPUS] [--family F] [--latitude L] [--part I/N] [--one-in N [--seed S]]: all programs of up to so many operations (4) on so many processors (2),
// and how many differ. F says what they are made of (operations.ts), L what the processors may do beside looking ahead. `--part 3/100` compares
// every hundredth program from the third on, so that all parts together are all programs; each prints one line for each length.
// `--one-in 3000 --seed 7` compares a sample: each program with that chance, drawn by the seed.

import { compare } from './compare';
import { FAMILIES, LATITUDES, textOf } from './operations';
import { optionsFrom, WrongUse } from './options';
import { programs, sampleOf } from './programs';

function main(words: readonly string[]): number {
  const { most, cpus, family, latitude, part, parts, oneIn, seed } = optionsFrom(words);
  let differing = 0;
  for (let length = cpus; length <= most; length++) {
    const began = process.cpuUsage().user;
    let [at, compared, outcomes, differ] = [0, 0, 0, 0];
    const isDrawn = sampleOf(oneIn, seed);
    for (const program of programs(FAMILIES[family], cpus, length)) {
      const isOwn = at++ % parts === part - 1;
      if (!isDrawn() || !isOwn) continue;
      const { difference, outcomes: allowed } = compare(program, { family: FAMILIES[family], latitude: LATITUDES[latitude], challenge: 0 });
      compared++;
      outcomes += allowed;
      if (difference === null) continue;
      differ++;
      process.stdout.write(`${textOf(program)}: ${difference}\n`);
    }
    differing += differ;
    const seconds = Math.round((process.cpuUsage().user - began) / 1e6);
    const which = `${parts === 1 ? '' : `, part ${part} of ${parts}`}${oneIn === 1 ? '' : `, one in ${oneIn} by seed ${seed}`}`;
    process.stdout.write(`${family}, ${latitude}, ${cpus} processors, ${length} operations${which}: ${compared} of ${at} programs compared, ${outcomes} outcomes, ${differ} programs differ (${seconds} s of one core)\n`);
  }
  return differing === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof WrongUse)) throw error;
  process.stderr.write(`transistency: ${error.message}\n`);
  process.exitCode = 2;
}
