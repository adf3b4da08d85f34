// The diff of a hunk, printed from a path that a scenario contains, or from the kernel.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { PATCHES } from '../../../machine/patches';
import type { Patch } from '../../../machine/patches/types';
import type * as Diffs from '../../../reports/diff';

/** Loaded only when a scenario needs it, since it loads the TypeScript compiler. */
const diffs = (): typeof Diffs => module.require('../../../reports/diff') as typeof Diffs;

interface DiffWorld {
  source: string;
  printed: string | Diffs.UnprintableGuard;
  missing: string[];
  unheardOf: string[];
}

/** A patch whose hunks are those that the text names. */
function patchOf(text: string, hunk: string): Patch {
  const ids = [...new Set([...text.matchAll(/'(\w+\/\w+)'/g)].map(([, id]) => id!).concat(hunk))];
  return {
    id: hunk.split('/')[0]!, thread: '000', title: '', author: '', date: '', against: '', story: [], quote: '', variants: [], citations: [], notModelled: [],
    hunks: ids.map((id) => ({ id, file: '', where: '', does: '' })),
  };
}

Given('this path of the kernel', function (this: DiffWorld, source: string) {
  this.source = source;
});

When('the hunk {string} is printed', function (this: DiffWorld, hunk: string) {
  const { diffText, GuardedSource, UnprintableGuard } = diffs();
  try {
    const kernel = new GuardedSource([{ file: 'kernel.ts', text: this.source }]);
    this.printed = diffText(kernel.ofHunk(patchOf(this.source, hunk), hunk));
  } catch (error) {
    if (!(error instanceof UnprintableGuard)) throw error;
    this.printed = error;
  }
});

When('the hunk {string} is printed in C\'s spelling', function (this: DiffWorld, hunk: string) {
  const { diffInC, GuardedSource } = diffs();
  this.printed = diffInC(new GuardedSource([{ file: 'kernel.ts', text: this.source }]).ofHunk(patchOf(this.source, hunk), hunk));
});

Then('the diff is', function (this: DiffWorld, expected: string) {
  expect(this.printed).to.equal(expected);
});

Then('printing is refused, saying {string}', function (this: DiffWorld, complaint: string) {
  expect(this.printed, 'what was printed').to.be.instanceOf(diffs().UnprintableGuard);
  expect((this.printed as Diffs.UnprintableGuard).message).to.contain(complaint);
});

When('every hunk of the catalogue is printed', function (this: DiffWorld) {
  const kernel = diffs().readKernel();
  const hunks = PATCHES.flatMap((patch) => patch.hunks.map((hunk) => ({ patch, hunk })));
  this.missing = hunks.filter(({ patch, hunk }) => hunk.notModelled === undefined && kernel.ofHunk(patch, hunk.id).length === 0).map(({ hunk }) => hunk.id);
  this.unheardOf = [...kernel.hunks].filter((id) => PATCHES.some((patch) => id.startsWith(`${patch.id}/`)) && !hunks.some(({ hunk }) => hunk.id === id));
});

Then('each has a diff, or the catalogue says why it has none', function (this: DiffWorld) {
  expect(this.missing, 'hunks without a line in the kernel').to.deep.equal([]);
});

Then('the kernel asks for no other hunk of these patches', function (this: DiffWorld) {
  expect(this.unheardOf, 'hunks that the catalogue does not have').to.deep.equal([]);
});
