// What the catalogue of patches lists, compared with what the threads and the history of the kernel have.

import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { CLAIMS, claimsOf, PATCHES } from '../../machine/patches';
import { patchNamed, selectHunks, wholeOf } from '../../machine/patches/selection';
import type { Citation } from '../../machine/patches/types';

interface CatalogueWorld {
  /** Lines of cells, to be compared with a table. */
  listed: string[][];
}

const short = (hunks: Iterable<string>): string => [...hunks].map((hunk) => hunk.slice(hunk.indexOf('/') + 1)).join(', ');

/** What a set of hunks has more or less than the patch; its own names if it has nothing of it. */
function besides(hunks: readonly string[], whole: readonly string[]): string {
  if (hunks.length === 0) return 'nothing';
  const kept = whole.filter((hunk) => hunks.includes(hunk));
  if (kept.length <= whole.length / 2) return short(hunks);
  const parts = [['and', hunks.filter((hunk) => !whole.includes(hunk))], ['but', whole.filter((hunk) => !hunks.includes(hunk))]] as const;
  return ['the patch', ...parts.flatMap(([word, names]) => (names.length === 0 ? [] : [`${word} ${word === 'but' ? 'not ' : ''}${short(names)}`]))].join(', ');
}

When('the catalogue is read', function (this: CatalogueWorld) {
  this.listed = PATCHES.map((patch) => {
    const whole = wholeOf(patch);
    expect([...selectHunks(PATCHES, patch.id)], patch.id).to.have.members(whole);
    return [patch.thread, patch.id, short(whole), short(patch.hunks.map(({ id }) => id).filter((id) => !whole.includes(id)))];
  });
});

When('the variants in the catalogue are read', function (this: CatalogueWorld) {
  this.listed = PATCHES.flatMap((patch) => patch.variants.map(({ id, kind, hunks }) => {
    expect([...selectHunks(PATCHES, `${patch.id}@${id}`)], id).to.have.members(hunks);
    return [`${patch.id}@${id}`, kind, besides(hunks, wholeOf(patch))];
  }));
});

const sourcesOf = (citations: readonly Citation[]): string => citations.map(({ source }) => source).join('; ');

When('the sources of {string} in the catalogue are read', function (this: CatalogueWorld, patch: string) {
  this.listed = patchNamed(PATCHES, patch).citations.map(({ source }) => [source]);
});

When('the claims in the catalogue are read', function (this: CatalogueWorld) {
  this.listed = [...new Set(PATCHES.map(({ thread }) => thread))].map((thread) => {
    const claims = claimsOf(thread);
    const numbers = claims.map(({ id }) => Number(id.slice(thread.length + 1))).sort((one, other) => one - other);
    expect(numbers, thread).to.deep.equal(numbers.map((_, i) => i + 1));
    return [thread, String(claims.length)];
  });
  expect(this.listed.reduce((sum, [, count]) => sum + Number(count), 0)).to.equal(CLAIMS.length);
});

When('the recorded claims in the catalogue are read', function (this: CatalogueWorld) {
  this.listed = CLAIMS.flatMap(({ id, recorded }) => (recorded ? [[id, sourcesOf(recorded)]] : []));
});

Then('it lists exactly', function (this: CatalogueWorld, table: DataTable) {
  expect(this.listed).to.deep.equal(table.rows());
});
