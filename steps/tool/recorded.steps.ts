import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { MachineWorld } from '../support/world';
import { linesOf, textsOf } from '../recorded/plain';
import { differencesOf, recordedLines, type Lines, type Recording } from '../recorded/recording';
import { RECORDINGS } from '../recorded/recordings';
import { runNodeOnce } from '../run/command';

// What the machine does, beside what is recorded of it.

const compared = new WeakMap<MachineWorld, { readonly name: string; readonly recorded: Lines; readonly now: Lines }>();

function recordingNamed(name: string): Recording {
  const recording = RECORDINGS.find((one) => one.name === name);
  if (!recording) throw new Error(`nothing is recorded as "${name}"; there are ${RECORDINGS.map((one) => one.name).join(', ')}`);
  return recording;
}

/** What a part comes to now, computed here or in the process of all its recording. */
async function linesNow(recording: Recording, part: string, names?: readonly string[]): Promise<Lines> {
  if (!recording.isApart) return recording.linesOf(part, names);
  const { line, status, stdout, stderr } = runNodeOnce(['-r', './machine/cli/load/typescript.js', 'steps/recorded/main.ts', recording.name, '--json']);
  if (status !== 0) throw new Error(`${line} ended with ${status}\n${stderr}`);
  return (JSON.parse(stdout) as Readonly<Record<string, Lines>>)[part]!;
}

When('the recorded {word} of {string} are computed again', { timeout: -1 }, async function (this: MachineWorld, name: string, part: string) {
  const recording = recordingNamed(name);
  const recorded = recordedLines(recording)[part];
  compared.set(this, { name, recorded: recorded ?? {}, now: await linesNow(recording, part, recorded && Object.keys(recorded)) });
});

Then('they are as recorded', function (this: MachineWorld) {
  const { name, recorded, now } = compared.get(this)!;
  const lines = differencesOf(recorded, now);
  if (lines.length > 0) throw new Error(`${lines.length} of ${Object.keys(now).length} are not as recorded; if that is intended, "npm run recorded -- ${name} --record" records them:\n${lines.slice(0, 5).join('\n')}`);
});

Then('there are recorded {word} for each part, and for nothing else', function (this: MachineWorld, name: string) {
  const recording = recordingNamed(name);
  expect(Object.keys(recordedLines(recording))).to.have.members([...recording.parts]);
});

When('the recorded {word} of {string} are computed again, and {string} has one more in its first number', { timeout: -1 }, async function (this: MachineWorld, name: string, part: string, line: string) {
  const now = await linesNow(recordingNamed(name), part);
  const changed = now[line]!.replace(/\d+/, (count) => String(Number(count) + 1));
  compared.set(this, { name, recorded: { ...now, [line]: changed }, now });
});

Then('one difference is found, in {string}', function (this: MachineWorld, line: string) {
  const { recorded, now } = compared.get(this)!;
  expect(differencesOf(recorded, now).map((difference) => difference.split('\n')[0])).to.deep.equal([line]);
});

class Sample {
  readonly size = 1;
}

const long = Array.from({ length: 400 }, (_, i) => i);

/** Values that a cell of a table cannot show. */
const VALUES: Readonly<Record<string, unknown>> = {
  'a number': 0x10, 'minus zero': -0, 'a large number': 5n, 'no value': undefined, 'a name': 'x', 'a pattern': /a+/g, 'a function': Math.max, 'an instance': new Sample(),
  'a list': [1, [2, 'three']], 'a record': { one: 1, two: undefined }, 'a map': new Map([['one', 1]]), 'a set': new Set([2, 1]), 'bytes': new Uint8Array([1, 2]),
  'a long name': 'x'.repeat(49), 'a long list': long, 'a long list twice': { one: long, other: long }, 'two of one name': [{ id: 'a', of: long }, { id: 'a', of: 1 }],
};

Then('these values are recorded so:', function (table: DataTable) {
  const inShort = (value: unknown): string => {
    const lines = Object.entries(linesOf(textsOf('it', value)));
    const shown = lines.filter(([name]) => !/> ([3-9]|\d\d+)$/.test(name));
    return lines.length === 1 ? lines[0]![1] : `${shown.map((line) => line.join(': ')).join(' / ')}${shown.length < lines.length ? ` / ${lines.length - shown.length} more` : ''}`;
  };
  expect(Object.keys(VALUES).map((name) => [name, inShort(VALUES[name])])).to.deep.equal(table.rows());
});
