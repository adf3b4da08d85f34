// Which engine can finish which situation, and how its answer compares with that of the search that keeps the whole graph. The
// answers are kept in a file, kernel by kernel, so a run that is stopped loses nothing and the next continues with the missing kernels.

import { appendFileSync } from 'node:fs';
import type { EngineName } from '../../../machine/explorer/engine';
import type { Program } from '../../../machine/explorer/program';
import { SITUATIONS } from '../../../machine/situations';
import type { Situation } from '../../../machine/situations/types';
import { atRest, auditInterchangeable } from '../audited';
import { differencesBetween, programOf, rowOf, type Row } from './situations';
import { linesIn, sourcesIn } from './tally';

/** An engine, or one without the declaration of what is `interchangeable`; or what the situation declares. */
export type Asked = EngineName | 'reduced, twins apart' | 'declarations';

/** The answer of one engine on one situation, before or after its patch. */
export interface Held {
  readonly situation: string;
  readonly patches: 'none' | 'all';
  readonly engine: Asked;
  /** The engine that decided, if `auto` chose. */
  readonly by?: EngineName;
  /** `agrees`, `differs`, or why there is nothing to compare. */
  readonly said: string;
  readonly differences: readonly string[];
  /** States, or executions if the engine does not know states, up to where it stopped. */
  readonly size: number;
  /** Of processor time. */
  readonly seconds: number;
  /** What the situation declares: that it runs out, that it never ends, how many of its things are interchangeable. */
  readonly declares: readonly string[];
  /** The version of the sources; see sourcesIn. */
  readonly machine: string;
}

/** The bounds for a kernel: events of the search with the whole graph in each round, and what each other engine may take. */
export interface Patience {
  /** A kernel that exceeds the first bound is left to the next round, so that the smallest come first. */
  readonly rounds: readonly number[];
  /** This many events, and this many more for each event of the search that it is compared with. */
  readonly own: Readonly<Partial<Record<Asked, { readonly least: number; readonly foreach: number }>>>;
}

export const PATIENCE: Patience = {
  rounds: [20_000, 200_000, 1_000_000, 4_000_000],
  own: {
    layered: { least: 20_000, foreach: 3 }, reduced: { least: 20_000, foreach: 3 }, 'reduced, twins apart': { least: 20_000, foreach: 3 },
    optimal: { least: 30_000, foreach: 1 }, auto: { least: 50_000, foreach: 6 },
  },
};

/** If the search with the whole graph sees more states than this, brute force is not tried. */
const ORACLE = 40_000;

/** How many moves brute force may take. */
const BY_TEXT = 1_000_000;

/** What is kept in a file; nothing if there is no such file. */
export const heldIn = (file: string): readonly Held[] => linesIn<Held>(file, 'verdict');

/** The version of all sources of the machine, as one short name. */
export const machineAsked = (): string => sourcesIn(['machine']);

/**
 * Explores those situations, before and after, for which a file has no answer by the current sources: the
 * smallest first, and by brute force, which compares states by their text, last.
 *
 * @param file null if nothing is to be kept
 * @param tell is called with a line for each kernel
 * @param ids which situations; all if not given
 * @returns all answers by these sources
 */
export function holdSituations(file: string | null, tell: (line: string) => void, ids: readonly string[] = SITUATIONS.map(({ id }) => id), patience = PATIENCE): readonly Held[] {
  const machine = machineAsked();
  const held = file === null ? [] : heldIn(file).filter((one) => one.machine === machine);
  const keep = ({ situation, patches, program }: Kernel, said: readonly Said[]): void => {
    const rows = said.map((row): Held => ({ situation: situation.id, patches, ...row, declares: declaredBy(program), machine }));
    held.push(...rows);
    if (file !== null) appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    tell(lineOf(rows));
  };
  const kernels = SITUATIONS.filter(({ id }) => ids.includes(id))
    .flatMap((situation) => (['none', 'all'] as const).map((patches): Kernel => ({ situation, patches, program: programOf(situation, patches) })));
  const saidOf = (kernel: Kernel, engine: Asked): Held | undefined => held.find((row) => row.situation === kernel.situation.id && row.patches === kernel.patches && row.engine === engine);
  for (const [n, events] of patience.rounds.entries()) {
    for (const kernel of kernels) {
      if (saidOf(kernel, 'stateful')) continue;
      const said = askEach(kernel.program, events, n === patience.rounds.length - 1, patience);
      if (said !== null) keep(kernel, said);
    }
  }
  const small = kernels.map((kernel) => ({ kernel, stateful: saidOf(kernel, 'stateful')! }))
    .filter(({ kernel, stateful: { said, size } }) => said === 'agrees' && size <= ORACLE && !saidOf(kernel, 'brute-force'))
    .sort((one, other) => one.stateful.size - other.stateful.size);
  for (const { kernel } of small) keep(kernel, [askByForce(kernel.program)]);
  for (const kernel of kernels) if (saidOf(kernel, 'stateful')?.said === 'agrees' && !saidOf(kernel, 'declarations')) keep(kernel, [auditDeclared(kernel.program)]);
  return held;
}

interface Kernel {
  readonly situation: Situation;
  readonly patches: 'none' | 'all';
  readonly program: Program;
}

/** More states than these are not audited. */
const AUDITED = 1_000;

/** Whether what a situation declares interchangeable really is, and whether it declares that it runs out if that is true; each search checks that it is true if declared. */
export function auditDeclared(program: Program): Said {
  const start = process.cpuUsage();
  const { runsOut: says = false, endless = false, interchangeable = [] } = program();
  const audited = interchangeable.length === 0 ? null : auditInterchangeable(program, AUDITED);
  const differences = [
    ...(endless ? ['says that it is endless, as no situation is'] : []),
    ...(audited === null || audited.objection === null ? [] : [audited.objection]),
    ...(!says && atRest(program) === 'nothing comes' ? ['does not say that it runs out, and nothing can come when all work is done'] : []),
  ];
  const { user } = process.cpuUsage(start);
  const said = differences.length > 0 ? 'differs' : audited === null || audited.isComplete ? 'agrees' : `agrees, as far as ${audited.states} states show`;
  return { engine: 'declarations', said, differences, size: audited?.states ?? 0, seconds: user / 1e6 };
}

function declaredBy(program: Program): string[] {
  const { runsOut, endless, interchangeable = [] } = program();
  return [...(runsOut ? ['runsOut'] : []), ...(endless ? ['endless'] : []), ...interchangeable.map(({ kind, members }) => `${members.length} ${kind}`)];
}

export type Said = Pick<Held, 'engine' | 'by' | 'said' | 'differences' | 'size' | 'seconds'>;

/**
 * Runs every engine except brute force, each within its bound. If the search with the whole graph is too large, the others are compared
 * with the reduced search, if that finishes.
 *
 * @returns null if the kernel is too large and this is not the last round
 */
export function askEach(program: Program, events: number, isLast: boolean, { own } = PATIENCE): Said[] | null {
  const whole = rowOf(program, 'stateful', events);
  if (!whole.verdict.complete && !isLast) return null;
  const { processes: { length: processes }, runsOut, interchangeable = [] } = program();
  const bounded = (engine: Exclude<Asked, 'declarations'>, limit: number): Row => (engine === 'reduced, twins apart' ? rowOf(apart(program), 'reduced', limit) : rowOf(program, engine, limit));
  const rows: Said[] = [whole.verdict.complete ? saidBy('stateful', whole, 'agrees') : saidBy('stateful', whole, tooLarge(whole, events))];
  const others: readonly Exclude<Asked, 'declarations'>[] = ['layered', 'reduced', ...(interchangeable.length > 0 ? ['reduced, twins apart' as const] : []), 'optimal', 'auto'];
  let against = whole;
  if (!whole.verdict.complete) {
    const reduced = processes > 31 ? null : rowOf(program, 'reduced', events);
    if (reduced !== null && reduced.verdict.complete) against = reduced;
  }
  for (const engine of others) {
    const { verdict: { complete, events: taken, search: { cyclic } } } = against;
    const isReduction = engine === 'reduced' || engine === 'reduced, twins apart' || engine === 'optimal';
    const none = isReduction && processes > 31 ? 'cannot distinguish so many processes'
      : isReduction && complete && cyclic ? 'cannot end, as runs repeat a state'
        : null;
    if (none !== null) {
      rows.push({ engine, said: none, differences: [], size: 0, seconds: 0 });
      continue;
    }
    if (engine === 'reduced' && against !== whole) {
      rows.push(saidBy(engine, against, 'the others are compared with it'));
      continue;
    }
    const { least, foreach } = own[engine]!;
    const limit = least + foreach * (complete ? taken : 0);
    const row = bounded(engine, limit);
    if (!row.verdict.complete) rows.push(saidBy(engine, row, tooLarge(row, limit)));
    else if (!complete) rows.push(saidBy(engine, row, 'ends, with nothing to compare it with'));
    else {
      const differences = differencesBetween(against.verdict, row.verdict, row.verdict.engine !== 'optimal' || runsOut === true);
      rows.push({ ...saidBy(engine, row, differences.length > 0 ? 'differs' : 'agrees'), differences });
    }
  }
  return rows;
}

/** The answer of brute force, compared with that of the search with the whole graph, which is made again. */
export function askByForce(program: Program): Said {
  const whole = rowOf(program, 'stateful', Infinity);
  const row = rowOf(program, 'brute-force', BY_TEXT);
  if (!row.verdict.complete) return saidBy('brute-force', row, tooLarge(row, BY_TEXT));
  const differences = differencesBetween(whole.verdict, row.verdict, true);
  return { ...saidBy('brute-force', row, differences.length > 0 ? 'differs' : 'agrees'), differences };
}

/** The same program, without the declaration that some of its things are interchangeable. */
function apart(program: Program): Program {
  return () => ({ ...program(), interchangeable: [] });
}

function tooLarge({ verdict: { states, executions, events, search } }: Row, limit: number): string {
  if (search.cyclic) return 'cannot end, as runs repeat a state';
  const reached = states > 0 ? `${states} states` : `${executions ?? 0} executions`;
  return events <= limit ? `given up, at ${reached}` : `too large: more than ${reached}, in ${limit} events`;
}

function saidBy(engine: Asked, { verdict, seconds }: Row, said: string): Said {
  return { engine, ...(engine === 'auto' ? { by: verdict.engine } : {}), said, differences: [], size: verdict.states || (verdict.executions ?? 0), seconds };
}

function lineOf(rows: readonly Held[]): string {
  const { situation, patches, declares } = rows[0]!;
  return `${situation} with ${patches}${declares.length > 0 ? ` (${declares.join(', ')})` : ''}: ${rows.map(({ engine, by, said, size, seconds, differences }) => `${engine}${by === undefined ? '' : `, by ${by},`} ${said}, ${size}, ${seconds.toFixed(1)} s${differences.map((one) => `; ${one}`).join('')}`).join(' | ')}`;
}

const isCompared = ({ said }: Held): boolean => said === 'agrees' || said === 'differs';

/** A table of kernels by engines, with a summary. */
export function tableOf(held: readonly Held[]): string[] {
  const kernels = new Map<string, Held[]>();
  for (const row of held) {
    const kernel = `${row.situation} with ${row.patches}`;
    kernels.set(kernel, [...(kernels.get(kernel) ?? []), row]);
  }
  const declarations = held.filter(({ engine }) => engine === 'declarations');
  const others = held.filter(({ engine }) => engine !== 'stateful' && engine !== 'declarations');
  const compared = others.filter(isCompared);
  const differing = compared.filter(({ said }) => said === 'differs').length;
  const machines = [...new Set(held.map(({ machine }) => machine))].filter((machine) => machine !== machineAsked());
  return [
    ...Array.from(kernels.values(), lineOf),
    ...slownessOf(held),
    ...(machines.length > 0 ? [`by other sources of the machine than those of now: ${machines.join(', ')}`] : []),
    ...(declarations.length > 0 ? [`${declarations.length} kernels had their declarations audited, ${declarations.filter(({ said }) => said === 'differs').length} say what is not so, ${declarations.filter(({ said }) => said.includes('as far as')).length} were audited in part, ${declarations.filter(({ said }) => said.includes('could say')).length} could say that they run out`] : []),
    `${kernels.size} kernels, ${compared.length} comparisons, ${differing} differences, ${others.length - compared.length} not made because of their size`,
  ];
}

/** What `auto` may take: this many times as long as the best engine, and this many seconds more. */
const TIMES = 2;
const SLACK = 0.2;

/** How many times as long as the best engine `auto` takes, the worst first, and where it takes more than it may. */
export function slownessOf(held: readonly Held[]): string[] {
  const ended = held.filter((row) => row.engine !== 'declarations' && (isCompared(row) || row.said === 'the others are compared with it'));
  const slow = ended.filter(({ engine }) => engine === 'auto').map(({ situation, patches, seconds }) => {
    const best = ended.filter((row) => row.situation === situation && row.patches === patches && row.engine !== 'auto').reduce((least, row) => (row.seconds < least.seconds ? row : least));
    return { kernel: `${situation} with ${patches}`, seconds, best, excess: seconds - TIMES * best.seconds - SLACK };
  }).sort((one, other) => other.excess - one.excess);
  if (slow.length === 0) return [];
  const over = slow.filter(({ excess }) => excess > 0).length;
  return [
    `auto takes more than ${TIMES} times the best engine and ${SLACK} s on ${over} of ${slow.length} kernels; the slowest:`,
    ...slow.slice(0, 5).map(({ kernel, seconds, best }) => `  ${kernel}: ${seconds.toFixed(2)} s, ${best.engine} ${best.seconds.toFixed(2)} s`),
  ];
}
