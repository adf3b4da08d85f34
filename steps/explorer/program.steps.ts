// Small programs by name, and how many executions, schedules and states they have.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { bruteForce, type BruteForce } from '../../machine/explorer/oracle/brute-force';
import { replay } from '../../machine/explorer/verdict/replay';
import { parseSchedule } from '../../machine/explorer/verdict/schedule';
import { countSchedules, listSchedules } from '../../machine/explorer/oracle/schedules';
import { countTraces, type TraceCounts } from '../../machine/explorer/optimal/traces';
import { litmus } from '../../machine/programs/litmus';
import { programNamed } from '../../machine/programs/named';
import type { MachineWorld } from '../support/world';

/** What the steps of one scenario have counted. */
class Counted {
  program = '';
  traces: TraceCounts | undefined;
  graph: BruteForce | undefined;
  schedules: readonly string[] = [];
  inOrder = 0;
  withBuffers = 0;
}

const counted = new WeakMap<MachineWorld, Counted>();

function countedBy(world: MachineWorld): Counted {
  const known = counted.get(world) ?? new Counted();
  counted.set(world, known);
  return known;
}

When('every execution of {string} is run', function (this: MachineWorld, name: string) {
  countedBy(this).traces = countTraces(programNamed(name));
});

When('every execution of {string} is run and examined', function (this: MachineWorld, name: string) {
  countedBy(this).traces = countTraces(programNamed(name), { switches: true, classes: true });
});

When('all schedules of {string} are listed', function (this: MachineWorld, name: string) {
  countedBy(this).schedules = listSchedules(programNamed(name)());
});

When('the executions of {string} are listed', function (this: MachineWorld, name: string) {
  Object.assign(countedBy(this), { program: name, schedules: countTraces(programNamed(name), { schedules: true }).schedules });
});

When('the schedules of {string} are counted', function (this: MachineWorld, name: string) {
  Object.assign(countedBy(this), { program: name, graph: bruteForce(programNamed(name)()) });
});

When('every outcome of the litmus program {string} is collected, with and without store buffers', function (this: MachineWorld, name: string) {
  const counts = countedBy(this);
  counts.inOrder = bruteForce(litmus(name, false)()).outcomes.size;
  counts.withBuffers = bruteForce(litmus(name, true)()).outcomes.size;
});

Then('there is/are {int} execution(s)', function (this: MachineWorld, executions: number) {
  expect(countedBy(this).traces?.executions).to.equal(executions);
});

Then('none was abandoned', function (this: MachineWorld) {
  expect(countedBy(this).traces?.blocked).to.equal(0);
});

Then('{int} of them is/are deadlocked', function (this: MachineWorld, deadlocks: number) {
  expect(countedBy(this).traces?.deadlocks).to.equal(deadlocks);
});

Then('the reads of all executions fall into {int} classes', function (this: MachineWorld, classes: number) {
  expect(countedBy(this).traces?.readsFromClasses).to.equal(classes);
});

Then('allowing 0, 1, 2 and more switches reaches {string} executions', function (this: MachineWorld, within: string) {
  expect(countedBy(this).traces?.withinSwitches.join(' ')).to.equal(within);
});

Then('they are:', function (this: MachineWorld, table: DataTable) {
  expect(countedBy(this).schedules).to.have.members(table.raw().map(([schedule]) => schedule));
});

Then('each listed schedule replays', function (this: MachineWorld) {
  const { program, schedules } = countedBy(this);
  for (const schedule of schedules) expect(replay(programNamed(program)(), parseSchedule(schedule)).schedule).to.equal(schedule);
});

Then('there are {biginteger} schedules over {int} states', function (this: MachineWorld, schedules: bigint, states: number) {
  const graph = countedBy(this).graph!;
  expect(countSchedules(graph).all).to.equal(schedules);
  expect(graph.successors).to.have.lengthOf(states);
});

Then('{biginteger} of them fail', function (this: MachineWorld, failing: bigint) {
  expect(countSchedules(countedBy(this).graph!).failing).to.equal(failing);
});

Then('within 3, 4, 5 and 6 context switches there are {string}', function (this: MachineWorld, within: string) {
  const { graph, program } = countedBy(this);
  // The first user is the process after the kernel threads; it ran before the beginning.
  const kernelThreads = Number(program.match(/\d+/g)?.[2] ?? 1);
  const counts = [3, 4, 5, 6].map((switches) => countSchedules(graph!, switches, kernelThreads));
  expect(counts.map(({ all, failing }) => `${all}(${failing})`).join(' ')).to.equal(within);
});

Then('there are {int} outcomes in order and {int} with store buffers', function (this: MachineWorld, inOrder: number, withBuffers: number) {
  expect(countedBy(this).inOrder).to.equal(inOrder);
  expect(countedBy(this).withBuffers).to.equal(withBuffers);
});
