// Makes a folder, and those above it.

import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What is needed of a file system, so that a scenario can supply its own. */
export interface FolderDisk {
  readonly mkdirSync: (path: string) => unknown;
  readonly rmdirSync: (path: string) => void;
}

/**
 * Makes `path` and each missing folder above it, one at a time: Node's own `recursive` never returns in a file system that
 * accepts no folders, such as /proc. If one of them cannot be made, none is left behind.
 *
 * @returns the first folder made; undefined if all existed
 * @throws the error of the file system
 */
export function makeFolder(path: string, disk: FolderDisk = { mkdirSync, rmdirSync }): string | undefined {
  const missing: string[] = [];
  for (let each = resolve(path); !existsSync(each); each = dirname(each)) missing.unshift(each);
  if (missing.length === 0 && !statSync(path).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'EEXIST', path });
  const made: string[] = [];
  for (const each of missing) {
    try {
      disk.mkdirSync(each);
      made.unshift(each);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process was faster.
      if (code === 'EEXIST' && statSync(each).isDirectory()) continue;
      for (const one of made) disk.rmdirSync(one);
      // The folder above exists, so it does not accept folders.
      throw code === 'ENOENT' ? Object.assign(error as Error, { code: 'EPERM' }) : error;
    }
  }
  return missing[0];
}
