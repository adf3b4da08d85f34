// Searches by several threads, and by members that take turns as threads would.

import { join } from 'node:path';
import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import fc from 'fast-check';
import { runCommandLine } from '../../machine/cli/main';
import { exitFor } from '../../machine/cli/refusal';
import { searchTogether } from '../../machine/cli/search/together';
import { reportOf } from '../../machine/explorer/engine';
import { explore, verdictOf, type Verdict } from '../../machine/explorer/explore';
import { challenge } from '../../machine/explorer/oracle/challenge';
import { FULL, NEW, SharedTable } from '../../machine/explorer/shared/table';
import type { Search } from '../../machine/explorer/stateful/search';
import type { System } from '../../machine/explorer/system';
import { crewWithWork, growingTable, tableOfStates } from '../../machine/programs/crew';
import { programNamed } from '../../machine/programs/named';
import { scripted } from '../../machine/programs/scripted';
import { prepare } from '../../machine/situations/check';
import type { MachineWorld } from '../support/world';
import { smallerProgram } from './random-programs';
import { searchByOne, searchInTurns, toldOf, type TogetherSearch } from './together';

const SLOW = { timeout: 60_000 };

class Crews {
  readonly compared: { readonly one: Search; readonly together: Search }[] = [];
  handed = 0;
  last: TogetherSearch | undefined;
  verdict: Verdict | undefined;
  complaint = '';
  readonly printed: { readonly code: number; readonly text: string }[] = [];
  found: readonly number[] = [];
  held = 0;

  compare(build: () => System, members: readonly number[], moves: number, orders: number, goesOn: boolean): void {
    const one = searchByOne(build, goesOn);
    for (const count of members) {
      for (let seed = 1; seed <= orders; seed++) {
        const { search, handed } = searchInTurns(build, { members: count, seed, moves, goesOn });
        this.compared.push({ one, together: search });
        this.handed += handed;
      }
    }
  }
}

const known = new WeakMap<MachineWorld, Crews>();

function crewsOf(world: MachineWorld): Crews {
  const crews = known.get(world) ?? new Crews();
  known.set(world, crews);
  return crews;
}

const numbersIn = (words: string): number[] => (words.match(/\d+/g) ?? []).map(Number);

When(/^"([^"]*)" is searched by crews of ([\d, and]+) members, in turns of at most (\d+) moves in (\d+) orders each$/, function (this: MachineWorld, program: string, members: string, moves: string, orders: string) {
  for (const goesOn of [false, true]) crewsOf(this).compare(programNamed(program), numbersIn(members), Number(moves), Number(orders), goesOn);
});

When(/^"([^"]*)" with "([^"]*)" is searched by crews of (\d+) members, in turns of at most (\d+) moves in (\d+) orders each$/, function (this: MachineWorld, id: string, patches: string, members: string, moves: string, orders: string) {
  const { situation, choice } = prepare({ situation: id, patches });
  crewsOf(this).compare(() => situation.build({ ...choice, invariants: situation.invariants }), [Number(members)], Number(moves), Number(orders), true);
});

When('{int} random programs are searched by crews of {int} members, in turns of at most {int} moves', function (this: MachineWorld, programs: number, members: number, moves: number) {
  for (const program of fc.sample(smallerProgram, { numRuns: programs, seed: 1 })) crewsOf(this).compare(scripted(program), [members], moves, 1, true);
});

Then('each crew has seen what one search sees', function (this: MachineWorld) {
  for (const { one, together } of crewsOf(this).compared) expect(toldOf(together)).to.deep.equal(toldOf(one));
});

Then('more than {int} tasks were handed over', function (this: MachineWorld, tasks: number) {
  expect(crewsOf(this).handed).to.be.greaterThan(tasks);
});

When(/^the table of states is explored, where a free slot is (swapped|read and then written)$/, function (this: MachineWorld, taken: string) {
  crewsOf(this).verdict = explore(tableOfStates([[1, 2], [2], [1]], taken === 'swapped'), {}, undefined, { engine: 'stateful' });
});

When(/^the growth of the table is explored, where each thread (.+)$/, function (this: MachineWorld, order: string) {
  crewsOf(this).verdict = explore(growingTable(3, order === 'counts itself in before it looks at the gate'), {}, undefined, { engine: 'stateful' });
});

When(/^the handing over of work is explored, where a piece is counted (before|after) it is given away$/, function (this: MachineWorld, when: string) {
  crewsOf(this).verdict = explore(crewWithWork(3, 1, when === 'before'), {}, undefined, { engine: 'stateful' });
});

Then(/^(nothing|".*") is found, and everything was seen$/, function (this: MachineWorld, finding: string) {
  const { complete, findings } = crewsOf(this).verdict!;
  expect(complete).to.equal(true);
  if (finding === 'nothing') expect(findings.map(({ message }) => message)).to.deep.equal([]);
  else expect(findings.map(({ message }) => JSON.stringify(message))).to.include(finding);
});

/** Makes one mistake, after a while. */
class FaultyTable extends SharedTable {
  private looks = 0;

  constructor(slots: SharedArrayBuffer, private readonly fault: string) {
    super(slots, 64);
  }

  override findOrAdd(a: number, b: number, number: number): number {
    const isTime = ++this.looks > 5;
    if (isTime && this.fault === 'forgets one new state' && this.find(a, b) === NEW) return this.once(NEW);
    if (this.fault === 'takes some new states for a known one' && (a & 15) === 3) return 0;
    const found = super.findOrAdd(a, b, number);
    return isTime && this.fault === 'takes one known state for a new one' && found >= 0 ? this.once(NEW) : found;
  }

  private once(answer: number): number {
    this.looks = -Infinity;
    return answer;
  }
}

When('{string} is searched by {int} members with a table that {}', function (this: MachineWorld, program: string, members: number, fault: string) {
  const crews = crewsOf(this);
  try {
    const { search } = searchInTurns(programNamed(program), { members, seed: 1, moves: 3, tableOf: (slots) => new FaultyTable(slots, fault) });
    challenge(programNamed(program), verdictOf(programNamed(program), {}, reportOf(search)));
  } catch (error) {
    crews.complaint = (error as Error).message;
  }
});

Then('the search ends with {string}', function (this: MachineWorld, message: string) {
  expect(crewsOf(this).complaint).to.include(message);
});

When('{string} is searched by {int} members with a table of {int} slots', function (this: MachineWorld, program: string, members: number, slots: number) {
  crewsOf(this).last = searchInTurns(programNamed(program), { members, seed: 1, moves: 50, slots: SharedTable.bufferFor(1, slots), tableOf: (buffer) => new SharedTable(buffer, slots) });
});

Then('the search has stopped because it is {string}, and is not complete', function (this: MachineWorld, why: string) {
  const { search, stopped } = crewsOf(this).last!;
  expect({ stopped, complete: search.complete }).to.deep.equal({ stopped: why, complete: false });
});

When('{int} fingerprints, also those with a lane of 0, are put twice into a table that grows from 64 to 4096 slots', function (this: MachineWorld, count: number) {
  const table = new SharedTable(SharedTable.bufferFor(4, 64), 64);
  const lanes = (i: number): [number, number] => [i % 7 === 0 ? 0 : Math.imul(i, 0x85ebca6b), i % 11 === 0 ? 0 : Math.imul(i % 77 === 0 ? i : i + 1, 0xc2b2ae35)];
  const distinct = Array.from({ length: count }, (_, i) => lanes(i)).filter(([a, b], i) => i === 0 || a !== 0 || b !== 0);
  crewsOf(this).found = [0, 1].flatMap(() => distinct.map(([a, b], i) => {
    table.enter();
    const found = table.findOrAdd(a, b, i);
    table.leave();
    return found;
  }));
  crewsOf(this).held = table.tally().states;
});

Then('each is new the first time, and has its number the second time', function (this: MachineWorld) {
  const { found, held } = crewsOf(this);
  const half = found.length / 2;
  expect(held).to.equal(half);
  expect(found).to.not.include(FULL);
  expect(found).to.deep.equal([...Array.from({ length: half }, () => NEW), ...Array.from({ length: half }, (_, i) => i)]);
});

When('{string} is searched by {int} threads that begin together', SLOW, async function (this: MachineWorld, program: string, threads: number) {
  const crews = crewsOf(this);
  const { search } = await searchTogether({ about: { program }, bounds: {}, goesOn: true }, threads, () => null, { waits: true });
  crews.compared.push({ one: searchByOne(programNamed(program), true), together: search });
});

When('{string} is typed with 1 and with {int} workers', SLOW, async function (this: MachineWorld, command: string, workers: number) {
  for (const count of [1, workers]) {
    let text = '';
    const code = await runCommandLine([...command.split(' '), '--json', '--challenge', '20', '--workers', String(count)], { stdout: (part) => { text += part; }, stderr: (part) => { text += part; } });
    crewsOf(this).printed.push({ code, text });
  }
});

Then('both print the same and exit with {int}', function (this: MachineWorld, code: number) {
  const [one, other] = crewsOf(this).printed;
  expect(other).to.deep.equal(one);
  expect(one!.code).to.equal(code);
});

When('{string} is searched with a thread that {}', SLOW, async function (this: MachineWorld, program: string, event: string) {
  const crews = crewsOf(this);
  const thread = join(__dirname, '..', 'fixtures', 'threads', `${event.replaceAll(' ', '-')}.js`);
  try {
    await searchTogether({ about: { program }, bounds: {}, goesOn: false }, 2, () => null, { waits: true, thread });
  } catch (error) {
    crews.printed.push({ code: exitFor(error, { stdout: () => undefined, stderr: (text) => { crews.complaint += text; } }), text: crews.complaint });
  }
});

Then('the command complains in one line that {string}, and exits with {int}', function (this: MachineWorld, message: string, code: number) {
  const { complaint, printed } = crewsOf(this);
  expect(complaint).to.match(/^paravirt-spec: [^\n]*\n$/).and.to.include(message);
  expect(printed[0]!.code).to.equal(code);
});

Then('the command reports a fault of its own, {string}, in {string}', function (this: MachineWorld, message: string, file: string) {
  const { complaint, printed } = crewsOf(this);
  expect(complaint).to.match(/^paravirt-spec: a fault of this program: /).and.to.include(message).and.to.include(file);
  expect(printed[0]!.code).to.equal(3);
});
