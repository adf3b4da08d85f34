// Parses diffs as they are found in mails: quoted, with damaged white space, with long lines broken
// in two, with a signature after the last line.

import { isComment, isTelling, normalised, treeFile, type TreeFile } from './text';

/** A significant line of a diff. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  /** Normalised (text.ts). */
  readonly text: string;
  /** The same joined with the line below it, in case a mail program has broken it; null at the end. */
  readonly joined: string | null;
  /** Its line number in the text, counted from 1. */
  readonly at: number;
  /** Comes after the lines that the header of its chunk announces, or there is no header: it counts if it is known, and is ignored otherwise. */
  readonly isBeyond: boolean;
}

/** The lines under one `@@` line. */
export interface Chunk {
  /** Null for a quotation that begins in the middle. */
  readonly file: TreeFile | null;
  /** The path as the diff writes it. */
  readonly path: string;
  /** The text after the second `@@`, normalised: in many diffs, the function. */
  readonly section: string;
  readonly lines: readonly DiffLine[];
}

/** One diff: no file occurs twice in it. */
export type Diff = readonly Chunk[];

interface Raw {
  /** How many quotation marks precede it. */
  readonly depth: number;
  readonly text: string;
}

/**
 * The diffs in `text`: a patch, a mail, or a thread of mails one after the other. If the
 * header of a file occurs a second time, a new diff begins there.
 */
export function parseDiffs(text: string): Diff[] {
  const lines = decoded(text).split(/\r?\n/).map(unquoted);
  const diffs: Chunk[][] = [];
  const fragments: Chunk[] = [];
  let path: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const { text: line } = lines[i]!;
    const header = isFileHeader(lines, i) ? pathOf(lines[i + 1]!.text) ?? pathOf(line) : null;
    if (header !== null) {
      path = header;
      if (diffs.length === 0 || diffs.at(-1)!.some((chunk) => chunk.path === path)) diffs.push([]);
      i++;
      continue;
    }
    const range = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@(.*)$/.exec(line);
    if (range && path !== null) {
      const { end, parsed } = chunkAt(lines, i + 1, Number(range[1] ?? 1), Number(range[2] ?? 1));
      diffs.at(-1)!.push({ file: treeFile(path), path, section: normalised(range[3]!), lines: parsed });
      i = end - 1;
    } else if (/^[+-]\S|^[+-]\s+\S/.test(line) && lines[i]!.depth > 0) {
      let end = i;
      while (end < lines.length && lines[end]!.depth === lines[i]!.depth && !isFileHeader(lines, end) && !/^@@ /.test(lines[end]!.text)) end++;
      fragments.push({ file: null, path: '', section: '', lines: linesOf(lines, i, end, i) });
      i = end - 1;
    }
  }
  return fragments.length === 0 ? diffs.filter((diff) => diff.length > 0) : withFragments(diffs.filter((diff) => diff.length > 0), fragments);
}

/** A quotation without headers is a diff only if the text contains no other; otherwise it repeats a part of one. */
function withFragments(diffs: Diff[], fragments: readonly Chunk[]): Diff[] {
  return diffs.length > 0 ? diffs : [fragments];
}

/** The lines from `start` on: as many as the header announces, and later ones that may still belong to the diff. */
function chunkAt(lines: readonly Raw[], start: number, before: number, after: number): { end: number; parsed: DiffLine[] } {
  const { depth } = lines[start - 1]!;
  let [old, fresh] = [before, after];
  let full: number | null = null;
  let end = start;
  for (; end < lines.length; end++) {
    const { text, depth: now } = lines[end]!;
    if (now !== depth || /^(@@ |diff |Index: |={20,})/.test(text) || isFileHeader(lines, end) || /^--\s?$|^To unsubscribe |^\\ No newline/.test(text)) break;
    if (full === null) {
      if (text[0] !== '+') old--;
      if (text[0] !== '-') fresh--;
      if (old <= 0 && fresh <= 0) full = end + 1;
    } else if (!/^[+-]/.test(text) && end > full + 4) {
      break;
    }
  }
  return { end, parsed: linesOf(lines, start, end, full ?? end) };
}

function linesOf(lines: readonly Raw[], start: number, end: number, full: number): DiffLine[] {
  const parsed: DiffLine[] = [];
  let inComment = false;
  for (let i = start; i < end; i++) {
    const { text } = lines[i]!;
    const sign = text[0] === '+' || text[0] === '-' ? text[0] : ' ';
    const body = sign === ' ' ? text : text.slice(1);
    const wasInComment = inComment;
    const opens = body.lastIndexOf('/*');
    inComment = opens >= 0 ? body.indexOf('*/', opens) < 0 : inComment && !body.includes('*/');
    if (wasInComment || isComment(body)) continue;
    const code = normalised(inComment ? body.slice(0, opens) : body);
    if (!isTelling(code)) continue;
    const below = i + 1 < end ? lines[i + 1]!.text : null;
    parsed.push({ sign, text: code, joined: below === null ? null : normalised(`${body}${below.replace(/^[+-]/, '')}`), at: i + 1, isBeyond: i >= full });
  }
  return parsed;
}

/** `--- a/file` with `+++ b/file` below it. */
function isFileHeader(lines: readonly Raw[], i: number): boolean {
  return /^--- \S/.test(lines[i]!.text) && /^\+\+\+ \S/.test(lines[i + 1]?.text ?? '');
}

function pathOf(line: string): string | null {
  const path = /^(?:---|\+\+\+) (?:[ab]\/)?(\S+)/.exec(line)?.[1];
  return path === undefined || path === '/dev/null' || path === 'dev/null' ? null : path;
}

/** Removes `> ` and `>> `. */
function unquoted(line: string): Raw {
  const marks = /^(?:> ?)+/.exec(line)?.[0] ?? '';
  return { depth: marks.replace(/ /g, '').length, text: line.slice(marks.length) };
}

/** Decodes a mail body in quoted-printable; any other text is returned as it is. */
function decoded(text: string): string {
  if (!/=3D/.test(text) || !/=\r?\n/.test(text)) return text;
  return text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
