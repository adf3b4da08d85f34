// Small programs that change a page-table entry and use it: the machine against axioms.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { allowedOutcomes, OPERATIONS, type Op, type Program } from './transistency/axioms';
import { compare } from './transistency/compare';
import { programs } from './transistency/programs';
import type { MachineWorld } from '../support/world';

interface Compared {
  program: Program;
  programs: number;
  differences: string[];
}

const all = new WeakMap<MachineWorld, Compared>();

function parse(text: string): Program {
  const program = text.split('||').map((ops) => ops.split(';').map((op) => op.trim()).filter((op) => op !== ''));
  for (const op of program.flat()) if (!(OPERATIONS as readonly string[]).includes(op)) throw new Error(`no operation is called "${op}"; there are ${OPERATIONS.join(', ')}`);
  return program as Op[][];
}

function compareAll(world: MachineWorld, some: Iterable<Program>): void {
  const compared: Compared = { program: [], programs: 0, differences: [] };
  for (const program of some) {
    compared.programs++;
    const difference = compare(program);
    if (difference !== null) compared.differences.push(`${program.map((ops) => ops.join('; ')).join(' || ')}: ${difference}`);
  }
  all.set(world, compared);
}

function* everyNth(n: number, from: Iterable<Program>): Generator<Program> {
  let i = 0;
  for (const program of from) if (i++ % n === 0) yield program;
}

Given('the program {string}', function (this: MachineWorld, text: string) {
  all.set(this, { program: parse(text), programs: 0, differences: [] });
});

When('all programs of {int} processors and {int} operations are compared', function (this: MachineWorld, cpus: number, total: number) {
  compareAll(this, programs(cpus, total));
});

When('every {int}th program of {int} processors and {int} operations is compared', function (this: MachineWorld, n: number, cpus: number, total: number) {
  compareAll(this, everyNth(n, programs(cpus, total)));
});

When('the machine runs {string} in its place', function (this: MachineWorld, text: string) {
  const compared = all.get(this)!;
  compared.differences.push(compare(compared.program, undefined, parse(text)) ?? 'nothing');
});

When('the machine runs it without looking ahead', function (this: MachineWorld) {
  const compared = all.get(this)!;
  compared.differences.push(compare(compared.program, { order: 'TSO' }) ?? 'nothing');
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
  expect(allowedOutcomes(all.get(this)!.program)).to.have.members(outcomes.split(', '));
});
