// All small programs, up to an exchange of equivalent CPUs.

import { randomFrom } from '../../../machine/explorer/oracle/sampling';
import type { Family, Op, Program } from './operations';

/** Every list of `length` operations; with operations that flush others only if it may. */
function lists(alphabet: readonly Op[], length: number, mayFlush: boolean): Op[][] {
  if (length === 0) return [[]];
  const ops = alphabet.filter((op) => mayFlush || op !== 'flush');
  return lists(alphabet, length - 1, mayFlush).flatMap((list) => ops.map((op) => [...list, op]));
}

/** The ways to divide `total` operations among `cpus`, each CPU with at least one. */
function divisions(total: number, cpus: number): number[][] {
  if (cpus === 1) return [[total]];
  return Array.from({ length: total - cpus + 1 }, (_, i) => i + 1).flatMap((first) => divisions(total - first, cpus - 1).map((rest) => [first, ...rest]));
}

const text = (ops: readonly Op[]): string => ops.join(' ');

/** Whether no exchange of CPUs gives an earlier program; the first CPU may be exchanged too unless it flushes others. */
function isFirstOfItsKind(program: Program): boolean {
  const rest = program[0]!.includes('flush') ? program.slice(1) : program;
  return rest.every((ops, i) => i === 0 || text(rest[i - 1]!) <= text(ops));
}

/** Whether the program can show anything: something is read, and the entries or a word change. */
function tells(program: Program, { marks }: Family): boolean {
  const ops = program.flat();
  const changing: readonly Op[] = ['map', 'lift', 'st', 'poke', 'xchg', 'clear', ...(marks ? ['ld' as const] : [])];
  return ops.some((op) => ['ld', 'xchg', 'look', 'clear'].includes(op)) && ops.some((op) => changing.includes(op));
}

/** Every program of `cpus` processors and `total` operations. */
export function* programs(family: Family, cpus: number, total: number): Generator<Program> {
  for (const division of divisions(total, cpus)) {
    const parts = division.map((length, cpu) => lists(family.ops, length, cpu === 0));
    yield* combine(parts, [], (program) => isFirstOfItsKind(program) && tells(program, family));
  }
}

/** Decides for each program whether it is drawn, with a chance of one in `oneIn`. */
export function sampleOf(oneIn: number, seed: number): () => boolean {
  const random = randomFrom(seed);
  return () => random() * oneIn < 1;
}

function* combine(parts: readonly Op[][][], chosen: readonly Op[][], isWanted: (program: Program) => boolean): Generator<Program> {
  const [first, ...rest] = parts;
  if (first === undefined) {
    if (isWanted(chosen)) yield chosen;
    return;
  }
  for (const ops of first) yield* combine(rest, [...chosen, ops], isWanted);
}
