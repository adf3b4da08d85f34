// The operations of a path of the model, by name and in order: read from its
// source, like those of the C, so that the two can be compared.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { importedFile, pathOf, PROJECT } from '../project';
import type { SourcedPath } from './paths';

/** One operation of a path: its name there, and every name of the C that it mentions. */
export interface PathOperation {
  readonly name: string;
  readonly mentions: ReadonlySet<string>;
  /** Whether it is a line of a patch or of a wrong fix, which the C of the release may lack. */
  readonly ofHunk: boolean;
}

/** What a constant of the model is. */
type Declared =
  | { readonly kind: 'path'; readonly path: SourcedPath; readonly body: ts.Node; readonly file: string }
  | { readonly kind: 'instruction'; readonly text: string; readonly file: string };

interface SourceFile {
  readonly tree: ts.SourceFile;
  readonly declared: ReadonlyMap<string, Declared>;
  /** Where an imported name comes from: file and name there. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
}

/** The processor's own instructions: their names in the model, and in the C. */
const PROCESSOR: Readonly<Record<string, readonly string[]>> = {
  movToCr3: ['cr3', 'write_cr3', 'load_cr3'], movFromCr3: ['cr3', 'read_cr3'], movToCr4: ['cr4', 'write_cr4'], movFromCr4: ['cr4', 'read_cr4'],
  cli: ['cli', 'local_irq_disable', 'raw_local_irq_disable'], sti: ['sti', 'local_irq_enable', 'raw_local_irq_enable'],
  pushf: ['pushf', 'local_irq_save', 'local_save_flags'], popf: ['popf', 'local_irq_restore'], invlpg: ['invlpg', '__flush_tlb_single', '__flush_tlb_one'],
  iret: ['iret', 'restore_all', 'resume_userspace'], halt: ['hlt', 'safe_halt'], hlt: ['hlt', 'safe_halt'], mfence: ['mfence', 'smp_mb'],
  sendIpi: ['send_IPI_mask', 'send_IPI_allbutself', 'send_call_function_ipi', 'arch_send_call_function_ipi_mask', 'send_call_func_ipi'],
};

const namesIn = (text: string): string[] => text.match(/[A-Za-z_]\w*/g) ?? [];

/** Reads the model's sources, each file once. */
export class PathReader {
  private readonly files = new Map<string, SourceFile>();
  private readonly paths: ReadonlyMap<string, SourcedPath>;

  constructor(paths: readonly SourcedPath[], private readonly project = PROJECT) {
    this.paths = new Map(paths.map((path) => [`${path.file}:${path.constant}`, path]));
  }

  /** The operations of a path in order; it descends into parts that are the project's own, or belong to the same C function. */
  operationsOf(path: SourcedPath): PathOperation[] {
    const declared = this.read(path.file).declared.get(path.constant);
    return declared?.kind === 'path' ? this.walk(declared, path, new Set([declared])) : [];
  }

  private walk(declared: Declared & { readonly kind: 'path' }, whole: SourcedPath, inside: ReadonlySet<Declared>): PathOperation[] {
    const file = this.read(declared.file);
    const found: PathOperation[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isYieldExpression(node) && node.expression && ts.isCallExpression(node.expression)) found.push(...this.operation(node.expression, file, declared, whole, inside));
      else if (ts.isIfStatement(node) && /\bk\.after\(/.test(node.expression.getText(file.tree))) found.push(...this.ofHunk(node, visit, found));
      else ts.forEachChild(node, visit);
    };
    visit(declared.body);
    return found;
  }

  /** The operations under the guard of a hunk, removed from `found` and marked. */
  private ofHunk(guarded: ts.IfStatement, visit: (node: ts.Node) => void, found: PathOperation[]): PathOperation[] {
    const before = found.length;
    ts.forEachChild(guarded, visit);
    return found.splice(before).map((one) => ({ ...one, ofHunk: true }));
  }

  private operation(call: ts.CallExpression, file: SourceFile, from: Declared, whole: SourcedPath, inside: ReadonlySet<Declared>): PathOperation[] {
    const nested: PathOperation[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isYieldExpression(node) && node.expression && ts.isCallExpression(node.expression)) nested.push(...this.operation(node.expression, file, from, whole, inside));
      else ts.forEachChild(node, visit);
    };
    if (ts.isNonNullExpression(call.expression)) return []; // a path from a table: another path
    const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : call.expression.getText(file.tree);
    if (callee === 'repeatWhile' && call.arguments[0] && ts.isCallExpression(call.arguments[0])) return this.operation(call.arguments[0], file, from, whole, inside);
    call.arguments.forEach(visit);
    const remark = /\/\/(.*)$/.exec(file.tree.text.slice(call.getStart(file.tree)).split('\n')[0]!)?.[1] ?? '';
    const argumentNames = call.arguments.flatMap((argument) => namesIn(argument.getText(file.tree)));
    const owner = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression.getText(file.tree) : null;
    const declared = this.resolve(callee, file, from.file, owner);
    const mentions = new Set([callee, ...(PROCESSOR[callee] ?? []), ...namesIn(remark), ...argumentNames]);
    if (declared?.kind === 'instruction') for (const name of namesIn(declared.text)) mentions.add(name);
    if (declared?.kind === 'path') {
      const { sources, ours, name } = declared.path;
      const isPart = ours !== null || sources.some((one) => whole.sources.some((other) => other.file === one.file && other.name === one.name));
      if (isPart && !inside.has(declared)) return [...nested, ...this.walk(declared, whole, new Set([...inside, declared]))];
      for (const one of [name, ...sources.map((source) => source.name)]) mentions.add(one);
    }
    return [...nested, { name: callee, mentions, ofHunk: false }];
  }

  /** What a name means in a file; `owner` is the object that it is a member of. */
  private resolve(name: string, file: SourceFile, at: string, owner: string | null): Declared | undefined {
    const own = file.declared.get(name);
    if (own) return own;
    const imported = file.imports.get(owner ?? name);
    if (!imported || imported.file === at) return undefined;
    return this.read(imported.file).declared.get(owner === null ? imported.name : name);
  }

  private read(file: string): SourceFile {
    let known = this.files.get(file);
    if (!known) this.files.set(file, known = this.parse(file));
    return known;
  }

  private parse(file: string): SourceFile {
    const text = readFileSync(pathOf(file, this.project), 'utf8');
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
    const declared = new Map<string, Declared>();
    const imports = new Map<string, { file: string; name: string }>();
    for (const statement of tree.statements) {
      if (ts.isImportDeclaration(statement)) this.noteImports(statement, file, imports);
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations) this.noteConstant(name.getText(tree), initializer, file, tree, declared);
    }
    return { tree, declared, imports };
  }

  private noteImports(statement: ts.ImportDeclaration, file: string, imports: Map<string, { file: string; name: string }>): void {
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const bindings = statement.importClause?.namedBindings;
    const imported = importedFile(file, from);
    if (imported === null || !bindings || !ts.isNamedImports(bindings)) return;
    const target = `${imported}.ts`;
    for (const { name, propertyName } of bindings.elements) imports.set(name.text, { file: target, name: (propertyName ?? name).text });
  }

  private noteConstant(name: string, value: ts.Expression | undefined, file: string, tree: ts.SourceFile, declared: Map<string, Declared>): void {
    if (!value) return;
    if (ts.isObjectLiteralExpression(value)) {
      for (const property of value.properties) if (ts.isPropertyAssignment(property)) this.noteConstant(property.name.getText(tree), property.initializer, file, tree, declared);
    }
    if (!ts.isCallExpression(value)) return;
    const maker = value.expression.getText(tree).replace(/<.*/s, '');
    const path = this.paths.get(`${file}:${name}`);
    if (maker === 'path' && path && value.arguments[0]) declared.set(name, { kind: 'path', path, body: value.arguments[0], file });
    if (maker === 'instruction' || maker === 'silently') declared.set(name, { kind: 'instruction', text: `${name} ${value.getText(tree)}`, file });
  }
}
