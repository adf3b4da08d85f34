// Paths, and the rules for them.

import { programNamed } from '../../machine/programs/named';
import { runStraight } from '../../machine/cli/search/straight';
import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { REMEMBERED } from '../../machine/context-memory';
import { movesOf } from '../../machine/explorer/system';
import { Thread } from '../../machine/explorer/thread';
import { instruction, path, repeatWhile, silently, type Call, type Path } from '../../machine/path';
import type { Value } from '../../machine/state/hash';
import { Store } from '../../machine/state/store';
import { Cell } from '../../machine/state/tracked';
import { prepare } from '../../machine/situations/check';
import type { MachineWorld } from '../support/world';

const read = instruction((cell) => `read ${cell.name}`, (_me: Thread, cell: Cell<number>) => cell.value);
const write = instruction((cell, value) => `${cell.name} = ${value}`, (_me: Thread, cell: Cell<number>, value: number) => { cell.value = value; });
const look = silently((cell) => `look at ${cell.name}`, (_me: Thread, cell: Cell<number>) => cell.value);

const increment = path(function* increment(cell: Cell<number>): Path {
  const value = yield* read(cell);
  yield* write(cell, value + 1);
});

const lookAgain = path(function* lookAgain(cell: Cell<number>): Path<boolean> {
  yield* look(cell);
  return true;
});

/** Paths with one mistake each. */
const mistaken: Readonly<Record<string, (cell: Cell<number>) => Call<unknown>>> = {
  'reads a cell between two instructions': path(function* reads(cell: Cell<number>): Path {
    yield* read(cell);
    if (cell.value === 0) yield* write(cell, 1);
  }),
  'writes a cell between two instructions': path(function* writes(cell: Cell<number>): Path {
    yield* read(cell);
    cell.value = 1;
    yield* read(cell);
  }),
  'forgets a yield* before an instruction': path(function* forgets(cell: Cell<number>): Path {
    yield* read(cell);
    write(cell, 1);
    yield* read(cell);
  }),
  'forgets a yield* before a path': path(function* forgets(cell: Cell<number>): Path {
    yield* read(cell);
    increment(cell);
    yield* read(cell);
  }),
  'takes a function as its argument': (cell) => path(function* takes(_f: Value): Path { yield* read(cell); })((() => 0) as unknown as Value),
  'returns an object that can change': path(function* returns(cell: Cell<number>): Path<Value> {
    yield* read(cell);
    return new Map() as unknown as Value;
  }),
  'loops over silent instructions forever': path(function* loops(cell: Cell<number>): Path {
    yield* read(cell);
    yield* repeatWhile(lookAgain(cell));
  }),
};

const caught = new WeakMap<MachineWorld, Error>();

When(/^a path that (reads a cell.*|writes a cell.*|forgets.*|takes.*|returns.*|loops.*) is run$/, function (this: MachineWorld, mistake: string) {
  const store = new Store();
  try {
    const thread = new Thread(store, 'thread', mistaken[mistake]!(new Cell(store, 'counter', 0)));
    for (let moves = movesOf({ store, processes: [thread], invariants: [] }); moves.length > 0; moves = movesOf({ store, processes: [thread], invariants: [] })) moves[0]!.perform();
  } catch (error) {
    caught.set(this, error as Error);
  }
});

When('a path with a silent instruction is run by a thread that is to have none', function (this: MachineWorld) {
  const store = new Store();
  const peek = path(function* peek(cell: Cell<number>): Path { yield* look(cell); });
  try {
    new Thread(store, 'thread', peek(new Cell(store, 'counter', 0)), true);
  } catch (error) {
    caught.set(this, error as Error);
  }
});

Then('it is stopped as a mistake of its author that says {string}', function (this: MachineWorld, words: string) {
  expect(caught.get(this)?.message ?? 'nothing stopped it').to.match(/^path mistake: /).and.to.contain(words);
});

interface Undone {
  readonly before: string;
  readonly after: string;
  readonly fresh: { readonly a: number; readonly b: number };
  readonly kept: { readonly a: number; readonly b: number };
}

const undone = new WeakMap<MachineWorld, Undone>();

When('a run of {int} events of {string} is undone', function (this: MachineWorld, events: number, situation: string) {
  const { situation: found, choice } = prepare({ situation, patches: 'none' });
  const system = found.build(choice);
  const before = system.store.exactState();
  const mark = system.store.mark();
  for (let i = 0; i < events; i++) {
    const moves = movesOf(system);
    moves[(i * 7) % moves.length]!.perform();
  }
  expect(system.store.exactState()).to.not.equal(before);
  const kept = { a: system.store.a, b: system.store.b };
  const fresh = system.store.recomputed();
  system.store.undo(mark);
  undone.set(this, { before, after: system.store.exactState(), fresh, kept });
});

Then('the state in words is as before', function (this: MachineWorld) {
  const { before, after } = undone.get(this)!;
  expect(after).to.equal(before);
});

Then('the fingerprint is the one that is computed afresh', function (this: MachineWorld) {
  const { fresh, kept } = undone.get(this)!;
  expect(fresh).to.deep.equal(kept);
});

const outcomes = new WeakMap<MachineWorld, readonly { readonly counter: number; readonly handled: number }[]>();

When('a path is interrupted before each of its instructions in turn', function (this: MachineWorld) {
  const results = [0, 1].map((at) => {
    const store = new Store();
    const counter = new Cell(store, 'counter', 0);
    const handled = new Cell(store, 'handled', 0);
    const thread = new Thread(store, 'thread', increment(counter));
    for (let i = 0; i < at; i++) thread.context.perform(thread);
    thread.context.interrupt(increment(handled), thread);
    while (!thread.context.ended) thread.context.perform(thread);
    return { counter: counter.value, handled: handled.value };
  });
  outcomes.set(this, results);
});

Then('each time the handler runs once, and the path does everything it would have done', function (this: MachineWorld) {
  expect(outcomes.get(this)).to.deep.equal([{ counter: 1, handled: 1 }, { counter: 1, handled: 1 }]);
});

interface Rerun {
  readonly thread: Thread;
  readonly first: string;
  readonly second: string;
}

const reruns = new WeakMap<MachineWorld, Rerun>();

When('a path of {int} rounds is run, undone, and run again', function (this: MachineWorld, rounds: number) {
  const store = new Store();
  const counter = new Cell(store, 'counter', 0);
  // Not a path for each round, since everything that these read would be part of the position.
  const thread = new Thread(store, 'thread', path(function* count(): Path {
    for (let i = 0; i < rounds; i++) yield* write(counter, 1 + (yield* read(counter)));
  })());
  const mark = store.mark();
  const run = (): string => {
    while (!thread.context.ended) thread.context.perform(thread);
    return `${counter.value} ${store.a} ${store.b}`;
  };
  const first = run();
  store.undo(mark);
  reruns.set(this, { thread, first, second: run() });
});

Then('both runs come to the same state', function (this: MachineWorld) {
  const { first, second } = reruns.get(this)!;
  expect(second).to.equal(first).and.to.match(/^40000 /);
});

Then('some of it was forgotten on the way', function (this: MachineWorld) {
  // Each of the 80,000 instructions adds two steps to the memory, one of its path and one of the whole stack.
  expect(reruns.get(this)!.thread.context.memory.size).to.be.at.most(REMEMBERED);
});

Then('{string} run straight through performs as many instructions as its first interleaving, and undoes its writes', function (name: string) {
  const system = programNamed(name)();
  const before = system.store.exactState();
  const performed = runStraight(system);
  expect(system.store.exactState()).to.equal(before);
  const other = programNamed(name)();
  let events = 0;
  for (let [move] = movesOf(other); move; [move] = movesOf(other)) {
    move.perform();
    events++;
  }
  expect(performed).to.equal(events).and.to.be.above(3);
});
