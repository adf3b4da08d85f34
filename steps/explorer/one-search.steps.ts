// One search for many questions, compared with one search for each.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Answers } from '../../machine/explorer/answers';
import { explore, type Finding, type Verdict } from '../../machine/explorer/explore';
import { StatefulSearch, type Search } from '../../machine/explorer/stateful/search';
import type { System } from '../../machine/explorer/system';
import { sly } from '../../machine/programs/faulty';
import { prepare, type Prepared } from '../../machine/situations/check';
import { smallestBreach } from '../support/brief';
import type { MachineWorld } from '../support/world';
import type { ScriptedProgram } from '../../machine/programs/script';
import { answersAbout, compareAnswers, type Answering, type AnswersComparison } from './random/answers';

class Questioning {
  invariants: readonly string[] = [];
  prepared: Prepared | undefined;
  build: (invariants: readonly string[]) => System = () => { throw new Error('nothing was searched yet in this scenario'); };
  answers: Answers | undefined;
  readonly searches: Search[] = [];
  shares = { events: 0, whole: 0 };
  complaint = '';
  comparison: AnswersComparison | undefined;
}

const questionings = new WeakMap<MachineWorld, Questioning>();

function questioningOf(world: MachineWorld): Questioning {
  const known = questionings.get(world) ?? new Questioning();
  questionings.set(world, known);
  return known;
}

function prepareFor(world: MachineWorld, id: string, patches: string): Questioning {
  const questioning = questioningOf(world);
  const prepared = prepare({ situation: id, patches });
  const { situation, choice } = prepared;
  questioning.prepared = prepared;
  questioning.invariants = situation.invariants;
  questioning.build = (invariants) => situation.build({ ...choice, invariants });
  return questioning;
}

/** Interrupts, changes of process, steps. */
const costOf = ({ witness: { trace: { events }, interrupts, steps } }: Finding): readonly number[] =>
  [interrupts, events.filter((event, i) => i > 0 && event.process !== events[i - 1]!.process).length, steps];

const told = (findings: readonly Finding[]): unknown[] =>
  findings.map(({ kind, invariant, message, witness: { schedule, interrupts, steps } }) => ({ kind, invariant, message, schedule, interrupts, steps }));

When('{string} with {string} is searched once for all of its invariants', function (this: MachineWorld, situation: string, patches: string) {
  const questioning = prepareFor(this, situation, patches);
  questioning.answers = new Answers(questioning.build, questioning.invariants);
});

Then('each invariant has the states, edges, violations and smallest runs of a search for it alone', function (this: MachineWorld) {
  const { answers, build, invariants } = questioningOf(this);
  for (const name of invariants) {
    const alone = explore(() => build([name]), {}, undefined, { engine: 'stateful', challenge: 20 });
    const { states, events, graph } = answers!.until(name);
    expect({ states, events, edges: graph.size }, name).to.deep.equal({ states: alone.states, events: alone.events, edges: alone.transitions });
    const violations = ({ findings }: Verdict): unknown[] => told(findings.filter(({ kind }) => kind === 'violation'));
    expect(violations(answers!.about([name])), name).to.deep.equal(violations(alone));
  }
});

Then('{int} of them are broken', function (this: MachineWorld, broken: number) {
  const { answers, invariants } = questioningOf(this);
  expect(invariants.filter((name) => answers!.until(name).violations.length > 0)).to.have.lengthOf(broken);
});

Then('for each of {int} broken invariants, the run that is looked for alone costs as much', function (this: MachineWorld, broken: number) {
  const { answers, invariants, prepared } = questioningOf(this);
  const pairs = invariants.flatMap((name) => answers!.about([name]).findings.filter(({ kind }) => kind === 'violation').slice(0, 1)).map((finding) => {
    const { invariant, message } = finding;
    const verdict = smallestBreach({ ...prepared!, choice: { ...prepared!.choice, invariants: [invariant] } }, (violation) => violation.invariant === invariant && violation.message === message);
    return [finding, verdict!.findings.find((other) => other.message === message)!] as const;
  });
  expect(pairs).to.have.lengthOf(broken);
  for (const [whole, alone] of pairs) expect(costOf(alone), whole.message).to.deep.equal(costOf(whole));
});

Then('for what is not broken, no run is found', function (this: MachineWorld) {
  expect(smallestBreach(questioningOf(this).prepared!, () => false, 1000)).to.equal(null);
});

Then('its run to {string} continues its run to {string}', function (this: MachineWorld, ending: string, invariant: string) {
  const { findings } = questioningOf(this).answers!.about([invariant]);
  const [first, then] = [invariant, ending].map((name) => findings.find((finding) => finding.invariant === name)!.witness.trace.events.map(({ label }) => label));
  expect(then!.length).to.be.greaterThan(first!.length);
  expect(then!.slice(0, first!.length)).to.deep.equal(first);
});

When('{string} with {string} is searched with the memory of stretches and without it', function (this: MachineWorld, situation: string, patches: string) {
  const questioning = prepareFor(this, situation, patches);
  for (const remembers of [true, false]) {
    const search = new StatefulSearch(questioning.build(questioning.invariants), {}, undefined, { goesOn: true, remembers });
    while (search.advance(4096) === 'under way');
    if (remembers) questioning.shares = { events: search.remembered, whole: search.rememberedWhole };
    else expect(search.remembered).to.equal(0);
    questioning.searches.push(search.result());
  }
});

Then('both have the same states, edges, events and violations', function (this: MachineWorld) {
  const [one, other] = questioningOf(this).searches.map(({ states, events, depth, violations, endings, outcomes, graph }) => ({
    states, events, depth, violations, endings, outcomes: [...outcomes], edges: [...graph.save()], kinds: graph.allKinds, words: graph.allWords,
  }));
  expect(one).to.deep.equal(other);
});

Then('at least {int} % of the events were repeated from memory, and at least {int} % of the stretches in one piece', function (this: MachineWorld, events: number, whole: number) {
  const { shares } = questioningOf(this);
  expect(100 * shares.events).to.be.at.least(events);
  expect(100 * shares.whole).to.be.at.least(whole);
});

When('a thread that reads one of two cells, chosen by a plain field, is searched', function (this: MachineWorld) {
  try {
    explore(sly(), {}, undefined, { engine: 'stateful' });
  } catch (error) {
    questioningOf(this).complaint = (error as Error).message;
  }
});

Then('the search says that {string}', function (this: MachineWorld, words: string) {
  expect(questioningOf(this).complaint).to.include(words);
});

When('{int} random programs are searched once for all of their invariants', function (this: MachineWorld, programs: number) {
  questioningOf(this).comparison = compareAnswers(programs, 1);
});

/** Breaks one claim and then another. */
const failsTwice: ScriptedProgram = {
  processors: [{ acts: [{ do: 'put', key: 0, value: 1 }, { do: 'store', word: 0, value: 1 }], interrupts: [], onIpi: [] }],
  claims: [{ claim: 'at most', keys: 0 }, { claim: 'never both', word: 0, value: 1, other: 1, otherValue: 0 }], isBuffered: false,
};

When('a program that breaks two invariants is searched by an engine that {}', function (this: MachineWorld, manner: string) {
  // What is asked about one of them may be answered by runs that the other has ended.
  const ending: Answering = (build, names) => {
    const ended = explore(() => build(names), {}, undefined, { engine: 'stateful', challenge: 0 });
    return { about: (asked) => ({ ...ended, findings: ended.findings.filter(({ kind, invariant }) => kind !== 'violation' || asked.includes(invariant)) }) };
  };
  const about = answersAbout(failsTwice, manner === 'continues after the first' ? (build, names) => new Answers(build, names) : ending);
  const differences = about.flatMap(({ difference }) => difference ?? []);
  questioningOf(this).comparison = { passedOver: 0, asked: about.length, broken: about.filter(({ isBroken }) => isBroken).length, difference: differences.length === 0 ? null : differences.join('\n') };
});

Then('each of more than {int} invariants, {int} of them broken, gets the answer of brute force', function (this: MachineWorld, asked: number, broken: number) {
  const { comparison } = questioningOf(this);
  expect(comparison!.difference).to.equal(null);
  expect(comparison!.asked).to.be.greaterThan(asked);
  expect(comparison!.broken).to.be.at.least(broken);
});

Then('{int} of the programs was/were passed over as too large', function (this: MachineWorld, programs: number) {
  expect(questioningOf(this).comparison!.passedOver).to.equal(programs);
});

Then('some invariant gets another answer than that of brute force', function (this: MachineWorld) {
  expect(questioningOf(this).comparison!.difference).to.match(/^about .*, one search says /);
});
