// Guests that mean harm, made up by a seeded generator.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { parseAction } from '../../machine/cli/fuzz/actions';
import { fuzz, Umpire, type FuzzResult } from '../../machine/cli/fuzz/fuzzer';
import { Playground } from '../../machine/situations/xen/playground';
import { FUZZED_RULES, ruleTable, type RuleRow } from '../../machine/cli/fuzz/table';
import type { Layout } from '../../machine/hypervisors/xen/public/layout';
import { LAYOUTS, ruleNamed, type RuleName } from '../../machine/hypervisors/xen/rules';
import type { MachineWorld } from '../support/world';

class Hunt {
  without: ReadonlySet<RuleName> = new Set();
  result: FuzzResult | undefined;
  rows: readonly RuleRow[] = [];
  /** What a script by hand has broken. */
  broken: string | null = null;

  constructor(readonly layout: Layout) {}

  get script(): readonly string[] {
    const discovery = this.result?.discovery;
    if (!discovery) throw new Error('nothing was found in this scenario');
    return discovery.script;
  }

  /** The invariant that a script breaks, or null. */
  judge(script: readonly string[]): string | null {
    return new Umpire(new Playground({ layout: this.layout, without: this.without })).judge(script.map(parseAction))?.invariant ?? null;
  }
}

const hunts = new WeakMap<MachineWorld, Hunt>();

function hunt(world: MachineWorld): Hunt {
  const known = hunts.get(world);
  if (!known) throw new Error('no hypervisor was chosen yet in this scenario');
  return known;
}

Given('a Xen with {string} page tables', function (this: MachineWorld, shape: string) {
  const layout = LAYOUTS.find(({ name }) => name === shape);
  if (!layout) throw new Error(`no page tables are "${shape}"; there are ${LAYOUTS.map(({ name }) => name).join(', ')}`);
  hunts.set(this, new Hunt(layout));
});

Given('it does not keep the rule {string}', function (this: MachineWorld, rule: string) {
  hunt(this).without = new Set([ruleNamed(rule)]);
});

When('hostile guests make {int} calls, from seed {int}', function (this: MachineWorld, calls: number, seed: number) {
  const { layout, without } = hunt(this);
  hunt(this).result = fuzz({ layout, seed, calls, without });
});

When('each rule is left out in turn, for {int} calls at most', function (this: MachineWorld, limit: number) {
  hunt(this).rows = ruleTable(1, limit);
});

When('a guest plays {string}', function (this: MachineWorld, script: string) {
  hunt(this).broken = hunt(this).judge(script.split('; '));
});

Then('that breaks {string}', function (this: MachineWorld, invariant: string) {
  expect(hunt(this).broken).to.equal(invariant);
});

Then('every rule holds after each of them', function (this: MachineWorld) {
  expect(hunt(this).result!.discovery).to.equal(null);
});

Then('at least {int} percent of the calls were accepted', function (this: MachineWorld, percent: number) {
  const { accepted, calls } = hunt(this).result!;
  expect((100 * accepted) / calls).to.be.at.least(percent);
});

Then('{string} is broken', function (this: MachineWorld, invariant: string) {
  expect(hunt(this).result!.discovery?.violation.invariant).to.equal(invariant);
});

Then('the shortened script has at most {int} calls', function (this: MachineWorld, calls: number) {
  expect(hunt(this).script.length).to.be.at.most(calls);
});

Then('its replay breaks the same rule', function (this: MachineWorld) {
  expect(hunt(this).judge(hunt(this).script)).to.equal(hunt(this).result!.discovery!.violation.invariant);
});

Then('none of its calls can be left out', function (this: MachineWorld) {
  const { script } = hunt(this);
  const { invariant } = hunt(this).result!.discovery!.violation;
  for (const i of script.keys()) expect(hunt(this).judge(script.filter((_, k) => k !== i)), `without "${script[i]!}"`).to.not.equal(invariant);
});

Then('each of them is missed, on every shape of page tables on which it means anything', function (this: MachineWorld) {
  const { rows } = hunt(this);
  expect(rows.map(({ rule }) => rule)).to.deep.equal(FUZZED_RULES);
  const unseen = rows.flatMap(({ rule, trials }) => trials.filter(({ found }) => found === null).map(({ layout }) => `${rule} on ${layout.name}`));
  expect(unseen).to.deep.equal([]);
});

Then('no shortened script has more than {int} calls', function (this: MachineWorld, most: number) {
  for (const { rule, trials } of hunt(this).rows) {
    for (const { found } of trials) expect(found?.script.length ?? 0, rule).to.be.at.most(most);
  }
});
