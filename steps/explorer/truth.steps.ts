// The answers of every engine about random programs, compared with the meaning of these.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import fc from 'fast-check';
import { OptimalSearch } from '../../machine/explorer/optimal/search';
import { bruteForce } from '../../machine/explorer/oracle/brute-force';
import type { Program } from '../../machine/explorer/program';
import { explore } from '../../machine/explorer/explore';
import { ReducedSearch } from '../../machine/explorer/reduced/search';
import { searchStates } from '../../machine/explorer/stateful/search';
import type { System } from '../../machine/explorer/system';
import { replay } from '../../machine/explorer/verdict/replay';
import { parseSchedule } from '../../machine/explorer/verdict/schedule';
import { scripted } from '../../machine/programs/scripted';
import { SITUATIONS } from '../../machine/situations';
import { compareWithMeaning, type AutomataComparison } from './random/automata';
import { layeredWithin } from './random/bounds';
import { richProgram } from './random-programs';
import { askByForce, askEach, type Said, auditDeclared } from './soundness/held';
import { differencesBetween, programOf } from './soundness/situations';
import { atRest } from './audited';
import { compareWithTruth, OLD_FAULTS, reducedWith, type TruthComparison } from './random/truth';
import type { MachineWorld } from '../support/world';

const SEED = 2028;

const comparisons = new WeakMap<MachineWorld, TruthComparison>();
const twice = new WeakMap<MachineWorld, { readonly first: readonly string[]; readonly second: readonly string[] }>();

When('{int} random programs are explored by every engine and run by the plain interpreter', function (this: MachineWorld, programs: number) {
  const comparison = compareWithTruth(programs, SEED);
  comparisons.set(this, comparison);
  this.log(`${comparison.comparisons} comparisons; ${comparison.failing} programs go wrong; ${comparison.outcomes} outcomes`);
  this.attach([...comparison.features].map(([feature, count]) => `${count} ${feature}`).join('\n'), 'text/plain');
});

When('up to {int} random programs are explored by a reduced search that {}', function (this: MachineWorld, programs: number, fault: string) {
  const exploring = OLD_FAULTS[fault];
  if (exploring === undefined) throw new Error(`no fault is called "${fault}"; there are: ${Object.keys(OLD_FAULTS).join(', ')}`);
  comparisons.set(this, compareWithTruth(programs, SEED, ['reduced'], exploring));
});

Then('each engine agrees with the interpreter about each program', function (this: MachineWorld) {
  expect(comparisons.get(this)!.difference).to.equal(null);
});

Then('at most {int} % of the comparisons were passed over', function (this: MachineWorld, percent: number) {
  const { comparisons: made, passedOver } = comparisons.get(this)!;
  const missed = [...passedOver.values()].reduce((sum, count) => sum + count, 0);
  expect((100 * missed) / made).to.be.at.most(percent);
});

Then('each of {int} features was in some program', function (this: MachineWorld, features: number) {
  expect([...comparisons.get(this)!.features.keys()]).to.have.lengthOf(features);
});

Then('the comparison names a program about which they disagree', function (this: MachineWorld) {
  const { difference } = comparisons.get(this)!;
  expect(difference).to.match(/^reduced differs from what the program means\n {2}(lost|invented|shows|says|did not)/);
  this.attach(difference!, 'text/plain');
});

When('{} is/are searched twice on one machine, the second time after every other engine', function (this: MachineWorld, what: string) {
  const first: string[] = [];
  const second: string[] = [];
  for (const program of programsOf(what)) {
    for (const search of [bySets, byReductions]) first.push(search(program()));
    const used = program();
    useUp(used);
    for (const search of [bySets, byReductions]) second.push(search(used));
  }
  twice.set(this, { first, second });
});

Then('both searches see the same number of states and find the same', function (this: MachineWorld) {
  const { first, second } = twice.get(this)!;
  expect(first).not.to.deep.equal([]);
  expect(second).to.deep.equal(first);
});

When('the invariants of {} are asked twice in each state where one is broken', function (this: MachineWorld, what: string) {
  const [made] = programsOf(what.replace(/^a forgetful (.*)$/, '$1'));
  const first: string[] = [];
  const second: string[] = [];
  for (const { kind, witness } of explore(made!, {}, undefined, { engine: 'stateful', challenge: 0 }).findings) {
    if (kind !== 'violation') continue;
    const system = made!();
    replay(system, parseSchedule(witness.schedule));
    const { invariants } = what.startsWith('a forgetful ') ? forgetful(system) : system;
    for (const answers of [first, second]) answers.push(...invariants.map((invariant) => `${invariant.name}: ${String(invariant.check())}`));
  }
  twice.set(this, { first, second });
});

Then('they say the same both times', function (this: MachineWorld) {
  const { first, second } = twice.get(this)!;
  expect(first.some((answer) => !answer.endsWith(': null'))).to.equal(true);
  expect(second).to.deep.equal(first);
});

Then('it is noticed that they do not say the same', function (this: MachineWorld) {
  const { first, second } = twice.get(this)!;
  expect(second).not.to.deep.equal(first);
});

const automata = new WeakMap<MachineWorld, AutomataComparison>();

When('{int} random tables of rules are explored by every engine, and by a separate search over plain objects', function (this: MachineWorld, programs: number) {
  automata.set(this, compareWithMeaning(programs, SEED));
});

When('up to {int} random tables of rules are explored by a reduced search that forgets the order of observed writes', function (this: MachineWorld, programs: number) {
  automata.set(this, compareWithMeaning(programs, SEED, ['reduced'], (program) => reducedWith(program, { forget: 'order of observed writes' })));
});

Then('each engine agrees with that search about each, in more than {int} comparisons, more than {int} of them with a failure', function (this: MachineWorld, comparisons: number, failing: number) {
  const { difference, comparisons: made, failing: wrong } = automata.get(this)!;
  expect(difference).to.equal(null);
  expect({ comparisons: made > comparisons, failing: wrong > failing }).to.deep.equal({ comparisons: true, failing: true });
});

Then('the comparison names rules that it misreads', function (this: MachineWorld) {
  expect(automata.get(this)!.difference).to.match(/^reduced says .*, and what is meant is .*\nin \{"automata":/s);
});

const situations = new WeakMap<MachineWorld, { readonly program: Program; readonly rows: readonly Said[] }>();

When('the situation {} is explored by every engine', function (this: MachineWorld, what: string) {
  const program = programsOf(what)[0]!;
  situations.set(this, { program, rows: [...askEach(program, Infinity, true)!, askByForce(program)] });
});

Then('{int} engines finish, and agree with the search that keeps the whole graph', function (this: MachineWorld, engines: number) {
  const { rows } = situations.get(this)!;
  expect(rows.flatMap(({ engine, differences }) => differences.map((difference) => `${engine} ${difference}`))).to.deep.equal([]);
  expect(rows.filter(({ engine, said }) => engine !== 'stateful' && said === 'agrees')).to.have.lengthOf(engines);
});

Then('the situation declares that it runs out exactly if nothing can come when all work is done', function (this: MachineWorld) {
  const { program } = situations.get(this)!;
  // If no run comes to rest, both are true.
  expect(atRest(program)).not.to.equal(program().runsOut ? 'something comes' : 'nothing comes');
});

When('the declarations of the situation {} are audited, except that it runs out', function (this: MachineWorld, what: string) {
  const program = programsOf(what)[0]!;
  twice.set(this, { first: auditDeclared(() => ({ ...program(), runsOut: false })).differences, second: [] });
});

When('the situation {} is explored by a search that loses an outcome', function (this: MachineWorld, what: string) {
  const verdict = explore(programsOf(what)[0]!, {}, undefined, { engine: 'stateful', challenge: 0 });
  twice.set(this, { first: differencesBetween(verdict, { ...verdict, outcomes: verdict.outcomes.slice(1) }, true), second: [] });
});

Then('the comparison says {string}', function (this: MachineWorld, words: string) {
  expect(twice.get(this)!.first.join('\n')).to.include(words);
});

/** The same system, with invariants that report only once what is broken. */
function forgetful(system: System): System {
  return {
    ...system,
    invariants: system.invariants.map((invariant) => {
      let said: string | null = null;
      return { name: invariant.name, check: () => (said === null ? (said = invariant.check()) : null) };
    }),
  };
}

function programsOf(what: string): Program[] {
  const random = /^(\d+) random programs$/.exec(what);
  if (random) return fc.sample(richProgram, { numRuns: Number(random[1]), seed: SEED }).map((script) => scripted(script));
  const [id, patches] = what.split(' with ');
  const situation = SITUATIONS.find((one) => one.id === id);
  if (!situation || (patches !== 'none' && patches !== 'all')) throw new Error(`"${what}" is neither "60 random programs" nor a situation "with none" or "with all"`);
  return [programOf(situation, patches)];
}

/** Everything that a search says about a system, which it leaves as it was. */
function bySets(system: System): string {
  const { states, events, depth, graph, violations, endings, outcomes, cyclic } = searchStates(system);
  return JSON.stringify({ states, events, depth, edges: graph.size, violations, endings, outcomes: [...outcomes], cyclic });
}

function byReductions(system: System): string {
  if (system.processes.length < 2) return '';
  const start = system.store.mark();
  const search = new ReducedSearch(system);
  while (!search.advance(50_000) && search.counts.events < 20_000) continue;
  const { counts, findings: { all, outcomes } } = search;
  system.store.undo(start);
  return JSON.stringify({ ...counts, found: all, outcomes: [...outcomes] });
}

/** Runs every kind of search on a system, each for a while, and resets the system. */
function useUp(system: System): void {
  const start = system.store.mark();
  bruteForce(system, 300);
  layeredWithin(system, { interrupts: 1 });
  system.store.undo(start);
  byReductions(system);
  const optimal = new OptimalSearch(system, () => undefined, { depth: 2_000 });
  try {
    optimal.run(2_000, () => undefined);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('longer than')) throw error;
  }
  system.store.undo(start);
}
