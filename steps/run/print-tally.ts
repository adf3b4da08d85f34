// Prints `N passed, M failed` of a run that was written to a file; `.ci/run` ends with it.

import { readMessages, tallyOf } from './messages';

const [file = 'reports/out/messages.ndjson'] = process.argv.slice(2);

const tally = tallyOf(readMessages(file));
console.log(tally.toString());
process.exitCode = tally.passed > 0 && tally.failed === 0 ? 0 : 1;
