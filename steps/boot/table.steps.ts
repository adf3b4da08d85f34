// The table of all configurations: every combination is booted and compared with
// the prediction.

import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { predict } from '../../machine/situations/boot/prediction';
import { kernelNamed } from '../../machine/situations/boot/kernels';
import { bootEverything, describeRow, ESSENTIAL, type Dimensions, type Row } from '../../machine/situations/boot/table';
import type { MachineWorld } from '../support/world';

const tables = new WeakMap<MachineWorld, readonly Row[]>();
const wholeTables = new Map<string, readonly Row[]>();

/** Boots a part of the table, once in the whole run. */
function rowsOf(dimensions: Dimensions): readonly Row[] {
  const key = JSON.stringify({ ...dimensions, kernels: dimensions.kernels.map(({ name }) => name) });
  let rows = wholeTables.get(key);
  if (!rows) wholeTables.set(key, (rows = [...bootEverything(dimensions)].map(({ row }) => row)));
  return rows;
}

const TELLING = ['2.6.26', '2.6.27.5', '2.6.28-rc8', '2.6.27.10', '2.6.28', '2.6.28-rc8 with relink'].map(kernelNamed);

const CUTS: Readonly<Record<string, Partial<Dimensions>>> = {
  '32 CPUs and a hole of 4 MiB': { kernels: TELLING, nrCpus: [32], holeMiB: [4], setupData: ['none'] },
  '4 GiB of RAM and long setup_data': { kernels: TELLING, ramMiB: [4096], setupData: ['long'], holeMiB: [0, 168], readings: ['adopting'] },
  'a hole of 8 MiB, into which reservetop= moves the fixmap but not the pkmap': { kernels: [...TELLING, kernelNamed('2.6.27-rc4')], nrCpus: [8, 32], holeMiB: [8], commandLines: ['reservetop=2M'], setupData: ['none'] },
  'CONFIG_VMI switched off': { kernels: TELLING, vmi: [false], holeMiB: [64], readings: ['adopting'] },
};

const tableOf = (world: MachineWorld): readonly Row[] => {
  const rows = tables.get(world);
  if (!rows) throw new Error('no table was booted yet in this scenario');
  return rows;
};

const unpredicted = (rows: readonly Row[]): string[] => rows.filter((row) => predict(row) !== row.result.outcome).map((row) => `predicted "${predict(row)}": ${describeRow(row)}`);

When('every essential combination boots', function (this: MachineWorld) {
  tables.set(this, rowsOf(ESSENTIAL));
});

When(/^every essential combination boots with (.*)$/, function (this: MachineWorld, what: string) {
  tables.set(this, rowsOf({ ...ESSENTIAL, ...CUTS[what]! }));
});

When('every essential combination boots, and one row is inverted', function (this: MachineWorld) {
  const [first, ...rest] = rowsOf(ESSENTIAL);
  const turned = { ...first!, result: { ...first!.result, outcome: first!.result.outcome === 'boots' ? ('panic' as const) : ('boots' as const) } };
  tables.set(this, [turned, ...rest]);
});

When('every essential combination of {string} boots, adopting, with a hole of {int} MiB', function (this: MachineWorld, name: string, mib: number) {
  tables.set(this, rowsOf({ ...ESSENTIAL, kernels: [kernelNamed(name)], readings: ['adopting'], holeMiB: [mib] }));
});

Then('each of the {int} boots ends as predicted', function (this: MachineWorld, count: number) {
  const rows = tableOf(this);
  const outcomes = new Map<string, number>();
  for (const { result } of rows) outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1);
  this.attach([...outcomes].map(([outcome, times]) => `${outcome}: ${times}`).join('\n'), 'text/plain');
  this.attach(rows.map(describeRow).join('\n'), 'text/plain');
  expect(unpredicted(rows)).to.deep.equal([]);
  expect(rows).to.have.lengthOf(count);
});

Then('each boot ends as predicted', function (this: MachineWorld) {
  expect(tableOf(this)).to.have.length.above(50);
  expect(unpredicted(tableOf(this))).to.deep.equal([]);
});

Then('exactly {int} row is not as predicted', function (this: MachineWorld, count: number) {
  expect(unpredicted(tableOf(this))).to.have.lengthOf(count);
});

Then('a second check of the same machine contradicts {int} rows', function (this: MachineWorld, count: number) {
  const rows = tableOf(this);
  const [name] = [rows[0]!.kernel.name];
  const again = [...bootEverything({ ...ESSENTIAL, kernels: [kernelNamed(name)] })].map(({ row }) => row);
  const contradicted = again.filter((row, i) => row.result.outcome !== rows[i]!.result.outcome || row.result.cr2 !== rows[i]!.result.cr2);
  expect(contradicted).to.have.lengthOf(count);
});

Then('these command lines do not boot:', function (this: MachineWorld, table: DataTable) {
  const failing = new Set(tableOf(this).filter(({ result }) => result.outcome !== 'boots').map(({ boot }) => boot.commandLine));
  expect([...failing].sort()).to.deep.equal(table.rows().map(([line]) => line!).sort());
});

Then('every row boots', function (this: MachineWorld) {
  expect(tableOf(this).filter(({ result }) => result.outcome !== 'boots').map(describeRow)).to.deep.equal([]);
});

Then('no command line boots', function (this: MachineWorld) {
  expect(tableOf(this).filter(({ result }) => result.outcome === 'boots').map(describeRow)).to.deep.equal([]);
});
