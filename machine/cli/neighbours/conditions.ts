// Conditions negated, weakened, strengthened; and constants exchanged for their relatives.

import ts from 'typescript';
import { guardOf } from '../../../reports/diff/specialise';
import { MMUEXT } from '../../hypervisors/xen/public/xen';
import { PARAVIRT_LAZY } from '../../kernel/vmi/guest';
import type { Edit } from '../mutate/mutation';
import { guardsIn } from './kernel-source';
import { short } from './moves';
import type { Operator, Proposal } from './neighbour';
import type { PatchedSource, Statement } from './statements';

/** Groups of constants that may replace each other. */
const CONSTANTS: readonly (readonly string[])[] = [
  Object.keys(MMUEXT).filter((name) => /PIN/.test(name)).map((name) => `MMUEXT.${name}`),
  Object.keys(PARAVIRT_LAZY).map((name) => `PARAVIRT_LAZY.${name}`),
  ["'PT_PGD'", "'PT_PMD'", "'PT_PTE'"],
  ["'stranger'", "'owner'", "'lazy'"],
  ['NONE', 'FLUSH'],
];

const COMPARISONS = new Map([['===', ['!==']], ['!==', ['===']], ['<', ['<=']], ['<=', ['<']], ['>', ['>=']], ['>=', ['>']]]);

/** Changes every part of every condition in the statement, one at a time. */
export const conditionChanged: Operator = (patched, statement) => {
  const { node, declaration: { source } } = statement;
  const found: Proposal[] = [];
  const propose = (change: string, edit: Edit): void => void found.push({ of: statement, kind: 'condition', change, edits: [edit] });
  const replace = (at: ts.Node, text: string): Edit => ({ start: at.getStart(source), end: at.end, text });
  const look = (child: ts.Node): void => {
    if (child !== node && ts.isStatement(child) && ts.isBlock(child.parent)) return;
    if (ts.isBlock(child)) return;
    if (ts.isBinaryExpression(child)) {
      const operator = child.operatorToken.getText(source);
      const said = short(patched.textOf(child, source));
      for (const other of COMPARISONS.get(operator) ?? []) propose(`${said} turned into ${other}`, replace(child.operatorToken, other));
      if ((operator === '&&' || operator === '||') && isSomething(child.left, source) && isSomething(child.right, source)) {
        propose(`${said}: without the second part`, replace(child, `(${child.left.getText(source)})`));
        propose(`${said}: without the first part`, replace(child, `(${child.right.getText(source)})`));
        propose(`${said} turned into ${operator === '&&' ? '||' : '&&'}`, replace(child.operatorToken, operator === '&&' ? '||' : '&&'));
      }
      if (operator === '&&' && isSomething(child.right, source) && !isSomething(child.left, source)) propose(`without the condition ${short(patched.textOf(child.right, source))}`, replace(child.right, 'true'));
    }
    if (ts.isIfStatement(child) && guardsIn(child.expression, source).length === 0) {
      const said = short(patched.textOf(child.expression, source));
      propose(`if (${said}) negated`, replace(child.expression, `!(${child.expression.getText(source)})`));
      propose(`if (${said}) always`, replace(child.expression, `(${child.expression.getText(source)}) || true`));
    }
    child.forEachChild(look);
  };
  look(node);
  return found;
};

/** Replaces constants and words in the statement by others of their kind. */
export const constantChanged: Operator = (_patched, statement) => {
  const { node, declaration: { source } } = statement;
  const found: Proposal[] = [];
  const look = (child: ts.Node): void => {
    if (child !== node && ts.isStatement(child) && ts.isBlock(child.parent)) return;
    if (guardOf(child, source)) return;
    const text = child.getText(source);
    const relatives = CONSTANTS.find((family) => family.includes(text));
    if (relatives && !isPartOfName(child)) {
      for (const other of relatives.filter((name) => name !== text)) {
        found.push({ of: statement, kind: 'replaced', change: `${text} replaced by ${other}`, edits: [{ start: child.getStart(source), end: child.end, text: other }] });
      }
      return;
    }
    child.forEachChild(look);
  };
  look(node);
  return found;
};

/** Leaves in what the patch removes, at one place at a time. */
export function leftAsItWas(patched: PatchedSource): Proposal[] {
  const removed = patched.removed.map(({ declaration, guard, hunk, text, line }): Proposal => ({
    of: { declaration, text, line }, kind: 'left as it was', change: `${hunk} left out here: it stays`,
    edits: [{ start: guard.getStart(declaration.source), end: guard.end, text: 'true' }],
  }));
  const chosen = [...patched.live].filter((declaration) => patched.asks(declaration)).flatMap((declaration) => guardsIn(declaration.node, declaration.source)
    .filter(({ node, word, hunk }) => word === 'after' && patched.hunks.has(hunk) && ts.findAncestor(node, (above) => ts.isConditionalExpression(above) || ts.isStatement(above))?.kind === ts.SyntaxKind.ConditionalExpression)
    .map(({ node, hunk }): Proposal => ({
      of: { declaration, text: patched.textOf(ts.findAncestor(node, ts.isStatement) ?? node, declaration.source), line: declaration.source.getLineAndCharacterOfPosition(node.pos).line + 1 },
      kind: 'left as it was', change: `${hunk} left out here`,
      edits: [{ start: node.getStart(declaration.source), end: node.end, text: 'false' }],
    })));
  return [...removed, ...chosen];
}

/** Whether it tests more than hunks. */
function isSomething(node: ts.Node, source: ts.SourceFile): boolean {
  const look = (child: ts.Node): boolean => {
    if (guardOf(child, source)) return false;
    if (ts.isBinaryExpression(child) && /^(&&|\|\|)$/.test(child.operatorToken.getText(source))) return look(child.left) || look(child.right);
    if (ts.isParenthesizedExpression(child)) return look(child.expression);
    return true;
  };
  return look(node);
}

function isPartOfName(node: ts.Node): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) || (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isBindingElement(parent);
}

/** For the text of a statement. */
export type { Statement };
