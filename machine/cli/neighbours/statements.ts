// Which statements are the patch's own: those that its hunks guard, those of
// paths that are not reached without it, and those that use a local variable
// that only the patch sets.

import ts from 'typescript';
import { specialise } from '../../../reports/diff/specialise';
import type { HunkId } from '../../patches/types';
import { decided, guardsIn, isDead, type Declaration, type KernelSource } from './kernel-source';

/** One statement of a path, as the patched kernel has it. */
export interface Statement {
  readonly declaration: Declaration;
  readonly node: ts.Statement;
  /** As a reader of C would expect it: without guards and without `yield*`. */
  readonly text: string;
  /** Counts from 1. */
  readonly line: number;
}

/** The patched kernel, and what belongs to the patch in it. */
export class PatchedSource {
  /** In the order of the files, then of the text. */
  readonly own: readonly Statement[];
  /** Guards by which the patch removes something. */
  readonly removed: readonly { readonly declaration: Declaration; readonly guard: ts.CallExpression; readonly hunk: HunkId; readonly text: string; readonly line: number }[];
  /** Declarations that are reached on the patched kernel. */
  readonly live: ReadonlySet<Declaration>;
  /** All applied hunks. */
  readonly on: ReadonlySet<HunkId>;
  private readonly ownDeclarations: ReadonlySet<Declaration>;

  /**
   * @param hunks those of the patch
   * @param base those of the kernel to which it is applied
   */
  constructor(readonly kernel: KernelSource, readonly hunks: ReadonlySet<HunkId>, private readonly base: ReadonlySet<HunkId>) {
    this.on = new Set([...base, ...hunks]);
    this.live = kernel.reachable(this.on);
    const without = kernel.reachable(base);
    this.ownDeclarations = new Set([...this.live].filter((declaration) => !without.has(declaration)));
    const changed = kernel.declarations.filter((declaration) => this.live.has(declaration) && (this.ownDeclarations.has(declaration) || this.asks(declaration)));
    this.own = changed.filter(isCode).flatMap((declaration) => this.ownStatements(declaration));
    this.removed = changed.flatMap((declaration) => this.removedIn(declaration));
  }

  /** Whether a declaration consults a hunk of the patch. */
  asks(declaration: Declaration): boolean {
    return [...this.kernel.hunksIn(declaration)].some((hunk) => this.hunks.has(hunk));
  }

  /** The statements around `node` that the patched kernel has. */
  siblings(node: ts.Statement): ts.Statement[] {
    return this.liveIn(node.parent as ts.Block);
  }

  liveIn(block: ts.Block): ts.Statement[] {
    const source = block.getSourceFile();
    return block.statements.filter((statement) => doesSomething(this.textOf(statement, source)));
  }

  /** The text without guards and `yield*`; empty for what the patched kernel does not have. */
  textOf(node: ts.Node, source: ts.SourceFile): string {
    if (isDead(node, source, this.on)) return '';
    const lines = specialise(node, source, this.on).map((line) => line.replace(/\/\/.*$/, '').trim()).filter((line) => line !== '');
    return lines.join(' ').replaceAll('yield* ', '').replace(/;$/, '');
  }

  /** Whether `node` only runs because of a hunk of the patch. */
  private isGuarded(node: ts.Node, source: ts.SourceFile): boolean {
    for (let child = node, { parent } = node; parent && !ts.isSourceFile(parent); child = parent, { parent } = parent) {
      if (ts.isIfStatement(parent) && child === parent.thenStatement && this.needsHunk(parent.expression, source)) return true;
    }
    return ts.isIfStatement(node) && this.needsHunk(node.expression, source);
  }

  private needsHunk(condition: ts.Expression, source: ts.SourceFile): boolean {
    return decided(condition, source, this.base) === false && decided(condition, source, this.on) !== false;
  }

  private ownStatements(declaration: Declaration): Statement[] {
    const { source, node } = declaration;
    const all = statementsIn(node);
    const isWhollyOwn = this.ownDeclarations.has(declaration);
    const guarded = (statement: ts.Statement): boolean => isWhollyOwn || this.isGuarded(statement, source);
    const setByPatch = isWhollyOwn ? new Set<string>() : onlySetIn(node, source, guarded);
    const uses = (statement: ts.Statement): boolean => ts.isIfStatement(statement) && mentionsAny(statement.expression, setByPatch);
    return all.filter((statement) => guarded(statement) || uses(statement))
      .map((statement) => ({ declaration, node: statement, text: this.textOf(statement, source), line: lineOf(statement, source) }))
      .filter(({ text }) => doesSomething(text));
  }

  private removedIn(declaration: Declaration): { declaration: Declaration; guard: ts.CallExpression; hunk: HunkId; text: string; line: number }[] {
    const { source, node } = declaration;
    return guardsIn(node, source).filter(({ word, hunk }) => word === 'before' && this.hunks.has(hunk)).map(({ node: guard, hunk }) => {
      const whole = ts.findAncestor(guard, ts.isStatement) ?? guard;
      const text = whole.getText(source).replace(/^if \(.*?k\.before\('[^']*'\)[^)]*\) /, '').replaceAll('yield* ', '').replace(/;( \/\/.*)?$/, '');
      return { declaration, guard, hunk, text, line: lineOf(guard, source) };
    });
  }
}

export const lineOf = (node: ts.Node, source: ts.SourceFile): number => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

/** Whether a text is that of a statement which does something: a mere declaration does nothing yet. */
const doesSomething = (text: string): boolean => text !== '' && !/^(const|let) \w+ = (null|0|false)$/.test(text);

/** Paths, and plain functions with statements of their own. The body of an instruction counts as a whole. */
function isCode({ node }: Declaration): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isGetAccessor(node)) return true;
  return ts.isVariableDeclaration(node) && node.initializer !== undefined && /^path\(/.test(node.initializer.getText());
}

/** Every statement inside, including those in branches and loops, but without the blocks around them. */
function statementsIn(node: ts.Node): ts.Statement[] {
  const found: ts.Statement[] = [];
  const look = (child: ts.Node): void => {
    if (ts.isStatement(child) && ts.isBlock(child.parent) && !ts.isFunctionDeclaration(child)) found.push(child);
    child.forEachChild(look);
  };
  node.forEachChild(look);
  return found;
}

/** Local variables that are set nowhere else, except in their declarations. */
function onlySetIn(node: ts.Node, source: ts.SourceFile, isOwn: (statement: ts.Statement) => boolean): Set<string> {
  const own = new Set<string>();
  const others = new Set<string>();
  const look = (child: ts.Node): void => {
    if (ts.isBinaryExpression(child) && child.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(child.left)) {
      const statement = ts.findAncestor(child, (above): above is ts.Statement => ts.isStatement(above) && ts.isBlock(above.parent));
      (statement && isOwn(statement) ? own : others).add(child.left.getText(source));
    }
    child.forEachChild(look);
  };
  look(node);
  return new Set([...own].filter((name) => !others.has(name)));
}

function mentionsAny(node: ts.Node, names: ReadonlySet<string>): boolean {
  return (ts.isIdentifier(node) && names.has(node.text)) || ts.forEachChild(node, (child) => mentionsAny(child, names) || undefined) === true;
}
