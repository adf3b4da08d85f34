// The long form of features/explorer/truth.feature and soundness.feature:
//   npm run soundness -- [programs] [seed]     random programs, by every engine
//   npm run soundness -- situations [i/n]      every situation of every chapter, by every engine; or part i of n

import { compareWithinBounds } from './bounds';
import { compareEngines, piecemeal } from './random';
import { inspectSituations } from './situations';
import { compareWithTruth } from './truth';

const BATCH = 500;

/** For every so many programs one is also searched in parts, by instalments, and within bounds. */
const SELDOM = 100;

function fail(difference: string, seed: number): never {
  console.error(`${difference}\nseed ${seed}`);
  process.exit(1);
}

function add(into: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [what, count] of counts) into.set(what, (into.get(what) ?? 0) + count);
}

function randomPrograms(programs: number, seed: number): void {
  const features = new Map<string, number>();
  const passedOver = new Map<string, number>();
  let [comparisons, failing, outcomes] = [0, 0, 0];
  for (let done = 0; done < programs; done += BATCH) {
    const size = Math.min(BATCH, programs - done);
    const batch = compareWithTruth(size, seed + done);
    if (batch.difference !== null) fail(batch.difference, seed + done);
    const divided = compareEngines(Math.ceil(size / SELDOM), seed + done, piecemeal);
    if (divided.difference !== null) fail(divided.difference, seed + done);
    const bounded = compareWithinBounds(Math.ceil(size / SELDOM), seed + done);
    if (bounded.difference !== null) fail(bounded.difference, seed + done);
    add(features, batch.features);
    add(passedOver, batch.passedOver);
    comparisons += batch.comparisons;
    failing += batch.failing;
    outcomes += batch.outcomes;
    if (process.stderr.isTTY || (done / BATCH) % 20 === 19) process.stderr.write(`${done + size} of ${programs} programs, 0 differences\n`);
  }
  const missed = [...passedOver.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${programs} random programs, ${failing} of which go wrong, ${outcomes} outcomes: every engine says what the programs mean, in ${comparisons - missed} of ${comparisons} comparisons`);
  for (const [reason, count] of passedOver) console.log(`  passed over: ${count} (${((100 * count) / comparisons).toFixed(2)} %), ${reason}`);
  console.log('  with how many programs had what in them:');
  for (const [feature, count] of [...features].sort(([, one], [, other]) => other - one)) console.log(`  ${String(count).padStart(8)}  ${feature}`);
}

function situations(part: number, parts: number): void {
  process.exitCode = inspectSituations((line) => console.log(line), part, parts) === 0 ? 0 : 1;
}

const [what = '100000', seed = what === 'situations' ? '1/1' : '1'] = process.argv.slice(2);
const [, part, parts] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(seed) ?? []).map(Number);
if (what === 'situations' && part !== undefined && part <= parts!) situations(part, parts!);
else if (/^[1-9]\d*$/.test(what) && /^\d+$/.test(seed)) randomPrograms(Number(what), Number(seed));
else {
  console.error(`soundness takes a number of programs and a seed, or the word situations and which part of them, such as 2/4; not "${process.argv.slice(2).join(' ')}"`);
  process.exitCode = 2;
}
