// npm run recorded -- [name…] [--record]: computes what is recorded again, and prints where it differs. --record records what there is now.
// npm run recorded -- name --json: the lines of one recording as they are now, in JSON and beside nothing.

import { RECORDINGS } from './recordings';
import { differencesOf, record, recordedLines, type Lines, type Recording } from './recording';

const words = process.argv.slice(2);
const isRecording = words.includes('--record');
const isPrinting = words.includes('--json');
const names = words.filter((word) => word !== '--record' && word !== '--json');
const unknown = names.filter((name) => !RECORDINGS.some((recording) => recording.name === name));

async function linesNow(recording: Recording): Promise<Readonly<Record<string, Lines>>> {
  const now: Record<string, Lines> = {};
  for (const part of recording.parts) now[part] = await recording.linesOf(part);
  return now;
}

/** Prints the differences of one recording, and returns how many there are. */
async function compare(recording: Recording): Promise<number> {
  const recorded = recordedLines(recording);
  const now = await linesNow(recording);
  const parts = [...new Set([...Object.keys(recorded), ...recording.parts])];
  const lines: string[] = [];
  for (const part of parts) {
    const differences = differencesOf(recorded[part] ?? {}, now[part] ?? {});
    const told = differences.length > 0 && recording.textsOf && now[part] ? differencesOf(recorded[part] ?? {}, now[part], await recording.textsOf(part)) : differences;
    lines.push(...told.map((line) => `${part}: ${line}`));
  }
  for (const line of lines) console.log(line);
  console.log(`${recording.name}: ${Object.values(now).reduce((sum, part) => sum + Object.keys(part).length, 0)} lines in ${recording.parts.length} parts; ${lines.length} are not as recorded`);
  if (isRecording) record(recording, now);
  return lines.length;
}

async function main(): Promise<void> {
  if (isPrinting) return console.log(JSON.stringify(await linesNow(RECORDINGS.find(({ name }) => name === names[0])!)));
  let differences = 0;
  for (const recording of RECORDINGS) if (names.length === 0 || names.includes(recording.name)) differences += await compare(recording);
  if (!isRecording && differences > 0) process.exitCode = 1;
}

if (unknown.length > 0) {
  console.error(`recorded takes --record, --json and the names ${RECORDINGS.map(({ name }) => name).join(', ')}; not "${unknown.join(' ')}"`);
  process.exitCode = 2;
} else if (isPrinting && (isRecording || names.length !== 1)) {
  console.error('recorded --json takes the name of one recording, and no --record');
  process.exitCode = 2;
} else void main();
