// npm run orders [SITUATION] [STATES]: every situation (or those whose names begin with SITUATION) under SC and TSO, one line of JSON for each
// choice in which its requirements are judged. Searches of more than STATES (1,000,000) states are given up. "npm run orders missing"
// searches only the choices that are not recorded yet; "npm run orders table" prints what was recorded. "npm run orders claims FEATURE…" runs
// scenarios with each question asked under both orders, in searches of at most 1,000,000 states, and prints a line of JSON for each question, as
// machine/cli/orders/claims.jsonl keeps them.

import { SITUATIONS } from '../../../machine/situations';
import { choicesOf, compareOrders } from '../../../machine/situations/orders';
import { askClaims } from './claims';
import { isRecorded, recordedOrders, tableOf } from './recorded';

const [which = '', states = '1000000'] = process.argv.slice(2);
const chosen = SITUATIONS.filter(({ id }) => which === 'missing' || id.startsWith(which));
if (which === 'claims') {
  askClaims(process.argv.slice(3));
} else if (which !== 'table' && chosen.length === 0) {
  console.error(`orders: no situation begins with "${which}"; legal: table, missing, claims, or the beginning of ${SITUATIONS.map(({ id }) => id).join(', ')}`);
  process.exitCode = 2;
} else if (!/^[1-9]\d*$/.test(states)) {
  console.error(`orders: "${states}" is not a whole number of states above 0`);
  process.exitCode = 2;
} else if (which === 'table') {
  process.stdout.write(`${tableOf(recordedOrders()).join('\n')}\n`);
} else {
  const isKnown = which === 'missing' ? isRecorded(recordedOrders()) : () => false;
  for (const situation of chosen) {
    for (const choice of choicesOf(situation)) {
      if (!isKnown({ situation: situation.id, ...choice })) process.stdout.write(`${JSON.stringify(compareOrders(situation, choice, Number(states)))}\n`);
    }
  }
}
