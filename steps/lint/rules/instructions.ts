// A C statement that another party can see half done is not one instruction. So an instruction of a modelled kernel that stores to
// more than one place says why no CPU can see it half done: `Model:` in its docstring, or `Ours:` if it is not in the C.

import { readFileSync } from 'node:fs';
import {
  createSourceFile, forEachChild, isArrowFunction, isBinaryExpression, isCallExpression, isForOfStatement, isForStatement, isIdentifier, isPostfixUnaryExpression, isPrefixUnaryExpression,
  isVariableDeclaration, ScriptTarget, SyntaxKind, type CallExpression, type Node, type SourceFile,
} from 'typescript';
import { filesBelow, isBeside, pathOf } from '../../../machine/cli/project';
import type { Finding, Rule } from '../suite';
import { projectsOf } from './sources';

const FOLDERS = ['machine/kernel', 'machine/situations'];
/** Calls that store to memory. */
const STORING = /(?:^|\.)(?:write32|setPte|swap32)$/;
/** What belongs to the processor itself, and what only invariants or readers use. */
const OF_NOBODY_ELSE = /^cpu\.(?!memory)|\.(?:oops|lastAccess|chosen)$/;

/** The places that the action of an instruction stores to, as they are written. A store in a loop counts twice. */
function storesOf(action: Node, file: SourceFile): string[] {
  const stores: string[] = [];
  const visit = (node: Node, inLoop: boolean): void => {
    const noted = (text: string): void => {
      if (!OF_NOBODY_ELSE.test(text)) stores.push(...(inLoop ? [text, text] : [text]));
    };
    if (isBinaryExpression(node) && node.operatorToken.kind >= SyntaxKind.FirstAssignment && node.operatorToken.kind <= SyntaxKind.LastAssignment && !isIdentifier(node.left)) noted(node.left.getText(file));
    if (isPrefixUnaryExpression(node) || isPostfixUnaryExpression(node)) {
      if ([SyntaxKind.PlusPlusToken, SyntaxKind.MinusMinusToken].includes(node.operator) && !isIdentifier(node.operand)) noted(node.operand.getText(file));
    }
    if (isCallExpression(node) && STORING.test(node.expression.getText(file))) noted(`${node.expression.getText(file)}()`);
    const loops = isForStatement(node) || isForOfStatement(node);
    forEachChild(node, (child) => visit(child, inLoop || loops));
  };
  visit(action, false);
  return stores;
}

/** The docstring above the statement that `node` is in, and the name that it gives. */
function aboveOf(node: Node, file: SourceFile): { readonly said: string; readonly name: string } {
  let name = '';
  let at = node;
  while (at.parent !== undefined && at.parent.kind !== SyntaxKind.SourceFile) {
    at = at.parent;
    if (name === '' && (isVariableDeclaration(at) || at.kind === SyntaxKind.PropertyAssignment)) name = (at as unknown as { name: Node }).name.getText(file);
  }
  return { said: file.text.slice(at.pos, node.getStart(file)), name };
}

/** What is missing from the instructions of one file. */
export function halfDone(path: string, text: string): Finding[] {
  const file = createSourceFile(path, text, ScriptTarget.Latest, true);
  const found: Finding[] = [];
  const judge = (call: CallExpression): void => {
    const action = call.arguments.find((argument, i) => i > 0 && isArrowFunction(argument));
    const stores = action === undefined ? [] : storesOf(action, file);
    const { said, name } = aboveOf(call, file);
    if (stores.length < 2 || /\bModel:|\bOurs:/.test(said)) return;
    found.push({ file: path, line: file.getLineAndCharacterOfPosition(call.getStart(file)).line + 1, message: `the instruction ${name} stores to ${[...new Set(stores)].join(' and ')} at once, and does not say with "Model:" why no other processor sees it half done` });
  };
  const visit = (node: Node): void => {
    if (isCallExpression(node) && node.expression.getText(file) === 'instruction') judge(node);
    forEachChild(node, visit);
  };
  visit(file);
  return found;
}

export const instructions: Rule = (suite) =>
  projectsOf(suite).flatMap((project) => FOLDERS.flatMap((folder) => filesBelow(folder, project)).filter((file) => !isBeside(file)).flatMap((file) => {
    const text = readFileSync(pathOf(file, project), 'utf8');
    return text.includes('instruction(') ? halfDone(file, text) : [];
  }));
