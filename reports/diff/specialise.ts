// A path as it would read if a patch had been applied permanently, or never: the guards are evaluated,
// and the statements that depend on them are dropped or kept. The rest of the text does not change.

import ts from 'typescript';
import type { HunkId } from '../../machine/patches/types';

/** A guard that cannot be evaluated from the text. Names the place. */
export class UnprintableGuard extends Error {}

const GUARDS = ['before', 'after'];

/** Marks the place of a dropped statement until its line is removed. */
const DROPPED = '\u0000';

/** The hunk that a call of `k.before()` or `k.after()` asks for; null for any other node. */
export function guardOf(node: ts.Node, source: ts.SourceFile): { readonly word: string; readonly hunk: HunkId } | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const word = node.expression.name.text;
  if (!GUARDS.includes(word)) return null;
  const [hunk] = node.arguments;
  if (node.arguments.length === 1 && hunk && ts.isStringLiteral(hunk)) return { word, hunk: hunk.text };
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  throw new UnprintableGuard(`${source.fileName}:${line + 1}: the guard "${node.getText(source)}" does not name its hunk in quotes, so the patch cannot be printed from it`);
}

/** The text of `node` on a kernel with exactly the hunks `on`, line by line. */
export function specialise(node: ts.Node, source: ts.SourceFile, on: ReadonlySet<HunkId>): string[] {
  const lines = new Specialiser(source, on).text(node).split('\n');
  return lines.filter((line) => !line.includes(DROPPED) || line.replace(/\/\/.*$/, '').replaceAll(DROPPED, '').trim() !== '').map((line) => line.replaceAll(DROPPED, ''));
}

/** The places in each file where a word can decide something. */
const decisive = new WeakMap<ts.SourceFile, readonly number[]>();

function decisiveIn(source: ts.SourceFile): readonly number[] {
  let places = decisive.get(source);
  if (places === undefined) decisive.set(source, places = [...source.text.matchAll(/\b(?:before|after|true|false)\b/g)].map(({ index }) => index));
  return places;
}

class Specialiser {
  /** Constants that hold the result of a guard: they are dropped, and their uses are evaluated. */
  private readonly decided = new Map<string, string>();

  constructor(private readonly source: ts.SourceFile, private readonly on: ReadonlySet<HunkId>) {}

  /** Whether anything in a stretch of the text can be evaluated; if not, it stays as it is. */
  private mayChange(begin: number, end: number): boolean {
    if (decisiveIn(this.source).some((place) => place >= begin && place < end)) return true;
    return this.decided.size > 0 && [...this.decided.keys()].some((name) => this.source.text.slice(begin, end).includes(name));
  }

  /** The text of a node, with `true` and `false` for what has been evaluated. */
  text(node: ts.Node): string {
    const begin = node.getStart(this.source);
    if (!this.mayChange(begin, node.end)) return this.source.text.slice(begin, node.end);
    const guard = guardOf(node, this.source);
    if (guard) return String(this.on.has(guard.hunk) === (guard.word === 'after'));
    if (ts.isIfStatement(node)) return this.branch(node);
    if (ts.isConditionalExpression(node)) return this.choice(node);
    if (ts.isBinaryExpression(node)) return this.binary(node);
    if (ts.isVariableStatement(node)) return this.constant(node);
    if (ts.isIdentifier(node) && this.isUse(node)) return this.decided.get(node.text)!;
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return this.negation(node);
    if (ts.isParenthesizedExpression(node)) return this.parentheses(node);
    return this.spliced(node);
  }

  private spliced(node: ts.Node): string {
    const begin = node.getStart(this.source);
    let text = '';
    let at = begin;
    node.forEachChild((child) => {
      const start = child.getStart(this.source);
      text += this.source.text.slice(at, start) + this.text(child);
      at = child.getEnd();
    });
    return text + this.source.text.slice(at, node.getEnd());
  }

  private branch(node: ts.IfStatement): string {
    const condition = this.text(node.expression);
    if (condition === 'true') return this.inline(node.thenStatement, node);
    if (condition === 'false') return node.elseStatement ? this.inline(node.elseStatement, node) : DROPPED;
    return this.withElse(node);
  }

  /** An `if` that cannot be evaluated: its `else` is removed if nothing is left in it, and gets braces if more than one statement is left. */
  private withElse(node: ts.IfStatement): string {
    const { thenStatement, elseStatement } = node;
    if (!elseStatement || !ts.isIfStatement(elseStatement)) return this.spliced(node);
    const condition = this.text(elseStatement.expression);
    if (condition !== 'true' && condition !== 'false') return this.spliced(node);
    const left = condition === 'true' ? elseStatement.thenStatement : elseStatement.elseStatement;
    const head = this.source.text.slice(node.getStart(this.source), node.expression.getStart(this.source)) + this.text(node.expression)
      + this.source.text.slice(node.expression.getEnd(), thenStatement.getStart(this.source)) + this.text(thenStatement);
    if (!left) return head;
    return `${head}${this.source.text.slice(thenStatement.getEnd(), elseStatement.getStart(this.source))}${this.text(left)}`;
  }

  /** `const first = k.after('x')`: the answer is known, so the constant is removed and its uses are evaluated. */
  private constant(node: ts.VariableStatement): string {
    const [declaration, ...others] = node.declarationList.declarations;
    if (others.length > 0 || !declaration?.initializer || !ts.isIdentifier(declaration.name) || !(node.declarationList.flags & ts.NodeFlags.Const)) return this.spliced(node);
    const value = this.text(declaration.initializer);
    if (value !== 'true' && value !== 'false') return this.spliced(node);
    this.decided.set(declaration.name.text, value);
    return DROPPED;
  }

  private isUse(node: ts.Identifier): boolean {
    const { parent } = node;
    return this.decided.has(node.text) && !(ts.isPropertyAccessExpression(parent) && parent.name === node) && !(ts.isPropertyAssignment(parent) && parent.name === node) && !ts.isVariableDeclaration(parent);
  }

  /** A branch that replaces the whole statement: without its braces, and indented like the `if`. */
  private inline(branch: ts.Statement, whole: ts.IfStatement): string {
    if (!ts.isBlock(branch)) return this.text(branch);
    const column = (at: ts.Node): number => this.source.getLineAndCharacterOfPosition(at.getStart(this.source)).character;
    const [first] = branch.statements;
    if (!first) return DROPPED;
    const depth = column(first) - column(whole);
    const inner = this.spliced(branch).replace(/^\{\s*/, '').replace(/\s*\}$/, '');
    return inner.split('\n').map((line, i) => (i === 0 ? line : line.replace(new RegExp(`^ {0,${depth}}`), ''))).join('\n');
  }

  private choice(node: ts.ConditionalExpression): string {
    const condition = this.text(node.condition);
    if (condition === 'true') return this.text(node.whenTrue);
    return condition === 'false' ? this.text(node.whenFalse) : this.spliced(node);
  }

  private binary(node: ts.BinaryExpression): string {
    const operator = node.operatorToken.getText(this.source);
    if (operator !== '&&' && operator !== '||') return this.spliced(node);
    // "From a later release on, or with the hunk": the diff is against the release that does not have it.
    if (operator === '||' && (this.isRelease(node.left) || this.isRelease(node.right))) {
      const other = this.text(this.isRelease(node.left) ? node.right : node.left);
      if (other === 'true' || other === 'false') return other;
    }
    const [left, right] = [this.text(node.left), this.text(node.right)];
    const neutral = operator === '&&' ? 'true' : 'false';
    const absorbing = operator === '&&' ? 'false' : 'true';
    if (left === absorbing || right === absorbing) return absorbing;
    if (left === neutral) return right;
    return right === neutral ? left : this.spliced(node);
  }

  private isRelease(node: ts.Expression): boolean {
    return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'since';
  }

  private negation(node: ts.PrefixUnaryExpression): string {
    const operand = this.text(node.operand);
    return operand === 'true' ? 'false' : operand === 'false' ? 'true' : this.spliced(node);
  }

  private parentheses(node: ts.ParenthesizedExpression): string {
    const inner = this.text(node.expression);
    return inner !== node.expression.getText(this.source) && !/&&|\|\||\?|yield/.test(inner) ? inner : this.spliced(node);
  }
}
