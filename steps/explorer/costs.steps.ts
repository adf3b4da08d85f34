// What searches cost, where they stop, how they are divided and put together, and how runs are written down.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { EngineName, Standing } from '../../machine/explorer/engine';
import { engineFor } from '../../machine/explorer/engines';
import { explore, verdictOf } from '../../machine/explorer/explore';
import { LayeredSearch } from '../../machine/explorer/layered/search';
import { countTraces, type TraceCounts } from '../../machine/explorer/optimal/traces';
import { explorePart, mergeReports, partsOf, type PartReport } from '../../machine/explorer/parts/partition';
import { ReducedSearch } from '../../machine/explorer/reduced/search';
import { violationOf } from '../../machine/explorer/system';
import { StatefulSearch, type Search } from '../../machine/explorer/stateful/search';
import { compareOutcomes, type Equivalence } from '../../machine/explorer/verdict/equivalence';
import { replay } from '../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../machine/explorer/verdict/schedule';
import { programNamed } from '../../machine/programs/named';
import { FEW_RUNS } from '../support/explored';
import type { MachineWorld } from '../support/world';

interface Costs {
  readonly stateful: Search;
  readonly remembered: number;
  readonly reduced: ReducedSearch;
  readonly layered: Search;
  readonly optimal: TraceCounts;
}

const costs = new WeakMap<MachineWorld, Costs>();

When('every engine searches {string}', function (this: MachineWorld, name: string) {
  const program = programNamed(name);
  const stateful = new StatefulSearch(program());
  while (stateful.advance(100_000) === 'under way') continue;
  const reduced = new ReducedSearch(program());
  while (!reduced.advance(100_000)) continue;
  const layered = new LayeredSearch(program(), {}, 'all switches');
  while (layered.seeLayer() === 'under way') continue;
  costs.set(this, { stateful: stateful.result(), remembered: 100 * stateful.remembered, reduced, layered: layered.result(), optimal: countTraces(program) });
});

Then('the stateful engine executes at most {int} events between {int} pairs of choices, and has remembered at least {int} % of them', function (this: MachineWorld, events: number, edges: number, percent: number) {
  const { stateful, remembered } = costs.get(this)!;
  expect(stateful.events).to.be.at.most(events);
  expect(stateful.graph.size).to.equal(edges);
  expect(remembered).to.be.at.least(percent);
});

Then('the layered engine executes at most {int} events in {int} layers, and repeats at most {int}', function (this: MachineWorld, events: number, layers: number, again: number) {
  const { layered } = costs.get(this)!;
  expect(layered.events).to.be.at.most(events);
  expect(layered.raised!.layers).to.have.lengthOf(layers);
  expect(layered.raised!.repeated).to.be.at.most(again);
});

Then('the reduced engine executes at most {int} events through {int} states', function (this: MachineWorld, events: number, states: number) {
  const { counts } = costs.get(this)!.reduced;
  expect(counts.events).to.be.at.most(events);
  expect(counts.states).to.be.at.most(states);
});

Then('the optimal engine executes at most {int} events', function (this: MachineWorld, events: number) {
  expect(costs.get(this)!.optimal.events).to.be.at.most(events);
});

interface Bounded {
  readonly standing: Standing;
  readonly states: number;
  readonly complete: boolean;
}

const bounded = new WeakMap<MachineWorld, Bounded>();

When(/^"([^"]*)" is searched by the "([^"]*)" engine within (\d+) (states|kilobytes?)$/, function (this: MachineWorld, name: string, engine: EngineName, count: string, unit: string) {
  const bounds = unit === 'states' ? { states: Number(count) } : { memory: Number(count) / 1024 };
  const search = engineFor(programNamed(name), bounds, { engine });
  let standing = search.advance(1);
  while (standing === 'under way') standing = search.advance(1);
  const { complete, states } = search.report();
  bounded.set(this, { standing, states: Math.max(states, search.progress.states), complete });
});

Then('it stops at its bound, after at most {int} state(s)', function (this: MachineWorld, states: number) {
  const found = bounded.get(this)!;
  expect(found.standing).to.equal('out of bounds');
  expect(found.states).to.be.within(1, states);
});

Then(/^its answer is (not )?complete$/, function (this: MachineWorld, not: string | null) {
  expect(bounded.get(this)!.complete).to.equal(!not);
});

interface Divided {
  readonly name: string;
  readonly parts: readonly (readonly string[])[];
}

const divided = new WeakMap<MachineWorld, Divided>();

When('{string} is divided into at least {int} part(s)', function (this: MachineWorld, name: string, count: number) {
  divided.set(this, { name, parts: partsOf(programNamed(name), {}, count) });
});

Then('the parts begin with {string}', function (this: MachineWorld, beginnings: string) {
  expect(divided.get(this)!.parts.map((prefix) => formatSchedule(prefix) || 'nothing').join(' / ')).to.equal(beginnings);
});

Then('the parts together give, by the {string} engine, the verdict of one search', function (this: MachineWorld, engine: EngineName) {
  const { name, parts } = divided.get(this)!;
  const program = programNamed(name);
  const whole = explore(program, {}, undefined, { engine, challenge: FEW_RUNS });
  const merged = mergeReports(parts.map((prefix) => explorePart(program, {}, prefix, { engine })));
  const together = verdictOf(program, {}, { ...merged, search: null });
  const said = ({ complete, executions, outcomes, findings }: typeof whole) => ({
    complete, executions: engine === 'optimal' ? executions : null, outcomes, findings: findings.map(({ kind, message, witness }) => `${kind} ${message} by ${witness.schedule}`).sort(),
  });
  expect(said(together)).to.deep.equal(said(whole));
});

const merged = new WeakMap<MachineWorld, PartReport>();

When('the reports of two parts are merged, of which one is not complete and has the longer run to the same failure', function (this: MachineWorld) {
  const violation = { invariant: 'one', message: 'it is broken' };
  const first: PartReport = { engine: 'stateful', complete: true, executions: null, blocked: 1, states: 10, events: 20, depth: 7, collisionBound: 0.25, outcomes: ['b', 'a'], found: [{ kind: 'violation', violation, labels: ['x', 'y', 'z'] }, { kind: 'deadlock', violation: null, labels: ['x'] }] };
  const second: PartReport = { engine: 'optimal', complete: false, executions: 5, blocked: 2, states: 100, events: 200, depth: 3, collisionBound: 0.5, outcomes: ['c', 'a'], found: [{ kind: 'violation', violation, labels: ['x', 'y'] }] };
  merged.set(this, mergeReports([first, second]));
});

Then('the merged report has the sums of their counts, the greater depth and the shorter run', function (this: MachineWorld) {
  expect(merged.get(this)).to.deep.equal({
    engine: 'auto', complete: false, executions: null, blocked: 3, states: 110, events: 220, depth: 7, collisionBound: 0.75, outcomes: ['a', 'b', 'c'],
    found: [{ kind: 'deadlock', violation: null, labels: ['x'] }, { kind: 'violation', violation: { invariant: 'one', message: 'it is broken' }, labels: ['x', 'y'] }],
  });
});

interface Compared {
  readonly names: readonly [string, string];
  readonly result: Equivalence;
}

const compared = new WeakMap<MachineWorld, Compared>();

When(/^"([^"]*)" is compared with "([^"]*)"(?:, within (\d+) states)?$/, function (this: MachineWorld, first: string, second: string, states: string | null) {
  compared.set(this, { names: [first, second], result: compareOutcomes(programNamed(first), programNamed(second), states ? { states: Number(states) } : {}, undefined, FEW_RUNS) });
});

Then('they are {string}, with {int} outcomes of both, {int} of the first and {int} of the second', function (this: MachineWorld, verdict: string, shared: number, first: number, second: number) {
  const { result } = compared.get(this)!;
  expect([result.verdict, result.shared, result.onlyFirst.length, result.onlySecond.length]).to.deep.equal([verdict, shared, first, second]);
});

Then('they are {string}, whatever outcomes they have', function (this: MachineWorld, verdict: string) {
  expect(compared.get(this)!.result.verdict).to.equal(verdict);
});

Then('the run that is shown for an outcome of only one of them ends in that outcome', function (this: MachineWorld) {
  const { names, result } = compared.get(this)!;
  for (const [i, differences] of [result.onlyFirst, result.onlySecond].entries()) {
    for (const { outcome, schedule } of differences) {
      const system = programNamed(names[i]!)();
      replay(system, parseSchedule(schedule));
      expect(system.outcome!()).to.equal(outcome);
    }
  }
});

Then('the failures of the first, with what their runs break, are', function (this: MachineWorld, table: DataTable) {
  const { names, result } = compared.get(this)!;
  const failures = result.onlyFirst.map(({ outcome, schedule }) => {
    const system = programNamed(names[0])();
    replay(system, parseSchedule(schedule));
    const violation = violationOf(system);
    expect(`${violation?.invariant}: ${violation?.message}`).to.equal(outcome);
    return outcome;
  });
  expect(failures).to.have.members(table.raw().map(([outcome]) => outcome));
});

const written = new WeakMap<MachineWorld, { readonly labels: readonly string[]; readonly text: string }>();
const read = new WeakMap<MachineWorld, string>();

When(/^the moves '(.*)' are written as a schedule$/, function (this: MachineWorld, moves: string) {
  const labels = moves.split(' / ');
  written.set(this, { labels, text: formatSchedule(labels) });
});

Then(/^the schedule is '(.*)'$/, function (this: MachineWorld, text: string) {
  expect(written.get(this)!.text).to.equal(text);
});

Then('it is read back as the same moves', function (this: MachineWorld) {
  const { labels, text } = written.get(this)!;
  expect(parseSchedule(text).flatMap(({ label, times }) => Array.from({ length: times }, () => label))).to.deep.equal(labels);
});

When(/^'(.*)' is read as a schedule$/, function (this: MachineWorld, text: string) {
  let judged: string;
  try {
    judged = `${parseSchedule(text).reduce((sum, { times }) => sum + times, 0)} moves`;
  } catch (error) {
    judged = (error as Error).message;
  }
  read.set(this, judged);
});

Then(/^it is '(.*)'$/, function (this: MachineWorld, judged: string) {
  expect(read.get(this)).to.equal(judged);
});
