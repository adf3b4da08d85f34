// What is refused before a search, because it would fail, or hang, only after it.

import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../options';
import { unusable } from '../unusable';

/** More threads than this would be a typing mistake, and would use up all memory. */
export const MOST_WORKERS = 256;

/**
 * Refuses an empty name, which would stand for the current folder, or for everything.
 *
 * @throws UsageError that names the option
 */
export function refuseUnnamed(option: string, name: string | undefined, what: string): void {
  if (name === '') throw new UsageError(`${option} "" is not the name of ${what}`);
}

/**
 * Refuses a file that cannot be written, before the search begins.
 *
 * @param kind `a file` if a device, such as /dev/null, is not acceptable
 * @throws UsageError that names the option
 */
export function refuseUnwritable(option: string, file: string, kind: 'a file' | 'anything' = 'anything'): void {
  refuseUnnamed(option, file, 'a file');
  const folder = dirname(resolve(file));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`${option} "${file}": there is no folder ${folder}`);
  if (existsSync(file) && statSync(file).isDirectory()) throw new UsageError(`${option} "${file}" is a folder, not a file`);
  if (kind === 'a file' && existsSync(file) && !statSync(file).isFile()) throw new UsageError(`${option} "${file}" is not a file`);
  if (isNamedPipe(file)) throw new UsageError(`${option} "${file}" is a pipe, not a file`);
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    else tryToMakeBeside(file);
  } catch (error) {
    if (unusable(error)?.isDisk === true) throw error;
    throw new UsageError(`${option} "${file}" cannot be written: permission is denied`);
  }
}

/**
 * Refuses a folder that neither exists nor can be made.
 *
 * @throws UsageError that names the option
 */
export function refuseFolder(option: string, folder: string): void {
  refuseUnnamed(option, folder, 'a folder');
  if (!existsSync(folder)) return refuseUnwritable(option, folder);
  if (!statSync(folder).isDirectory()) throw new UsageError(`${option} "${folder}" is not a folder`);
  refuseUnwritable(option, join(folder, 'round'));
}

/**
 * Makes an empty folder beside a file and removes it again, since not every file system can tell whether this is possible. It does not
 * create the file itself, because a run that is killed in between would leave it behind, empty, and the next one would refuse it.
 */
function tryToMakeBeside(file: string): void {
  rmdirSync(mkdtempSync(join(dirname(resolve(file)), '.paravirt-spec-')));
}

/** Whether it is a named pipe, which has no other end until another program opens it; one that a shell makes for `<(…)` has one. */
function isNamedPipe(file: string): boolean {
  return existsSync(file) && statSync(file).isFIFO() && !/^\/(dev|proc)\//.test(resolve(file));
}

/** Devices of Linux from which one can read forever: zero, full, random, urandom. */
const ENDLESS = new Set([5, 7, 8, 9].map((minor) => (1 << 8) | minor));

/**
 * Refuses an endless device, which would be read until the memory is used up, and a pipe without a writer, which would be read forever.
 *
 * @throws UsageError that names the file
 */
export function refuseEndless(file: string): void {
  if (isNamedPipe(file)) throw new UsageError(`"${file}" is a pipe, not a file`);
  if (existsSync(file) && statSync(file).isCharacterDevice() && ENDLESS.has(statSync(file).rdev)) throw new UsageError(`"${file}" is a device without an end, not a file`);
}
