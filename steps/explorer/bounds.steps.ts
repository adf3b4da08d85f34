// Searches within bounds on interrupts and switches, raised step by step.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { needInWords } from '../../machine/cli/search/bounds';
import { explore, type Verdict } from '../../machine/explorer/explore';
import type { Program } from '../../machine/explorer/program';
import { programNamed } from '../../machine/programs/named';
import { compareWithinBounds, type BoundsComparison } from './random/bounds';
import { compareWitnesses } from './random/smallest';
import type { MachineWorld } from '../support/world';

/** What the steps of one scenario have seen. */
class Bounded {
  program: Program | undefined;
  verdict: Verdict | undefined;
  unbounded: Verdict | undefined;
  comparison: BoundsComparison | undefined;
  witnesses: ReturnType<typeof compareWitnesses> | undefined;
}

const bounded = new WeakMap<MachineWorld, Bounded>();

function boundedBy(world: MachineWorld): Bounded {
  const known = bounded.get(world) ?? new Bounded();
  bounded.set(world, known);
  return known;
}

When('{string} is explored bound by bound', function (this: MachineWorld, name: string) {
  const program = programNamed(name);
  Object.assign(boundedBy(this), { program, verdict: explore(program, {}, undefined, { engine: 'layered' }) });
});

When('{string} is explored with at most {int} switch(es)', function (this: MachineWorld, name: string, switches: number) {
  const program = programNamed(name);
  Object.assign(boundedBy(this), { program, verdict: explore(program, { switches }) });
});

When('{string} is explored bound by bound, and without any bound', function (this: MachineWorld, name: string) {
  const program = programNamed(name);
  Object.assign(boundedBy(this), { program, verdict: explore(program, {}, undefined, { engine: 'layered' }), unbounded: explore(program, {}, undefined, { engine: 'stateful' }) });
});

When('{int} random programs are explored within bounds', { timeout: 120_000 }, function (this: MachineWorld, programs: number) {
  boundedBy(this).comparison = compareWithinBounds(programs, 1);
});

When('{int} random programs are explored by a search that counts every change of process as a switch', { timeout: 120_000 }, function (this: MachineWorld, programs: number) {
  boundedBy(this).comparison = compareWithinBounds(programs, 1, 'all switches');
});

Then('its first {} needs {int} switch(es)', function (this: MachineWorld, kind: string, switches: number) {
  const needs = boundedBy(this).verdict!.findings.filter((finding) => finding.kind === kind).map(({ need }) => need!.switches);
  expect(Math.min(...needs)).to.equal(switches);
});

Then('with one switch fewer everything is seen and nothing fails', function (this: MachineWorld) {
  const { program, verdict } = boundedBy(this);
  const fewest = Math.min(...verdict!.findings.map(({ need }) => need!.switches));
  expect(fewest, 'switches').to.be.greaterThan(0);
  expect(explore(program!, { switches: fewest - 1 })).to.include({ engine: 'layered', complete: true, holds: true, isCut: true });
});

Then('everything is seen and nothing fails within the bound, which {}', function (this: MachineWorld, leaves: string) {
  expect(boundedBy(this).verdict).to.include({ complete: true, holds: true, isCut: leaves === 'leaves something out' });
});

Then('the layers together execute no more events than the search without a bound', function (this: MachineWorld) {
  const { verdict, unbounded } = boundedBy(this);
  expect(verdict!.events).to.be.at.most(unbounded!.events);
  expect(verdict!.outcomes).to.deep.equal(unbounded!.outcomes);
});

Then('they return to each state at most twice', function (this: MachineWorld) {
  const { states, search } = boundedBy(this).verdict!;
  expect(search.raised!.repeated).to.be.at.most(2 * states);
});

Then('each search finds what brute force finds within the same bound', function (this: MachineWorld) {
  expect(boundedBy(this).comparison!.difference).to.equal(null);
});

Then('at least {int} of the bounds left something out', function (this: MachineWorld, least: number) {
  expect(boundedBy(this).comparison!.limiting).to.be.at.least(least);
});

Then('the comparison names a program and a bound', function (this: MachineWorld) {
  expect(boundedBy(this).comparison!.difference).to.match(/^the layered search within .*\n(.*\n)*in \{"processors"/);
});

When('{int} random programs are explored, by states, by layers and by classes of executions', { timeout: 120_000 }, function (this: MachineWorld, programs: number) {
  boundedBy(this).witnesses = compareWitnesses(programs, 1, ['stateful', 'layered', 'optimal']);
});

Then('each failure is shown by a run as small as the smallest that brute force finds', function (this: MachineWorld) {
  expect(boundedBy(this).witnesses!.difference).to.equal(null);
});

Then('at least {int} failures were examined', function (this: MachineWorld, least: number) {
  expect(boundedBy(this).witnesses!.violations).to.be.at.least(least);
});

Then(/^a failure that needs (\d+|any) interrupts and (\d+) switches is described as "([^"]*)"$/, function (interrupts: string, switches: string, words: string) {
  expect(needInWords({ interrupts: interrupts === 'any' ? null : Number(interrupts), switches: Number(switches) })).to.equal(words);
});
