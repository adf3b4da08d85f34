// Files of this package by their names in it. Apart from what needs the compiler, which the suite does not bring along.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '..', '..');

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** All files below a folder of the project with this ending, with slashes in their names. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name.replaceAll('\\', '/')}`).sort();
}
