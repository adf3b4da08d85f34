// The summary of a run, which is kept and compared with another: the verdict on each claim, and each search with
// what it found.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../machine/cli/options';
import type { Report } from '../chapters';
import { replayLine } from '../command-line';
import { conclusionOf } from '../static/words';

/** One search of a scenario. */
export interface KeptSearch {
  readonly scenario: string;
  /** Situation, hunks, parameters and requirements, as one text. */
  readonly about: string;
  readonly conclusion: string;
  /** Message and replay line of the shortest run; null if nothing was found. */
  readonly witness: { readonly message: string; readonly replay: string } | null;
}

export interface KeptRun {
  readonly format: 'verdicts/1';
  readonly claims: readonly { readonly id: string; readonly says: string; readonly verdict: string; readonly because: string }[];
  readonly searches: readonly KeptSearch[];
}

export function keptRunOf({ ledger, scenarios }: Report): KeptRun {
  return {
    format: 'verdicts/1',
    claims: ledger.map(({ claim: { id, says }, verdict, because }) => ({ id, says, verdict, because })),
    searches: scenarios.flatMap(({ id, evidence }) => evidence.map((each): KeptSearch => {
      const [finding] = each.verdict.findings;
      const { request, situation, hunks, parameters, invariants } = each;
      return {
        scenario: id,
        about: `${situation} with ${hunks.join(', ') || 'no hunk'}; ${Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`).join(', ')}; ${invariants.join(', ')}`,
        conclusion: conclusionOf(each),
        witness: finding ? { message: finding.message, replay: replayLine({ ...request, situation }, finding.witness.schedule) } : null,
      };
    })),
  };
}

/**
 * The run that is kept in `folder`.
 *
 * @throws UsageError if there is none
 */
export function readKeptRun(folder: string): KeptRun {
  const file = join(folder, 'verdicts.json');
  if (!existsSync(file)) throw new UsageError(`there is no run to compare with in "${folder}": it lacks verdicts.json, which every review writes`);
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as KeptRun;
    if (run.format === 'verdicts/1' && isListOf(run.claims, 'id') && isListOf(run.searches, 'about')) return run;
  } catch {
    // Said below.
  }
  throw new UsageError(`"${file}" is not a kept run; legal: the verdicts.json that a review has written`);
}

const isListOf = (items: unknown, name: string): boolean => Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null && typeof (item as Record<string, unknown>)[name] === 'string');

/** What differs between two runs, line by line; empty if nothing does. */
export function changesSince(before: KeptRun, now: KeptRun): string[] {
  const told: string[] = [];
  const earlier = new Map(before.claims.map((claim) => [claim.id, claim]));
  for (const { id, says, verdict, because } of now.claims) {
    const old = earlier.get(id);
    if (!old) told.push(`claim ${id} is new, ${verdict}: ${says}`);
    else if (old.verdict !== verdict) told.push(`claim ${id} was ${old.verdict} and is ${verdict} (${because}): ${says}`);
  }
  for (const { id, verdict } of before.claims) if (!now.claims.some((claim) => claim.id === id)) told.push(`claim ${id} is gone; it was ${verdict}`);
  const searches = (run: KeptRun): Map<string, KeptSearch> => new Map(run.searches.map((search) => [search.about, search]));
  const [old, fresh] = [searches(before), searches(now)];
  for (const [about, search] of fresh) {
    const was = old.get(about);
    if (!was) continue;
    if (was.conclusion !== search.conclusion) told.push(`${about}: ${was.conclusion} before, ${search.conclusion} now`, ...witnesses(was, search));
    else if (was.witness?.message !== search.witness?.message) told.push(`${about}: fails in another way`, ...witnesses(was, search));
  }
  return told;
}

function witnesses(was: KeptSearch, is: KeptSearch): string[] {
  return [['before', was.witness] as const, ['now', is.witness] as const].flatMap(([when, witness]) => (witness === null ? [] : [`  ${when}: ${witness.message}`, `    ${witness.replay}`]));
}
