// The kernel's source as a reader of one patch sees it: its declarations, which
// of them mention which, and what a choice of hunks leaves of each.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { guardOf } from '../../../reports/diff/specialise';
import type { HunkId } from '../../patches/types';
import { treeOf } from '../syntax-tree';
import { filesBelow, importedFile, packageFile, pathOf, PROJECT } from '../project';

const FOLDER = 'machine/kernel';

/** Not paths: the object that answers the guards, and the model of the linker. */
const NO_PATHS = new Set(['kernel.ts', 'boot/build.ts', 'boot/boot-kernel.ts'].map((file) => packageFile(`${FOLDER}/${file}`)));

/** One file. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** Reads the project's kernel, and the files that call it. */
export function readKernelSource(project = PROJECT): KernelSource {
  const read = (folder: string): SourceText[] => filesBelow(folder, project).map((file) => ({ file, text: readFileSync(pathOf(file, project), 'utf8') }));
  return new KernelSource(read(FOLDER), ['machine/situations', 'machine/invariants', 'machine/hypervisors'].flatMap(read));
}

/** A declaration at the top of a file, or a member of a class. */
export interface Declaration {
  readonly file: string;
  readonly source: ts.SourceFile;
  readonly name: string;
  readonly node: ts.Node;
}

/** One identifier that stands for a declaration of the kernel. */
export interface Mention {
  readonly from: Declaration;
  readonly node: ts.Node;
  readonly to: Declaration;
}

/** The kernel's files, parsed. */
export class KernelSource {
  readonly files: readonly ts.SourceFile[];
  readonly declarations: readonly Declaration[];
  readonly mentions: readonly Mention[];
  /** What is called from outside of the kernel: every run begins there. */
  readonly roots: ReadonlySet<Declaration>;
  /** By file and name; the first one, if two have the same name. */
  private readonly byName = new Map<string, Declaration>();
  private readonly byFrom = new Map<Declaration, Mention[]>();
  private readonly hunks = new Map<Declaration, ReadonlySet<HunkId>>();
  private readonly reached = new Map<string, ReadonlySet<Declaration>>();

  /**
   * @param kernel its files, by their places in the project
   * @param callers files of the project that call it
   */
  constructor(kernel: readonly SourceText[], callers: readonly SourceText[]) {
    const parse = ({ file, text }: SourceText): ts.SourceFile => treeOf(file, text);
    this.files = kernel.map(parse);
    this.declarations = this.files.flatMap(declarationsOf);
    for (const declaration of this.declarations) {
      const key = `${declaration.file} ${declaration.name}`;
      if (!this.byName.has(key)) this.byName.set(key, declaration);
    }
    const imports = new Map(this.files.map((source) => [source, importsOf(source)]));
    this.mentions = this.declarations.flatMap((declaration) => this.mentionsIn(declaration, imports.get(declaration.source)!));
    for (const mention of this.mentions) {
      const known = this.byFrom.get(mention.from);
      if (known === undefined) this.byFrom.set(mention.from, [mention]);
      else known.push(mention);
    }
    const outside = callers.map(parse);
    this.roots = new Set([
      ...outside.flatMap((source) => [...importsOf(source)].flatMap(([, { file, name }]) => this.named(file, name) ?? [])),
      ...this.declarations.filter(({ node }) => ts.isClassElement(node)),
    ]);
  }

  private named(file: string, name: string): Declaration | undefined {
    return this.byName.get(`${file} ${name}`);
  }

  private mentionsIn(from: Declaration, imports: ReturnType<typeof importsOf>): Mention[] {
    const found: Mention[] = [];
    const look = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && !isLabel(node)) {
        const imported = imports.get(node.text);
        const to = imported ? this.named(imported.file, imported.name) : this.named(from.file, node.text);
        if (to && to !== from && !ts.isClassElement(to.node)) found.push({ from, node, to });
      }
      node.forEachChild(look);
    };
    look(from.node);
    return found;
  }

  /** The declarations that a run can reach when these hunks are applied. */
  reachable(on: ReadonlySet<HunkId>): ReadonlySet<Declaration> {
    const key = [...on].sort().join(' ');
    const known = this.reached.get(key);
    if (known !== undefined) return known;
    const reached = new Set(this.roots);
    this.reached.set(key, reached);
    for (const declaration of reached) {
      const isGuarded = this.hunksIn(declaration).size > 0;
      for (const { node, to } of this.byFrom.get(declaration) ?? []) if (!isGuarded || !isDead(node, declaration.source, on)) reached.add(to);
    }
    return reached;
  }

  /** The hunks that a declaration consults; if there are none, it is the same for any choice. */
  hunksIn(declaration: Declaration): ReadonlySet<HunkId> {
    let found = this.hunks.get(declaration);
    if (found === undefined) this.hunks.set(declaration, found = new Set(guardsIn(declaration.node, declaration.source).map(({ hunk }) => hunk)));
    return found;
  }
}

/** Whether the name is that of a member or property, and does not refer to a declaration. */
function isLabel(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) || (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isTypeNode(parent) || (ts.isFunctionExpression(parent) && parent.name === node);
}

function declarationsOf(source: ts.SourceFile): Declaration[] {
  const file = source.fileName;
  if (NO_PATHS.has(file)) return [];
  return source.statements.flatMap((statement): Declaration[] => {
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((node) => ({ file, source, name: node.name.getText(source), node }));
    if (ts.isFunctionDeclaration(statement)) return [{ file, source, name: statement.name!.text, node: statement }];
    if (ts.isClassDeclaration(statement)) return statement.members.map((node) => ({ file, source, name: node.name?.getText(source) ?? 'constructor', node }));
    return [];
  });
}

/** What a file imports from relative files, by its local name. */
function importsOf(source: ts.SourceFile): ReadonlyMap<string, { readonly file: string; readonly name: string }> {
  const found = new Map<string, { file: string; name: string }>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const bindings = statement.importClause?.namedBindings;
    const target = importedFile(source.fileName, from);
    if (target === null || !bindings || !ts.isNamedImports(bindings)) continue;
    const file = `${target}.ts`;
    for (const { name, propertyName } of bindings.elements) found.set(name.text, { file, name: (propertyName ?? name).text });
  }
  return found;
}

/** The value of a condition when only the hunks are known. */
export function decided(condition: ts.Expression, source: ts.SourceFile, on: ReadonlySet<HunkId>): boolean | undefined {
  const guard = guardOf(condition, source);
  if (guard) return on.has(guard.hunk) === (guard.word === 'after');
  if (ts.isParenthesizedExpression(condition)) return decided(condition.expression, source, on);
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken) {
    const operand = decided(condition.operand, source, on);
    return operand === undefined ? undefined : !operand;
  }
  if (!ts.isBinaryExpression(condition)) return undefined;
  const operator = condition.operatorToken.kind;
  if (operator !== ts.SyntaxKind.AmpersandAmpersandToken && operator !== ts.SyntaxKind.BarBarToken) return undefined;
  const [left, right] = [decided(condition.left, source, on), decided(condition.right, source, on)];
  const absorbing = operator === ts.SyntaxKind.BarBarToken;
  if (left === absorbing || right === absorbing) return absorbing;
  return left === undefined || right === undefined ? undefined : !absorbing;
}

/** Whether `node` is in code that the hunks make unreachable. */
export function isDead(node: ts.Node, source: ts.SourceFile, on: ReadonlySet<HunkId>): boolean {
  for (let child = node, { parent } = node; parent && !ts.isSourceFile(parent); child = parent, { parent } = parent) {
    const [condition, whenTrue, whenFalse] = ts.isIfStatement(parent) ? [parent.expression, parent.thenStatement, parent.elseStatement]
      : ts.isConditionalExpression(parent) ? [parent.condition, parent.whenTrue, parent.whenFalse] : [null, null, null];
    if (condition === null) continue;
    const outcome = decided(condition, source, on);
    if ((child === whenTrue && outcome === false) || (child === whenFalse && outcome === true)) return true;
  }
  return isAfterReturn(node, source, on);
}

/** Whether an earlier statement, which is certain to run with these hunks, returns. */
function isAfterReturn(node: ts.Node, source: ts.SourceFile, on: ReadonlySet<HunkId>): boolean {
  for (let child = node, { parent } = node; parent && !ts.isSourceFile(parent); child = parent, { parent } = parent) {
    if (!ts.isBlock(parent)) continue;
    for (const statement of parent.statements) {
      if (statement === child) break;
      if (ts.isIfStatement(statement) && ts.isReturnStatement(statement.thenStatement) && decided(statement.expression, source, on) === true) return true;
    }
  }
  return false;
}

/** The guards in `node`, with the hunk of each. */
export function guardsIn(node: ts.Node, source: ts.SourceFile): { readonly node: ts.CallExpression; readonly word: string; readonly hunk: HunkId }[] {
  const found: { node: ts.CallExpression; word: string; hunk: HunkId }[] = [];
  const look = (child: ts.Node): void => {
    const guard = guardOf(child, source);
    if (guard) found.push({ node: child as ts.CallExpression, ...guard });
    else child.forEachChild(look);
  };
  look(node);
  return found;
}
