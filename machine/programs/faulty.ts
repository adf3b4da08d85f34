import { instruction, path, RESTART } from '../path';
import type { Program } from '../explorer/explore';
import { awaitValue, program, Word, write } from './program';

// Programs with a fault in the model itself, or that never end: what the
// explorer's own checks must notice.

class CountingWord extends Word {
  /** Counts in a plain field, which no undo takes back. */
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

/** A model that asks something outside: `ask` gives another answer each time. */
export function fickle(ask: () => number): Program {
  return program((memory) => {
    const word = memory.word('x');
    const roll = instruction('roll', () => { word.value = ask(); });
    const thread = path(function* thread() { yield* roll(); });
    return { thread: thread() };
  });
}

/** A thread that waits for what nobody does. */
export function starving(): Program {
  return program((memory) => {
    const flag = memory.word('flag');
    const waiter = path(function* waiter() { yield* awaitValue(flag, 2); });
    const writer = path(function* writer() { yield* write(flag, 1); });
    return { waiter: waiter(), writer: writer() };
  });
}

/** Spins: the instruction restarts for as long as the word is 0. */
const spin = instruction((word: Word) => `spin on ${word.name}`, (_me: unknown, word: Word) => (word.value === 0 ? RESTART : word.value));

/**
 * A thread that spins on a flag; `isSet` tells whether anybody sets it. While
 * the writer has yet to come, going round is unfair to it, and so no livelock.
 */
export function spinning(isSet: boolean): Program {
  return program((memory) => {
    const flag = memory.word('flag');
    const spinner = path(function* spinner() { yield* spin(flag); });
    const writer = path(function* writer() { yield* write(flag, isSet ? 1 : 0); });
    return { spinner: spinner(), writer: writer() };
  });
}

/** A model that fails, or not, as something outside says. */
export function fickleFailure(ask: () => number): Program {
  return program((memory) => {
    const toss = instruction('toss', () => { memory.failure.value = `tossed ${ask()}`; });
    const thread = path(function* thread() { yield* toss(); });
    return { thread: thread() };
  });
}
