// Prints `N passed, M failed` for a run that was written to a file; `.ci/run` ends with it. In a run
// without readable messages, nothing has passed.

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

const [file = 'reports/out/messages.ndjson'] = process.argv.slice(2);

const tally = tallyOf(messagesOrNone(file));
console.log(tally.toString());
process.exitCode = tally.passed > 0 && tally.failed === 0 ? 0 : 1;
