// The patch printed back from the source. The kernel's paths ask `k.before('x')` and `k.after('x')`;
// here each path that asks for a hunk is written out twice, with the hunk and without it, and the
// difference is the reviewer's diff of that hunk.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { unknown, wholeOf } from '../machine/patches/selection';
import type { HunkId, Patch } from '../machine/patches/types';
import { chunksOf, compareLines, type Line } from './diff/lines';
import { guardOf, specialise } from './diff/specialise';

export { UnprintableGuard } from './diff/specialise';

/** What one path loses and gains. */
export interface PathDiff {
  /** `machine/kernel/linux-2.6/tlbflush.ts` */
  readonly file: string;
  readonly name: string;
  /** Where it was transcribed from, as its comment says: C file and function. */
  readonly from: string;
  readonly chunks: readonly (readonly Line[])[];
}

interface GuardedPath {
  readonly file: string;
  readonly name: string;
  readonly from: string;
  readonly node: ts.Node;
  readonly source: ts.SourceFile;
  readonly hunks: ReadonlySet<HunkId>;
}

const CONTEXT = 3;

/** The kernel's source as far as hunks guard it. */
export class GuardedSource {
  private readonly paths: readonly GuardedPath[];

  /** @throws UnprintableGuard for a guard whose hunk cannot be read off */
  constructor(files: readonly { readonly file: string; readonly text: string }[]) {
    this.paths = files.flatMap(({ file, text }) => guardedPaths(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)));
  }

  /** Every hunk that some path asks for. */
  get hunks(): ReadonlySet<HunkId> {
    return new Set(this.paths.flatMap(({ hunks }) => [...hunks]));
  }

  /** What changes between the kernel with the hunks `from` and the one with the hunks `to`. */
  between(from: ReadonlySet<HunkId>, to: ReadonlySet<HunkId>): PathDiff[] {
    return this.paths.flatMap(({ file, name, from: origin, node, source }) => {
      const chunks = chunksOf(compareLines(specialise(node, source, from), specialise(node, source, to)), CONTEXT);
      return chunks.length > 0 ? [{ file, name, from: origin, chunks }] : [];
    });
  }

  /**
   * What one hunk of `patch` does: alone, or, where that is nothing, beside the patch's other hunks.
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

/** The source of the kernel below `root`, the folder of the project. */
export function readKernel(root: string): GuardedSource {
  const folder = 'machine/kernel';
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && file !== `${folder}/kernel.ts`)
    .sort();
  return new GuardedSource(files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') })));
}

/** A diff as text, as a reviewer would quote it. */
export function diffText(diffs: readonly PathDiff[]): string {
  return diffs.flatMap(({ file, name, chunks }) => chunks.map((chunk) => [`@@ ${file}, ${name}() @@`, ...chunk.map(({ sign, text }) => `${sign}${text}`.trimEnd())].join('\n'))).join('\n');
}

function guardedPaths(source: ts.SourceFile): GuardedPath[] {
  const parts = source.statements.flatMap((statement): readonly ts.Node[] => (ts.isClassDeclaration(statement) ? [...statement.members] : [statement]));
  return parts.flatMap((node) => {
    const hunks = hunksIn(node, source);
    if (hunks.size === 0) return [];
    return [{ file: source.fileName, name: nameOf(node, source), from: placeInKernel(node, source), node, source, hunks }];
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

/** The first line of the comment above, as far as it names a place in the kernel. */
export function placeInKernel(node: ts.Node, source: ts.SourceFile): string {
  const comment = (ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []).map(({ pos, end }) => source.text.slice(pos, end)).at(-1) ?? '';
  const words = comment.replace(/^\/\*\*?|\*\/$|^\/\/|\n\s*\*\/?|\n\s*\/\//g, ' ').replace(/\s+/g, ' ').trim();
  return /^[\w/.-]+\.[chS]\b(, [\w.]+(\(\))?)?/.exec(words)?.[0] ?? '';
}
