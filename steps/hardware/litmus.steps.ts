// Litmus tests: the outcomes of a few instructions on a few processors, written as in
// `x = 1; a = y; mfence; b <-> x`. x to z are in memory, the other letters are registers.

import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { finalStates, type Litmus, type LitmusOperation } from '../../machine/situations/litmus';
import type { MachineWorld } from '../support/world';

interface Situation {
  readonly threads: readonly (readonly LitmusOperation[])[];
  reached?: { readonly SC: readonly string[]; readonly TSO: readonly string[] };
  /** The names whose values make up a state, in order. */
  observed: readonly string[];
}

const situations = new WeakMap<MachineWorld, Situation>();

function situationOf(world: MachineWorld): Situation {
  const situation = situations.get(world);
  if (!situation) throw new Error('no processors were given in this scenario');
  return situation;
}

const isLocation = (name: string): boolean => /^[x-z]$/.test(name);

function parse(text: string): LitmusOperation[] {
  return text.split(';').map((part) => part.trim()).filter((part) => part !== '').map((part): LitmusOperation => {
    if (part === 'mfence') return { op: 'mfence' };
    const exchange = /^([a-w]) <-> ([x-z])$/.exec(part);
    if (exchange) return { op: 'xchg', reg: exchange[1]!, loc: exchange[2]! };
    const [, to, from] = /^([a-z]) = (\w+)$/.exec(part) ?? [];
    if (to === undefined || from === undefined) throw new Error(`cannot read "${part}"`);
    if (!isLocation(to)) return isLocation(from) ? { op: 'ld', reg: to, loc: from } : { op: 'mov', reg: to, val: Number(from) };
    return { op: 'st', loc: to, val: Number(from) };
  });
}

Given('these processors, with zeroes in memory:', function (this: MachineWorld, table: DataTable) {
  const threads = table.raw().flat().filter((text) => text !== '').map(parse);
  situations.set(this, { threads, observed: [] });
});

When('every interleaving ends, with store buffers and without, and {string} is examined', function (this: MachineWorld, names: string) {
  const situation = situationOf(this);
  // A register has a name of its own on one processor only, so its name tells where it is.
  const whereIs = (name: string): string => {
    const thread = situation.threads.findIndex((ops) => ops.some((op) => 'reg' in op && op.reg === name));
    return isLocation(name) ? name : `${thread}:${name}`;
  };
  situation.observed = names.split(' ');
  const litmus: Litmus = {
    id: 'litmus', name: 'litmus', init: { mem: {}, regs: {} }, threads: situation.threads,
    observed: situation.observed.map(whereIs), states_sc: [], states_tso: [],
  };
  const reached = (order: 'SC' | 'TSO'): string[] => finalStates(litmus, order).map((state) => state.join(' '));
  situation.reached = { SC: reached('SC'), TSO: reached('TSO') };
});

Then('{string} is possible with store buffers, and impossible without', function (this: MachineWorld, state: string) {
  const { reached } = situationOf(this);
  expect(reached!.TSO).to.include(state);
  expect(reached!.SC).not.to.include(state);
});

Then('{string} is impossible', function (this: MachineWorld, state: string) {
  const { reached } = situationOf(this);
  expect(reached!.TSO).not.to.include(state);
  expect(reached!.SC).not.to.include(state);
});

Then('some other state is reached', function (this: MachineWorld) {
  expect(situationOf(this).reached!.SC).to.have.length.above(0);
});
