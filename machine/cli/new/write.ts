// Writes several files, all or none: each is first written beside its place, and they are renamed
// only when all are complete. If anything goes wrong, everything is undone.

import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../folder';
import { UsageError } from '../options';

/** What is needed of a file system, so that a scenario can fill the disk. */
export type Disk = Pick<typeof fs, 'mkdirSync' | 'writeFileSync' | 'renameSync' | 'rmSync' | 'rmdirSync'>;

/** A file to write: a new one, or one whose current text is `before`. */
export interface Written {
  readonly path: string;
  readonly text: string;
  readonly before: string | null;
}

/**
 * Writes `files` below `folder`.
 *
 * @throws UsageError in one line if it cannot; then nothing has changed
 */
export function writeAll(folder: string, files: readonly Written[], disk: Disk = fs): void {
  const undo: (() => void)[] = [];
  const attempt = <T>(path: string, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw new UsageError(`cannot write ${path}: ${reason(error)}; nothing was changed`);
    }
  };
  const aside = (path: string): string => join(folder, `${path}.new`);

  for (const { path, text } of files) {
    attempt(path, () => {
      const first = makeFolder(dirname(join(folder, path)), disk);
      if (first !== undefined) undo.push(() => disk.rmSync(first, { recursive: true, force: true }));
      undo.push(() => disk.rmSync(aside(path), { force: true }));
      disk.writeFileSync(aside(path), text);
    });
  }
  for (const { path, before } of files) {
    attempt(path, () => {
      disk.renameSync(aside(path), join(folder, path));
      undo.push(() => (before === null ? disk.rmSync(join(folder, path), { force: true }) : disk.writeFileSync(join(folder, path), before)));
    });
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': return 'no permission to write there';
    case 'ENOSPC':
    case 'EDQUOT': return 'no space left there';
    case 'ENOTDIR':
    case 'EEXIST': return 'a file is in the place of a folder';
    default: return message;
  }
}
