// Two virtual CPUs whose hypercalls are interrupted, and all outcomes.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Verdict } from '../../machine/explorer/explore';
import { ruleNamed, type RuleName } from '../../machine/hypervisors/xen/rules';
import { interrupted } from '../../machine/situations/xen/interrupted';
import { interruptedPairs, kindsOn, TREE_LAYOUTS, TREES } from '../../machine/situations/xen/interrupted-pairs';
import type { MachineWorld } from '../support/world';
import { explored } from '../support/explored';

class Interruption {
  bad = false;
  handler: readonly string[] | undefined;
  verdict: Verdict | undefined;

  constructor(readonly without: ReadonlySet<RuleName> = new Set()) {}

  get found(): Verdict {
    if (!this.verdict) throw new Error('nothing was done yet in this scenario');
    return this.verdict;
  }
}

const interruptions = new WeakMap<MachineWorld, Interruption>();

function interruption(world: MachineWorld): Interruption {
  const known = interruptions.get(world);
  if (!known) throw new Error('no Xen was started yet in this scenario');
  return known;
}

const inWords = ({ findings }: Verdict): readonly string[] => findings.map(({ message, witness }) => `${message} [${witness.schedule}]`);

Given('a 64-bit Xen that is interrupted after each entry', function (this: MachineWorld) {
  interruptions.set(this, new Interruption());
});

Given('a 64-bit Xen that is interrupted after each entry, and does not keep {string}', function (this: MachineWorld, rule: string) {
  interruptions.set(this, new Interruption(new Set([ruleNamed(rule)])));
});

Given('the last entry of the root leads to another domain', function (this: MachineWorld) {
  interruption(this).bad = true;
});

Given('an event whose handler on A0 does {string}', function (this: MachineWorld, deeds: string) {
  interruption(this).handler = deeds.split(', ');
});

When('A0 does {string} while A1 does {string}, in every interleaving', function (this: MachineWorld, one: string, other: string) {
  const { bad, without, handler } = interruption(this);
  interruption(this).verdict = explored(interrupted({ deeds: [one.split(', '), other.split(', ')], bad, without, ...(handler ? { handler } : {}) }));
});

Then('no rule is broken, and every interleaving was seen', function (this: MachineWorld) {
  const { found } = interruption(this);
  expect(inWords(found)).to.deep.equal([]);
  expect(found.complete).to.equal(true);
});

Then('no rule is broken, but some run never ends', function (this: MachineWorld) {
  const { found } = interruption(this);
  expect(found.findings.map(({ kind }) => kind), inWords(found).join('\n')).to.deep.equal(['livelock']);
  expect(found.complete).to.equal(true);
});

Then('no call was refused', function (this: MachineWorld) {
  expect(interruption(this).found.outcomes).to.deep.equal(['A0: all done; A1: all done']);
});

Then('{string} is refused each time: {string}', function (this: MachineWorld, who: string, words: string) {
  const { outcomes } = interruption(this).found;
  expect(outcomes).to.not.have.lengthOf(0);
  for (const outcome of outcomes) expect(outcome).to.include(`${who}: ${words}`);
});

Then('{string} is broken by a run of {int} step(s): {string}', function (this: MachineWorld, invariant: string, steps: number, words: string) {
  const { found } = interruption(this);
  const finding = found.findings.find((candidate) => candidate.invariant === invariant);
  expect(finding?.message, inWords(found).join('\n')).to.include(words);
  expect(finding?.witness.steps).to.equal(steps);
});

/** Pairs of calls about one tree of tables. */
interface Pairs {
  readonly shape: string;
  readonly tree: string;
  readonly without: ReadonlySet<RuleName>;
  verdict?: Verdict;
}

const pairs = new WeakMap<MachineWorld, Pairs>();

function aTree(world: MachineWorld, tree: string, shape: string, without: ReadonlySet<RuleName>): void {
  expect(Object.keys(TREES)).to.include(tree);
  expect(TREE_LAYOUTS.map(({ name }) => name)).to.include(shape);
  pairs.set(world, { shape, tree, without });
}

Given('a tree of tables that is {string}, on {string} page tables', function (this: MachineWorld, tree: string, shape: string) {
  aTree(this, tree, shape, new Set());
});

Given('a tree of tables that is {string}, on {string} page tables, and a Xen that does not keep {string}', function (this: MachineWorld, tree: string, shape: string, rule: string) {
  aTree(this, tree, shape, new Set([ruleNamed(rule)]));
});

When('two virtual CPUs make any two of {int} calls about it, interrupted at every look', function (this: MachineWorld, calls: number) {
  const { shape, tree, without } = pairs.get(this)!;
  const layout = TREE_LAYOUTS.find(({ name }) => name === shape)!;
  expect(Object.keys(kindsOn(layout))).to.have.lengthOf(calls);
  pairs.get(this)!.verdict = explored(interruptedPairs(layout, tree, without), {}, 'stateful');
});

const ENDS: Readonly<Record<string, readonly string[]>> = { 'each comes to its end': [], 'two of them may hinder each other forever': ['livelock'] };

Then(/^each of (\d+) pairs keeps the rules, in (\d+) states, and (.+)$/, function (this: MachineWorld, count: string, states: string, end: string) {
  const { findings, complete, outcomes, states: seen } = pairs.get(this)!.verdict!;
  expect(findings.map(({ kind }) => kind), inWords({ findings } as Verdict).join('\n')).to.deep.equal(ENDS[end]);
  expect(complete).to.equal(true);
  expect(new Set(outcomes.map((outcome) => outcome.replace(/: \w+/g, ''))).size).to.equal(Number(count));
  expect(seen).to.equal(Number(states));
});

Then('{string} is broken by one of them', function (this: MachineWorld, invariant: string) {
  const { findings } = pairs.get(this)!.verdict!;
  expect(findings.map((finding) => finding.invariant)).to.include(invariant);
});
