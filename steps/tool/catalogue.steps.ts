// Compares the catalogue of patches and situations with tables that a reader can check.

import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { StatefulSearch } from '../../machine/explorer/stateful/search';
import { CLAIMS, claimsOf, PATCHES } from '../../machine/patches';
import { patchNamed, selectHunks, wholeOf } from '../../machine/patches/selection';
import type { Citation } from '../../machine/patches/types';
import { SITUATIONS } from '../../machine/situations';
import { ESSENTIAL, EVERYTHING } from '../../machine/situations/boot/table';
import type { Situation } from '../../machine/situations/types';
import { programOf } from '../explorer/soundness/situations';

interface CatalogueWorld {
  /** Lines of cells, to be compared with a table. */
  listed: string[][];
}

const short = (hunks: Iterable<string>): string => [...hunks].map((hunk) => hunk.slice(hunk.indexOf('/') + 1)).join(', ');

/** How a set of hunks differs from the patch; its own hunks if it has none of the patch. */
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
    const described = patch.hunks.map(({ id }) => id);
    expect([...selectHunks(PATCHES, patch.id)], patch.id).to.have.members(whole);
    expect(described, patch.id).to.include.members([...whole, ...patch.variants.flatMap(({ hunks }) => hunks)]);
    return [patch.thread, patch.id, short(whole), short(described.filter((id) => !whole.includes(id)))];
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

const requirementsOf = ({ requirements, invariants }: Situation): readonly string[] => requirements ?? invariants;

When('the situations are read', function (this: CatalogueWorld) {
  this.listed = SITUATIONS.map((situation) => {
    const holding = requirementsOf(situation);
    return [situation.id, holding.join(', '), situation.invariants.filter((name) => !holding.includes(name)).join(', ')];
  });
});

When('the situations that have the hunks of their own patch alone are read', function (this: CatalogueWorld) {
  this.listed = SITUATIONS.filter(({ ownHunksOnly }) => ownHunksOnly === true).map(({ id }) => [id]);
});

When('the kernels and machines that are booted are read', function (this: CatalogueWorld) {
  const inWords = (values: readonly unknown[]): string => (values.every((value) => typeof value === 'object') ? `${values.length} of them` : values.map((value) => String(value) || 'nothing').join(', '));
  this.listed = Object.keys(EVERYTHING).map((name) => [name, ...[EVERYTHING, ESSENTIAL].map((table) => inWords(table[name as keyof typeof table]))]);
});

When('the choices in which the situations are reviewed hunk by hunk are read', function (this: CatalogueWorld) {
  const inWords = (choice: Readonly<Record<string, unknown>>): string => Object.entries(choice).map(([name, value]) => `${name}=${String(value)}`).join(', ') || 'as they are initially';
  this.listed = SITUATIONS.flatMap(({ id, reviewed }) => (reviewed ?? []).map((choice) => [id, inWords(choice)]));
});

When('the parameters of the situations are read', function (this: CatalogueWorld) {
  const owners = new Map<string, string[]>();
  for (const { id, parameters } of SITUATIONS) for (const [name, { legal, initially }] of Object.entries(parameters)) {
    const line = JSON.stringify([name, legal.join(', '), String(initially)]);
    owners.set(line, [...(owners.get(line) ?? []), id]);
  }
  this.listed = [...owners].map(([line, ids]) => [...JSON.parse(line) as string[], ids.join(', ')]);
});

When('the first {int} moves of each situation are searched, with every patch of the catalogue', function (this: CatalogueWorld, moves: number) {
  this.listed = SITUATIONS.flatMap((situation) => {
    try {
      new StatefulSearch(programOf(situation, 'all')()).advance(moves);
      return [];
    } catch (error) {
      return [[situation.id, String(error)]];
    }
  });
});

Then('no path asks for something that the situation has not set up', function (this: CatalogueWorld) {
  expect(this.listed).to.deep.equal([]);
});
