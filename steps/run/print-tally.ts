// Prints which scenarios of a run that was written to a file have failed, and `N passed, M failed`; `.ci/run` ends with it.
// In a run without readable messages, nothing has passed.

import type { Envelope } from '@cucumber/messages';
import { readMessages, tallyOf } from './messages';

function messagesOrNone(file: string): Envelope[] {
  try {
    return readMessages(file);
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** How many failures are named. */
const SHOWN = 10;

const [file = 'reports/out/messages.ndjson'] = process.argv.slice(2);

const tally = tallyOf(messagesOrNone(file));
for (const failure of tally.failures.slice(0, SHOWN)) console.log(`FAILED: ${failure}`);
if (tally.failures.length > SHOWN) console.log(`FAILED: ${tally.failures.length - SHOWN} more`);
console.log(tally.toString());
process.exitCode = tally.passed > 0 && tally.failed === 0 ? 0 : 1;
