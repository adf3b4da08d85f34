// npm run graphs -- [--record]: the graph of every kernel beside what is recorded of it. --record records what there is now, and prints the differences.

import { SITUATIONS } from '../../../machine/situations';
import { differencesOf, kernelsOf } from './graphs';
import { recordedGraphs, recordGraphs } from './record';

const words = process.argv.slice(2);
const isRecording = words[0] === '--record';

if (words.length > (isRecording ? 1 : 0)) {
  console.error(`graphs takes nothing, or --record; not "${words.join(' ')}"`);
  process.exitCode = 2;
} else {
  const recorded = recordedGraphs();
  const now = Object.fromEntries(SITUATIONS.map(({ id }) => [id, kernelsOf(id)]));
  const lines = SITUATIONS.flatMap(({ id }) => differencesOf(recorded[id] ?? {}, now[id]!).map((line) => `${id} with ${line}`));
  for (const line of lines) console.log(line);
  console.log(`${Object.values(now).reduce((sum, kernels) => sum + Object.keys(kernels).length, 0)} kernels of ${SITUATIONS.length} situations; ${lines.length} are not as recorded`);
  if (isRecording) recordGraphs(now);
  else process.exitCode = lines.length === 0 ? 0 : 1;
}
