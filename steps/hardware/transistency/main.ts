// npm run transistency [OPERATIONS] [CPUS] [EVERY]: all programs of up to so many operations (4) on so many processors (2), and how many differ; of the longest
// only every so-manieth (1). There are 46,138 of five operations on two processors and 492,882 of six: about half an hour, and about a day.

import { allowedOutcomes } from './axioms';
import { compare } from './compare';
import { programs } from './programs';

const [most = '4', cpus = '2', every = '1'] = process.argv.slice(2);
let compared = 0;
let differing = 0;
let outcomes = 0;
for (let total = Number(cpus); total <= Number(most); total++) {
  const stride = total === Number(most) ? Number(every) : 1;
  let at = 0;
  for (const program of programs(Number(cpus), total)) {
    if (at++ % stride !== 0) continue;
    compared++;
    outcomes += allowedOutcomes(program).length;
    const difference = compare(program);
    if (difference === null) continue;
    differing++;
    process.stdout.write(`${program.map((ops) => ops.join('; ')).join(' || ')}: ${difference}\n`);
  }
  process.stdout.write(`${cpus} processors, up to ${total} operations: ${compared} programs compared, ${outcomes} outcomes, ${differing} programs differ${stride === 1 ? '' : `; of ${total} operations, ${at} programs, every ${stride}th`}\n`);
}
process.exitCode = differing === 0 ? 0 : 1;
