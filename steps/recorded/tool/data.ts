// The data that the modules of the machine export: numbers, words, lists, records, maps and sets.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, root } from '../../mutants/files';
import { linesOf, textsOf } from '../plain';
import type { Lines, Recording } from '../recording';

const FOLDERS = ['cli', 'explorer', 'hardware', 'hypervisors', 'invariants', 'kernel', 'patches', 'programs', 'situations', 'state'];
/** The modules that lie in no folder of the machine. */
const NONE = 'no folder';

/** A module with a script of the same name is where a process or thread begins: it starts to work as soon as it is loaded. */
const begins = (file: string): boolean => existsSync(join(root, file.replace(/\.ts$/, '.js')));

function modulesOf(part: string): readonly string[] {
  const all = filesBelow('machine', '.ts').filter((file) => !begins(file));
  const folderOf = (file: string): string => file.split('/')[1]!;
  return all.filter((file) => (part === NONE ? !FOLDERS.includes(folderOf(file)) : folderOf(file) === part));
}

/** Functions and classes are left out, and so is where the project lies. */
function exported(part: string): Lines {
  const known = new Map<unknown, string>();
  const texts = Object.assign({}, ...modulesOf(part).flatMap((file) => Object.entries(module.require(join(root, file)) as Record<string, unknown>)
    .filter(([, value]) => typeof value !== 'function')
    .map(([name, value]) => textsOf(`${file.replace(/^machine\/([^/]*\/)?/, '')} ${name}`, value, known)))) as Lines;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.replaceAll(root, '.')]));
}

/** By folder of the machine; a line for each item, or for each of its parts if it is long. */
export const data: Recording = { name: 'data', parts: [...FOLDERS, NONE], linesOf: (part) => linesOf(exported(part)), textsOf: exported };
