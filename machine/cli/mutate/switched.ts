// Many mutations in one program, so that a mutant needs no new process: each
// function body that some mutation changes is written out once for the original
// and once for each mutation, and a number chooses among them whenever the
// function is called.
//
//   function f() {
//     if ($mutant(17)) { …as mutation 17 has it… }
//     else if ($mutant(18)) { …as mutation 18 has it… }
//     else { …as it is… }
//   }

import ts from 'typescript';
import { applyEdits, type Edit } from './mutation';
import { SELECTOR } from './selector';

/** A mutation with the number that activates it; 0 stands for the original. */
export interface Numbered {
  readonly number: number;
  readonly edits: readonly Edit[];
}

/** Where in the switched text one mutation was written out. */
export interface Stretch {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

export interface SwitchedModule {
  readonly text: string;
  readonly stretches: readonly Stretch[];
  /** Mutations that cannot be switched by a number, because they change what happens while the module is loaded: each needs a program of its own. */
  readonly apart: readonly number[];
}

type Body = ts.Block | ts.Expression;

/**
 * The module `text` with `mutations` in it.
 *
 * @param imports statements that the mutations need, for the module's first line
 * @param selector the name of the global function
 * @param arrival a global function that the original calls when it reaches the place of a mutation; by default none
 */
export function switchedModule(file: string, text: string, mutations: readonly Numbered[], imports = '', selector = SELECTOR, arrival: string | null = null): SwitchedModule {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const versions = new Map<Body, Map<number, Edit[]>>();
  const apart: number[] = [];
  for (const { number, edits } of mutations) {
    const bodies = bodiesOf(source, edits);
    if (bodies === null) apart.push(number);
    else for (const [body, own] of bodies) versions.set(body, (versions.get(body) ?? new Map<number, Edit[]>()).set(number, own));
  }
  const header = `${imports}declare function ${selector}(number: number): boolean;\n${arrival === null ? '' : `declare function ${arrival}(number: number): void;\n`}`;
  const writer = new Writer(source, versions, header.length, selector, arrival);
  return { text: header + writer.written, stretches: writer.stretches, apart };
}

/** The edits by the innermost body that contains each; null if one is in no body. A body inside another of them is edited there. */
function bodiesOf(source: ts.SourceFile, edits: readonly Edit[]): Map<Body, Edit[]> | null {
  const found = new Map<Body, Edit[]>();
  for (const edit of edits) {
    const body = bodyAround(source, edit);
    if (body === null) return null;
    found.set(body, [...(found.get(body) ?? []), edit]);
  }
  for (const [inner, own] of [...found]) {
    const outer = [...found.keys()].find((body) => body !== inner && body.pos <= inner.pos && inner.end <= body.end);
    if (!outer) continue;
    found.set(outer, [...found.get(outer)!, ...own]);
    found.delete(inner);
  }
  return found;
}

function bodyAround(source: ts.SourceFile, { start, end }: Edit): Body | null {
  let innermost: Body | null = null;
  const look = (node: ts.Node): void => {
    if (start < node.getStart(source) || end > node.end) return;
    const body = bodyOf(node);
    if (body && liesIn(body, start, end, source)) innermost = body;
    node.forEachChild(look);
  };
  look(source);
  return innermost;
}

/** Within the braces of a block, so that insertions at its ends belong to it. */
function liesIn(body: Body, start: number, end: number, source: ts.SourceFile): boolean {
  return ts.isBlock(body) ? start > body.getStart(source) && end < body.end : start >= body.getStart(source) && end <= body.end;
}

/** The body of a function. A constructor that calls another one cannot choose before that call. */
function bodyOf(node: ts.Node): Body | null {
  if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return null;
  if (ts.isConstructorDeclaration(node) && node.body?.statements.some((statement) => /^super\(/.test(statement.getText()))) return null;
  return node.body as Body;
}

/**
 * Where the original must report that it has reached `edit`: no run differs before that. This is the place of an
 * insertion between two statements, or else the beginning of the innermost changed statement of a block.
 */
function placeOf(source: ts.SourceFile, body: ts.Block, { start, end }: Edit): number {
  let block = body;
  const text = source.text.slice(start, end);
  const [first, last] = text.trim() === '' ? [start, end] : [start + text.search(/\S/), start + text.trimEnd().length];
  const look = (node: ts.Node): void => {
    if (ts.isBlock(node) && node.getStart(source) < first && last < node.end) block = node;
    node.forEachChild(look);
  };
  look(body);
  const touched = block.statements.find((statement) => (first === last ? statement.getStart(source) < first && first < statement.end : statement.getStart(source) < last && first < statement.end));
  return touched ? touched.getStart(source) : first;
}

/** Writes the module, and keeps track of its position. */
class Writer {
  written = '';
  readonly stretches: Stretch[] = [];

  /** What the original reports at a place of its text. */
  private readonly marks: readonly { readonly at: number; readonly text: string }[];

  constructor(
    private readonly source: ts.SourceFile, private readonly versions: ReadonlyMap<Body, ReadonlyMap<number, readonly Edit[]>>, private readonly offset: number,
    private readonly selector: string, private readonly arrival: string | null,
  ) {
    this.marks = arrival === null ? [] : [...versions].flatMap(([body, own]) => [...own].flatMap(([number, edits]) => {
      const places = ts.isBlock(body) ? edits.map((edit) => placeOf(source, body, edit)) : [];
      return [...new Set(places)].map((at) => ({ at, text: `${arrival}(${number}); ` }));
    })).sort((one, other) => one.at - other.at);
    this.copy(source, 0, source.text.length);
  }

  /** The original's text, with its marks. */
  private original(start: number, end: number): string {
    let text = '';
    let at = start;
    for (const mark of this.marks) {
      // Text at the end belongs to what follows, like the brace of a block.
      if (mark.at < start || mark.at >= end) continue;
      text += this.source.text.slice(at, mark.at) + mark.text;
      at = mark.at;
    }
    return text + this.source.text.slice(at, end);
  }

  /** The text from `start` to `end`, with every body inside that has versions replaced by all of them. */
  private copy(within: ts.Node, start: number, end: number): void {
    let at = start;
    const look = (node: ts.Node): void => {
      const versions = this.versions.get(node as Body);
      if (!versions) return void node.forEachChild(look);
      const begin = node.getStart(this.source);
      this.written += this.original(at, begin);
      this.choose(node as Body, begin, versions);
      at = node.end;
    };
    if (this.versions.has(within as Body)) within.forEachChild(look);
    else look(within);
    this.written += this.original(at, end);
  }

  private choose(body: Body, begin: number, versions: ReadonlyMap<number, readonly Edit[]>): void {
    const original = this.source.text.slice(begin, body.end);
    const isBlock = ts.isBlock(body);
    this.written += isBlock ? '{ ' : '(';
    for (const [number, edits] of versions) {
      this.written += isBlock ? `if (${this.selector}(${number})) ` : `${this.selector}(${number}) ? (`;
      const start = this.offset + this.written.length;
      this.written += applyEdits(original, edits, begin);
      this.stretches.push({ number, start, end: this.offset + this.written.length });
      this.written += isBlock ? ' else ' : ') : ';
    }
    if (!isBlock) this.written += this.arrival === null ? '(' : `(${[...versions.keys()].map((number) => `${this.arrival!}(${number}), `).join('')}`;
    this.copy(body, begin, body.end);
    this.written += isBlock ? ' }' : '))';
  }
}
