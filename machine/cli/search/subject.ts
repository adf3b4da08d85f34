// What the long-running commands explore: a situation, or one of the small
// programs. It is plain data, so that another process or machine can build the
// same.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName, EngineOptions } from '../../explorer/engine';
import { ENGINES } from '../../explorer/engine';
import type { Program } from '../../explorer/program';
import type { Bounds } from '../../explorer/stateful/search';
import { programNamed, programNames } from '../../programs/named';
import { SITUATIONS, situationsOf } from '../../situations';
import { prepare, type Request } from '../../situations/check';
import { requestOf, UsageError, wholeNumber, type ChoosingOptions } from '../options';

/** A search as plain data: equal texts mean equal searches. */
export interface Subject {
  /** The version of this package: another version may explore something else. */
  readonly version: string;
  readonly about: { readonly program: string } | { readonly request: Request };
  readonly bounds: Bounds;
  readonly options: EngineOptions;
}

export interface SubjectOptions extends ChoosingOptions {
  readonly engine?: string;
  readonly seed?: string;
  readonly runs?: string;
}

/**
 * @param words a situation, a patch, or a program such as `xenpin(3, 2)`
 * @throws UsageError or SelectionError naming what is not known
 */
export function subjectOf(words: string, options: SubjectOptions): Subject {
  const { engine = 'auto', seed, runs } = options;
  if (!(ENGINES as readonly string[]).includes(engine)) throw new UsageError(`no engine "${engine}"; there are ${ENGINES.join(', ')}`);
  const request = requestOf(words, options);
  for (const bound of ['interrupts', 'switches'] as const) {
    if (options[bound] !== undefined && engine !== 'auto' && engine !== 'layered') throw new UsageError(`the ${engine} engine cannot be bounded by ${bound}; layered can`);
  }
  const about = isProgram(words) ? { program: words } : { request };
  if ('request' in about) prepare(about.request);
  else {
    checkProgram(words);
    refuseChoices(words, options);
  }
  const unused = (['seed', 'runs'] as const).find((name) => options[name] !== undefined);
  if (unused !== undefined && engine !== 'random') throw new UsageError(`--${unused} is about random runs; use it with --engine random`);
  return {
    version: (JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8')) as { version: string }).version,
    about,
    bounds: request.bounds ?? {},
    options: {
      engine: engine as EngineName,
      ...(seed === undefined ? {} : { seed: positive('--seed', seed) }),
      ...(runs === undefined ? {} : { runs: positive('--runs', runs) }),
    },
  };
}

/**
 * Refuses patches and parameters for a small program, which has none.
 *
 * @throws UsageError that names the option
 */
export function refuseChoices(program: string, options: ChoosingOptions): void {
  const given = [['patchesTyped', '--patches'], ['set', '--set'], ['invariant', '--invariant'], ['with', '--with'], ['without', '--without'], ['patchesFrom', '--patches-from']] as const;
  const found = given.find(([name]) => options[name] !== undefined);
  if (found) throw new UsageError(`${found[1]} is about situations; ${program} is a small program`);
}

/** Whether this names a small program, and not a situation. */
export function isProgram(words: string): boolean {
  const isSituation = SITUATIONS.some(({ id }) => id === words) || situationsOf(words).length > 0;
  return !isSituation && (programNames.includes(words.split('(')[0]!.trim()) || words.startsWith('litmus '));
}

/**
 * @throws UsageError if there is no such program
 */
export function checkProgram(words: string): void {
  try {
    programNamed(words);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A whole number above 0. */
export function positive(name: string, text: string, most?: number): number {
  return wholeNumber(name, text, 1, most);
}

/** The program, and the bounds with those of the situation. */
export function buildSubject({ about, bounds }: Pick<Subject, 'about' | 'bounds'>): { program: Program; bounds: Bounds } {
  if ('program' in about) return { program: programNamed(about.program), bounds };
  const prepared = prepare({ ...about.request, bounds });
  return { program: () => prepared.situation.build(prepared.choice), bounds: prepared.bounds };
}

/** For a reader. */
export function nameOf({ about }: Subject): string {
  return 'program' in about ? about.program : `${about.request.situation} with ${about.request.patches}`;
}
