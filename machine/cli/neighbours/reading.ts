// The text of a file in a patched kernel: the guards are evaluated, and neither white space nor
// comments count. After an edit, only the statements that it touches are read again.

import ts from 'typescript';
import type { HunkId } from '../../patches/types';
import { applyEdits, type Edit } from '../mutate/mutation';
import { specialise } from '../../../reports/diff/specialise';

interface Part {
  readonly start: number;
  readonly end: number;
  readonly reading: string;
}

export class Reading {
  private readonly parts: readonly Part[];

  constructor(private readonly source: ts.SourceFile, private readonly on: ReadonlySet<HunkId>) {
    this.parts = source.statements.map((statement) => ({ start: statement.getStart(source), end: statement.end, reading: readingOf(statement, source, on) }));
  }

  /** The text of the file after these edits. */
  with(edits: readonly Edit[]): string {
    const touched = new Map<Part, Edit[]>();
    for (const edit of edits) {
      const part = this.parts.find(({ start, end }) => edit.start >= start && edit.end <= end);
      if (part === undefined) return this.anew(edits);
      touched.set(part, [...(touched.get(part) ?? []), edit]);
    }
    return joined(this.parts.map((part) => {
      const own = touched.get(part);
      return own === undefined ? part.reading : this.read(applyEdits(this.source.text.slice(part.start, part.end), own, part.start));
    }));
  }

  /** An edit lies between two statements, or goes from one to the next. */
  private anew(edits: readonly Edit[]): string {
    return this.read(applyEdits(this.source.text, edits));
  }

  private read(text: string): string {
    const source = ts.createSourceFile(this.source.fileName, text, ts.ScriptTarget.ES2022, true);
    return joined(source.statements.map((statement) => readingOf(statement, source, this.on)));
  }
}

function readingOf(statement: ts.Statement, source: ts.SourceFile, on: ReadonlySet<HunkId>): string {
  return specialise(statement, source, on).map((line) => line.replace(/\/\/.*$/, '').trim()).filter((line) => line !== '').join('\n');
}

/** A statement that the patched kernel does not have leaves no line. */
function joined(readings: readonly string[]): string {
  return readings.filter((reading) => reading !== '').join('\n');
}
