// Comparisons of a great many random programs: what they keep, and how they are resumed.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { heldIn, holdSituations, tableOf } from './soundness/held';
import { compareMany } from './soundness/many';
import { inWords, talliesIn } from './soundness/tally';
import type { MachineWorld } from '../support/world';

const folders = new WeakMap<MachineWorld, string>();

function fileOf(world: MachineWorld): string {
  const folder = folders.get(world) ?? mkdtempSync(join(tmpdir(), 'tallies-'));
  folders.set(world, folder);
  return join(folder, 'tallies');
}

After(function (this: MachineWorld) {
  const folder = folders.get(this);
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

function compare(world: MachineWorld, programs: number, batch: number): void {
  compareMany({ programs, first: 1, file: fileOf(world), batch }, () => undefined);
}

Given('{int} random programs that were compared in batches of {int}, with a file of their tallies', function (this: MachineWorld, programs: number, batch: number) {
  compare(this, programs, batch);
});

When('{int} random programs are compared in batches of {int}, with that file of tallies', function (this: MachineWorld, programs: number, batch: number) {
  compare(this, programs, batch);
});

When('the last line of that file is cut off', function (this: MachineWorld) {
  const text = readFileSync(fileOf(this), 'utf8');
  writeFileSync(fileOf(this), text.slice(0, text.length - 20));
});

Then('the file has batches of {int}, {int} and {int} programs, from the seeds {int}, {int} and {int}', function (this: MachineWorld, a: number, b: number, c: number, from: number, next: number, last: number) {
  expect(talliesIn(fileOf(this)).map(({ programs, seed }) => [programs, seed])).to.deep.equal([[a, from], [b, next], [c, last]]);
});

Then('the summary says that {int} programs were compared, some of them also in {int} other ways', function (this: MachineWorld, programs: number, ways: number) {
  const lines = inWords(talliesIn(fileOf(this)));
  expect(lines[0]).to.match(new RegExp(`^${programs} random programs, .* every engine says what the programs mean`));
  expect(lines.filter((line) => /^ {2}\d+ programs were /.test(line) || /^ {2}\d+ programs had /.test(line))).to.have.lengthOf(ways);
});

Then('reading the file fails with {string}', function (this: MachineWorld, words: string) {
  expect(() => talliesIn(fileOf(this))).to.throw(words);
});

/** The kernels that were explored when the question was asked a second time. */
const again = new WeakMap<MachineWorld, readonly string[]>();

Given('what every engine says of vmi-boot\\/dmi-scan is kept in a file', function (this: MachineWorld) {
  holdSituations(fileOf(this), () => undefined, ['vmi-boot/dmi-scan']);
});

When('the same is asked again, with that file', function (this: MachineWorld) {
  const explored: string[] = [];
  holdSituations(fileOf(this), (line) => explored.push(line), ['vmi-boot/dmi-scan']);
  again.set(this, explored);
});

Then('no kernel was explored the second time', function (this: MachineWorld) {
  expect(again.get(this)).to.deep.equal([]);
});

Then('the file says {string}', function (this: MachineWorld, words: string) {
  expect(tableOf(heldIn(fileOf(this))).at(-1)).to.equal(words);
});

Then('"auto" is compared with engines only', function (this: MachineWorld) {
  expect(tableOf(heldIn(fileOf(this))).filter((line) => /^ {2}.*: [\d.]+ s, /.test(line))).to.have.lengthOf(2).and.satisfy((lines: string[]) => lines.every((line) => !line.includes('declarations')));
});
