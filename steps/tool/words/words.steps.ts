// What functions give for small inputs, as tables.

import { type DataTable, Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import { resultOf } from './words';

Then('{word} gives', function (name: string, table: DataTable) {
  expect(table.rows().map(([given]) => [given, resultOf(name, given!)])).to.deep.equal(table.rows());
});
