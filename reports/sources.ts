// The source of every kernel and hypervisor path, for the viewer's code pane.

import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { treeOf } from '../machine/cli/syntax-tree';
import { filesBelow, pathOf, PROJECT } from '../machine/cli/project';
import { placeInKernel } from './diff';
import type { PathSource } from './trace/source';

const FOLDERS = ['machine/kernel', 'machine/hypervisors'];

interface ParsedFile {
  readonly file: string;
  /** By name; of two paths with one name in a file, the first. */
  readonly paths: ReadonlyMap<string, PathSource>;
  /** The file from which each name is imported. */
  readonly imports: ReadonlyMap<string, string>;
}

/**
 * By the name of the path, as a trace shows it. If several files have a path of one name, the first by file name has that key, and the keys of
 * the others include their file; each path says which of them it calls. Paths of situations only say what they call.
 */
export function pathSources(project = PROJECT): Record<string, PathSource> {
  const parsed = FOLDERS.flatMap((folder) => filesBelow(folder, project)).sort().flatMap((file) => parse(file, project));
  const keys = new Map<string, Map<string, string>>();
  for (const { file, paths } of parsed) {
    for (const name of paths.keys()) {
      const ofName = keys.get(name) ?? new Map<string, string>();
      keys.set(name, ofName.set(file, ofName.size === 0 ? name : `${name} of ${file}`));
    }
  }
  const callsOf = ({ file, imports }: ParsedFile, text: string): Record<string, string> => Object.fromEntries([...new Set(text.match(/\w+/g))].flatMap((name) => {
    const files = keys.get(name);
    const key = files !== undefined && files.size > 1 ? files.get(file) ?? files.get(imports.get(name) ?? '') : undefined;
    return key === undefined ? [] : [[name, key]];
  }));
  const found: Record<string, PathSource> = {};
  for (const each of parsed) {
    for (const [name, source] of each.paths) {
      const key = keys.get(name)!.get(each.file)!;
      const namesakes = [...keys.get(name)!.values()].filter((other) => other !== key);
      const calls = callsOf(each, source.text);
      found[key] = { ...source, ...(Object.keys(calls).length > 0 && { calls }), ...(key === name && namesakes.length > 0 && { namesakes }) };
    }
  }
  for (const each of filesBelow('machine/situations', project).sort().flatMap((file) => parse(file, project))) {
    for (const [name, { file, line, text }] of each.paths) {
      if (keys.has(name)) continue;
      const calls = callsOf(each, text);
      const before = found[name]?.calls;
      // Situations have paths with the same name too, so only what all of them call is certain.
      const sure = before === undefined && found[name] === undefined ? calls : Object.fromEntries(Object.entries(before ?? {}).filter(([called, key]) => calls[called] === key));
      found[name] = { file, line, from: '', text: '', calls: sure };
    }
  }
  return Object.fromEntries(Object.entries(found).filter(([, { text, calls }]) => text !== '' || Object.keys(calls!).length > 0));
}

function parse(file: string, project: typeof PROJECT): ParsedFile[] {
  const text = readFileSync(pathOf(file, project), 'utf8');
  if (!text.includes('function*')) return [];
  const source = treeOf(file, text);
  const paths = new Map<string, PathSource>();
  const look = (node: ts.Node, outer: ts.Node): void => {
    if ((ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken && node.name && !paths.has(node.name.text)) {
      const whole = ts.isVariableStatement(outer) && outer.declarationList.declarations.length === 1 ? outer : node;
      const { line, character } = source.getLineAndCharacterOfPosition(whole.getStart(source));
      paths.set(node.name.text, { file, line: line + 1, from: placeInKernel(outer, source), text: outdented(whole.getText(source), character) });
    }
    node.forEachChild((child) => look(child, ts.isVariableStatement(child) || ts.isMethodDeclaration(child) ? child : outer));
  };
  source.statements.forEach((statement) => look(statement, statement));
  return [{ file, paths, imports: importsOf(source) }];
}

function importsOf(source: ts.SourceFile): Map<string, string> {
  const imports = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const named = statement.importClause?.namedBindings;
    if (!named || !ts.isNamedImports(named)) continue;
    const file = `${from.startsWith('.') ? posix.join(posix.dirname(source.fileName), from) : from}.ts`;
    for (const { propertyName, name } of named.elements) imports.set((propertyName ?? name).text, file);
  }
  return imports;
}

function outdented(text: string, column: number): string {
  return column === 0 ? text : text.replace(new RegExp(`\\n {0,${column}}`, 'g'), '\n');
}
