// `paravirt-spec conform`: the machine against recordings of real accesses and
// against litmus tests with their complete sets of outcomes.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip, type Gunzip } from 'node:zlib';
import { parseRecording, RecordingError, RecordingPlayer, type Checked } from '../../hardware/recorded';
import { checkLitmus, LitmusError, parseLitmus } from '../../situations/litmus';

/** What a file can hold: accesses, sequences of them, or litmus tests. */
export const CONFORM_KINDS = ['mmu', 'tlb', 'tso'] as const;
export type ConformKind = (typeof CONFORM_KINDS)[number];

export interface ConformOptions {
  readonly json?: boolean | undefined;
}

/** Where the command writes. */
export interface ConformOutput {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

interface Difference {
  readonly line: number;
  readonly id: string;
  readonly set: string;
  readonly differences: readonly string[];
}

interface FileResult {
  readonly file: string;
  /** Lines that were read. */
  lines: number;
  readonly sets: Record<string, { checked: number; differ: number }>;
  readonly differences: Difference[];
  readonly unreadable: { readonly line: number; readonly reason: string }[];
  /** Why the file could not be read to its end; null if it could. */
  trouble: string | null;
}

/** Differences told in full, for each set; all are counted. */
const TOLD = 3;
/** Unreadable lines told in full; all are counted. */
const TOLD_UNREADABLE = 10;

/**
 * Checks each file and writes a summary for each set.
 *
 * @returns the exit status: 0 all agrees, 1 something differs, 2 wrong use, or something could not be read
 */
export async function conform(kind: string, files: readonly string[], options: ConformOptions, output: ConformOutput): Promise<number> {
  if (!CONFORM_KINDS.includes(kind as ConformKind)) return refuse(output, `cannot check "${kind}"; it can be ${CONFORM_KINDS.join(', ')}`);
  if (files.length === 0) return refuse(output, `which file? usage: paravirt-spec conform ${kind} FILE…`);
  const results: FileResult[] = [];
  for (const file of files) {
    const result = await checkFile(kind as ConformKind, file);
    results.push(result);
    if (!options.json && result.lines > 0) output.stdout(inWords(kind as ConformKind, result));
  }
  const differ = results.some(({ sets }) => Object.values(sets).some((set) => set.differ > 0));
  const trouble = results.some((result) => result.trouble !== null || result.unreadable.length > 0);
  for (const { file, trouble: reason } of results) if (reason !== null) output.stderr(`${file}: ${reason}\n`);
  if (options.json) output.stdout(`${JSON.stringify({ kind, agrees: !differ && !trouble, files: results }, null, 2)}\n`);
  return differ ? 1 : trouble ? 2 : 0;
}

function refuse({ stderr }: ConformOutput, message: string): number {
  stderr(`paravirt-spec conform: ${message}\n`);
  return 2;
}

async function checkFile(kind: ConformKind, file: string): Promise<FileResult> {
  const result: FileResult = { file, lines: 0, sets: {}, differences: [], unreadable: [], trouble: null };
  const check = checkerOf(kind);
  try {
    for await (const line of linesOf(file)) {
      result.lines++;
      const text = elementOf(line);
      if (text !== '') checkLine(check, text, result);
    }
    if (Object.keys(result.sets).length === 0 && result.unreadable.length === 0) result.trouble = 'there is nothing in it';
  } catch (error) {
    result.trouble = troubleIn(error as NodeJS.ErrnoException, result.lines);
  }
  return result;
}

/** A line of a file of lines, or of a JSON list with one element on each line. */
function elementOf(line: string): string {
  const text = line.trim().replace(/,$/, '');
  return text === '[' || text === ']' ? '' : text;
}

type Checker = (text: string) => readonly Checked[];

function checkerOf(kind: ConformKind): Checker {
  if (kind === 'tso') return (text) => [checkLitmus(parseLitmus(text))];
  const player = new RecordingPlayer();
  return (text) => {
    const recording = parseRecording(text);
    if (kind === 'mmu' && recording.ops.length > 1) throw new RecordingError('a sequence of operations; check it as tlb');
    return player.play(recording);
  };
}

function checkLine(check: Checker, text: string, result: FileResult): void {
  try {
    for (const { id, set, differences } of check(text)) {
      const count = (result.sets[set] ??= { checked: 0, differ: 0 });
      count.checked++;
      if (differences.length > 0 && count.differ++ < TOLD) result.differences.push({ line: result.lines, id, set, differences });
    }
  } catch (error) {
    if (!(error instanceof RecordingError) && !(error instanceof LitmusError)) throw error;
    result.unreadable.push({ line: result.lines, reason: error.message });
  }
}

/** The lines of a file, compressed by gzip or not, without ever holding the whole of it. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const text = (await isGzip(file)) ? unzipped(file) : createReadStream(file);
  text.setEncoding('utf8');
  let rest = '';
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function unzipped(file: string): Gunzip {
  const gunzip = createGunzip();
  return createReadStream(file).on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
}

function troubleIn(error: NodeJS.ErrnoException, lines: number): string {
  switch (error.code) {
    case 'Z_BUF_ERROR': return `the compressed data end too early, after line ${lines}; what follows was not checked`;
    case 'Z_DATA_ERROR': return `the compressed data are damaged after line ${lines}; what follows was not checked`;
    case 'ENOENT': return 'there is no such file';
    case 'EISDIR': return 'that is a directory';
    case 'EACCES': return 'it may not be read';
    default: throw error;
  }
}

function inWords(kind: ConformKind, { file, lines, sets, differences, unreadable }: FileResult): string {
  const names = Object.keys(sets);
  const width = Math.max(3, ...names.map((name) => name.length));
  const text = [`${basename(file)}: ${count(lines, 'line')}`];
  const rows = names.map((name) => ({ name, ...sets[name]! }));
  if (names.length > 0) text.push(`  ${'set'.padEnd(width)}  ${'checked'.padStart(9)}  ${'differ'.padStart(7)}`);
  for (const { name, checked, differ } of rows) text.push(`  ${name.padEnd(width)}  ${checked.toLocaleString('en').padStart(9)}  ${differ.toLocaleString('en').padStart(7)}`);
  for (const { line, id, set, differences: told } of differences) text.push(`  line ${line}, ${set} ${id}: ${told.join('; ')}`);
  for (const { line, reason } of unreadable.slice(0, TOLD_UNREADABLE)) text.push(`  line ${line} cannot be read: ${reason}`);
  if (unreadable.length > TOLD_UNREADABLE) text.push(`  and ${unreadable.length - TOLD_UNREADABLE} more lines that cannot be read`);
  const checked = rows.reduce((sum, row) => sum + row.checked, 0);
  const differ = rows.reduce((sum, row) => sum + row.differ, 0);
  text.push(`  ${count(checked, { mmu: 'access', tlb: 'access', tso: 'test' }[kind])} checked, ${differ === 0 ? 'none differs' : `${count(differ, 'difference')}`}`, '');
  return `${text.join('\n')}\n`;
}

function count(number: number, noun: string): string {
  const plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`;
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}
