import { instruction, type Call } from '../path';
import { Store } from '../state/store';
import { Cell, sameValue } from '../state/tracked';
import { Thread } from '../explorer/thread';
import type { Program } from '../explorer/program';
import type { Interchangeable } from '../explorer/interchangeable';
import type { Invariant } from '../explorer/system';

// Small programs of threads over shared words and locks, written like any other
// path: the explorer is tested and measured on them. Read this first, then
// published.ts.

/** A word that every thread can read and write. */
export class Word extends Cell<number> {}

/** A lock: 0 when free. Threads wait for it without spinning. */
export class Lock extends Cell<number> {}

export const read = instruction((word: Word) => `read ${word.name}`, (_me: unknown, word: Word) => word.value, { steady: true });

export const write = instruction(
  (word: Word, value: number) => `write ${word.name} = ${value}`,
  (_me: unknown, word: Word, value: number) => { word.value = value; },
  { steady: true },
);

/** Adds in one step, as `lock add` does. */
export const add = instruction(
  (word: Word, value: number) => `add ${word.name}, ${value}`,
  (_me: unknown, word: Word, value: number) => { word.value += value; },
  { steady: true },
);

/**
 * Writes `value` if the word holds `expected`; returns whether it did. If not,
 * the old value is written back, as on x86 (SDM volume 2, CMPXCHG).
 */
export const compareAndSwap = instruction(
  (word: Word, expected: number, value: number) => `cmpxchg ${word.name}, ${expected}, ${value}`,
  (_me: unknown, word: Word, expected: number, value: number) => {
    const old = word.value;
    word.value = old === expected ? value : old;
    return old === expected;
  },
  { steady: true },
);

/** The same in C11: a failed swap is only a read. */
export const compareAndSwapOrRead = instruction(
  (word: Word, expected: number, value: number) => `compare-and-swap ${word.name}, ${expected}, ${value}`,
  (_me: unknown, word: Word, expected: number, value: number) => {
    if (word.value !== expected) return false;
    word.value = value;
    return true;
  },
);

/** Waits until the word holds `value`. */
export const awaitValue = instruction(
  (word: Word, value: number) => `await ${word.name} = ${value}`,
  (_me: unknown, word: Word, value: number) => word.value === value,
  {
    when: (_me, word, value) => word.value === value,
    awaits: (_me, word, value) => ({ kind: 'condition', text: `${word.name} = ${value}, which is ${word.value}` }),
  },
);

export const acquire = instruction(
  (lock: Lock) => `lock ${lock.name}`,
  (_me: unknown, lock: Lock) => { lock.value = 1; },
  { when: (_me: unknown, lock: Lock) => lock.value === 0, awaits: (_me, lock) => ({ kind: 'lock', name: lock.name }) },
);

export const release = instruction((lock: Lock) => `unlock ${lock.name}`, (_me: unknown, lock: Lock) => { lock.value = 0; });

/** Where an assertion leaves its message. */
export class Failure extends Cell<string> implements Invariant {
  check(): string | null {
    return this.value === '' ? null : this.value;
  }
}

/** Fails the run: the program's own assertion does not hold. */
export const fail = instruction(
  (_failure: Failure, message: string) => `fail: ${message}`,
  (_me: unknown, failure: Failure, message: string) => { failure.value = message; },
);

/** What the threads of one program share. */
export class SharedMemory {
  readonly words: Word[] = [];
  /** For claims like those of `assert` in C. */
  readonly failure: Failure;

  constructor(readonly store: Store) {
    this.failure = new Failure(store, 'assertion', '');
  }

  word(name: string, initial = 0): Word {
    const word = new Word(this.store, name, initial);
    this.words.push(word);
    return word;
  }

  /** The words `name[0]` to `name[count - 1]`. */
  table(name: string, count: number): Word[] {
    return upTo(count).map((i) => this.word(`${name}[${i}]`));
  }

  lock(name: string): Lock {
    return new Lock(this.store, name, 0);
  }

  locks(name: string, count: number): Lock[] {
    return upTo(count).map((i) => this.lock(`${name}[${i}]`));
  }
}

/** Threads by name, in the order in which the explorer tries them. */
export type Threads = Readonly<Record<string, Call<unknown>>>;

/**
 * A program of threads that share a memory.
 *
 * @param build gives each thread its path
 */
export function program(build: (memory: SharedMemory) => Threads): Program {
  return () => {
    const store = new Store();
    const memory = new SharedMemory(store);
    const bodies = build(memory);
    const threads = Object.entries(bodies).map(([name, body]) => new Thread(store, name, body, true));
    store.settle();
    return {
      store,
      processes: threads,
      runsOut: true,
      interchangeable: alike(bodies),
      invariants: [memory.failure],
      outcome: wording(memory.words),
    };
  };
}

/** The texts for given values of the first words, indexed by the values of the rest. */
class Wording {
  private readonly longer = new Map<number, Wording>();

  constructor(readonly text: string) {}

  and({ name, value }: Word): Wording {
    let longer = this.longer.get(value);
    if (longer === undefined) this.longer.set(value, (longer = new Wording(`${this.text}${this.text === '' ? '' : ' '}${name}=${value}`)));
    return longer;
  }
}

/** Describes the values of the words. Many runs end in the same way, and finding a text is faster than making it. */
function wording(words: readonly Word[]): () => string {
  const start = new Wording('');
  return () => {
    let wording = start;
    for (let i = 0; i < words.length; i++) wording = wording.and(words[i]!);
    return wording.text;
  };
}

/** Threads that run the same path with the same operands are interchangeable. */
export function alike(bodies: Threads): Interchangeable[] {
  const groups: string[][] = [];
  for (const [name, body] of Object.entries(bodies)) {
    const group = groups.find(([first]) => bodies[first!]!.body === body.body && sameValue(bodies[first!]!.operands, body.operands));
    if (group) group.push(name);
    else groups.push([name]);
  }
  return groups.filter(({ length }) => length > 1).map((names) => ({ kind: `threads ${names.join(', ')}`, members: names.map((name) => [name]) }));
}

/** The numbers from 0 to `count - 1`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** `count` threads called `name1`, `name2`, … */
export function many(name: string, count: number, body: (i: number) => Call<unknown>): Threads {
  return Object.fromEntries(upTo(count).map((i) => [`${name}${i + 1}`, body(i)]));
}
