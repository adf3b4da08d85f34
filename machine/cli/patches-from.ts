// A real diff as the choice of hunks: `--patches-from FILE`, `--patches @FILE`, `PATCHES=@FILE`.

import { readFileSync } from 'node:fs';
import { PATCHES } from '../patches';
import { recogniseDiffs, type Recognised, type RecognisedDiff } from '../patches/diff/recognise';
import { SelectionError } from '../patches/selection';

/** A diff from a file, and what it stands for. */
export interface DiffChoice {
  readonly file: string;
  /** In the words of `patches/selection`: nothing but what the diff brings. */
  readonly selection: string;
  readonly diff: RecognisedDiff;
}

/**
 * The diffs in a file in which there is a hunk of the catalogue.
 *
 * @param file a path, or `-` for standard input
 * @throws SelectionError where it cannot be read, holds no diff, or a diff of something else
 */
export function readDiffs(file: string): RecognisedDiff[] {
  const name = file === '-' ? 'standard input' : file;
  const all = recogniseDiffs(PATCHES, textOf(file, name));
  if (all.length === 0) throw new SelectionError(`${name} holds no diff`);
  const known = all.filter(({ patches }) => patches.length > 0);
  if (known.length === 0) {
    const files = [...new Set(all.flatMap((each) => each.files))];
    throw new SelectionError(`no hunk of the catalogue is in ${name}, which changes ${listed(files)}; hunks are known of: ${PATCHES.map(({ id }) => id).join(', ')}`);
  }
  return known;
}

/**
 * What a diff switches on.
 *
 * @throws SelectionError also where the file holds several diffs that differ, as a thread of mails does
 */
export function diffChoice(file: string): DiffChoice {
  const diffs = readDiffs(file);
  const selections = [...new Set(diffs.map(selectionOf))];
  if (selections.length > 1) {
    throw new SelectionError(`${file === '-' ? 'standard input' : file} holds ${diffs.length} diffs that differ (${diffs.map(inShort).join('; ')}): pass one of them, or list --patches-from for all`);
  }
  return { file, selection: selections[0]!, diff: diffs[0]! };
}

/** The selection that `text` stands for: itself, or what the file behind an `@` brings. */
export function resolvedSelection(text: string): string {
  return text.startsWith('@') ? diffChoice(text.slice(1)).selection : text;
}

/** The lines that a command prints about a diff. */
export function describeDiff({ patches, unknown }: RecognisedDiff): string[] {
  return [
    ...patches.flatMap(describePatch),
    ...(unknown.length === 0 ? [] : [`  unknown     ${unknown.length === 1 ? '1 changed line is' : `${unknown.length} changed lines are`} not in the catalogue and not modelled: ${listed(places(unknown))}`]),
  ];
}

function describePatch({ patch, source, present, partial, missing, withoutForm, exactly }: Recognised): string[] {
  return [
    `  diff        ${patch} (${source})${exactly === null || exactly === patch ? '' : `, exactly ${exactly}`}`,
    `  present     ${present.join(', ') || 'no whole hunk'}`,
    ...partial.map((part) => `  in part     ${part.hunk}: ${part.lines} of ${part.of} lines, missing in ${part.missingIn.join(', ')}; explored without it`),
    ...(missing.length === 0 ? [] : [`  missing     ${missing.join(', ')}`]),
    ...(withoutForm.length === 0 ? [] : [`  lacks too   ${withoutForm.map(({ where }) => where).join(', ')} (no effect in the model)`]),
  ];
}

const selectionOf = ({ patches }: RecognisedDiff): string => ['none', ...patches.flatMap(({ present }) => present.map((hunk) => `+${hunk}`))].join(',');

const inShort = ({ patches }: RecognisedDiff): string => patches.map(({ source, present, exactly }) => `${source}: ${exactly ?? present.join(', ')}`).join(' and ');

const places = (unknown: RecognisedDiff['unknown']): string[] => {
  const byPath = new Map<string, number[]>();
  for (const { path, line } of unknown) byPath.set(path, [...(byPath.get(path) ?? []), line]);
  return [...byPath].map(([path, lines]) => `${path} (line${lines.length === 1 ? '' : 's'} ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ', …' : ''} of the diff)`);
};

const listed = (words: readonly string[]): string => words.slice(0, 5).join(', ') + (words.length > 5 ? ` and ${words.length - 5} more` : '');

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new SelectionError(`cannot read ${name}: ${(error as NodeJS.ErrnoException).code === 'EISDIR' ? 'it is a folder' : (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message}`);
  }
}
