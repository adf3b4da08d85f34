// The long form of features/explorer/soundness.feature: `npm run soundness -- [programs] [seed]`.

import { compareWithinBounds } from './bounds';
import { compareEngines, engines, piecemeal } from './random';

const BATCH = 1000;
const programs = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);

let comparisons = 0;
let passedOver = 0;
let passedOverWithinBounds = 0;
let outcomes = 0;
for (let done = 0; done < programs; done += BATCH) {
  const size = Math.min(BATCH, programs - done);
  const batch = compareEngines(size, seed + done, { ...engines, ...piecemeal });
  if (batch.difference !== null) {
    console.error(`${batch.difference}\nseed ${seed + done}`);
    process.exit(1);
  }
  // One program in ten: within bounds, brute force has each state once for each way to have spent them.
  const bounded = compareWithinBounds(Math.ceil(size / 10), seed + done);
  if (bounded.difference !== null) {
    console.error(`${bounded.difference}\nseed ${seed + done}`);
    process.exit(1);
  }
  comparisons += batch.comparisons;
  passedOver += batch.passedOver;
  passedOverWithinBounds += bounded.passedOver;
  outcomes += batch.outcomes;
  if (process.stderr.isTTY) process.stderr.write(`\r${done + BATCH} of ${programs} programs`);
}
console.log(`${programs} random programs, ${outcomes} outcomes: every engine agrees with brute force (${passedOver} of ${comparisons} comparisons passed over as too large), and so does one program in ten within bounds (${passedOverWithinBounds} passed over)`);
