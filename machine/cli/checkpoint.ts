// A search on disk. The file is written beside the old one and then takes its
// place, so that there is a whole one at every moment, also if the process is
// killed. It is: one line of JSON, then the tables as 32-bit numbers.

import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { UsageError } from './options';
import type { SavedSearch } from '../explorer/stateful';
import type { Subject } from './subject';

interface Header {
  readonly subject: string;
  readonly notes: SavedSearch['notes'];
  readonly fingerprints: number;
  readonly edges: number;
}

/** Writes `search` to `file`. */
export function writeCheckpoint(file: string, subject: Subject, { notes, fingerprints, edges }: SavedSearch): void {
  const header: Header = { subject: JSON.stringify(subject), notes, fingerprints: fingerprints.length, edges: edges.length };
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, 'w');
  const write = (bytes: Uint8Array): void => { for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, 1 << 28)); };
  write(Buffer.from(`${JSON.stringify(header)}\n`));
  for (const table of [fingerprints, edges]) write(new Uint8Array(table.buffer, table.byteOffset, table.byteLength));
  closeSync(descriptor);
  renameSync(fresh, file);
}

/**
 * The search kept in `file`; null if there is no such file.
 *
 * @throws UsageError if it is of another search, or no checkpoint
 */
export function readCheckpoint(file: string, subject: Subject): SavedSearch | null {
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  const end = bytes.indexOf(0x0a);
  let header: Header;
  try {
    header = JSON.parse(bytes.toString('utf8', 0, end)) as Header;
  } catch {
    throw new UsageError(`${file} is no checkpoint`);
  }
  if (header.subject !== JSON.stringify(subject)) throw new UsageError(`${file} is a checkpoint of another search: ${header.subject}`);
  const tables = new Uint8Array(bytes.subarray(end + 1));
  if (tables.length !== 4 * (header.fingerprints + header.edges)) throw new UsageError(`${file} is cut short`);
  const numbers = new Int32Array(tables.buffer);
  return { notes: header.notes, fingerprints: numbers.slice(0, header.fingerprints), edges: numbers.slice(header.fingerprints) };
}
