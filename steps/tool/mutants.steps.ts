// The test of the suite itself, on modules that a scenario contains.

import { Given, Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Module } from 'node:module';
import type * as Blocks from '../mutants/blocks';
import type * as Named from '../mutants/named';
import type * as Operators from '../mutants/operators';
import type * as Samples from '../mutants/sample';
import { misfits, reasonWhyEqual } from '../mutants/equal';
import { interval, tableOf, type Judged } from '../mutants/score';
import { textOf } from '../mutants/files';
import { applyEdits } from '../../machine/cli/mutate/mutation';

/** Loaded only when a scenario needs it, since it loads the TypeScript compiler. */
const operators = (): typeof Operators => module.require('../mutants/operators') as typeof Operators;
const blocks = (): typeof Blocks => module.require('../mutants/blocks') as typeof Blocks;
const named = (): typeof Named => module.require('../mutants/named') as typeof Named;
const samples = (): typeof Samples => module.require('../mutants/sample') as typeof Samples;

interface MutantsWorld {
  text: string;
  listed: readonly string[];
  names: readonly string[];
  seen: Uint8Array;
  loaded: { count: (rounds: number) => string };
  bounds: readonly [number, number];
  draws: readonly (readonly string[])[];
}

When('its mutants are listed', function (this: MutantsWorld) {
  this.listed = operators().mutantsOf('written-down.ts', this.text).map(({ line, was, becomes }) => `${line} ${was} -> ${becomes || 'nothing'}`);
});

Then('they are', function (this: MutantsWorld, listed: string) {
  expect(this.listed.join('\n')).to.equal(listed);
});

When('it is loaded with its blocks noted and at most {int} steps', function (this: MutantsWorld, limit: number) {
  const { blocksOf, counted } = blocks();
  this.names = blocksOf('written-down.ts', this.text).map(({ key }) => key.replace('written-down.ts ', ''));
  const { translate } = module.require('../../machine/cli/load/translate.js') as { translate: (text: string) => { readonly javascript: string } };
  const { javascript } = translate(counted('written-down.ts', this.text, (key) => this.names.indexOf(key.replace('written-down.ts ', ''))));
  this.seen = new Uint8Array(this.names.length);
  let steps = 0;
  const step = (): void => {
    if (++steps > limit) throw new Error('too many steps');
  };
  const loaded = new Module('written-down');
  const compile = (loaded as unknown as { _compile: (code: string, file: string) => void })._compile.bind(loaded);
  compile(`module.exports = ($seen, $step) => { const module = { exports: {} }; ${javascript}\nreturn module.exports; };`, 'written-down.js');
  this.loaded = (loaded.exports as (seen: Uint8Array, step: () => void) => MutantsWorld['loaded'])(this.seen, step);
});

Then('count\\({int}) is {string}, and these blocks were run: {string}', function (this: MutantsWorld, rounds: number, result: string, run: string) {
  this.seen.fill(0);
  expect(this.loaded.count(rounds)).to.equal(result);
  expect(this.names.filter((_name, i) => this.seen[i] === 1).join(', ')).to.equal(run);
});

Then('count\\({int}) is given up after too many steps', function (this: MutantsWorld, rounds: number) {
  expect(() => this.loaded.count(rounds)).to.throw('too many steps');
});

When('{int} of {int} mutants were noticed', function (this: MutantsWorld, hits: number, tries: number) {
  this.bounds = interval(hits, tries);
});

Then('between {int} % and {int} % of all are', function (this: MutantsWorld, low: number, high: number) {
  expect(this.bounds.map((share) => Math.round(100 * share))).to.deep.equal([low, high]);
});

When('mutants of {string} are drawn with the seeds', function (this: MutantsWorld, folder: string, table: DataTable) {
  this.draws = table.raw().flat().map((seed) => samples().drawn(folder, Number(seed)).map(({ id }) => id));
});

Then('the first two draws are equal, the third has the same mutants in another order', function (this: MutantsWorld) {
  const [one, again, other] = this.draws;
  expect(again).to.deep.equal(one);
  expect(other).not.to.deep.equal(one);
  expect([...other!].sort()).to.deep.equal([...one!].sort());
  expect(one).to.have.length.above(100);
});

Given('the faults that were once put in by hand', function (this: MutantsWorld) {
  this.listed = named().namedMutants().map(({ id }) => id);
});

Then('each of the {int} still stands for one place in the source', function (this: MutantsWorld, count: number) {
  expect(this.listed).to.have.lengthOf(count);
  expect(new Set(this.listed).size).to.equal(count);
});

Then('each entry of the list of equal mutants is about one mutant of the source', function () {
  const known = new Map<string, ReturnType<typeof Operators.mutantsOf>>();
  const mutantsIn = (file: string): ReturnType<typeof Operators.mutantsOf> => {
    const mutants = known.get(file) ?? operators().mutantsOf(file, textOf(file));
    known.set(file, mutants);
    return mutants;
  };
  expect(misfits(mutantsIn)).to.deep.equal([]);
  expect(misfits(() => []), 'entries').to.have.length.above(0);
});

When('all mutants of a file that has equal mutants survive, and then all are noticed', function (this: MutantsWorld) {
  const file = 'machine/state/footprint.ts';
  const mutants = operators().mutantsOf(file, textOf(file));
  const judged = (killedBy: string | null): Judged[] => mutants.map((mutant) => ({ mutant, reaching: 1, ran: 1, killedBy, why: '' }));
  this.listed = [tableOf(judged(null), 0), tableOf(judged('a scenario'), 0)];
  expect(mutants.filter((mutant) => reasonWhyEqual(mutant) !== null)).to.have.length.above(0);
});

Then('the table counts them apart with their reasons, and then says that their entries are wrong', function (this: MutantsWorld) {
  const [survived, noticed] = this.listed;
  expect(survived).to.include('EQUAL machine/state/footprint.ts').and.include('no key equals that').and.not.include('LISTED AS EQUAL');
  const [all, without] = ['all', 'without those that are equal'].map((name) => Number(new RegExp(`^${name} +0 of +(\\d+)`, 'm').exec(survived!)![1]));
  expect(without).to.equal(all! - survived!.split('\n').filter((line) => line.startsWith('EQUAL ')).length);
  expect(noticed).to.include('LISTED AS EQUAL, BUT NOTICED machine/state/footprint.ts').and.not.include('SURVIVES');
});

When('{string} gets these edits', function (this: MutantsWorld, text: string, table: DataTable) {
  this.text = applyEdits(text, table.hashes().map(({ from, to, by }) => ({ start: Number(from), end: Number(to), text: by! })));
});

Then('it becomes {string}', function (this: MutantsWorld, text: string) {
  expect(this.text).to.equal(text);
});
