import { instruction, path } from '../path';
import type { Program } from '../explorer/program';
import { acquire, add, compareAndSwap, compareAndSwapOrRead, fail, many, program, read, release, upTo, write, type Lock, type Word } from './program';

// The programs on which model checkers are compared, each with its size as
// parameter. The names and counts are from the papers on optimal dynamic
// partial-order reduction and from the test suites of GenMC, Nidhugg and
// Concuerror. Loop bodies are separate paths: what a loop did in its last round
// is then forgotten, so equal states are recognised as equal.

/** One thread writes x, `n` read it. Flanagan and Godefroid, POPL 2005. */
export function readers(n: number): Program {
  return program((memory) => {
    const x = memory.word('x');
    const writer = path(function* writer() { yield* write(x, 42); });
    const reader = path(function* reader() { yield* read(x); });
    return { writer: writer(), ...many('reader', n, () => reader()) };
  });
}

/** A search for the last zero of an array that `n` writers fill. Abdulla et al., POPL 2014. */
export function lastzero(n: number): Program {
  return program((memory) => {
    const array = memory.table('array', n + 1);
    const isSet = path(function* isSet(i: number) { return (yield* read(array[i]!)) !== 0; });
    const reader = path(function* reader() {
      for (let i = n; yield* isSet(i);) i--;
    });
    const writer = path(function* writer(j: number) {
      const below = yield* read(array[j - 1]!);
      yield* write(array[j]!, below + 1);
    });
    return { reader: reader(), ...many('writer', n, (i) => writer(i + 1)) };
  });
}

/** `n` threads put four keys each into one hash table of 128. Flanagan and Godefroid, POPL 2005. */
export function indexer(n: number): Program {
  return program((memory) => {
    const table = memory.table('table', 128);
    const insert = path(function* insert(key: number) {
      let slot = (key * 7) % 128;
      while (!(yield* compareAndSwap(table[slot]!, 0, key))) slot = (slot + 1) % 128;
    });
    const thread = path(function* thread(id: number) {
      for (let m = 1; m <= 4; m++) yield* insert(m * 11 + id);
    });
    return many('thread', n, thread);
  });
}

/** `n` threads allocate blocks for inodes. Flanagan and Godefroid, POPL 2005. */
export function filesystem(n: number): Program {
  const inodes = 32;
  const blocks = 26;
  return program((memory) => {
    const inode = memory.table('inode', inodes);
    const busy = memory.table('busy', blocks);
    const inodeLock = memory.locks('inode-lock', inodes);
    const blockLock = memory.locks('block-lock', blocks);
    const claim = path(function* claim(i: number, b: number) {
      yield* acquire(blockLock[b]!);
      const isFree = (yield* read(busy[b]!)) === 0;
      if (isFree) {
        yield* write(busy[b]!, 1);
        yield* write(inode[i]!, b + 1);
      }
      yield* release(blockLock[b]!);
      return isFree;
    });
    const thread = path(function* thread(id: number) {
      const i = id % inodes;
      yield* acquire(inodeLock[i]!);
      if ((yield* read(inode[i]!)) === 0) {
        for (let b = (i * 2) % blocks; !(yield* claim(i, b));) b = (b + 1) % blocks;
      }
      yield* release(inodeLock[i]!);
    });
    return many('thread', n, thread);
  });
}

/** Each of `n` threads adds to x once. GenMC, ainc. */
export function ainc(n: number): Program {
  return program((memory) => {
    const x = memory.word('x');
    const thread = path(function* thread() { yield* add(x, 1); });
    return many('thread', n, () => thread());
  });
}

/** Each of `n` threads adds to x, then to y. GenMC, binc. */
export function binc(n: number): Program {
  return program((memory) => {
    const x = memory.word('x');
    const y = memory.word('y');
    const thread = path(function* thread() {
      yield* add(x, 1);
      yield* add(y, 1);
    });
    return many('thread', n, () => thread());
  });
}

/** Each of `n` threads reads x and writes it back with its own bit added. GenMC, inc. */
export function inc(n: number): Program {
  return program((memory) => {
    const x = memory.word('x');
    const thread = path(function* thread(i: number) {
      const old = yield* read(x);
      yield* write(x, old + 2 ** i);
    });
    return many('thread', n, thread);
  });
}

/** Thread i of `n` swaps i - 1 for i; a failed swap writes too. GenMC, casrot. */
export function casrot(n: number, swap = compareAndSwap): Program {
  return program((memory) => {
    const x = memory.word('x');
    const thread = path(function* thread(i: number) { yield* swap(x, i, i + 1); });
    return many('thread', n, thread);
  });
}

/** The same, but a failed swap is only a read. */ export function casrotC11(n: number): Program {
  return casrot(n, compareAndSwapOrRead);
}

/** Each of `n` threads swaps 0 for its own number; a failed swap writes too. GenMC, cas. */
export function cas(n: number, swap = compareAndSwap): Program {
  return program((memory) => {
    const x = memory.word('x');
    const thread = path(function* thread(i: number) { yield* swap(x, 0, i + 1); });
    return many('thread', n, thread);
  });
}

/** The same, where a failed swap is only a read. */
export function casC11(n: number): Program {
  return cas(n, compareAndSwapOrRead);
}

/** Two threads write x `n` times each and then read it. Nidhugg. */
export function writesThenRead(n: number): Program {
  return program((memory) => {
    const x = memory.word('x');
    const thread = path(function* thread(id: number) {
      for (let k = 1; k <= n; k++) yield* write(x, id * n + k);
      yield* read(x);
    });
    return many('thread', 2, thread);
  });
}

/** Two threads race to compute Fibonacci numbers in `n` rounds while a third one reads them. SV-COMP, as in Nidhugg and GenMC. */
export function fib(n: number): Program {
  return program((memory) => {
    const x = memory.word('x', 1);
    const y = memory.word('y', 1);
    const sum = path(function* sum() { return (yield* read(x)) + (yield* read(y)); });
    const addInto = path(function* addInto(word: Word) { yield* write(word, yield* sum()); });
    const adder = path(function* adder(word: Word) {
      for (let k = 0; k < n; k++) yield* addInto(word);
    });
    const isBeyond = path(function* isBeyond(limit: number) { return (yield* read(x)) > limit; });
    const checker = path(function* checker() {
      if (yield* isBeyond(144)) return;
      yield* read(y);
    });
    return { first: adder(x), second: adder(y), checker: checker() };
  });
}

/** A reader polls a flag at most `n` times before it uses what the flag announces. GenMC. */
export function publish(n = 41): Program {
  return program((memory) => {
    const x = memory.word('x');
    const flag = memory.word('flag');
    const reader = path(function* reader() {
      for (let polls = 0; polls < n; polls++) {
        if ((yield* read(flag)) === 1) {
          yield* read(x);
          return;
        }
      }
    });
    const writer = path(function* writer() {
      yield* write(x, 42);
      yield* write(flag, 1);
    });
    return { reader: reader(), writer: writer() };
  });
}

/** Each of `n` threads increments a counter under a lock, `rounds` times. */
export function lockcount(n: number, rounds: number): Program {
  return program((memory) => {
    const lock = memory.lock('lock');
    const x = memory.word('x');
    const countUp = path(function* countUp() {
      yield* acquire(lock);
      const old = yield* read(x);
      yield* write(x, old + 1);
      yield* release(lock);
    });
    const thread = path(function* thread() {
      for (let k = 0; k < rounds; k++) yield* countUp();
    });
    return many('thread', n, () => thread());
  });
}

/** Two threads take two locks in opposite order. */
export function abBa(): Program {
  return program((memory) => {
    const a = memory.lock('a');
    const b = memory.lock('b');
    const both = path(function* both(first: Lock, second: Lock) {
      yield* acquire(first);
      yield* acquire(second);
      yield* release(second);
      yield* release(first);
    });
    return { forward: both(a, b), backward: both(b, a) };
  });
}

/** `n` philosophers take the fork on their left, then the one on their right. */
export function philosophers(n: number): Program {
  return program((memory) => {
    const forks = memory.locks('fork', n);
    const philosopher = path(function* philosopher(i: number) {
      yield* acquire(forks[i]!);
      yield* acquire(forks[(i + 1) % n]!);
      yield* release(forks[(i + 1) % n]!);
      yield* release(forks[i]!);
    });
    return many('philosopher', n, philosopher);
  });
}

/** Each of `n` threads writes its own word and reads its neighbour's. */
export function storeBuffering(n: number): Program {
  return program((memory) => {
    const v = memory.table('v', n);
    const thread = path(function* thread(i: number) {
      yield* write(v[i]!, 1);
      yield* read(v[(i + 1) % n]!);
    });
    return many('thread', n, thread);
  });
}

/** One hypercall that pins every page. */
const pinAll = instruction('pin all', (_me: unknown, pages: readonly Word[]) => { for (const page of pages) page.value = 1; });

/**
 * One thread write-protects and pins page tables of `pages` pages while
 * `writers` others update them: thread 004 in miniature.
 *
 * @param isFixed whether the pinner takes each page's lock
 */
export function xenpin(pages: number, writers: number, isFixed = true): Program {
  return program((memory) => {
    const locks = memory.locks('pte-lock', pages);
    const isReadOnly = memory.table('ro', pages);
    const isPinned = memory.table('pinned', pages);
    const entry = memory.table('val', pages);
    const pinPage = path(function* pinPage(i: number) {
      if (isFixed) yield* acquire(locks[i]!);
      yield* write(isReadOnly[i]!, 1);
      if (isFixed) {
        yield* write(isPinned[i]!, 1);
        yield* release(locks[i]!);
      }
    });
    const pinner = path(function* pinner() {
      for (const i of upTo(pages)) yield* pinPage(i);
      if (!isFixed) yield* pinAll(isPinned);
    });
    const update = path(function* update(i: number) {
      yield* acquire(locks[i]!);
      if ((yield* read(isReadOnly[i]!)) === 1 && (yield* read(isPinned[i]!)) === 0) {
        yield* fail(memory.failure, `a write to page ${i} faults: it is read-only and not pinned`);
      }
      yield* add(entry[i]!, 1);
      yield* release(locks[i]!);
    });
    const writer = path(function* writer() {
      for (const i of upTo(pages)) yield* update(i);
    });
    return { pinner: pinner(), ...many('writer', writers, () => writer()) };
  });
}
