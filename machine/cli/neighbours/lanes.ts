// The patch as a picture: the lines of each block that it changes, and beside each of the patch's own
// lines a bar over the places where that line may stand.

import type ts from 'typescript';
import type { Subject } from './enumerate';
import type { KernelSource } from './kernel-source';
import { lineOf, PatchedSource, type Statement } from './statements';
import type { Reach, Row } from './table';

/** A line of a block in the patched kernel. */
export interface BlockLine {
  readonly text: string;
  /** Its place in the file, from 1 on. */
  readonly line: number;
  readonly isOwn: boolean;
}

/** Where one line of the patch may stand. */
export interface Lane {
  /** Index of its line in the block. */
  readonly at: number;
  /** The first and the last line where it may stand. */
  readonly from: number;
  readonly to: number;
  readonly reach: Reach;
  readonly row: Row;
}

export interface BlockPicture {
  readonly file: string;
  readonly path: string;
  readonly lines: readonly BlockLine[];
  readonly lanes: readonly Lane[];
}

/** One picture for each block in which a line of the patch can move; in the order of the source. */
export function blockPictures(kernel: KernelSource, { hunks, base }: Subject, rows: readonly Row[]): BlockPicture[] {
  const patched = new PatchedSource(kernel, hunks, base);
  const blocks = new Map<ts.Node, Statement[]>();
  for (const statement of patched.own) blocks.set(statement.node.parent, [...(blocks.get(statement.node.parent) ?? []), statement]);
  return [...blocks.values()].flatMap((own): BlockPicture[] => {
    const { declaration: { file, name, source }, node } = own[0]!;
    const siblings = patched.siblings(node);
    if (siblings.length < 2) return [];
    const lines = siblings.map((sibling): BlockLine => ({ text: patched.textOf(sibling, source), line: lineOf(sibling, source), isOwn: own.some((statement) => statement.node === sibling) }));
    const lanes = own.flatMap((statement): Lane[] => {
      const at = siblings.indexOf(statement.node);
      const row = rows.find((one) => one.file === file && one.line === statement.line && one.statement === statement.text);
      if (!row) return [];
      return [{ at, from: at - row.reach.up, to: at + row.reach.down, reach: row.reach, row }];
    });
    return lanes.length === 0 ? [] : [{ file, path: name, lines, lanes }];
  });
}
