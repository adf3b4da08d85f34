// Kernels that were searched before, in this process or in another, and what follows for other choices of hunks.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { decidedEarlier } from '../../machine/programs/faulty';
import { PATCHES } from '../../machine/patches';
import { patchNamed } from '../../machine/patches/selection';
import { checkPrepared, prepare } from '../../machine/situations/check';
import { hunkTable, type HunkRow } from '../../machine/situations/hunks';
import { inBrief, Kernels, type InBrief } from '../../machine/situations/kernels';
import type { Situation } from '../../machine/situations/types';
import type { MachineWorld } from '../support/world';

class Trying {
  situation = '';
  readonly kernels: Kernels[] = [];
  readonly rows: (readonly HunkRow[])[] = [];
  readonly found: InBrief[] = [];
}

const tryings = new WeakMap<MachineWorld, Trying>();

function tryingOf(world: MachineWorld): Trying {
  const known = tryings.get(world) ?? new Trying();
  tryings.set(world, known);
  return known;
}

function tryHunks(trying: Trying, kernels: Kernels): void {
  const { situation } = prepare({ situation: trying.situation, patches: 'none' });
  trying.kernels.push(kernels);
  trying.rows.push(hunkTable(patchNamed(PATCHES, situation.patch), situation.id, undefined, kernels).rows);
}

When('the hunks of its patch are tried in {string}', function (this: MachineWorld, situation: string) {
  const trying = tryingOf(this);
  trying.situation = situation;
  tryHunks(trying, new Kernels());
});

When('they are tried again by another process that was told of these searches', function (this: MachineWorld) {
  const trying = tryingOf(this);
  tryHunks(trying, new Kernels(JSON.parse(JSON.stringify(trying.kernels[0]!.searched.map((kernel) => ({ ...kernel, found: { ...kernel.found, knows: null } })))) as Kernels['searched']));
});

When('each choice of hunks is searched by itself', function (this: MachineWorld) {
  const trying = tryingOf(this);
  const [rows] = trying.rows as [readonly HunkRow[]];
  trying.rows.push(rows.map((row): HunkRow => {
    const { situation, choice, bounds } = prepare({ situation: trying.situation, patches: 'none', parameters: parametersIn(trying.situation, row.varied) });
    const verdict = checkPrepared({ situation, choice: { ...choice, hunks: new Set(row.hunks) }, bounds, challenge: 0 });
    const { complete, broken } = inBrief(verdict, choice.invariants);
    return { ...row, holds: complete && broken.length === 0, complete, violated: broken };
  }));
});

/** The parameters of a row, which names them in words. */
function parametersIn(id: string, varied: string): Readonly<Record<string, string | number | boolean>> {
  const choices = prepare({ situation: id, patches: 'none' }).situation.reviewed ?? [{}];
  return choices.find((choice) => Object.entries(choice).map(([name, value]) => `${name}=${String(value)}`).join(', ') === varied)!;
}

Then('both find the same for each of {int} choices', function (this: MachineWorld, count: number) {
  const [first, second] = tryingOf(this).rows;
  expect(first).to.deep.equal(second);
  expect(first).to.have.lengthOf(count);
});

Then('both find the same', function (this: MachineWorld) {
  const [first, second] = tryingOf(this).rows;
  expect(first).to.deep.equal(second);
});

Then(/^the (first|second) needs (\d+) searches$/, function (this: MachineWorld, which: string, count: string) {
  expect(tryingOf(this).kernels[which === 'first' ? 0 : 1]!.made).to.equal(Number(count));
});

const HUNK = 'machine/decided';

/** A machine that asks for its hunk, and fails if it is on. */
function machineOf(build: Situation['build']): Situation {
  return { id: 'machine/acts', patch: 'machine', title: 'two threads act', parameters: {}, invariants: [failureName()], bounds: {}, leavesOut: [], build: (choice) => ({ ...build(choice), consulted: () => [HUNK] }) };
}

const failureName = (): string => decidedEarlier(false)().invariants[0]!.name;

function searchBoth(world: MachineWorld, build: Situation['build']): void {
  const trying = tryingOf(world);
  const situation = machineOf(build);
  const kernels = new Kernels();
  trying.kernels.push(kernels);
  for (const hunks of [new Set<string>(), new Set([HUNK])]) trying.found.push(kernels.about({ situation, choice: { hunks, parameters: {}, invariants: situation.invariants }, bounds: {}, challenge: undefined }));
}

When('a machine whose set-up hides what it asked for is searched without its hunk and with it', function (this: MachineWorld) {
  searchBoth(this, ({ hunks }) => decidedEarlier(hunks.has(HUNK))());
});

When('a machine that copies its hunks is searched without its hunk and with it', function (this: MachineWorld) {
  searchBoth(this, ({ hunks }) => decidedEarlier(new Set(hunks).has(HUNK))());
});

Then('only the second is found to fail', function (this: MachineWorld) {
  expect(tryingOf(this).found.map(({ complete, broken }) => ({ complete, broken }))).to.deep.equal([{ complete: true, broken: [] }, { complete: true, broken: [failureName()] }]);
});

Then('it was searched by itself', function (this: MachineWorld) {
  expect(tryingOf(this).kernels[0]!.made).to.equal(2);
});
