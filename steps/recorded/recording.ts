// What the machine does, in lines: a change that no scenario notices in a verdict still changes one of them.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One part of a recording: each line by its name, counts first, then the digest of what is too long to be read. */
export type Lines = Readonly<Record<string, string>>;

/** Something that is computed again and compared with what it came to before. */
export interface Recording {
  /** As the steps and the command line name it; the lines are in `lines/<name>.json`. */
  readonly name: string;
  /** What is recorded separately, such as each situation. */
  readonly parts: readonly string[];
  /** Set if it is computed in a process of its own: it shows shared code so many kinds of values that everything after it would run slower. */
  readonly isApart?: true;
  /** What a part comes to now: all its lines, or only those with these names. */
  linesOf(part: string, names?: readonly string[]): Lines | Promise<Lines>;
  /** For a recording whose lines shorten what can be read: the whole text behind each line. */
  textsOf?(part: string): Lines | Promise<Lines>;
}

const fileOf = (name: string): string => join(__dirname, 'lines', `${name}.json`);

/** The recorded lines of each part; nothing where nothing was recorded yet. */
export function recordedLines({ name }: Recording): Readonly<Record<string, Lines>> {
  try {
    return JSON.parse(readFileSync(fileOf(name), 'utf8')) as Record<string, Lines>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Records the lines of all parts instead of earlier ones. */
export function record({ name }: Recording, lines: Readonly<Record<string, Lines>>): void {
  writeFileSync(fileOf(name), `${JSON.stringify(lines, null, 1)}\n`);
}

/** Ten hexadecimal digits for anything that can be written as JSON; two things that are written alike have the same. */
export const digest = (of: unknown): string => createHash('sha256').update(typeof of === 'string' ? of : JSON.stringify(of)).digest('hex').slice(0, 10);

/** A line, or what is said instead of one: that something is refused is recorded too. What the language itself says differs from version to version. */
export function orRefusal(line: () => string): string {
  try {
    return line();
  } catch (error) {
    return `refused: ${error instanceof TypeError || error instanceof RangeError ? error.name : (error as Error).message}`;
  }
}

/** How much of a whole text is shown. */
const READABLE = 1500;

/**
 * Where two versions of a part differ: the name of each such line, with both.
 *
 * @param texts the whole texts behind the present lines, if they are known
 */
export function differencesOf(recorded: Lines, now: Lines, texts: Lines = now): string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(now)])];
  return names.filter((name) => recorded[name] !== now[name]).map((name) => `${name}\n  recorded: ${recorded[name] ?? 'nothing'}\n  now:      ${texts[name]?.slice(0, READABLE).replaceAll('\n', '\n            ') ?? 'no such line'}`);
}
