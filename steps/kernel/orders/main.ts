// npm run orders [SITUATION] [STATES]: every situation (or those whose names begin so) under SC and TSO, one line of JSON for each
// choice in which its requirements are judged. Searches of more than STATES (1,000,000) states are given up. "npm run orders table"
// prints what was recorded.

import { SITUATIONS } from '../../../machine/situations';
import { choicesOf, compareOrders } from '../../../machine/situations/orders';
import { recordedOrders, tableOf } from './recorded';

const [which = '', states = '1000000'] = process.argv.slice(2);
if (which === 'table') {
  process.stdout.write(`${tableOf(recordedOrders()).join('\n')}\n`);
} else {
  for (const situation of SITUATIONS.filter(({ id }) => id.startsWith(which))) {
    for (const choice of choicesOf(situation)) process.stdout.write(`${JSON.stringify(compareOrders(situation, choice, Number(states)))}\n`);
  }
}
