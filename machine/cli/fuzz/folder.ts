import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../folder';
import { UsageError } from '../options';
import { refuseUnnamed } from '../search/limits';
import { unusable } from '../unusable';
import { textOf } from './corpus';
import { parseTurn, type Turn } from './script';

// A corpus that outlives a run: one file for each script, named after its
// contents and written as soon as the script is kept, so a run that is stopped
// loses nothing, and two runs can share a folder.

export class CorpusFolder {
  private readonly names: Set<string>;

  /** @throws UsageError if the folder cannot be made or read */
  constructor(readonly path: string) {
    refuseUnnamed('--corpus', path, 'a folder');
    try {
      makeFolder(path);
      this.names = new Set(readdirSync(path).filter((name) => name.endsWith('.script')));
    } catch (error) {
      throw new UsageError(`the corpus "${path}" cannot be used: ${unusable(error)?.reason ?? (error as Error).message}`);
    }
  }

  /** The scripts of earlier runs with this layout of page tables, in the order of their names. */
  scripts(prefix: string): readonly (readonly Turn[])[] {
    return [...this.names].filter((name) => name.startsWith(`${prefix}-`)).sort().map((name) => readScript(readFileSync(join(this.path, name), 'utf8'), name));
  }

  /** Writes a script atomically. */
  keep(prefix: string, script: readonly Turn[]): void {
    const text = textOf(script);
    const name = `${prefix}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.script`;
    if (this.names.has(name)) return;
    this.names.add(name);
    const half = join(this.path, `.${name}.${process.pid}`);
    try {
      writeFileSync(half, text);
      renameSync(half, join(this.path, name));
    } catch (error) {
      throw Object.assign(error as Error, { path: this.path });
    }
  }
}

/** Reads a script, one turn a line. Throws a UsageError that names the line and the word. */
export function readScript(text: string, file?: string): readonly Turn[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [parseTurn(line)];
    } catch (error) {
      throw new UsageError(`${file === undefined ? '' : `${file}, `}line ${i + 1}: ${(error as Error).message}`);
    }
  });
}
