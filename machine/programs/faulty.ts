import { instruction, path, repeatWhile, RESTART } from '../path';
import type { Value } from '../state/hash';
import { Cell, TrackedMap } from '../state/tracked';
import type { Thread } from '../explorer/thread';
import type { ScriptedProgram } from './script';
import { scripted } from './scripted';
import type { Program } from '../explorer/program';
import { acquire, add, awaitValue, many, program, release, Word, write } from './program';

// Programs with a fault in the model itself, or that never end: the explorer's
// own checks must notice these.

class CountingWord extends Word {
  /** Counts in a plain field, which undo does not restore. */
  visits = 0;
}

const visit = instruction((word: CountingWord) => `visit ${word.name}`, (_me: unknown, word: CountingWord) => {
  word.visits++;
  word.value = 1;
});

/** A model that keeps part of its state in a plain field. */
export function leaky(): Program {
  return program((memory) => {
    const word = new CountingWord(memory.store, 'door', 0);
    const thread = path(function* thread(into: CountingWord) { yield* visit(into); });
    return { first: thread(word), second: thread(word) };
  });
}

class KeepingWord extends Word {
  /** Kept where undo does not restore it. */
  readonly list: number[] = [];
  readonly map = new Map<number, number>();
  readonly set = new Set<number>();
  readonly record: Record<string, number> = {};
}

/** A model that keeps in a plain list, map, set or record how often it was run. */
export function keeping(where: 'list' | 'map' | 'set' | 'record'): Program {
  return program((memory) => {
    const word = new KeepingWord(memory.store, 'door', 0);
    let visits = 0;
    const keep = instruction((into: KeepingWord) => `keep in ${into.name}`, (_me: unknown, into: KeepingWord) => {
      visits++;
      if (where === 'list') into.list.push(visits);
      else if (where === 'map') into.map.set(0, visits);
      else if (where === 'set') into.set.add(visits);
      else into.record['visits'] = visits;
      into.value = 1;
    });
    const thread = path(function* thread(into: KeepingWord) { yield* keep(into); });
    return { first: thread(word), second: thread(word) };
  });
}

/** A model that depends on something outside: `ask` gives a different answer each time. */
export function fickle(ask: () => number): Program {
  return program((memory) => {
    const word = memory.word('x');
    const roll = instruction('roll', () => { word.value = ask(); });
    const thread = path(function* thread() { yield* roll(); });
    return { thread: thread() };
  });
}

/** A thread that reads one of two cells, depending on a plain field that the explorer cannot see, while another thread counts. */
export function sly(): Program {
  return program((memory) => {
    const [left, right, turns] = [memory.word('left'), memory.word('right'), memory.word('turns')];
    let looks = 0;
    const look = instruction('look', () => { turns.value = looks++ % 2 === 0 ? left.value : right.value; });
    const looking = path(function* looking() { yield* look(); });
    const counting = path(function* counting() { for (let i = 0; i < 3; i++) yield* add(left, 1); });
    return { looker: looking(), counter: counting() };
  });
}

/** A thread that does what the set-up has decided, which is kept where the explorer cannot see it. */
export function decidedEarlier(isDecided: boolean): Program {
  return program((memory) => {
    const word = memory.word('x');
    const act = instruction('act', () => {
      word.value = 1;
      if (isDecided) memory.failure.value = 'it was decided earlier';
    });
    const thread = path(function* thread() { yield* act(); });
    return { first: thread(), second: thread() };
  });
}

/**
 * A table that records a new key only the first time that the key occurs, and
 * so not again after that run has been undone.
 */
export class ForgetfulTable extends TrackedMap<number, number> {
  private readonly met = new Set<number>();

  override set(key: number, value: number): void {
    const { store } = this;
    if (this.met.has(key) || store.isLookedOut) store.set(this.cellOf(key), value);
    else super.set(key, value);
    this.met.add(key);
  }
}

/** Two threads that are declared interchangeable, and are not: the same code except for a number from outside. */
export function lopsided(): Program {
  const uneven = program((memory) => {
    const x = memory.word('x');
    const adding = (amount: number) => path(function* adder() {
      yield* add(x, 1);
      yield* add(x, amount);
    });
    return { light: adding(1)(), heavy: adding(2)() };
  });
  return () => ({ ...uneven(), interchangeable: [{ kind: 'threads', members: [['light'], ['heavy']] }] });
}

/** A thread that waits for something that never happens. */
export function starving(): Program {
  return program((memory) => {
    const flag = memory.word('flag');
    const waiter = path(function* waiter() { yield* awaitValue(flag, 2); });
    const writer = path(function* writer() { yield* write(flag, 1); });
    return { waiter: waiter(), writer: writer() };
  });
}

/** A thread that ends without releasing its lock, and one that wants it. */
export function orphanedLock(): Program {
  return program((memory) => {
    const lock = memory.lock('door');
    const keeper = path(function* keeper() { yield* acquire(lock); });
    const visitor = path(function* visitor() {
      yield* acquire(lock);
      yield* release(lock);
    });
    return { keeper: keeper(), visitor: visitor() };
  });
}

/** A thread that takes a lock twice, and one that comes too late. */
export function lockedTwice(): Program {
  return program((memory) => {
    const lock = memory.lock('door');
    const twice = path(function* twice() {
      yield* acquire(lock);
      yield* acquire(lock);
    });
    return { nested: twice(), late: twice() };
  });
}

/** Spins: the instruction restarts for as long as the word is 0. */
const spin = instruction((word: Word) => `spin on ${word.name}`, (_me: unknown, word: Word) => (word.value === 0 ? RESTART : word.value));

/**
 * A thread that spins on a flag; `isSet` tells whether a writer sets it. As long as
 * the writer has not run, spinning is unfair to it, and so not a livelock.
 */
export function spinning(isSet: boolean): Program {
  return program((memory) => {
    const flag = memory.word('flag');
    const spinner = path(function* spinner() { yield* spin(flag); });
    const writer = path(function* writer() { yield* write(flag, isSet ? 1 : 0); });
    return { spinner: spinner(), writer: writer() };
  });
}

/** A thread that spins on a flag under a lock, and one that needs the lock to set the flag. */
export function spinningUnderLock(): Program {
  return program((memory) => {
    const lock = memory.lock('door');
    const flag = memory.word('flag');
    const spinner = path(function* spinner() {
      yield* acquire(lock);
      yield* spin(flag);
      yield* release(lock);
    });
    const setter = path(function* setter() {
      yield* acquire(lock);
      yield* write(flag, 1);
      yield* release(lock);
    });
    return { spinner: spinner(), setter: setter() };
  });
}

/**
 * One thread passes the turn, the other passes it back, forever. The other may
 * continue at any time, but if it did so when it is not its turn, both would end.
 */
export function turnAbout(): Program {
  return program((memory) => {
    const turn = memory.word('turn');
    const giveAway = instruction('give away', () => {
      if (turn.value === 2) return false;
      turn.value = 1;
      return true;
    }, { when: () => turn.value !== 1 });
    const giveBack = instruction('give back', () => {
      const isMine = turn.value === 1;
      turn.value = isMine ? 0 : 2;
      return isMine;
    });
    const first = path(function* first() { return yield* giveAway(); });
    const second = path(function* second() { return yield* giveBack(); });
    const firsts = path(function* firsts() { yield* repeatWhile(first()); });
    const seconds = path(function* seconds() { yield* repeatWhile(second()); });
    return { first: firsts(), second: seconds() };
  });
}

/** A model that fails or not, depending on something outside. */
export function fickleFailure(ask: () => number): Program {
  return program((memory) => {
    const toss = instruction('toss', () => { memory.failure.value = `tossed ${ask()}`; });
    const thread = path(function* thread() { yield* toss(); });
    return { thread: thread() };
  });
}

/** Two moves of one thread with the same name: a schedule cannot tell them apart. */
export function namesakes(): Program {
  return program((memory) => {
    const x = memory.word('x');
    const pick = instruction('pick', (me: Thread) => { x.value = 1 + me.chosen; }, { choices: () => ['left', 'left'] });
    const thread = path(function* thread() { yield* pick(); });
    const other = path(function* other() { yield* add(x, 4); });
    return { thread: thread(), other: other() };
  });
}

/** Two words with the same name. */
export function cellsOfOneName(): Program {
  return program((memory) => {
    const [one, other] = [memory.word('x'), memory.word('x')];
    const writer = path(function* writer(word: Word) { yield* write(word, 1); });
    return { first: writer(one), second: writer(other) };
  });
}

/** A list in a cell to which a thread adds in place. */
export function changedInPlace(): Program {
  return program((memory) => {
    const list = new Cell<readonly number[]>(memory.store, 'list', []);
    const grow = instruction('grow the list', () => {
      list.value = [...list.value, 1];
      (list.value as number[]).push(2);
    });
    const thread = path(function* thread() { yield* grow(); });
    return { first: thread(), second: thread() };
  });
}

/** A thread that stores a number, whichever that is. */
export function storing(number: number): Program {
  return program((memory) => {
    const word = memory.word('x');
    const thread = path(function* thread(into: Word) { yield* write(into, number); });
    return { first: thread(word), second: thread(word) };
  });
}

/** A thread that puts one value into a cell, and one that puts another. */
export function putting(one: Value, other: Value = one): Program {
  return program((memory) => {
    const cell = new Cell<Value>(memory.store, 'c', 'nothing yet');
    const put = (value: Value) => path(function* putter() { yield* instruction('put', () => { cell.value = value; })(); });
    return { first: put(one)(), second: put(other)() };
  });
}

/** Unfrozen lists in a frozen list: a thread adds to one of them in place. */
export function changedWithin(): Program {
  return program((memory) => {
    const lists = new Cell<readonly (readonly number[])[]>(memory.store, 'lists', Object.freeze([[]]));
    const grow = instruction('grow the list', () => { (lists.value[0] as number[]).push(1); });
    const thread = path(function* thread() { yield* grow(); });
    return { first: thread(), second: thread() };
  });
}

/** Two kinds of threads that are both declared to be the bits of one mask. */
export function maskedTwice(): Program {
  const threads = program((memory) => {
    const x = memory.word('x');
    const reader = path(function* reader() { yield* add(x, 1); });
    const writer = path(function* writer() { yield* add(x, 2); });
    return { reader1: reader(), reader2: reader(), writer1: writer(), writer2: writer() };
  });
  const kind = (name: string) => ({ kind: `${name}s`, members: [[`${name}1`], [`${name}2`]], masks: ['present'] });
  return () => ({ ...threads(), interchangeable: [kind('reader'), kind('writer')] });
}

/** A program that declares that nothing can come when all work is done, although something can. */
export function restless(): Program {
  const script: ScriptedProgram = {
    processors: [{ acts: [{ do: 'load', word: 0 }], interrupts: [[{ do: 'store', word: 0, value: 1 }]], onIpi: [] }, { acts: [{ do: 'load', word: 0 }], interrupts: [], onIpi: [] }],
    isBuffered: false, comesAtRest: true,
  };
  return () => ({ ...scripted(script)(), runsOut: true });
}

/** A thread that spins on a flag until another sets it, and many that have nothing to do. */
export function crowd(count: number): Program {
  return program((memory) => {
    const flag = memory.word('flag');
    const idler = path(function* idler() { /* ends at once */ });
    const spinner = path(function* spinner() { yield* spin(flag); });
    const writer = path(function* writer() { yield* write(flag, 1); });
    return { ...many('idler', count - 2, () => idler()), spinner: spinner(), writer: writer() };
  });
}
