// The patch printed back from the source. The kernel's paths ask `k.before('x')` and `k.after('x')`;
// here each path that asks for a hunk is printed twice, with the hunk and without it, and the
// difference is the reviewer's diff of that hunk.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { unknown, wholeOf } from '../machine/patches/selection';
import type { HunkId, Patch } from '../machine/patches/types';
import { treeOf } from '../machine/cli/syntax-tree';
import { filesBelow, packageFile, pathOf, PROJECT } from '../machine/cli/project';
import { provenanceOf, showSource, type Source } from '../machine/cli/sources/provenance';
import { chunksOf, compareLines, type Line } from './diff/lines';
import { inC } from './diff/pseudo-c';
import { guardOf, specialise } from './diff/specialise';

export { UnprintableGuard } from './diff/specialise';

/** What one path loses and gains. */
export interface PathDiff {
  /** `machine/kernel/linux-2.6/tlbflush.ts` */
  readonly file: string;
  readonly name: string;
  /** The place that it was transcribed from, according to its comment: C file, lines, release and function. */
  readonly from: string;
  /** The parts of that; null if the comment names no function of the C. */
  readonly source: Source | null;
  readonly chunks: readonly (readonly Line[])[];
  /** The same change in C's spelling. */
  readonly inC: readonly (readonly Line[])[];
}

interface GuardedPath {
  readonly file: string;
  readonly name: string;
  readonly from: string;
  readonly cSource: Source | null;
  readonly node: ts.Node;
  readonly source: ts.SourceFile;
  readonly hunks: ReadonlySet<HunkId>;
}

const CONTEXT = 3;

/** The parts of the kernel's source that hunks guard. */
export class GuardedSource {
  private readonly paths: readonly GuardedPath[];

  /** @throws UnprintableGuard for a guard that does not name its hunk literally */
  constructor(files: readonly { readonly file: string; readonly text: string }[]) {
    this.paths = files.flatMap(({ file, text }) => guardedPaths(treeOf(file, text)));
  }

  /** Every hunk that any path asks for. */
  get hunks(): ReadonlySet<HunkId> {
    return new Set(this.paths.flatMap(({ hunks }) => [...hunks]));
  }

  /** What changes between the kernel with the hunks `from` and the one with the hunks `to`. */
  between(from: ReadonlySet<HunkId>, to: ReadonlySet<HunkId>): PathDiff[] {
    return this.paths.flatMap(({ file, name, from: origin, cSource, node, source, hunks }) => {
      if ([...hunks].every((hunk) => from.has(hunk) === to.has(hunk))) return [];
      const [before, after] = [specialise(node, source, from), specialise(node, source, to)];
      const chunks = chunksOf(compareLines(before, after), CONTEXT);
      return chunks.length > 0 ? [{ file, name, from: origin, source: cSource, chunks, inC: chunksOf(compareLines(inC(before), inC(after)), CONTEXT) }] : [];
    });
  }

  /**
   * What one hunk of `patch` does: alone, or, if that is nothing, together with the patch's other hunks.
   *
   * @throws SelectionError for a hunk that the patch does not have
   */
  ofHunk(patch: Patch, hunk: HunkId): PathDiff[] {
    if (!patch.hunks.some(({ id }) => id === hunk)) throw unknown(`hunk "${hunk}"`, hunk, patch.hunks.map(({ id }) => id));
    const alone = this.between(new Set(), new Set([hunk]));
    if (alone.length > 0) return alone;
    const rest = [...new Set([...wholeOf(patch), ...patch.variants.filter(({ hunks }) => hunks.includes(hunk)).flatMap(({ hunks }) => hunks)])].filter((id) => id !== hunk);
    return this.between(new Set(rest), new Set([...rest, hunk]));
  }
}

/** The source of the project's kernel. */
export function readKernel(project = PROJECT): GuardedSource {
  const files = filesBelow('machine/kernel', project).filter((file) => file !== packageFile('machine/kernel/kernel.ts', project)).sort();
  return new GuardedSource(files.map((file) => ({ file, text: readFileSync(pathOf(file, project), 'utf8') })));
}

/** A diff in C's spelling as text, without its head. */
export function diffInC(diffs: readonly PathDiff[]): string {
  return diffs.flatMap(({ inC: chunks }) => chunks.map((chunk) => chunk.map(({ sign, text }) => `${sign}${text}`.trimEnd()).join('\n'))).join('\n');
}

/** A diff as text, as the model has it. */
export function diffText(diffs: readonly PathDiff[]): string {
  return diffs.flatMap(({ file, name, chunks }) => chunks.map((chunk) => [`@@ ${file}, ${name}() @@`, ...chunk.map(({ sign, text }) => `${sign}${text}`.trimEnd())].join('\n'))).join('\n');
}

function guardedPaths(source: ts.SourceFile): GuardedPath[] {
  const parts = source.statements.flatMap((statement): readonly ts.Node[] => (ts.isClassDeclaration(statement) ? [...statement.members] : [statement]));
  return parts.flatMap((node) => {
    const hunks = hunksIn(node, source);
    if (hunks.size === 0) return [];
    return [{ file: source.fileName, name: nameOf(node, source), from: placeInKernel(node, source), cSource: sourceInKernel(node, source), node, source, hunks }];
  });
}

function hunksIn(node: ts.Node, source: ts.SourceFile): Set<HunkId> {
  const found = new Set<HunkId>();
  const look = (child: ts.Node): void => {
    const guard = guardOf(child, source);
    if (guard) found.add(guard.hunk);
    child.forEachChild(look);
  };
  look(node);
  return found;
}

function nameOf(node: ts.Node, source: ts.SourceFile): string {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText(source)).join(', ');
  const { name } = node as ts.NamedDeclaration;
  return name?.getText(source) ?? 'constructor';
}

/** The place of a path in the C, according to the comment above it; null if that does not say. */
function sourceInKernel(node: ts.Node, source: ts.SourceFile): Source | null {
  const comment = (ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []).map(({ pos, end }) => source.text.slice(pos, end)).at(-1) ?? '';
  return provenanceOf(comment).sources[0] ?? null;
}

/** The same in words; empty for nothing. */
export function placeInKernel(node: ts.Node, source: ts.SourceFile): string {
  const found = sourceInKernel(node, source);
  return found === null ? '' : showSource(found);
}
