// The parts of a file that are run either completely or not at all, and the same file with code that notes
// which of them are run, or that counts every call and every round of a loop.

import ts from 'typescript';
import { applyEdits, type Edit } from '../../machine/cli/mutate/mutation';

export interface Block {
  /** Stable as long as the function does not change: its file, its name, and the number of the block in it. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

interface Found extends Block {
  readonly body: ts.Node;
  /** A statement gets a note of its own; an expression is put into brackets after one. */
  readonly kind: 'block' | 'statement' | 'expression' | 'clause';
  /** Functions and loops, which can run without end. */
  readonly repeats: boolean;
}

const RIGHT_IF = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken]);

function nameOf(node: ts.Node): string {
  const { name } = node as { name?: ts.Node };
  if (name) return name.getText();
  const { parent } = node;
  return parent && (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) ? parent.name.getText() : '';
}

function find(file: string, source: ts.SourceFile): Found[] {
  const found: Found[] = [];
  const numbers = new Map<string, number>();
  const note = (within: string, body: ts.Node, repeats = false): void => {
    const number = (numbers.get(within) ?? 0) + 1;
    numbers.set(within, number);
    const kind = ts.isBlock(body) ? 'block' : ts.isCaseOrDefaultClause(body) ? 'clause' : ts.isStatement(body) ? 'statement' : 'expression';
    found.push({ key: `${file} ${within}#${number}`, start: body.getStart(source), end: body.end, body, kind, repeats });
  };
  const visit = (node: ts.Node, within: string): void => {
    let name = within;
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const own = nameOf(node);
      if (own) name = within === '' ? own : `${within}.${own}`;
      note(name, node.body as ts.Node, true);
    } else if (ts.isClassLike(node)) name = within === '' ? nameOf(node) : `${within}.${nameOf(node)}`;
    else if (ts.isIfStatement(node)) {
      note(name, node.thenStatement);
      if (node.elseStatement) note(name, node.elseStatement);
    } else if (ts.isIterationStatement(node, false)) note(name, node.statement, true);
    else if (ts.isCaseOrDefaultClause(node)) {
      if (node.statements.length > 0) note(name, node);
    } else if (ts.isConditionalExpression(node)) {
      note(name, node.whenTrue);
      note(name, node.whenFalse);
    } else if (ts.isBinaryExpression(node) && RIGHT_IF.has(node.operatorToken.kind)) note(name, node.right);
    node.forEachChild((child) => visit(child, name));
  };
  visit(source, '');
  return found;
}

/** The blocks of a file. */
export function blocksOf(file: string, text: string): Block[] {
  return find(file, ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)).map(({ key, start, end }) => ({ key, start, end }));
}

/** The innermost block around a place; null outside all functions. */
export function blockAt(blocks: readonly Block[], place: number): Block | null {
  let best: Block | null = null;
  for (const block of blocks) if (block.start <= place && place < block.end && (best === null || block.end - block.start <= best.end - best.start)) best = block;
  return best;
}

/**
 * The file with `$step()` in every function and loop, and `$seen[n] = 1` in each block, where `numberOf` gives it a number.
 */
export function counted(file: string, text: string, numberOf: (key: string) => number | null): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const byBody = new Map<ts.Node, Found[]>();
  for (const one of find(file, source)) byBody.set(one.body, [...(byBody.get(one.body) ?? []), one]);
  const edits: Edit[] = [];
  const insert = (place: number, words: string): void => void edits.push({ start: place, end: place, text: words });
  const visit = (node: ts.Node): void => {
    const all = byBody.get(node) ?? [];
    const notes = all.flatMap(({ key, repeats }) => {
      const number = numberOf(key);
      return [...(repeats ? ['$step()'] : []), ...(number === null ? [] : [`$seen[${number}] = 1`])];
    });
    const [first] = all;
    const close: (() => void)[] = [];
    if (first && notes.length > 0) {
      const start = node.getStart(source);
      if (first.kind === 'block') insert(start + 1, ` ${notes.join('; ')};`);
      else if (first.kind === 'clause') insert((node as ts.CaseClause).statements[0]!.getStart(source), `${notes.join('; ')}; `);
      else if (first.kind === 'statement') {
        insert(start, `{ ${notes.join('; ')}; `);
        close.push(() => insert(node.end, ' }'));
      } else {
        insert(start, `(${notes.join(', ')}, (`);
        close.push(() => insert(node.end, '))'));
      }
    }
    node.forEachChild(visit);
    for (const each of close) each();
  };
  visit(source);
  return `declare const $seen: Uint8Array; declare function $step(): void;\n${applyEdits(text, edits)}`;
}
