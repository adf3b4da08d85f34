// A search on disk. The file is written beside the old one and then replaces
// it, so that there is a complete one at every moment, even if the process is
// killed. Format: one line of JSON, then tables of 32-bit numbers.

import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { UsageError } from '../options';
import type { Subject } from './subject';

/** What is saved of a search: notes that can be JSON, and tables. */
export interface Kept<Notes> {
  readonly notes: Notes;
  readonly tables: readonly Int32Array[];
}

interface Header<Notes> {
  readonly subject: string;
  readonly notes: Notes;
  /** Numbers in each table. */
  readonly tables: readonly number[];
}

/** Writes a search to `file`. */
export function writeCheckpoint(file: string, subject: Subject, { notes, tables }: Kept<unknown>): void {
  const header: Header<unknown> = { subject: JSON.stringify(subject), notes, tables: tables.map(({ length }) => length) };
  const fresh = `${file}.new`;
  try {
    const descriptor = openSync(fresh, 'w');
    const write = (bytes: Uint8Array): void => { for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, 1 << 28)); };
    write(Buffer.from(`${JSON.stringify(header)}\n`));
    for (const table of tables) write(new Uint8Array(table.buffer, table.byteOffset, table.byteLength));
    closeSync(descriptor);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw Object.assign(error as Error, { path: file });
  }
}

/**
 * The search of `subject` kept in `file`; null if there is no such file.
 *
 * @param subject null for any search
 * @param what what the file should be, for error messages
 * @throws UsageError if it belongs to another search, or is not what it should be
 */
export function readCheckpoint<Notes>(file: string, subject: Subject | null, what = 'a checkpoint'): Kept<Notes> | null {
  if (!existsSync(file)) return null;
  if (statSync(file).isDirectory()) throw new UsageError(`${file} is a folder, not ${what}`);
  const bytes = readFileSync(file);
  const end = bytes.indexOf(0x0a);
  let header: Header<Notes>;
  try {
    header = JSON.parse(bytes.toString('utf8', 0, end)) as Header<Notes>;
  } catch {
    throw new UsageError(`${file} is not ${what}`);
  }
  if (typeof header !== 'object' || header === null || typeof header.subject !== 'string' || !Array.isArray(header.tables)) throw new UsageError(`${file} is not ${what}`);
  if (subject !== null && header.subject !== JSON.stringify(subject)) throw new UsageError(`${file} is ${what} of another search: ${header.subject}`);
  const rest = new Uint8Array(bytes.subarray(end + 1));
  if (rest.length !== 4 * header.tables.reduce((sum, length) => sum + length, 0)) throw new UsageError(`${file} is cut short`);
  const numbers = new Int32Array(rest.buffer);
  let from = 0;
  return { notes: header.notes, tables: header.tables.map((length) => numbers.slice(from, (from += length))) };
}
