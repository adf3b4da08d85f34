// Kernels whose stores can wait: the effect on fields of their structs, and whether any verdict depends on it.

import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { askedQuestions, ordersOfClaims } from '../../machine/cli/orders/recorded';
import { Context } from '../../machine/context';
import type { Verdict } from '../../machine/explorer/explore';
import type { System } from '../../machine/explorer/system';
import { Cpu } from '../../machine/hardware/cpu';
import { hlt, mfence } from '../../machine/hardware/instructions';
import { Memory } from '../../machine/hardware/memory';
import type { MemoryOrder } from '../../machine/hardware/store-buffer';
import { instruction, path, type Path } from '../../machine/path';
import { PATCHES } from '../../machine/patches';
import { sideOf } from '../../machine/patches/ledger';
import { patchNamed } from '../../machine/patches/selection';
import { SITUATIONS } from '../../machine/situations';
import { checkPrepared, prepare } from '../../machine/situations/check';
import { changedByTso, choicesOf, compareOrders, compareQuestion, type Compared, type Question } from '../../machine/situations/orders';
import { Store } from '../../machine/state/store';
import { Cell, inMemory } from '../../machine/state/tracked';
import type { MachineWorld } from '../support/world';
import { recordedOrders, tableOf } from './orders/recorded';
import { explored } from '../support/explored';

type Name = 'first' | 'second' | 'register0' | 'register1';

class Fields extends inMemory<Record<Name, boolean>>({ first: false, second: false, register0: false, register1: false }, ['register0', 'register1']) {}

const set = (locked: boolean) => instruction((fields: Fields, name: Name) => `${fields.name}->${name} = true`, (_cpu: Cpu, fields: Fields, name: Name) => { fields[name] = true; }, { locked });

const plainly = set(false);
const atomically = set(true);

const look = instruction((fields: Fields, name: Name) => `${fields.name}->${name}`, (_cpu: Cpu, fields: Fields, name: Name) => fields[name]);

const note = instruction((_found: Cell<string>, text: string) => `note ${text}`, (_cpu: Cpu, found: Cell<string>, text: string) => { found.value = text; });

/** How a processor stores to its own field, in words. */
type How = 'a plain store' | 'a store and a fence' | 'a locked instruction' | 'a store to a register';

const part = path(function* part(fields: Fields, how: How, id: number, found: Cell<string>): Path {
  const [own, other]: readonly Name[] = how === 'a store to a register' ? [`register${id as 0 | 1}`, `register${(1 - id) as 0 | 1}`] : id === 0 ? ['first', 'second'] : ['second', 'first'];
  if (how === 'a locked instruction') yield* atomically(fields, own!);
  else yield* plainly(fields, own!);
  if (how === 'a store and a fence') yield* mfence();
  const seen = yield* look(fields, other!);
  const mine = yield* look(fields, own!);
  yield* note(found, `${mine ? '' : 'not even its own, '}${seen ? 'set' : 'not set'}`);
  yield* hlt();
});

function crossing(how: How, order: MemoryOrder): System {
  const store = new Store();
  const memory = new Memory(store);
  const fields = new Fields(store, 'shared');
  const found = [0, 1].map((id) => new Cell<string>(store, `found${id}`, 'nothing'));
  const processes = [0, 1].map((id) => {
    const cpu = new Cpu(store, id, memory, { order });
    cpu.context = new Context(store, `P${id}`);
    cpu.context.start(part(fields, how, id, found[id]!), cpu);
    return cpu;
  });
  store.settle();
  return { store, processes, invariants: [], outcome: () => found.map(({ value }) => value).join('; ') };
}

const crossed = new WeakMap<MachineWorld, Verdict>();
const differences = new WeakMap<MachineWorld, { readonly made: number; readonly texts: readonly string[] }>();

When('two CPUs each set a field of one kernel struct by {string} and then read the field of the other, under {word}', function (this: MachineWorld, how: How, order: MemoryOrder) {
  crossed.set(this, explored(() => crossing(how, order)));
});

Then(/^they (can|can never) both find the other's field unset, and each finds its own$/, function (this: MachineWorld, can: string) {
  const { complete, outcomes } = crossed.get(this)!;
  expect(complete).to.equal(true);
  expect(outcomes.includes('not set; not set'), outcomes.join(' / ')).to.equal(can === 'can');
  expect(outcomes.filter((outcome) => outcome.includes('not even'))).to.deep.equal([]);
});

/** The tags in the features of all chapters. */
function featureTags(): string[] {
  const files = readdirSync('features/patches', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.feature'));
  return files.flatMap((file) => readFileSync(`features/patches/${file}`, 'utf8').match(/^\s*@.*$/gm) ?? []).flatMap((line) => line.trim().split(/\s+/));
}

/** How a recorded row differs from the search, in its verdicts or its numbers of states; null if it does not. */
function difference(row: Compared): string | null {
  const situation = SITUATIONS.find(({ id }) => id === row.situation);
  if (!situation) return `no situation is called ${row.situation}`;
  const now = compareOrders(situation, row, 1_000_000);
  const verdicts = ({ SC, TSO }: Compared): string => [SC, TSO].map(({ failing, complete, states }) => `${failing.join(', ') || 'nothing'} fails in ${states} states${complete ? '' : ', given up'}`).join('; under TSO ');
  return verdicts(now) === verdicts(row) ? null : `${row.situation}: recorded ${verdicts(row)}, found ${verdicts(now)}`;
}

function lookAgain(world: MachineWorld, rows: readonly Compared[]): void {
  const texts = rows.map(difference).filter((text) => text !== null);
  differences.set(world, { made: rows.length, texts });
}

When('the recorded searches of at most {int} states are made again', function (this: MachineWorld, states: number) {
  lookAgain(this, recordedOrders().filter(({ TSO, SC }) => Math.max(TSO.states, SC.states) <= states));
});

/** The answer to a recorded question now, if it differs; the numbers of states must agree too, so that none that is kept is out of date. */
function differenceOf(question: Question): string | null {
  const { situation, patches, parameters, invariants, switches } = question;
  const bounds = switches === undefined ? {} : { switches };
  const now = compareQuestion({ situation, patches, parameters, invariants, bounds }, (request) => checkPrepared(prepare({ ...request, challenge: 0 })));
  const said = ({ SC, TSO }: Question): string => JSON.stringify([SC, TSO].map(({ failing, complete, states }) => [failing, complete, states]));
  return said(now) === said(question) ? null : `${situation} ${patches}: recorded ${said(question)}, found ${said(now)}`;
}

const sizeOf = ({ SC, TSO }: Question): number => Math.max(SC.states, TSO.states);

When('every {int}th recorded question of at most {int} states is asked again', function (this: MachineWorld, nth: number, states: number) {
  const questions = askedQuestions().filter((question) => sizeOf(question) <= states).filter((_question, i) => i % nth === 0);
  differences.set(this, { made: questions.length, texts: questions.map(differenceOf).filter((text) => text !== null) });
});

When('a question is recorded as if nothing failed under TSO where something does', function (this: MachineWorld) {
  const question = askedQuestions().filter(({ TSO }) => TSO.failing.length > 0).reduce((least, each) => (sizeOf(each) < sizeOf(least) ? each : least));
  differences.set(this, { made: 1, texts: [differenceOf({ ...question, TSO: { ...question.TSO, failing: [] } })].filter((text) => text !== null) });
});

Then('each claim of the threads {string} is recorded if a scenario is about it', function (this: MachineWorld, threads: string) {
  const recorded = ordersOfClaims();
  const spoken = featureTags().flatMap((tag) => sideOf(tag)?.claim ?? []);
  const wanted = [...new Set(spoken)].filter((claim) => threads.split(', ').includes(claim.split('.')[0]!));
  expect(wanted.filter((claim) => !recorded.has(claim))).to.deep.equal([]);
});

Then('TSO changes what is found about these claims and no others:', function (table: DataTable) {
  const changed = [...ordersOfClaims().values()].flatMap(({ claim, changed: questions }) => [...new Set(questions.flatMap(({ requirements }) => requirements))].sort().map((name) => `${claim} ${name}`));
  expect(changed.sort()).to.deep.equal(table.hashes().map(({ claim, requirement }) => `${claim!} ${requirement!}`).sort());
});

When('a row is recorded as if TSO made no difference where it does', function (this: MachineWorld) {
  const row = recordedOrders().find((each) => changedByTso(each)?.length)!;
  lookAgain(this, [{ ...row, TSO: { ...row.TSO, failing: row.SC.failing } }]);
});

Then('{int} searches give the recorded result', function (this: MachineWorld, count: number) {
  const { made, texts } = differences.get(this)!;
  expect(texts).to.deep.equal([]);
  expect(made).to.equal(count);
});

Then('the search contradicts it', function (this: MachineWorld) {
  expect(differences.get(this)!.texts).to.have.length(1);
});

Then('every choice in which a situation of the threads {string} is judged is recorded', function (this: MachineWorld, threads: string) {
  const key = (situation: string, patches: string, parameters: object): string => `${situation} ${patches} ${JSON.stringify(parameters)}`;
  const recorded = recordedOrders().map(({ situation, patches, parameters }) => key(situation, patches, parameters));
  const situations = SITUATIONS.filter(({ patch }) => threads.split(', ').includes(patchNamed(PATCHES, patch).thread));
  const wanted = situations.flatMap((situation) => choicesOf(situation).map(({ patches, parameters }) => key(situation.id, patches, parameters)));
  expect(wanted.filter((each) => !recorded.includes(each))).to.deep.equal([]);
});

Then('TSO changes these verdicts and no others:', function (table: DataTable) {
  const changed = recordedOrders().flatMap((row) => {
    const names = changedByTso(row);
    return names === null || names.length === 0 ? [] : [`${row.situation} ${row.patches === 'all' ? 'with' : 'without'} the patch: ${names.join(', ')}`];
  });
  const expected = table.hashes().map((row) => `${row['situation']} ${row['patch']} the patch: ${row['requirements']}`);
  expect([...new Set(changed)].sort()).to.deep.equal(expected.sort());
});

Then('the reading guide of the kernel\'s words shows the table', function () {
  const guide = readFileSync('machine/kernel/words/README.md', 'utf8');
  for (const line of tableOf(recordedOrders())) expect(guide.split('\n')).to.include(line);
});

Then('of searches in which {string} fails under SC and {string} under TSO, {string} is changed', function (SC: string, TSO: string, changed: string) {
  const failing = (words: string): readonly string[] => (words === 'nothing' ? [] : words.split(', '));
  const searched = (words: string, complete = true) => ({ failing: failing(words), states: 1, complete });
  expect(changedByTso({ SC: searched(SC), TSO: searched(TSO) })).to.deep.equal(failing(changed));
  expect(changedByTso({ SC: searched(SC, false), TSO: searched(TSO) }), 'SC given up').to.equal(null);
  expect(changedByTso({ SC: searched(SC), TSO: searched(TSO, false) }), 'TSO given up').to.equal(null);
});
