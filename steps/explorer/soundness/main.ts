// The long form of features/explorer/truth.feature and soundness.feature:
//   npm run soundness -- [programs] [seed]     random programs, by every engine
//   npm run soundness -- [programs] in FILE    the same, 500 at a time; those that are in the file count, and the others are added to it
//   npm run soundness -- sum FILE...           the sum of what these files contain
//   npm run soundness -- situations [in FILE]  every situation of every chapter, by every engine within a bound of its own; kernels that are in the file are skipped
//   npm run soundness -- table FILE            what that file contains: kernels by engines

import { existsSync } from 'node:fs';
import { compareMany, Differs } from './many';
import { heldIn, holdSituations, tableOf, type Held } from './held';
import { inWords, talliesIn } from './tally';

/** Without a file, programs are compared and forgotten batch by batch, too. */
const BATCH = 500;

function randomPrograms(programs: number, first: number, file: string | null): void {
  const tell = (done: number): void => {
    if (process.stderr.isTTY || (done / BATCH) % 20 === 0) process.stderr.write(`${done} of ${programs} programs, 0 differences\n`);
  };
  try {
    for (const line of inWords(compareMany({ programs, first, file, batch: BATCH }, tell))) console.log(line);
  } catch (error) {
    if (!(error instanceof Differs)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function situations(file: string | null): void {
  tell(holdSituations(file, (line) => console.error(line)));
}

function tell(held: readonly Held[]): void {
  for (const line of tableOf(held)) console.log(line);
  process.exitCode = held.some(({ said }) => said === 'differs') ? 1 : 0;
}

function refuse(words: readonly string[]): void {
  console.error(`soundness takes a number of programs and a seed, or a number of programs and "in" and a file; or the word sum and files; or the word situations, by itself or with "in" and a file; or the word table and such a file; not "${words.join(' ')}"`);
  process.exitCode = 2;
}

function main(words: readonly string[]): void {
  const [what = '100000', second, third] = words;
  if (what === 'situations' && words.length === 1) return situations(null);
  if (what === 'situations' && second === 'in' && third !== undefined && words.length === 3) return situations(third);
  if (what === 'table' && second !== undefined && words.length === 2) return existsSync(second) ? tell(heldIn(second)) : refuse([...words, '(there is no such file)']);
  if (what === 'sum' && words.length > 1) {
    const missing = words.slice(1).find((file) => !existsSync(file));
    if (missing !== undefined) return refuse([`sum ${missing}`, '(there is no such file)']);
    for (const line of inWords(words.slice(1).flatMap(talliesIn))) console.log(line);
    return;
  }
  if (/^[1-9]\d*$/.test(what) && second === 'in' && third !== undefined && words.length === 3) return randomPrograms(Number(what), 1, third);
  if (/^[1-9]\d*$/.test(what) && /^\d+$/.test(second ?? '1') && words.length <= 2) return randomPrograms(Number(what), Number(second ?? '1'), null);
  refuse(words);
}

main(process.argv.slice(2));
