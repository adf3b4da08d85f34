// A search on several machines in which each state is explored by one of them.
// Each machine explores one share, round after round, and the moves that lead to
// states of another share go into a folder that all of them can read and write.

import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assemble, type DoneRound } from '../../explorer/shared/assemble';
import { ownersAmong } from '../../explorer/shared/owners';
import { ShardRound, type Round } from '../../explorer/shared/round';
import type { Portion } from '../../explorer/shared/search';
import type { Search } from '../../explorer/stateful/search';
import { UsageError } from '../options';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import type { Interruption } from './long-run';
import type { Shard } from './shard';
import { buildSubject, type Subject } from './subject';
import type { Look } from './together';

/** Everything about a round that is not a table of numbers. */
type Notes = Omit<Portion, 'starts' | 'moves' | 'finished' | 'outcomeOf' | 'taken'> & { readonly begins: boolean; readonly subject: Subject };

const NAME = /^shard-(\d+)-of-(\d+)-round-(\d+)$/;
const NO_NUMBERS = new Int32Array(0);
const nameOf = ({ index, count }: Shard, round: number): string => `shard-${index}-of-${count}-round-${round}`;

/** The result of a call. */
export type Turn =
  | { readonly became: 'round'; readonly round: number; readonly states: number; readonly all: number; readonly handed: number; readonly broken: number }
  | { readonly became: 'waiting'; readonly round: number; readonly missing: readonly string[] }
  | { readonly became: 'finished'; readonly round: number }
  | { readonly became: 'stopped'; readonly round: number; readonly why: Exclude<Interruption, null> };

/** Moves between two checks. */
const STRIDE = 1000;

/**
 * Does the next round of a shard, if the others have done theirs. A round that is stopped leaves nothing behind, and is done again.
 *
 * @throws UsageError if the search has a bound, which no shard could heed by itself, or something in the folder is of another search
 */
export async function exchange(subject: Subject, shard: Shard, folder: string, look: Look): Promise<Turn> {
  const { program, bounds } = buildSubject(subject);
  const bound = (['interrupts', 'switches', 'states'] as const).filter((name) => bounds[name] !== undefined).join(' and ');
  if (bound !== '') throw new UsageError(`the search has a bound on ${bound}, and --exchange is for searches without one`);
  mkdirSync(folder, { recursive: true });
  const mine = roundsOf(folder, subject, shard);
  const before = mine.length;
  const others = Array.from({ length: shard.count }, (_, i) => ({ index: i + 1, count: shard.count })).filter(({ index }) => index !== shard.index);
  const theirs = before === 0 ? [] : others.map((other) => ({ other, done: read(folder, subject, other, before) }));
  const missing = theirs.filter(({ done }) => done === null).map(({ other }) => nameOf(other, before));
  if (missing.length > 0) return { became: 'waiting', round: before, missing };
  if (before > 0 && [mine.at(-1)!, ...theirs.map(({ done }) => done!)].every(isLast)) return { became: 'finished', round: before };

  const round = new ShardRound(program(), ownersAmong(shard.count, program), { me: shard.index - 1, shards: shard.count, earlier: mine, handed: theirs.map(({ done }) => done!.handed[shard.index - 1]!) });
  while (round.advance(STRIDE)) {
    const why = look(round.progress);
    if (why !== null) return { became: 'stopped', round: before + 1, why };
    await new Promise((resolve) => setImmediate(resolve));
  }
  const found = round.result();
  const { portion: { starts, moves, finished, outcomeOf, taken, ...notes }, lanes, elsewhere, begins, handed } = found;
  writeCheckpoint(join(folder, nameOf(shard, before + 1)), subject, { notes: { ...notes, begins, subject }, tables: [lanes, elsewhere, starts, moves, finished, outcomeOf, taken, ...handed] });
  return {
    became: 'round', round: before + 1, states: statesIn(found), all: [...mine, found].reduce((sum, one) => sum + statesIn(one), 0), handed: handedIn(found),
    broken: new Set([...mine, found].flatMap(({ portion }) => portion.violations.map(({ invariant, message }) => `${invariant}: ${message}`))).size,
  };
}

const statesIn = ({ lanes }: Round): number => lanes.length / 2;

/** How many states it hands over. */
function handedIn({ handed }: Round): number {
  let count = 0;
  for (const list of handed) for (let at = 0; at < list.length; at += 4 + list[at + 3]!) count++;
  return count;
}

const isLast = ({ handed }: Round): boolean => handed.every(({ length }) => length === 0);

/** The rounds that a shard has done, in order. */
function roundsOf(folder: string, subject: Subject, shard: Shard): Round[] {
  const rounds: Round[] = [];
  for (let round = read(folder, subject, shard, 1); round !== null; round = read(folder, subject, shard, rounds.length + 1)) rounds.push(round);
  return rounds;
}

function read(folder: string, subject: Subject, shard: Shard, round: number): Round | null {
  const kept = readCheckpoint<Notes>(join(folder, nameOf(shard, round)), subject, 'a round of a shard');
  if (kept === null) return null;
  const { notes: { begins, ...notes }, tables: [lanes = NO_NUMBERS, elsewhere = NO_NUMBERS, starts = NO_NUMBERS, moves = NO_NUMBERS, finished = NO_NUMBERS, outcomeOf = NO_NUMBERS, taken = NO_NUMBERS, ...handed] } = kept;
  return { portion: { ...notes, starts, moves, finished, outcomeOf, taken }, lanes, elsewhere, begins, handed };
}

/** The combined result of the shards in a folder. */
export interface Exchanged {
  readonly subject: Subject;
  readonly search: Search;
  /** What is left to do; null if nothing is. */
  readonly left: string | null;
}

/** Whether it is a folder through which shards hand states over. */
export function isExchange(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true && readdirSync(file).some((name) => NAME.test(name));
}

/**
 * Joins the rounds in a folder into one search.
 *
 * @throws UsageError if they are of different searches, or of different numbers of shards
 */
export function joinExchange(folder: string): Exchanged {
  const names = readdirSync(folder).filter((name) => NAME.test(name)).sort();
  const counts = [...new Set(names.map((name) => Number(NAME.exec(name)![2])))];
  if (counts.length > 1) throw new UsageError(`"${folder}" has rounds of a search on ${counts[0]} and of one on ${counts[1]} machines; legal: those of one search`);
  const count = counts[0]!;
  const subject = subjectIn(join(folder, names[0]!));
  const all = Array.from({ length: count }, (_, i) => roundsOf(folder, subject, { index: i + 1, count }));
  const most = Math.max(...all.map(({ length }) => length));
  const late = all.flatMap(({ length }, i) => (length < most ? [nameOf({ index: i + 1, count }, length + 1)] : []));
  const left = late.length > 0 ? `missing: ${late.join(', ')}` : all.every((rounds) => isLast(rounds.at(-1)!)) ? null : `round ${most} has handed states over: every shard has a further round to do`;
  const rounds = all.flatMap((own, shard) => own.map((round): DoneRound => ({ ...round, shard })));
  return { subject, search: assemble(rounds, left === null), left };
}

function subjectIn(file: string): Subject {
  const kept = readCheckpoint<Notes>(file, null, 'a round of a shard');
  return kept!.notes.subject;
}
