// The source of every kernel and hypervisor path, for the viewer's code pane.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { filesBelow, pathOf, PROJECT } from '../machine/cli/project';
import { placeInKernel } from './diff';
import type { PathSource } from './trace/source';

const FOLDERS = ['machine/kernel', 'machine/hypervisors'];

/** By the name of the path, as a trace shows it. Where two files have a path of one name, the first by file name. */
export function pathSources(project = PROJECT): Record<string, PathSource> {
  const files = FOLDERS.flatMap((folder) => filesBelow(folder, project)).sort();
  const found: Record<string, PathSource> = {};
  for (const file of files) {
    const text = readFileSync(pathOf(file, project), 'utf8');
    if (!text.includes('function*')) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    const look = (node: ts.Node, outer: ts.Node): void => {
      if ((ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken && node.name) {
        const whole = ts.isVariableStatement(outer) && outer.declarationList.declarations.length === 1 ? outer : node;
        found[node.name.text] ??= {
          file, line: source.getLineAndCharacterOfPosition(whole.getStart(source)).line + 1,
          from: placeInKernel(outer, source), text: outdented(whole.getText(source), source.getLineAndCharacterOfPosition(whole.getStart(source)).character),
        };
      }
      node.forEachChild((child) => look(child, ts.isVariableStatement(child) || ts.isMethodDeclaration(child) ? child : outer));
    };
    source.statements.forEach((statement) => look(statement, statement));
  }
  return found;
}

function outdented(text: string, column: number): string {
  return column === 0 ? text : text.replace(new RegExp(`\\n {0,${column}}`, 'g'), '\n');
}
