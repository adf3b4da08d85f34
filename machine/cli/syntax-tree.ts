// Syntax trees from the TypeScript compiler. The page, the neighbours and the diffs use the same files, and each is parsed once.

import ts from 'typescript';

const known = new Map<string, ts.SourceFile>();

/** The tree of a file with this text, with the parent of each node. */
export function treeOf(file: string, text: string): ts.SourceFile {
  let source = known.get(file);
  if (source?.text !== text) known.set(file, source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  return source!;
}
