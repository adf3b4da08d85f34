// The table of versions, drawn from searches that a scenario asks for.

import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { PATCHES } from '../../../machine/patches';
import { patchNamed } from '../../../machine/patches/selection';
import { check, type Evidence } from '../../../machine/situations/check';
import type { RunScenario } from '../../../reports/messages';
import { recheckTables } from '../../../reports/recheck';
import { versionsHtml } from '../../../reports/static/versions';
import { versionTable } from '../../../reports/versions';

interface TableWorld {
  scenarios: RunScenario[];
  page: string;
}

const PATCH = 'switch-mm-barrier';

const searched = new Map<string, Evidence>();

/** The same search serves every scenario of the feature. */
function search(patches: string, setUp: string): Evidence {
  const key = [patches, setUp].join('\n');
  const parameters = Object.fromEntries(setUp.split(', ').filter((word) => word !== '').map((word) => word.split('=') as [string, string]));
  const known = searched.get(key) ?? check({ situation: PATCH, patches, parameters, invariants: ['flushReachesEveryTlb'] });
  searched.set(key, known);
  return known;
}

Given('a run with these scenarios', function (this: TableWorld, table: DataTable) {
  this.scenarios = table.hashes().map(({ scenario = '', hunks = '', 'set-up': setUp = '' }) => ({
    id: scenario.replaceAll(' ', '-'), name: scenario, prose: '', place: 'a:1', tags: [], steps: [], status: 'PASSED', evidence: [search(hunks, setUp)], pictures: [],
  }));
});

When('the table of {string} is drawn', function (this: TableWorld, patch: string) {
  this.page = versionsHtml(patchNamed(PATCHES, patch), this.scenarios, [])!.text;
});

When('the word {string} in it is changed to {string}', function (this: TableWorld, word: string, other: string) {
  this.page = this.page.replace(`>${word}</a>`, `>${other}</a>`);
});

Then('every mark in it agrees with the scenario that it links to', function (this: TableWorld) {
  expect((this.page.match(/data-property=/g) ?? []).length, 'marks').to.be.at.least(this.scenarios.length);
  expect(recheckTables(this.page, this.scenarios)).to.deep.equal([]);
});

Then('the comparison complains that {string}', function (this: TableWorld, complaint: string) {
  expect(recheckTables(this.page, this.scenarios).join('\n')).to.contain(complaint);
});

Then('every property that no search checked is marked {string}', function (this: TableWorld, words: string) {
  const table = versionTable(patchNamed(PATCHES, PATCH), this.scenarios)!;
  const empty = table.rows.filter(({ cells }) => cells.some((cell) => cell.length > 0)).flatMap(({ cells }) => cells.filter((cell) => cell.length === 0)).length;
  expect(empty).to.be.greaterThan(0);
  expect(this.page.split(`>${words}</td>`).length - 1).to.equal(empty);
});

Then('it has the rows', function (this: TableWorld, rows: DataTable) {
  for (const { version = '', property = '', says = '' } of rows.hashes()) {
    const row = this.page.split('<tr>').filter((each) => each.includes(version) && each.includes(`data-property="${property}"`));
    const marks = row.map((each) => [...each.matchAll(new RegExp(`data-property="${property}">([^<]+)<`, 'g'))].map(([, words]) => words).join(', '));
    expect(marks, `${version}, ${property}`).to.include(says);
  }
});

Then('its first column is {string}', function (this: TableWorld, property: string) {
  const table = versionTable(patchNamed(PATCHES, PATCH), this.scenarios)!;
  expect(table.properties[0]).to.equal(property);
});
