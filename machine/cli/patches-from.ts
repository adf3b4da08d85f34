// A real diff as the choice of hunks: `--patches-from FILE`, `--patches @FILE`, `PATCHES=@FILE`.

import { readFileSync } from 'node:fs';
import { knownDiffs, selectionOfText, type DiffSelection } from '../patches/diff/choice';
import type { RecognisedDiff } from '../patches/diff/recognise';
import { SelectionError } from '../patches/selection';
import { refuseEndless } from './search/limits';
import { unusable } from './unusable';

/** A diff from a file, and what it stands for. */
export interface DiffChoice extends DiffSelection {
  readonly file: string;
}

const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);

/**
 * The diffs in a file that contain a hunk of the catalogue.
 *
 * @param file a path, or `-` for standard input
 * @throws SelectionError if it cannot be read, contains no diff, or a diff of something else
 */
export const readDiffs = (file: string): RecognisedDiff[] => knownDiffs(textOf(file), nameOf(file));

/**
 * The hunks that a diff selects.
 *
 * @throws SelectionError also if the file contains several different diffs, like a thread of mails
 */
export const diffChoice = (file: string): DiffChoice => ({ file, ...selectionOfText(textOf(file), nameOf(file), 'pass one of them, or list --patches-from for all') });

/** The selection that `text` stands for: itself, or the hunks of the file after an `@`. */
export function resolvedSelection(text: string): string {
  return text.startsWith('@') ? diffChoice(text.slice(1)).selection : text;
}

/** Standard input and pipes can be read only once, but a selection is resolved more than once. */
const texts = new Map<string, string>();

function textOf(file: string): string {
  const text = texts.get(file) ?? readText(file);
  if (file === '-' || file.startsWith('/dev/') || file.startsWith('/proc/')) texts.set(file, text);
  return text;
}

function readText(file: string): string {
  if (file === '') throw new SelectionError('"" is not the name of a file; legal: a file that contains a diff, or - for standard input');
  refuseEndless(file);
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new SelectionError(`cannot read ${nameOf(file)}: ${unusable(error)?.reason ?? (error as Error).message}`);
  }
}
