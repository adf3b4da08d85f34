// Recordings of real processors, and the command that checks the machine against them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { conform } from '../../machine/cli/commands/conform/conform';
import { parseRecording, RecordingPlayer } from '../../machine/hardware/recorded';
import { scratch } from '../support/projects';
import type { MachineWorld } from '../support/world';

const shipped = 'features/machine/data';

interface Checking {
  file?: string;
  status?: number;
  told?: string;
}

const checkings = new WeakMap<MachineWorld, Checking>();
let files = 0;

function checkingOf(world: MachineWorld): Checking {
  const checking = checkings.get(world) ?? {};
  checkings.set(world, checking);
  return checking;
}

async function check(world: MachineWorld, kind: string, names: readonly string[], options: { readonly json?: boolean; readonly xen?: string } = {}): Promise<void> {
  const told: string[] = [];
  const write = (text: string): void => void told.push(text);
  const checking = checkingOf(world);
  checking.status = await conform(kind, names, options, { stdout: write, stderr: write });
  checking.told = told.join('');
}

function keep(world: MachineWorld, content: string | Buffer): void {
  const file = join(scratch('recordings'), `recording-${files++}`);
  writeFileSync(file, content);
  checkingOf(world).file = file;
}

const linesOf = (name: string): string[] => gunzipSync(readFileSync(join(shipped, name))).toString().split('\n');

Given('the first recording of {string} with {string} instead of {string}', function (this: MachineWorld, name: string, now: string, before: string) {
  const [first] = linesOf(name);
  expect(first).to.contain(before);
  keep(this, first!.replace(before, now));
});

Given('a file whose line 2 is {string}', function (this: MachineWorld, line: string) {
  const [first] = linesOf('mmu.jsonl.gz');
  keep(this, `${first}\n${line}\n${first}\n`);
});

Given('the first script of {string} that has {string}, with {string} in its place', function (this: MachineWorld, name: string, before: string, now: string) {
  const script = linesOf(name).find((line) => line.includes(before));
  expect(script, `no script has ${before}`).to.not.equal(undefined);
  keep(this, script!.replace(before, now));
});

Given('a file with the line {string}', function (this: MachineWorld, line: string) {
  keep(this, `${line}\n`);
});

Given('the first {int} bytes of {string}', function (this: MachineWorld, bytes: number, name: string) {
  keep(this, readFileSync(join(shipped, name)).subarray(0, bytes));
});

Given('an empty file', function (this: MachineWorld) {
  keep(this, '');
});

When('{string} is checked as {string}', async function (this: MachineWorld, name: string, kind: string) {
  await check(this, kind, [join(shipped, name)], { json: true });
});

When('{string} is replayed on processors that keep upper entries apart, keep two sizes, and have PCIDs', function (this: MachineWorld, name: string) {
  const player = new RecordingPlayer({ structureCaches: true, severalSizes: true, pcids: true });
  const results = linesOf(name).filter((line) => line !== '').flatMap((line) => player.play(parseRecording(line)));
  const differences = results.filter((result) => result.differences.length > 0);
  Object.assign(checkingOf(this), { status: differences.length === 0 ? 0 : 1, told: JSON.stringify({ files: [{ sets: { all: { checked: results.length, differ: differences.length } }, differences }] }) });
});

When('{string} is checked against Xen {string}', async function (this: MachineWorld, name: string, xen: string) {
  await check(this, 'xen', [join(shipped, name)], { xen });
});

When('the file is checked against Xen {string}', async function (this: MachineWorld, xen: string) {
  await check(this, 'xen', [checkingOf(this).file!], { xen });
});

When('the file is checked as {string}', async function (this: MachineWorld, kind: string) {
  await check(this, kind, [checkingOf(this).file!]);
});

When('a file that does not exist is checked as {string}', async function (this: MachineWorld, kind: string) {
  await check(this, kind, ['no-such-file']);
});

When('no file is named to be checked as {string}', async function (this: MachineWorld, kind: string) {
  await check(this, kind, []);
});

interface Summary {
  readonly files: readonly { readonly sets: Readonly<Record<string, { readonly checked: number; readonly differ: number }>>; readonly differences: readonly unknown[] }[];
}

const summaryOf = (world: MachineWorld): Summary => JSON.parse(checkingOf(world).told!) as Summary;

Then('nothing differs in {int} checks', function (this: MachineWorld, checks: number) {
  const [file] = summaryOf(this).files;
  expect(file!.differences).to.deep.equal([]);
  expect(Object.values(file!.sets).reduce((sum, { checked }) => sum + checked, 0)).to.equal(checks);
  expect(checkingOf(this).status).to.equal(0);
});

Then('these sets were checked: {string}', function (this: MachineWorld, sets: string) {
  expect(Object.keys(summaryOf(this).files[0]!.sets).join(', ')).to.equal(sets);
});

Then('the check ends with status {int}, saying {string}', function (this: MachineWorld, status: number, words: string) {
  expect(checkingOf(this).told).to.contain(words);
  expect(checkingOf(this).status).to.equal(status);
});
