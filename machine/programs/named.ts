import type { Program } from '../explorer/program';
import * as published from './published';
import { flushSmp } from './flush-smp';
import { flushTlb } from './flush-tlb';
import { litmus } from './litmus';

// Programs by the names that features, the command line and the reports use for
// them: `readers(8)`, `xenpin(3, 2)`, `litmus SB under TSO`.

const makers: Readonly<Record<string, (...sizes: number[]) => Program>> = {
  readers: (n = 2) => published.readers(n),
  lastzero: (n = 2) => published.lastzero(n),
  indexer: (n = 11) => published.indexer(n),
  filesystem: (n = 13) => published.filesystem(n),
  ainc: (n = 2) => published.ainc(n),
  binc: (n = 2) => published.binc(n),
  inc: (n = 2) => published.inc(n),
  casrot: (n = 2) => published.casrot(n),
  'casrot-c11': (n = 2) => published.casrotC11(n),
  cas: (n = 2) => published.cas(n),
  'cas-c11': (n = 2) => published.casC11(n),
  'writes-then-read': (n = 1) => published.writesThenRead(n),
  fib: (n = 1) => published.fib(n),
  publish: (n = 41) => published.publish(n),
  lockcount: (n = 2, rounds = 2) => published.lockcount(n, rounds),
  xenpin: (pages = 2, writers = 1) => published.xenpin(pages, writers),
  'xenpin-unfixed': (pages = 2, writers = 1) => published.xenpin(pages, writers, false),
  'ab-ba': () => published.abBa(),
  philosophers: (n = 2) => published.philosophers(n),
  'store-buffering': (n = 2) => published.storeBuffering(n),
  'flush-tlb': (flushes = 1, accesses = 1, kernelThreads = 1, users = 2) => flushTlb({ flushes, accesses, kernelThreads, users, isFixed: true }),
  'flush-tlb-unfixed': (flushes = 1, accesses = 1, kernelThreads = 1, users = 2) => flushTlb({ flushes, accesses, kernelThreads, users }),
  'flush-smp': (cpus = 1, kernelThreads = 1, users = 2) => flushSmp(cpus, kernelThreads, users, true),
  'flush-smp-unfixed': (cpus = 1, kernelThreads = 1, users = 2) => flushSmp(cpus, kernelThreads, users, false),
};

/** How many sizes a program has, if not one. */
const SIZES: Readonly<Record<string, number>> = {
  'ab-ba': 0, lockcount: 2, xenpin: 2, 'xenpin-unfixed': 2, 'flush-smp': 3, 'flush-smp-unfixed': 3, 'flush-tlb': 4, 'flush-tlb-unfixed': 4,
};

const usersOf = (...[, , , users = 2]: readonly number[]): string | null => (users < 1 ? 'the CPU begins with a user task, so there must be one' : null);
const tasksOf = (...[cpus = 1, , users = 2]: readonly number[]): string | null => (cpus < 1 ? 'there must be a CPU' : users < cpus ? `each CPU begins with a user task of its own, and there are ${users} for ${cpus}` : null);

/** Why a program cannot have these sizes, for programs with restrictions. */
const IMPOSSIBLE: Readonly<Record<string, (...sizes: readonly number[]) => string | null>> = { 'flush-tlb': usersOf, 'flush-tlb-unfixed': usersOf, 'flush-smp': tasksOf, 'flush-smp-unfixed': tasksOf };

/** A program of this size is built in a moment; a million threads would be a typing mistake. */
const LARGEST = 1000;

/** The names that `programNamed` knows. */
export const programNames: readonly string[] = Object.keys(makers);

/**
 * The program that `text` names, as in `readers(8)`.
 *
 * @throws Error that lists the legal names
 */
export function programNamed(text: string): Program {
  const script = /^litmus (\S+)( under TSO)?$/.exec(text);
  if (script) return litmus(script[1]!, script[2] !== undefined);
  const match = /^\s*([\w-]+)\s*(?:\(\s*(\d+(?:\s*,\s*\d+)*)?\s*\))?\s*$/.exec(text);
  const make = match && Object.hasOwn(makers, match[1]!) ? makers[match[1]!] : undefined;
  if (!match || !make) throw new Error(`no program "${text}"; there are ${programNames.join(', ')}, with sizes as in readers(8)`);
  const sizes = (match[2] ?? '').split(',').filter((word) => word.trim() !== '').map(Number);
  const most = SIZES[match[1]!] ?? 1;
  if (sizes.length > most) throw new Error(`${text} has ${sizes.length} sizes; ${match[1]!} has ${most === 0 ? 'none' : `at most ${most}`}`);
  const large = sizes.find((size) => size > LARGEST);
  if (large !== undefined) throw new Error(`${text}: the size ${large} is above ${LARGEST}, the largest that can be built`);
  const impossible = IMPOSSIBLE[match[1]!]?.(...sizes) ?? null;
  if (impossible !== null) throw new Error(`${text} cannot be built: ${impossible}`);
  return make(...sizes);
}
