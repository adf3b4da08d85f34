// Which programs need no comparison of their own, since a simpler one has the same outcomes. Each rule is a statement about both the machine and the
// axioms. `npm run transistency -- 4 2 --rules` checks the rules by the axioms, for all programs of that length; if machine and axioms agree on
// all of these, the rules hold on the machine too. For longer programs the rules are justified by their reasons alone.

import type { Axioms } from './axioms';
import type { Comparison } from './compare';
import { textOf, type Family, type Op, type Program } from './operations';

/** One operation of a simplified program, and its place in the original program. */
interface Part {
  readonly op: Op;
  readonly at: number;
}

type Parts = readonly (readonly Part[])[];

/** A simpler program, and how its outcomes are expressed in terms of the program that it stands for. */
export interface Simpler {
  readonly rule: string;
  readonly program: Program;
  outcomesOf(outcomes: readonly string[]): string[];
}

export interface Rule {
  readonly about: string;
  /** What is left; the same lists if the rule does not apply. */
  apply(parts: Parts, family: Family): Parts;
}

/** Operations that no store and no later load can pass. INVLPG is serialising. */
const DRAINING: readonly Op[] = ['inv', 'beside', 'fence', 'xchg', 'clear'];
const DROPPING: readonly Op[] = ['inv', 'beside'];
const STORING: readonly Op[] = ['map', 'lift', 'st', 'poke'];
const WALKING: readonly Op[] = ['ld', 'st'];
const TELLING: readonly Op[] = ['ld', 'xchg', 'look', 'clear'];
/** A flush counts too: its interrupt must not overtake earlier stores. */
const READING: readonly Op[] = [...WALKING, 'look', 'flush'];

const has = (parts: Parts, ...ops: readonly Op[]): boolean => parts.some((list) => list.some(({ op }) => ops.includes(op)));
const replaced = (parts: Parts, from: Op, to: Op): Parts => parts.map((list) => list.map((part) => (part.op === from ? { ...part, op: to } : part)));
const without = (parts: Parts, isDropped: (list: readonly Part[], i: number) => boolean): Parts => parts.map((list) => list.filter((_, i) => !isDropped(list, i)));
/** What comes between the last draining operation and this one, and between this one and the next. */
const since = (list: readonly Part[], i: number): Op[] => list.slice(0, i).map(({ op }) => op).slice(lastDraining(list.slice(0, i)) + 1);
const lastDraining = (list: readonly Part[]): number => list.map(({ op }) => DRAINING.includes(op)).lastIndexOf(true);
function until(list: readonly Part[], i: number): Op[] {
  const rest = list.slice(i + 1).map(({ op }) => op);
  const end = rest.findIndex((op) => DRAINING.includes(op));
  return end < 0 ? rest : rest.slice(0, end);
}
/** A walk that nothing uses leaves a mark, so that it is read where no operation reads. */
const isIdle = (list: readonly Part[], i: number, marks: boolean): boolean =>
  !since(list, i).some((op) => STORING.includes(op)) || (marks ? isBeside(list, i, DRAINING) : !until(list, i).some((op) => READING.includes(op)));
/** Whether a neighbour of the operation is one of these; of two that could be dropped, one stays. */
const isBeside = (list: readonly Part[], i: number, ops: readonly Op[]): boolean => [list[i - 1], list[i + 1]].some((other) => other !== undefined && ops.includes(other.op));

/** In the order in which they are tried. */
export const RULES: Readonly<Record<string, Rule>> = {
  exchange: {
    about: 'a word that only one processor exchanges is private to it: what remains of an exchange is a fence',
    apply: (parts) => (parts.filter((list) => list.some(({ op }) => op === 'xchg')).length === 1 ? replaced(parts, 'xchg', 'fence') : parts),
  },
  unseen: {
    about: 'if nothing loads, and walks leave no marks, only exchanges show anything',
    apply: (parts, { marks }) => (marks || has(parts, 'ld') ? parts : without(parts, (list, i) => list[i]!.op !== 'xchg')),
  },
  unchanged: {
    about: 'if no entry changes, INVLPG is a fence, and where walks leave no marks, a store through the page is one to its frame',
    apply: (parts, { marks }) => {
      if (has(parts, 'map', 'lift', 'clear')) return parts;
      const still = replaced(replaced(parts, 'inv', 'fence'), 'beside', 'fence');
      return marks ? still : replaced(still, 'st', 'poke');
    },
  },
  above: {
    about: 'if the entry above does not change, INVLPG of another page is a fence',
    apply: (parts) => (has(parts, 'lift') ? parts : replaced(parts, 'beside', 'fence')),
  },
  unused: {
    about: 'if walks leave no marks, INVLPG after the last access through the page drops nothing that is used: it is a fence',
    apply: (parts, { marks }) =>
      marks ? parts : parts.map((list) => list.map((part, i) => (DROPPING.includes(part.op) && !list.slice(i).some(({ op }) => WALKING.includes(op)) ? { ...part, op: 'fence' } : part))),
  },
  first: {
    about: 'if walks leave no marks, INVLPG before all other operations drops nothing that differs from what is loaded later',
    apply: (parts, { marks }) => (marks ? parts : firstOf(parts, (list, i) => i === 0 && DROPPING.includes(list[0]!.op))),
  },
  idle: {
    about: 'a fence orders a store before later reads: it has no effect if no store waits, or if nothing is read before another operation has the same effect',
    apply: (parts, { marks }) => firstOf(parts, (list, i) => list[i]!.op === 'fence' && isIdle(list, i, marks)),
  },
  again: {
    about: 'two adjacent INVLPG are one INVLPG of the larger part; a walk between them that nothing uses leaves no mark',
    apply: (parts, { marks }) =>
      marks ? parts : firstOf(parts, (list, i) => (list[i]!.op === 'inv' && list[i + 1]?.op === 'inv') || (list[i]!.op === 'beside' && isBeside(list, i, DROPPING))),
  },
  same: {
    about: 'a processor that stores the same value to an entry again changes nothing, if nothing else is ever stored there',
    apply: (parts, { marks }) => (marks ? parts : without(parts, (list, i) => ['map', 'lift'].includes(list[i]!.op) && list.slice(0, i).some(({ op }) => op === list[i]!.op))),
  },
};

/** Drops only the first operation for which that is true, since the next one may be needed without it. */
function firstOf(parts: Parts, isDropped: (list: readonly Part[], i: number) => boolean): Parts {
  for (const [cpu, list] of parts.entries()) {
    const found = list.findIndex((_, i) => isDropped(list, i));
    if (found >= 0) return parts.map((other, i) => (i === cpu ? other.filter((_, at) => at !== found) : other));
  }
  return parts;
}

/** The program as one rule simplifies it; null if none does. It can have a processor with nothing to do. */
export function simplerThan(program: Program, family: Family, rules: Readonly<Record<string, Rule>> = RULES): Simpler | null {
  const parts = program.map((ops) => ops.map((op, at) => ({ op, at })));
  for (const [rule, { apply }] of Object.entries(rules)) {
    const left = apply(parts, family);
    const simpler = left.map((list) => list.map(({ op }) => op));
    if (textOf(simpler) !== textOf(program)) return { rule, program: simpler, outcomesOf: (outcomes) => retold(outcomes, program, left) };
  }
  return null;
}

/** Whether the axioms allow a program the same outcomes as the simpler one. */
export function checkRule(program: Program, simpler: Simpler, axioms: Axioms): Comparison {
  const allowed = axioms.allowed(program);
  const told = simpler.outcomesOf(axioms.allowed(simpler.program));
  if (allowed.join() === told.join()) return { outcomes: allowed.length, difference: null };
  return { outcomes: allowed.length, difference: `by the rule ${simpler.rule}, ${textOf(simpler.program)} stands for it: that gives ${told.join(', ')}, and the program itself to ${allowed.join(', ')}` };
}

/** The outcomes of `left` in terms of `program`: with its names, and with the results of exchanges that were dropped. */
function retold(outcomes: readonly string[], program: Program, left: Parts): string[] {
  const renamed = (word: string): string => word.replace(/(\d+)#(\d+)/g, (_, cpu: string, at: string) => `${cpu}#${left[Number(cpu)]![Number(at)]!.at}`);
  const retell = (cpu: number, said: string[]): string => {
    const told: string[] = [];
    let last = '0';
    for (const [at, op] of program[cpu]!.entries()) {
      if (!TELLING.includes(op)) continue;
      const isOwn = op === 'xchg' && !left[cpu]!.some((part) => part.at === at && part.op === 'xchg');
      const word = isOwn ? `x=${last}` : said.shift();
      if (word !== undefined) told.push(word);
      if (op === 'xchg') last = `${cpu}#${at}`;
    }
    return [...told, ...said].join(' '); // what remains is a fault, which ends a program
  };
  return outcomes
    .map((outcome) => {
      const said = outcome.split('|').map((text) => renamed(text).split(' ').filter((word) => word !== ''));
      return program.map((_, cpu) => retell(cpu, said[cpu] ?? [])).join(' | ').trim();
    })
    .sort();
}
