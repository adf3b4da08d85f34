// Small programs that change page-table entries and use them: the machine is compared with axioms.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { allowedOutcomes, Axioms } from './transistency/axioms';
import { compare, Comparer, type With } from './transistency/compare';
import { Endings } from './transistency/endings';
import { optionsFor, reachedOutcomes } from './transistency/machine';
import { FAMILIES, LATITUDES, OPERATIONS, textOf, type Family, type Latitude, type Op, type Program } from './transistency/operations';
import { programs } from './transistency/programs';
import { checkRule, RULES, simplerThan, type Rule } from './transistency/simpler';
import type { MachineWorld } from '../support/world';

interface Compared {
  readonly program: Program;
  readonly family: Family;
  readonly latitude: Latitude;
  programs: number;
  differences: string[];
}

/** Which programs: every `nth` one. */
interface Some {
  readonly family: string;
  readonly latitude: string;
  readonly cpus: number;
  readonly total: number;
  readonly nth: number;
}

const all = new WeakMap<MachineWorld, Compared>();

function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new Error(`nothing is called "${name}"; there are ${Object.keys(table).join(', ')}`);
  return found;
}

function parse(text: string): Program {
  const program = text.split('||').map((ops) => ops.split(';').map((op) => op.trim()).filter((op) => op !== ''));
  for (const op of program.flat()) if (!(OPERATIONS as readonly string[]).includes(op)) throw new Error(`no operation is called "${op}"; there are ${OPERATIONS.join(', ')}`);
  return program as Op[][];
}

/** Calls `judge` for every `nth` program. */
function judgeSome(world: MachineWorld, { family: familyName, latitude: latitudeName, cpus, total, nth }: Some, judge: (compared: Compared) => string | null): void {
  const [family, latitude] = [named<Family>(FAMILIES, familyName), named<Latitude>(LATITUDES, latitudeName)];
  const compared: Compared = { program: [], family, latitude, programs: 0, differences: [] };
  let at = 0;
  for (const program of programs(family, cpus, total)) {
    if (at++ % nth !== 0) continue;
    compared.programs++;
    const difference = judge({ ...compared, program });
    if (difference !== null) compared.differences.push(`${textOf(program)}: ${difference}`);
  }
  all.set(world, compared);
}

function compareSome(world: MachineWorld, some: Some): void {
  const comparer = new Comparer(some.cpus, { family: named<Family>(FAMILIES, some.family), latitude: named<Latitude>(LATITUDES, some.latitude) });
  judgeSome(world, some, ({ program }) => comparer.compare(program).difference);
}

/** Compares the outcomes that are found by following up each state once with those that the explorer finds. */
function compareSearches(world: MachineWorld, some: Some): void {
  const family = named<Family>(FAMILIES, some.family);
  const options = optionsFor(family, named<Latitude>(LATITUDES, some.latitude));
  const endings = new Endings(some.cpus, family, options);
  judgeSome(world, some, ({ program }) => {
    const [explored, followed] = [reachedOutcomes(program, family, options, 0), endings.of(program)].map((outcomes) => outcomes.join(', '));
    return explored === followed ? null : `the explorer finds ${explored}, and states that are followed up once lead to ${followed}`;
  });
}

/** Compares each program that a rule makes simpler with the simpler one, by the axioms alone. */
function checkRules(world: MachineWorld, familyName: string, latitudeName: string, total: number): void {
  const [family, latitude] = [named<Family>(FAMILIES, familyName), named<Latitude>(LATITUDES, latitudeName)];
  const compared: Compared = { program: [], family, latitude, programs: 0, differences: [] };
  const axioms = new Axioms(family, latitude);
  for (const program of programs(family, 2, total)) checkOne({ ...compared, program }, RULES, compared, axioms);
  all.set(world, compared);
}

function checkOne({ program, family, latitude }: Compared, rules: Readonly<Record<string, Rule>>, compared: Compared, axioms = new Axioms(family, latitude)): void {
  const simpler = simplerThan(program, family, rules);
  if (simpler === null) return;
  compared.programs++;
  const { difference } = checkRule(program, simpler, axioms);
  if (difference !== null) compared.differences.push(difference);
}

/** Compares in both ways; each must find the same difference. */
function compareAgain(world: MachineWorld, change: With): void {
  const { program, family, latitude, differences } = all.get(world)!;
  const differing = [compare(program, { family, latitude, ...change }), new Comparer(program.length, { family, latitude, ...change }).compare(program, change.run)];
  differences.push(...new Set(differing.map(({ difference }) => difference ?? 'nothing')));
}

Given('the program {string}', function (this: MachineWorld, text: string) {
  all.set(this, { program: parse(text), family: FAMILIES.stores, latitude: LATITUDES.strict, programs: 0, differences: [] });
});

Given('the {string} program {string} on {word} processors', function (this: MachineWorld, family: string, text: string, latitude: string) {
  all.set(this, { program: parse(text), family: named<Family>(FAMILIES, family), latitude: named<Latitude>(LATITUDES, latitude), programs: 0, differences: [] });
});

When('all {string} programs of {int} {word} processors and {int} operations are compared', function (this: MachineWorld, family: string, cpus: number, latitude: string, total: number) {
  compareSome(this, { family, latitude, cpus, total, nth: 1 });
});

When('every {int}th {string} program of {int} {word} processors and {int} operations is compared', function (this: MachineWorld, nth: number, family: string, cpus: number, latitude: string, total: number) {
  compareSome(this, { family, latitude, cpus, total, nth });
});

When('the outcomes of every {int}th {string} program of {int} {word} processors and {int} operations are found in both ways', function (this: MachineWorld, nth: number, family: string, cpus: number, latitude: string, total: number) {
  compareSearches(this, { family, latitude, cpus, total, nth });
});

When('it is compared', function (this: MachineWorld) {
  const compared = all.get(this)!;
  const { program, family, latitude } = compared;
  const { difference } = compare(program, { family, latitude });
  compared.programs++;
  if (difference !== null) compared.differences.push(`${textOf(program)}: ${difference}`);
});

When('the machine runs {string} in its place', function (this: MachineWorld, text: string) {
  compareAgain(this, { run: parse(text) });
});

When('the machine runs it without looking ahead', function (this: MachineWorld) {
  compareAgain(this, { options: { order: 'TSO' } });
});

When('the machine runs it on {word} processors', function (this: MachineWorld, latitude: string) {
  compareAgain(this, { options: optionsFor(all.get(this)!.family, named<Latitude>(LATITUDES, latitude)) });
});

When('each rule that makes {string} programs of {int} operations simpler is checked on {word} processors', function (this: MachineWorld, family: string, total: number, latitude: string) {
  checkRules(this, family, latitude, total);
});

When('a rule makes it simpler that drops every {string}', function (this: MachineWorld, dropped: string) {
  const compared = all.get(this)!;
  checkOne(compared, { tooMuch: { about: 'drops what matters', apply: (parts) => parts.map((list) => list.filter(({ op }) => op !== dropped)) } }, compared);
});

When('the rules make it simpler', function (this: MachineWorld) {
  const compared = all.get(this)!;
  checkOne(compared, RULES, compared);
});

Then('none of {int} differs', function (this: MachineWorld, count: number) {
  const { programs: compared, differences } = all.get(this)!;
  expect(differences).to.deep.equal([]);
  expect(compared).to.equal(count);
});

Then('the difference is that {string}', function (this: MachineWorld, difference: string) {
  expect(all.get(this)!.differences).to.deep.equal([difference]);
});

Then('the axioms allow {string}', function (this: MachineWorld, outcomes: string) {
  const { program, family, latitude } = all.get(this)!;
  expect(allowedOutcomes(program, family, latitude)).to.have.members(outcomes.split(', '));
});
