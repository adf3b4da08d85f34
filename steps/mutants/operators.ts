// What might have been written instead: one small change of the machine's source at a time.
// Texts (messages, labels) are not changed, since only their wording would change.

import ts from 'typescript';
import type { Edit, Mutation } from '../../machine/cli/mutate/mutation';

/** A mutation with what is shown of it. */
export interface Mutant extends Mutation {
  readonly line: number;
  /** The text and its replacement, on one line. */
  readonly was: string;
  readonly becomes: string;
}

const RELATIVES: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
  [ts.SyntaxKind.LessThanToken, ['<=', '>=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['||']],
  [ts.SyntaxKind.BarBarToken, ['&&']],
  [ts.SyntaxKind.PlusToken, ['-']],
  [ts.SyntaxKind.MinusToken, ['+']],
  [ts.SyntaxKind.AsteriskToken, ['+']],
  [ts.SyntaxKind.SlashToken, ['*']],
  [ts.SyntaxKind.PercentToken, ['+']],
  [ts.SyntaxKind.AmpersandToken, ['|']],
  [ts.SyntaxKind.BarToken, ['&']],
  [ts.SyntaxKind.CaretToken, ['|']],
  [ts.SyntaxKind.LessThanLessThanToken, ['>>>']],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, ['<<']],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, ['<<']],
  [ts.SyntaxKind.PlusEqualsToken, ['-=']],
  [ts.SyntaxKind.MinusEqualsToken, ['+=']],
  [ts.SyntaxKind.BarEqualsToken, ['&=']],
  [ts.SyntaxKind.AmpersandEqualsToken, ['|=']],
]);

const METHODS: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min', push: 'unshift', shift: 'pop', pop: 'shift', find: 'findLast', at: 'at', floor: 'ceil', ceil: 'floor' };
/** Functions for which the order of two arguments does not matter. */
const COMMUTATIVE = new Set(['Math.imul', 'Math.max', 'Math.min', 'isSame', 'isSameFile', 'meet', 'meets']);
const LEFT_OUT = new Set(['filter', 'sort', 'reverse', 'toSorted', 'toReversed', 'slice']);

/** All mutants of one file. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Mutant[] = [];
  const one = (node: ts.Node, edits: readonly Edit[]): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const whole = { start: node.getStart(source), end: node.end };
    const short = (words: string): string => words.replace(/\s+/g, ' ').slice(0, 120);
    const was = short(text.slice(whole.start, whole.end));
    const becomes = short(edits.reduceRight((sofar, { start, end, text: by }) => sofar.slice(0, start - whole.start) + by + sofar.slice(end - whole.start), text.slice(whole.start, whole.end)));
    found.push({ id: `${file}:${line} ${was} -> ${becomes || 'nothing'}`, file, edits, line, was, becomes });
  };
  const replace = (node: ts.Node, by: string): void => one(node, [{ start: node.getStart(source), end: node.end, text: by }]);

  const condition = (node: ts.Expression): void => {
    one(node, [{ start: node.getStart(source), end: node.getStart(source), text: '!(' }, { start: node.end, end: node.end, text: ')' }]);
    if (node.kind !== ts.SyntaxKind.TrueKeyword) replace(node, `(${node.getText(source)}) || true`);
    if (node.kind !== ts.SyntaxKind.FalseKeyword) replace(node, `(${node.getText(source)}) && false`);
  };

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node)) return;
    // Code that only produces text.
    if (ts.isThrowStatement(node) || ts.isTemplateExpression(node)) return;
    if (ts.isExpressionStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node)) replace(node, ';');
    if (ts.isReturnStatement(node) && !node.expression) replace(node, ';');
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) condition(node.expression);
    if (ts.isForStatement(node) && node.condition) condition(node.condition);
    if (ts.isConditionalExpression(node)) condition(node.condition);
    if (ts.isIfStatement(node) && !node.elseStatement && ts.isReturnStatement(node.thenStatement)) replace(node, ';');
    if (ts.isBinaryExpression(node)) {
      for (const token of RELATIVES.get(node.operatorToken.kind) ?? []) one(node, [{ start: node.operatorToken.getStart(source), end: node.operatorToken.end, text: token }]);
      if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) replace(node, node.right.getText(source));
      if (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken || node.operatorToken.kind === ts.SyntaxKind.BarBarToken) {
        replace(node, node.left.getText(source));
        replace(node, node.right.getText(source));
      }
    }
    if (ts.isPrefixUnaryExpression(node) && (node.operator === ts.SyntaxKind.ExclamationToken || node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.TildeToken)) replace(node, `(${node.operand.getText(source)})`);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.PlusPlusToken) replace(node, node.getText(source).replace('++', '--'));
      if (node.operator === ts.SyntaxKind.MinusMinusToken) replace(node, node.getText(source).replace('--', '++'));
    }
    if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent.parent)) {
      const value = Number(node.text.replaceAll('_', ''));
      replace(node, String(value + 1));
      if (value > 0) replace(node, String(value - 1));
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true');
    if (ts.isArrayLiteralExpression(node) && node.elements.length > 1) {
      for (const element of node.elements) if (!ts.isStringLiteral(element)) {
        const others = node.elements.filter((other) => other !== element).map((other) => other.getText(source));
        replace(node, `[${others.join(', ')}]`);
      }
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const other = METHODS[name.text];
      if (other !== undefined && other !== name.text) one(node, [{ start: name.getStart(source), end: name.end, text: other }]);
      if (LEFT_OUT.has(name.text)) replace(node, expression.getText(source));
    }
    if (ts.isCallExpression(node) && node.arguments.length >= 2 && !COMMUTATIVE.has(node.expression.getText(source))) {
      for (let i = 0; i + 1 < node.arguments.length; i++) {
        const [first, second] = [node.arguments[i]!, node.arguments[i + 1]!];
        if (ts.isArrowFunction(first) || ts.isArrowFunction(second) || ts.isStringLiteralLike(first)) continue;
        one(node, [
          { start: first.getStart(source), end: first.end, text: second.getText(source) },
          { start: second.getStart(source), end: second.end, text: first.getText(source) },
        ]);
      }
    }
    if (ts.isReturnStatement(node) && node.expression && ts.isIdentifier(node.expression)) replace(node, `return !${node.expression.getText(source)};`);
    if (ts.isPropertyAssignment(node) && !ts.isStringLiteralLike(node.initializer) && !ts.isArrowFunction(node.initializer)) replace(node, `${node.name.getText(source)}: undefined`);
    if (ts.isCaseClause(node) && node.statements.length > 0) replace(node.statements[0]!, `break; ${node.statements[0]!.getText(source)}`);
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  const known = new Set<string>();
  return found.filter((mutant) => {
    const key = JSON.stringify(mutant.edits);
    return mutant.becomes !== mutant.was && !known.has(key) && known.add(key);
  });
}
