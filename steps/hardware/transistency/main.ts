// npm run transistency -- [OPERATIONS] [CPUS] [--family F] [--latitude L] [--part I/N]: all programs of up to so many operations (4) on so many processors (2),
// and how many differ. F says what they are made of (operations.ts), L what the processors may do beside looking ahead. `--part 3/100` compares
// every hundredth program from the third on, so that all parts together are all programs; each prints one line for each length.

import { compare } from './compare';
import { FAMILIES, LATITUDES, textOf } from './operations';
import { optionsFrom, WrongUse } from './options';
import { programs } from './programs';

function main(words: readonly string[]): number {
  const { most, cpus, family, latitude, part, parts } = optionsFrom(words);
  let differing = 0;
  for (let length = cpus; length <= most; length++) {
    const began = process.cpuUsage().user;
    let [at, compared, outcomes, differ] = [0, 0, 0, 0];
    for (const program of programs(FAMILIES[family], cpus, length)) {
      if (at++ % parts !== part - 1) continue;
      const { difference, outcomes: allowed } = compare(program, { family: FAMILIES[family], latitude: LATITUDES[latitude], challenge: 0 });
      compared++;
      outcomes += allowed;
      if (difference === null) continue;
      differ++;
      process.stdout.write(`${textOf(program)}: ${difference}\n`);
    }
    differing += differ;
    const seconds = Math.round((process.cpuUsage().user - began) / 1e6);
    const which = parts === 1 ? '' : `, part ${part} of ${parts}`;
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
