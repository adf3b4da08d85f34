// What a search may leave out, and what it must still find.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { ReducedSearch, type Reductions } from '../../machine/explorer/reduced/search';
import { lopsided } from '../../machine/programs/faulty';
import type { Program } from '../../machine/explorer/program';
import { programNamed } from '../../machine/programs/named';
import { pinProgram } from '../../machine/situations/xen/pin-bench';
import { auditInterchangeable, type Audited } from './audited';
import { programOf, settingsIn, situationCalled } from './soundness/situations';
import type { MachineWorld } from '../support/world';

interface Searched {
  full?: ReducedSearch;
  reduced?: ReducedSearch;
  audited?: Audited;
}

const searched = new WeakMap<MachineWorld, Searched>();

function searchedBy(world: MachineWorld): Searched {
  const known = searched.get(world) ?? {};
  searched.set(world, known);
  return known;
}

function search(name: string, reductions: Reductions): ReducedSearch {
  const made = new ReducedSearch(programNamed(name)(), reductions);
  while (!made.advance(100_000)) continue;
  return made;
}

When('{string} is searched with and without reductions', function (this: MachineWorld, name: string) {
  Object.assign(searchedBy(this), { full: search(name, { fusing: false, sleeping: false, symmetry: false }), reduced: search(name, {}) });
});

When('the symmetries of {string} are audited over at most {int} states', function (this: MachineWorld, name: string, states: number) {
  const program = pinProgram(name) ?? programNamed(name);
  expect(program().interchangeable, 'something is declared').to.not.have.lengthOf(0);
  searchedBy(this).audited = auditInterchangeable(program, states);
});

When('the symmetries of {string} with {string} are audited over at most {int} states', function (this: MachineWorld, id: string, settings: string, states: number) {
  const program = programOf(situationCalled(id), 'all', settingsIn(settings));
  expect(program().interchangeable, 'something is declared').to.not.have.lengthOf(0);
  searchedBy(this).audited = auditInterchangeable(program, states);
});

/** Everything that exists once for each walker: its task and what belongs to its CPU. */
function walker(cpu: number, other: number): string[] {
  const perCpu = ['cpu', 'rq', 'cpu_tlbstate', 'call_single_queue', 'rcu_data'].map((name) => `${name}${cpu}`);
  const calls = [[0, cpu], [cpu, 0], [cpu, other]].map(([from, to]) => `csd(cpu${from}, cpu${to})->flags`);
  return [`walker${cpu - 1}`, ...perCpu, ...calls, `before ${cpu + 1}, on cpu${cpu}`];
}

When('the symmetries of gup-fast\\/collapse are audited as if its two walkers were interchangeable', function (this: MachineWorld) {
  const program = programOf(situationCalled('gup-fast/collapse'), 'all', { walkers: 2 });
  const declared: Program = () => ({ ...program(), interchangeable: [{ kind: 'walkers', members: [walker(1, 2), walker(2, 1)] }] });
  searchedBy(this).audited = auditInterchangeable(declared, 2000);
});

When('the symmetries of two threads, one of which adds more than the other, are audited', function (this: MachineWorld) {
  searchedBy(this).audited = auditInterchangeable(lopsided(), 2000);
});

Then('{int} states are seen without, and {int} with them', function (this: MachineWorld, all: number, seen: number) {
  expect(searchedBy(this).full!.counts.states).to.equal(all);
  expect(searchedBy(this).reduced!.counts.states).to.equal(seen);
});

/** What can go wrong, in any process; of interchangeable processes, only some are named. */
function kinds({ findings }: ReducedSearch): string[] {
  return [...new Set(findings.all.map(({ kind, violation }) => violation?.invariant ?? kind))].sort();
}

Then('both find the same outcomes and failures', function (this: MachineWorld) {
  const { full, reduced } = searchedBy(this);
  expect([...reduced!.findings.outcomes].sort()).to.deep.equal([...full!.findings.outcomes].sort());
  expect(kinds(reduced!)).to.deep.equal(kinds(full!));
});

Then('the audit of symmetries has no objection to any of all {int} states', function (this: MachineWorld, states: number) {
  expect(searchedBy(this).audited).to.deep.equal({ objection: null, states, isComplete: true } satisfies Audited);
});

Then('the audit of symmetries has no objection to the first {int} states, and says that there are more', function (this: MachineWorld, states: number) {
  expect(searchedBy(this).audited).to.deep.equal({ objection: null, states, isComplete: false } satisfies Audited);
});

Then('the audit of symmetries objects that {string}', function (this: MachineWorld, objection: string) {
  expect(searchedBy(this).audited!.objection).to.include(objection);
});
