// Mutations of a module that a scenario contains, and the neighbours of a patch.

import { Given, Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Module } from 'node:module';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type * as Enumerate from '../../machine/cli/neighbours/enumerate';
import type * as KernelSources from '../../machine/cli/neighbours/kernel-source';
import type { Answer } from '../../machine/cli/neighbours/answer';
import type * as Again from '../../machine/cli/neighbours/again';
import type * as Judging from '../../machine/cli/neighbours/judge';
import type * as Pools from '../../machine/cli/neighbours/pool';
import type * as Trials from '../../machine/cli/neighbours/trials';
import { complaintsAbout, recordedOf, staleTrials } from '../../machine/cli/neighbours/recorded';
import type { Neighbour } from '../../machine/cli/neighbours/neighbour';
import { installSelector } from '../../machine/cli/mutate/selector';
import type * as Mutations from '../../machine/cli/mutate/mutation';
import type * as Switched from '../../machine/cli/mutate/switched';
import type * as TypesOf from '../../machine/cli/mutate/types-of';
import { PATCHES } from '../../machine/patches';
import { patchNamed } from '../../machine/patches/selection';
import type { Patch } from '../../machine/patches/types';
import { projectRoot } from '../run/command';

/** Loaded only when a scenario needs it, since it loads the TypeScript compiler. */
const enumerate = (): typeof Enumerate => module.require('../../machine/cli/neighbours/enumerate') as typeof Enumerate;
const kernelSources = (): typeof KernelSources => module.require('../../machine/cli/neighbours/kernel-source') as typeof KernelSources;
const switching = (): typeof Switched => module.require('../../machine/cli/mutate/switched') as typeof Switched;
const types = (): typeof TypesOf => module.require('../../machine/cli/mutate/types-of') as typeof TypesOf;

interface NeighboursWorld {
  text: string;
  switched: Switched.SwitchedModule;
  numbers: number[];
  results: Map<number, string>;
  complaints: ReadonlyMap<number, string>;
  neighbours: readonly Neighbour[];
  complaintsMade: readonly string[];
  runs: readonly Again.RunAgain[];
  judged: readonly Answer[];
  refusal: string;
  again: { readonly id: string; readonly now: string; readonly kept: string }[];
}

Given('this module', function (this: NeighboursWorld, text: string) {
  this.text = text;
});

Given('these mutations of it', function (this: NeighboursWorld, table: DataTable) {
  const mutations = table.hashes().map(({ number, replaces, by }) => {
    const start = this.text.indexOf(replaces!);
    expect(start, `"${replaces!}" in the module`).to.be.at.least(0);
    return { number: Number(number), edits: [{ start, end: start + replaces!.length, text: by! }] };
  });
  this.numbers = mutations.map(({ number }) => number);
  this.switched = switching().switchedModule('written-down.ts', this.text, mutations);
});

When('the mutations are switched on one after the other', function (this: NeighboursWorld) {
  const { translate } = module.require('../../machine/cli/load/translate.js') as { translate: (text: string) => { readonly javascript: string } };
  const selector = installSelector();
  const loaded = new Module('written-down');
  (loaded as unknown as { _compile: (code: string, file: string) => void })._compile(translate(this.switched.text).javascript, 'written-down.js');
  const { answer } = loaded.exports as { answer: (list: number[]) => string };
  this.results = new Map([0, ...this.numbers].filter((number) => !this.switched.apart.includes(number)).map((number) => {
    selector.choose(number);
    return [number, answer([1, 2, 3])];
  }));
});

Then('answer\\([1, 2, 3]) is', function (this: NeighboursWorld, table: DataTable) {
  expect([...this.results]).to.deep.equal(table.hashes().map(({ number, result }) => [Number(number), result]));
});

Then('only mutation {int} needs a program of its own', function (this: NeighboursWorld, number: number) {
  expect(this.switched.apart).to.deep.equal([number]);
});

When('the compiler reads them', function (this: NeighboursWorld) {
  this.complaints = types().complaints(projectRoot, new Map([['written-down.ts', this.switched]]));
});

Then('it complains of mutations {int} and {int}', function (this: NeighboursWorld, one: number, other: number) {
  expect([...this.complaints.keys()].sort()).to.deep.equal([one, other]);
});

Given('these paths of a kernel', function (this: NeighboursWorld, text: string) {
  this.text = text;
});

When('its neighbours under the hunk {string} are listed', function (this: NeighboursWorld, hunk: string) {
  const { KernelSource } = kernelSources();
  const file = join('machine', 'kernel', 'written-down.ts').replaceAll('\\', '/');
  const first = /const (\w+)/.exec(this.text)![1]!;
  const kernel = new KernelSource([{ file, text: this.text }], [{ file: 'machine/situations/caller.ts', text: `import { ${first} } from '../kernel/written-down';` }]);
  const patch = { id: 'written-down', hunks: [{ id: hunk }], variants: [] } as unknown as Patch;
  this.neighbours = enumerate().neighboursOf(kernel, { patch, variant: null, hunks: new Set([hunk]), base: new Set() });
});

Then('for {string} they are', function (this: NeighboursWorld, statement: string, listed: string) {
  expect(this.neighbours.filter((neighbour) => neighbour.statement === statement).map(({ change }) => change).join('\n')).to.equal(listed);
});

Then('each of them turns the paths into', function (this: NeighboursWorld, texts: string) {
  const { applyEdits } = module.require('../../machine/cli/mutate/mutation') as typeof Mutations;
  const inShort = (text: string): string => text.replace(/yield\* /g, '').replace(/\s+/g, ' ').trim();
  expect(this.neighbours.map(({ statement, change, edits }) => `${statement}: ${change}\n    ${inShort(applyEdits(this.text, edits))}`).join('\n')).to.equal(texts);
});

/** The subject with this name, and its neighbours. */
function subjectNamed(name: string): { subject: Enumerate.Subject; neighbours: readonly Neighbour[] } {
  const [id, variant] = name.split('@');
  const patch = patchNamed(PATCHES, id!);
  const subject = enumerate().subjectOf(patch, patch.variants.find((one) => one.id === variant) ?? null);
  const source = sources.get('') ?? kernelSources().readKernelSource();
  sources.set('', source);
  return { subject, neighbours: enumerate().neighboursOf(source, subject) };
}

/** The kernel, read once for all scenarios. */
const sources = new Map<'', KernelSources.KernelSource>();

When('the answers about every patch, and about {string}, are compared with the source', function (this: NeighboursWorld, variant: string) {
  const { trialsOf, trialName } = module.require('../../machine/cli/neighbours/trials') as typeof Trials;
  this.complaintsMade = [...PATCHES.map(({ id }) => id), variant].flatMap((name) => {
    const { subject, neighbours } = subjectNamed(name);
    const kept = recordedOf(name);
    if (kept === null) return [`nothing is recorded about ${name}`];
    return [...complaintsAbout(name, neighbours, kept.answers), ...staleTrials(kept, trialsOf(subject.patch.id).map(trialName))].map((complaint) => `${name}: ${complaint}`);
  });
});

Then('no neighbour is without an answer, and none is right without a reason', function (this: NeighboursWorld) {
  expect(this.complaintsMade).to.deep.equal([]);
});

When('every tenth neighbour of {string} is explored again', { timeout: -1 }, async function (this: NeighboursWorld, name: string) {
  const { judge } = module.require('../../machine/cli/neighbours/judge') as typeof Judging;
  const { subject, neighbours } = subjectNamed(name);
  const kept = new Map(recordedOf(name)!.answers.map(({ id, answer }) => [id, answer]));
  const sample = neighbours.filter(({ id }, i) => i % 10 === 0 && kept.get(id)!.answer !== 'does not build');
  const { judged } = await judge(subject, sample, { workers: 1, order: recordedOf(name)!.trials, areBuilt: true });
  this.again = judged.map(({ neighbour: { id }, answer }) => ({ id, now: answer.answer, kept: kept.get(id)!.answer }));
});

When('these neighbours of {string} are judged in {string} alone', { timeout: -1 }, async function (this: NeighboursWorld, name: string, situation: string, table: DataTable) {
  const { judge } = module.require('../../machine/cli/neighbours/judge') as typeof Judging;
  const { subject, neighbours } = subjectNamed(name);
  const chosen = table.raw().map(([end]) => neighbours.find(({ id }) => id.endsWith(end!)) ?? unreadable(neighbours.find(({ edits }) => edits.length > 0)!, end!));
  const threads = new Set<Worker>();
  const note = (thread: Worker): void => {
    threads.add(thread);
    thread.once('exit', () => threads.delete(thread));
  };
  process.on('worker', note);
  const { judged, patchFails } = await judge(subject, chosen, { workers: 1, areBuilt: true, only: [situation] });
  expect(patchFails.map(({ trial }) => trial)).to.deep.equal([situation]);
  process.off('worker', note);
  expect(threads.size, 'threads that are left').to.equal(0);
  this.judged = judged.map(({ answer }) => answer);
});

/** A neighbour with a text that no compiler accepts. */
const unreadable = (neighbour: Neighbour, id: string): Neighbour => ({ ...neighbour, id, edits: neighbour.edits.map((edit) => ({ ...edit, text: '(((' })) });

When('a thread is asked to run {string}, which does not exist', { timeout: -1 }, async function (this: NeighboursWorld, situation: string) {
  const { Pool } = module.require('../../machine/cli/neighbours/pool') as typeof Pools;
  const pool = new Pool({ texts: new Map() }, 1);
  try {
    await pool.runs([{ number: 0, trial: { situation, parameters: {} }, patches: 'none', invariants: [], schedule: 'kthread: 1' }]);
  } catch (error) {
    this.refusal = (error as Error).message;
  } finally {
    await pool.close();
  }
});

Then('the command is told that {string}', function (this: NeighboursWorld, words: string) {
  expect(this.refusal).to.contain(words);
});

Then('their answers, and how many outcomes only one side has, are', function (this: NeighboursWorld, table: DataTable) {
  expect(this.judged.map((answer) => {
    const differences = 'differences' in answer ? answer.differences : [];
    const count = (side: 'more' | 'fewer'): string => String(differences.reduce((sum, one) => sum + one[side].length, 0));
    return [answer.answer, 'invariant' in answer ? answer.invariant : '', count('more'), count('fewer')];
  })).to.deep.equal(table.rows());
});

When('the recorded runs of every tenth rejected neighbour of every patch, and of the first to break each invariant, are performed again', { timeout: -1 }, async function (this: NeighboursWorld) {
  const { runsAgain } = module.require('../../machine/cli/neighbours/again') as typeof Again;
  // A patch without recorded answers is reported by the comparison with the source.
  const recorded = PATCHES.flatMap(({ id }) => {
    const kept = recordedOf(id);
    return kept ? [{ ...subjectNamed(id), recorded: kept }] : [];
  });
  this.runs = await runsAgain(recorded, 10);
});

Then('each breaks what it was recorded to break', function (this: NeighboursWorld) {
  expect(this.runs.length).to.be.at.least(5);
  expect(this.runs.filter(({ now, kept }) => now !== kept)).to.deep.equal([]);
});

Then('each gets the answer that was kept', function (this: NeighboursWorld) {
  expect(this.again.length).to.be.at.least(4);
  expect(this.again.filter(({ now, kept }) => now !== kept)).to.deep.equal([]);
});

When('the neighbours {string}, {string} and {string} are compared with these answers', function (this: NeighboursWorld, one: string, two: string, three: string, table: DataTable) {
  const answers = table.hashes().map(({ neighbour, answer }) => ({ id: neighbour!, answer: { answer, differences: [], schedule: null } as unknown as Answer }));
  this.complaintsMade = complaintsAbout('a patch', [one, two, three].map((id) => ({ id })), answers);
});

Then('the complaints are', function (this: NeighboursWorld, text: string) {
  expect(this.complaintsMade.join('\n')).to.equal(text);
});
