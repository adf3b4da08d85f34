import { instruction, path } from '../path';
import type { Program } from '../explorer/program';
import { add, compareAndSwap, fail, program, read, upTo, write, type Failure, type Word } from './program';

// The protocols by which the threads of a shared search agree
// (explorer/shared/table.ts and crew.ts), as small programs, so that every
// interleaving of a few threads can be explored. Each also has a variant with a
// mistake.

const [FREE, BUSY] = [0, -1];

const awaitOther = instruction(
  (word: Word, value: number) => `await ${word.name} other than ${value}`,
  (_me: unknown, word: Word, _value: number) => word.value,
  { when: (_me, word, value) => word.value !== value, awaits: (_me, word, value) => ({ kind: 'condition', text: `${word.name} other than ${value}` }) },
);

/**
 * Threads that put fingerprints, all with the same sequence of slots, into one table.
 *
 * @param fingerprints of each thread, in its order
 * @param isSwapped whether a free slot is taken in one step; if not, it is read and then written
 */
export function tableOfStates(fingerprints: readonly (readonly number[])[], isSwapped = true): Program {
  return program((memory) => {
    const slots = new Set(fingerprints.flat()).size;
    const numbers = memory.table('number', slots);
    const lanes = memory.table('lane', slots);
    const owners = memory.table('owners', 1 + Math.max(...fingerprints.flat()));
    const take = path(function* take(slot: Word) {
      if (isSwapped) return yield* compareAndSwap(slot, FREE, BUSY);
      if ((yield* read(slot)) !== FREE) return false;
      yield* write(slot, BUSY);
      return true;
    });
    const put = path(function* put(fingerprint: number, number: number) {
      for (const slot of upTo(slots)) {
        const lane = yield* read(lanes[slot]!);
        if (lane === fingerprint) return;
        if (lane !== 0) continue;
        if (yield* take(numbers[slot]!)) {
          yield* write(lanes[slot]!, fingerprint);
          yield* write(numbers[slot]!, number);
          yield* own(owners[fingerprint]!, memory.failure, fingerprint);
          return;
        }
        yield* awaitOther(numbers[slot]!, BUSY);
        if ((yield* read(lanes[slot]!)) === fingerprint) return;
      }
      yield* fail(memory.failure, `there is no slot for fingerprint ${fingerprint}`);
    });
    const thread = path(function* thread(me: number) {
      for (const fingerprint of fingerprints[me]!) yield* put(fingerprint, me + 1);
    });
    return Object.fromEntries(fingerprints.map((_, me) => [`thread${me + 1}`, thread(me)]));
  });
}

const own = path(function* own(owners: Word, failure: Failure, fingerprint: number) {
  yield* add(owners, 1);
  if ((yield* read(owners)) > 1) yield* fail(failure, `fingerprint ${fingerprint} has two owners`);
});

const awaitValue = instruction(
  (word: Word, value: number) => `await ${value} in ${word.name}`,
  (_me: unknown, word: Word, _value: number) => word.value,
  { when: (_me, word, value) => word.value === value, awaits: (_me, word, value) => ({ kind: 'condition', text: `${value} in ${word.name}` }) },
);

/**
 * Threads that look into one table, of which the first makes it grow once.
 *
 * @param countsFirst whether a thread counts itself in before it looks at the gate; if not, after that
 */
export function growingTable(threads: number, countsFirst = true): Program {
  return program((memory) => {
    const inside = memory.word('inside', 0);
    const closed = memory.word('closed', 0);
    const region = memory.word('region', 0);
    const tryToEnter = path(function* tryToEnter() {
      if (!countsFirst && (yield* read(closed)) !== 0) return false;
      yield* add(inside, 1);
      if (!countsFirst || (yield* read(closed)) === 0) return true;
      yield* add(inside, -1);
      return false;
    });
    const enter = path(function* enter() {
      while (!(yield* tryToEnter())) yield* awaitValue(closed, 0);
    });
    const grow = path(function* grow() {
      yield* enter();
      const isCloser = yield* compareAndSwap(closed, 0, 1);
      yield* add(inside, -1);
      if (!isCloser) return;
      yield* awaitValue(inside, 0);
      yield* write(region, 1);
      yield* write(closed, 0);
    });
    const look = path(function* look(me: number) {
      yield* enter();
      const before = yield* read(region);
      if ((yield* read(region)) !== before) yield* fail(memory.failure, `the table has grown while thread${me + 1} was looking into it`);
      yield* add(inside, -1);
    });
    return Object.fromEntries(upTo(threads).map((me) => [`thread${me + 1}`, me === 0 ? grow() : look(me)]));
  });
}

const [WORKING, WAITING, GETTING, GIVEN] = [1, 2, 3, 4];

const awaitWork = instruction(
  (doing: Word, undone: Word) => `await work, ${doing.name} or none in ${undone.name}`,
  (_me: unknown, doing: Word, _undone: Word) => doing.value === GIVEN,
  { when: (_me, doing, undone) => doing.value === GIVEN || undone.value === 0, awaits: (_me, doing) => ({ kind: 'condition', text: `work in ${doing.name}` }) },
);

/**
 * Members that hand each other work, and stop when none is left.
 *
 * @param pieces how many pieces of work are created at most, besides the first
 * @param countsFirst whether a piece is counted before it is given away
 */
export function crewWithWork(members: number, pieces: number, countsFirst = true): Program {
  return program((memory) => {
    const undone = memory.word('undone', 1);
    const doing = upTo(members).map((me) => memory.word(`doing[${me}]`, me === 0 ? WORKING : WAITING));
    const left = memory.word('pieces', pieces);
    const give = path(function* give(to: number) {
      if ((yield* read(left)) === 0 || !(yield* compareAndSwap(doing[to]!, WAITING, GETTING))) return;
      yield* add(left, -1);
      if (countsFirst) yield* add(undone, 1);
      yield* write(doing[to]!, GIVEN);
      if (!countsFirst) yield* add(undone, 1);
    });
    const work = path(function* work(me: number) {
      for (const to of upTo(members)) if (to !== me) yield* give(to);
      yield* write(doing[me]!, WAITING);
      yield* add(undone, -1);
    });
    const end = path(function* end() {
      for (const word of doing) {
        if ((yield* read(word)) !== WAITING) yield* fail(memory.failure, `a member ends while ${word.name} shows work`);
      }
    });
    const member = path(function* member(me: number) {
      if (me === 0) yield* work(me);
      while (yield* awaitWork(doing[me]!, undone)) {
        yield* write(doing[me]!, WORKING);
        yield* work(me);
      }
      yield* end();
    });
    return Object.fromEntries(upTo(members).map((me) => [`member${me}`, member(me)]));
  });
}
