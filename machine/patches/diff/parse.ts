// Parses diffs as they are found in mails: quoted, with damaged white space, with long lines broken
// in two, with a signature after the last line.

import { linesOfMail, type Raw } from './mail';
import { isComment, isTelling, normalised, treeFile, type TreeFile } from './text';

/** A significant line of a diff. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  /** Normalised (text.ts). */
  readonly text: string;
  /** The same joined with one or two lines below it, in case a mail program has broken it. */
  readonly joined: readonly string[];
  /** Its line number in the text, counted from 1. */
  readonly at: number;
  /** Comes after the lines that the header of its chunk announces, or there is no header: it counts if it is known, and is ignored otherwise. */
  readonly isBeyond: boolean;
}

/** A line that occurs in every patch, such as a brace, an `else` or a `return`: it says nothing of where it belongs, but it must not go missing. */
export interface MinorLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
  readonly at: number;
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
  readonly minor: readonly MinorLine[];
}

/** One diff: no file occurs twice in it. */
export type Diff = readonly Chunk[];

/**
 * The diffs in `text`: a patch, a mail, or a thread of mails one after the other. If the
 * header of a file occurs a second time, a new diff begins there.
 */
export function parseDiffs(text: string): Diff[] {
  const lines = linesOfMail(text);
  const diffs: Chunk[][] = [];
  const fragments: Chunk[] = [];
  let path: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const { text: line } = lines[i]!;
    const second = secondOfHeader(lines, i);
    const header = second === null ? null : pathOf(lines[second]!.text) ?? pathOf(line);
    if (header !== null) {
      path = header;
      if (diffs.length === 0 || diffs.at(-1)!.some((chunk) => chunk.path === path)) diffs.push([]);
      i = second!;
      continue;
    }
    const range = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@(.*)$/.exec(line);
    if (range && path !== null) {
      const { end, parsed } = chunkAt(lines, i + 1, Number(range[1] ?? 1), Number(range[2] ?? 1));
      diffs.at(-1)!.push({ file: treeFile(path), path, section: normalised(range[3]!), ...parsed });
      i = end - 1;
    } else if (/^[+-]\S|^[+-]\s+\S/.test(line) && lines[i]!.depth > 0) {
      let end = i;
      while (end < lines.length && lines[end]!.depth === lines[i]!.depth && secondOfHeader(lines, end) === null && !/^@@ /.test(lines[end]!.text)) end++;
      fragments.push({ file: null, path: '', section: '', ...linesOf(lines, i, end, i, lines[i]!.depth) });
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
function chunkAt(lines: readonly Raw[], start: number, before: number, after: number): { end: number; parsed: Parsed } {
  const { depth } = lines[start - 1]!;
  let [old, fresh] = [before, after];
  let full: number | null = null;
  let foreign = 0;
  let end = start;
  for (; end < lines.length; end++) {
    const { text, depth: now } = lines[end]!;
    if ((now !== depth && !isTail(lines, end, depth)) || isEnd(lines, end)) break;
    if (full === null) {
      if (text[0] !== '+') old--;
      if (text[0] !== '-') fresh--;
      if (old <= 0 && fresh <= 0) full = end + 1;
    } else if (/^[-+ \t]/.test(text)) {
      if (full === end) full = end + 1; // The header announces too few.
    } else if (++foreign > 4) {
      break;
    }
  }
  const next = nextChunk(lines, end, depth);
  return next === null ? { end, parsed: linesOf(lines, start, end, full ?? end, depth) } : { end: next, parsed: linesOf(lines, start, next, next, depth) };
}

/** Whether no line of the chunk can follow: a header, a signature, or the foot of a mailing list. */
const isEnd = (lines: readonly Raw[], i: number): boolean => /^(@@ |diff |Index: |={20,})|^--\s?$|^To unsubscribe |^\\ No newline/.test(lines[i]!.text) || secondOfHeader(lines, i) !== null;

/** Whether a line is the end of a quoted one that was broken without a mark on its second half. */
const isTail = (lines: readonly Raw[], i: number, depth: number): boolean => lines[i]!.depth < depth && lines[i]!.text !== '' && lines[i - 1]!.depth === depth && lines[i + 1]?.depth === depth;

/** Where the next chunk of the same file begins: up to there, everything belongs to this one, whatever its header announces. */
function nextChunk(lines: readonly Raw[], from: number, depth: number): number | null {
  for (let i = from; i < lines.length && lines[i]!.depth === depth; i++) {
    if (/^@@ /.test(lines[i]!.text)) return i;
    if (isEnd(lines, i)) return null;
  }
  return null;
}

type Parsed = Pick<Chunk, 'lines' | 'minor'>;

function linesOf(lines: readonly Raw[], start: number, end: number, full: number, depth: number): Parsed {
  const parsed: DiffLine[] = [];
  const minor: MinorLine[] = [];
  let inComment = false;
  for (let i = start; i < end; i++) {
    const { text } = lines[i]!;
    const sign = (text[0] === '+' || text[0] === '-') && lines[i]!.depth === depth ? text[0] : ' ';
    const body = sign === ' ' ? text : text.slice(1);
    const wasInComment = inComment;
    const opens = body.lastIndexOf('/*');
    inComment = opens >= 0 ? body.indexOf('*/', opens) < 0 : inComment && !body.includes('*/');
    if (wasInComment || isComment(body)) continue;
    const code = normalised(inComment ? body.slice(0, opens) : body);
    if (isTelling(code)) parsed.push({ sign, text: code, joined: joinedWith(body, lines.slice(i + 1, Math.min(i + 3, end))), at: i + 1, isBeyond: i >= full });
    else if (code !== '') minor.push({ sign, text: code, at: i + 1 });
  }
  return { lines: parsed, minor };
}

/** A line with the line below it, and with the two lines below it. */
function joinedWith(body: string, below: readonly Raw[]): string[] {
  return below.map((_, i) => normalised(`${body}${below.slice(0, i + 1).map(({ text }) => text.replace(/^[+-]/, '')).join(' ')}`));
}

/** Where `+++ b/file` stands, if `--- a/file` is at `i`: in the next line, or one further down if a mail program has broken a long path with a date. */
function secondOfHeader(lines: readonly Raw[], i: number): number | null {
  if (!/^--- \S/.test(lines[i]!.text)) return null;
  const isSecond = (at: number): boolean => /^\+\+\+ \S/.test(lines[at]?.text ?? '');
  if (isSecond(i + 1)) return i + 1;
  return isSecond(i + 2) && /^(?![+@\s]|-(?!\d{4}$))./.test(lines[i + 1]!.text) ? i + 2 : null;
}

function pathOf(line: string): string | null {
  const path = /^(?:---|\+\+\+) (?:[ab]\/)?(\S+)/.exec(line)?.[1];
  return path === undefined || path === '/dev/null' || path === 'dev/null' ? null : path;
}
