// npm run transistency [OPERATIONS] [CPUS]: all programs of 2 to so many operations (4) on so many processors (2), and how many differ.

import { allowedOutcomes } from './axioms';
import { compare } from './compare';
import { programs } from './programs';

const [most = '4', cpus = '2'] = process.argv.slice(2);
let compared = 0;
let differing = 0;
let outcomes = 0;
for (let total = Number(cpus); total <= Number(most); total++) {
  for (const program of programs(Number(cpus), total)) {
    compared++;
    outcomes += allowedOutcomes(program).length;
    const difference = compare(program);
    if (difference === null) continue;
    differing++;
    process.stdout.write(`${program.map((ops) => ops.join('; ')).join(' || ')}: ${difference}\n`);
  }
  process.stdout.write(`${cpus} processors, up to ${total} operations: ${compared} programs compared, ${outcomes} outcomes, ${differing} programs differ\n`);
}
process.exitCode = differing === 0 ? 0 : 1;
