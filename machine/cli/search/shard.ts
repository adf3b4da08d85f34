// One search on several machines: each explores every n-th part and writes its
// result to a file; `merge` joins the files. They belong to one search only if
// version, program, hunks, bounds and engine are the same.

import { readFileSync, writeFileSync } from 'node:fs';
import type { EngineName } from '../../explorer/engine';
import { mergeReports, type PartReport } from '../../explorer/parts/partition';
import { UsageError } from '../options';
import { unusable } from '../unusable';
import { refuseEndless } from './limits';
import type { Subject } from './subject';

/** Which part of a search: the `index`-th of `count`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The result of one shard. */
export interface ShardFile {
  readonly subject: Subject;
  readonly shard: Shard;
  readonly report: PartReport;
}

/** Parses `2/5`. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > count) throw new UsageError(`--shard "${text}" is not of the form 2/5, from 1/5 to 5/5`);
  return { index, count };
}

/**
 * Parts for each shard or thread: more than one, so that the work is about evenly divided. But parts of the reduced search do not know
 * each other's states, so states that several of them reach are explored repeatedly, and fewer parts are better.
 */
export const partsEach = (engine: EngineName | undefined): number => (engine === 'reduced' ? 1 : 16);

/** The parts of a shard. */
export function partsFor<T>(parts: readonly T[], { index, count }: Shard): T[] {
  return parts.filter((_, i) => i % count === index - 1);
}

export function writeShard(file: string, shard: ShardFile): void {
  writeFileSync(file, `${JSON.stringify(shard)}\n`);
}

/** The combined result of shard files. */
export interface Merged {
  readonly subject: Subject;
  readonly report: PartReport;
  /** Numbers of the missing shards. */
  readonly missing: readonly number[];
}

/**
 * Joins the results of shards.
 *
 * @throws UsageError if they are of different searches, or of different splits
 */
export function mergeShards(files: readonly string[]): Merged {
  if (files.length === 0) throw new UsageError('which files? usage: paravirt-spec merge FILE…');
  const shards = files.map((file) => ({ file, ...readShard(file) }));
  const first = shards[0]!;
  for (const { file, subject, shard } of shards) {
    if (JSON.stringify(subject) !== JSON.stringify(first.subject)) {
      throw new UsageError(`${file} belongs to another search than ${first.file}: ${JSON.stringify(subject)}, not ${JSON.stringify(first.subject)}`);
    }
    if (shard.count !== first.shard.count) throw new UsageError(`${file} is one of ${shard.count} shards, ${first.file} one of ${first.shard.count}`);
  }
  const byIndex = new Map(shards.map(({ shard, report }) => [shard.index, report]));
  const missing = Array.from({ length: first.shard.count }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  const report = mergeReports([...byIndex].sort(([one], [other]) => one - other).map(([, part]) => part));
  return { subject: first.subject, report: { ...report, complete: report.complete && missing.length === 0 }, missing };
}

function readShard(file: string): ShardFile {
  refuseEndless(file);
  try {
    const shard = JSON.parse(readFileSync(file, 'utf8')) as Partial<ShardFile>;
    if (shard?.subject && shard.shard && shard.report) return shard as ShardFile;
  } catch (error) {
    const wrong = unusable(error);
    if (wrong !== null) throw new UsageError(`the shard "${file}" cannot be read: ${wrong.reason}`);
  }
  throw new UsageError(`${file} is not the result of a shard`);
}
