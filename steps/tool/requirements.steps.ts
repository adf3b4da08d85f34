// The requirements, counted as hunks are taken out of the kernel under review.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { runNodeOnce } from '../run/command';
import type { Red } from '../run/red';

interface RequirementsWorld {
  red: Red;
}

When('the requirements are counted while the patches are removed', function (this: RequirementsWorld) {
  const { status, stdout, stderr } = runNodeOnce(['steps/run/red.js'], { PATCHES: 'all' });
  expect(status, stderr).to.equal(0);
  this.red = JSON.parse(stdout) as Red;
});

Then('with PATCHES {string} all of at least {int} requirements are red', function (this: RequirementsWorld, _patches: 'none', count: number) {
  expect(this.red.none.green).to.deep.equal([]);
  expect(this.red.none.red).to.have.length.of.at.least(count);
});

Then('each hunk turns a requirement red, except these', function (this: RequirementsWorld, table: DataTable) {
  const idle = Object.entries(this.red.without).filter(([, { red }]) => red.length === 0).map(([hunk]) => hunk);
  expect(idle).to.deep.equal(table.hashes().map(({ hunk }) => hunk));
});
