// What is refused before a search, because it would fail, or hang, only after it.

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../options';

/** More threads than any machine has cores: a slip of the finger, and a process that takes all memory. */
export const MOST_WORKERS = 256;

/**
 * A file that is written when the search is over must be writable before it begins.
 *
 * @throws UsageError that names the option
 */
export function refuseUnwritable(option: string, file: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`${option} "${file}": there is no folder ${folder}`);
  if (existsSync(file) && statSync(file).isDirectory()) throw new UsageError(`${option} "${file}" is a folder, not a file`);
  try {
    accessSync(existsSync(file) ? file : folder, constants.W_OK);
  } catch {
    throw new UsageError(`${option} "${file}" cannot be written: permission is denied`);
  }
}
