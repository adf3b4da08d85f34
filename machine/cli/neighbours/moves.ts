// Leaves out or moves a statement, or exchanges it with another one of the patch.

import ts from 'typescript';
import type { Edit } from '../mutate/mutation';
import type { Declaration } from './kernel-source';
import { removal, type Operator, type Proposal } from './neighbour';
import type { PatchedSource, Statement } from './statements';

/** Leaves the statement out. */
export const leftOut: Operator = (_patched, statement) => {
  if (isFinal(statement.node)) return [];
  return [{ of: statement, kind: 'left out', change: 'left out', edits: [takenOut(statement)] }];
};

/** Moves the statement to every other place in its block. */
export const movedWithin: Operator = (patched, statement) => {
  const { node } = statement;
  if (isFinal(node)) return [];
  const siblings = patched.siblings(node);
  const at = siblings.indexOf(node);
  return siblings.flatMap((sibling, i): Proposal[] => {
    const distance = i - at;
    if (distance === 0 || (distance > 0 && isFinal(sibling))) return [];
    const past = patched.textOf(sibling, node.getSourceFile());
    const change = `moved ${distance > 0 ? 'down' : 'up'} ${Math.abs(distance)}, ${distance > 0 ? 'behind' : 'before'} ${short(past)}`;
    return [{ of: statement, kind: 'moved', change, distance, edits: [takenOut(statement), placed(statement, sibling, distance > 0 ? 'behind' : 'before')] }];
  });
};

/** Moves it out of its block. */
export const movedOut: Operator = (patched, statement) => {
  const { node, declaration: { source } } = statement;
  const around = ts.findAncestor(node.parent, (above): above is ts.Statement => ts.isStatement(above) && ts.isBlock(above.parent));
  if (isFinal(node) || !around || !around.getText(source).includes('{')) return [];
  return (['before', 'behind'] as const).map((side) => (
    { of: statement, kind: 'moved', change: `moved out, ${side} ${short(patched.textOf(around, source))}`, edits: [takenOut(statement), placed(statement, around, side)] }));
};

/** Moves it into the block of an adjacent loop or branch. */
export const movedInto: Operator = (patched, statement) => {
  const { node, declaration: { source } } = statement;
  if (isFinal(node)) return [];
  const siblings = patched.siblings(node);
  const at = siblings.indexOf(node);
  return [siblings[at - 1], siblings[at + 1]].flatMap((beside) => (beside ? blocksIn(beside) : []).flatMap((block): Proposal[] => {
    const inside = patched.liveIn(block);
    const [first, last] = [inside[0], inside.at(-1)];
    if (!first || !last) return [];
    const where = short(patched.textOf(block.parent, source));
    return [
      { of: statement, kind: 'moved', change: `moved into the beginning of ${where}`, edits: [takenOut(statement), placed(statement, first, 'before')] },
      ...(isFinal(last) ? [] : [{ of: statement, kind: 'moved' as const, change: `moved into the end of ${where}`, edits: [takenOut(statement), placed(statement, last, 'behind')] }]),
    ];
  }));
};

/** Moves it from the beginning or the end of a path to the callers. */
export const movedToCallers: Operator = (patched, statement) => {
  const { node, declaration } = statement;
  if (isFinal(node) || node.parent.parent !== functionOf(declaration)) return [];
  const siblings = patched.siblings(node).filter((sibling) => !isFinal(sibling));
  const calls = patched.kernel.mentions.filter(({ to, from }) => to === declaration && from.file === declaration.file && patched.live.has(from)).map(({ node: name }) => name.parent);
  const sites = calls.map((call) => (ts.isCallExpression(call) ? { call, statement: ts.findAncestor(call, (above): above is ts.Statement => ts.isStatement(above) && ts.isBlock(above.parent)) } : null));
  if (sites.length === 0) return [];
  return (['before', 'behind'] as const).filter((side) => node === (side === 'before' ? siblings[0] : siblings.at(-1))).flatMap((side): Proposal[] => {
    const edits: Edit[] = [takenOut(statement)];
    for (const site of sites) {
      if (!site?.statement) return [];
      const text = renamed(statement, parametersOf(declaration), site.call.arguments.map((argument) => argument.getText(declaration.source)));
      if (text === null) return [];
      edits.push(placed(statement, site.statement, side, text));
    }
    return [{ of: statement, kind: 'moved', change: `moved ${side} each call of ${declaration.name}()`, edits }];
  });
};

/** Moves it across a call: into the path that an adjacent statement calls. */
export const movedIntoCalled: Operator = (patched, statement) => {
  const { node, declaration } = statement;
  if (isFinal(node)) return [];
  const siblings = patched.siblings(node);
  const at = siblings.indexOf(node);
  return ([[siblings[at - 1], 'end'], [siblings[at + 1], 'beginning']] as const).flatMap(([beside, part]): Proposal[] => {
    const mention = beside && patched.kernel.mentions.find(({ node: name, from }) => from === declaration && name.pos >= beside.pos && name.end <= beside.end && ts.isCallExpression(name.parent) && name.parent.expression === name);
    const body = mention && mention.to.file === declaration.file ? functionOf(mention.to)?.body : undefined;
    if (!mention || !body || !ts.isBlock(body)) return [];
    const inside = patched.liveIn(body).filter((sibling) => !isFinal(sibling));
    const place = part === 'beginning' ? inside[0] : inside.at(-1);
    const text = renamed(statement, (mention.node.parent as ts.CallExpression).arguments.map((argument) => argument.getText(declaration.source)), parametersOf(mention.to));
    if (!place || text === null) return [];
    return [{ of: statement, kind: 'moved', change: `moved into the ${part} of ${mention.to.name}()`, edits: [takenOut(statement), placed(statement, place, part === 'beginning' ? 'before' : 'behind', text)] }];
  });
};

/** Exchanges two statements of the patch. For adjacent ones a move already does this. */
export const exchanged: Operator = (patched, statement) => {
  const { node, declaration: { source } } = statement;
  const siblings = patched.siblings(node);
  return patched.own.filter((other) => siblings.indexOf(other.node) > siblings.indexOf(node) + 1 && !isFinal(other.node)).map((other): Proposal => {
    const [one, two] = [node.getText(source), other.node.getText(source)];
    return {
      of: statement, kind: 'exchanged', change: `exchanged with ${short(other.text)}`,
      edits: [{ start: node.getStart(source), end: node.end, text: two }, { start: other.node.getStart(source), end: other.node.end, text: one }],
    };
  });
};

/** Where a path ends anyway, there is no place after it. */
function isFinal(node: ts.Statement): boolean {
  return ts.isReturnStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node);
}

function takenOut({ node, declaration: { source } }: Statement): Edit {
  return removal(node.getStart(source), node.end, source.text);
}

function placed({ node, declaration: { source } }: Statement, beside: ts.Statement, side: 'before' | 'behind', text = node.getText(source)): Edit {
  const at = side === 'before' ? beside.getStart(source) : beside.end;
  return { start: at, end: at, text: side === 'before' ? `${text}\n` : `\n${text}` };
}

function blocksIn(statement: ts.Statement): ts.Block[] {
  const bodies = ts.isIfStatement(statement) ? [statement.thenStatement, statement.elseStatement]
    : ts.isIterationStatement(statement, false) ? [statement.statement] : [];
  return bodies.filter((body): body is ts.Block => body !== undefined && ts.isBlock(body));
}

/** The function that a declaration is made of. */
export function functionOf({ node }: Declaration): ts.FunctionLikeDeclaration | null {
  if (ts.isFunctionLike(node)) return node as ts.FunctionLikeDeclaration;
  const [body] = ts.isVariableDeclaration(node) && node.initializer && ts.isCallExpression(node.initializer) ? node.initializer.arguments : [];
  return body && ts.isFunctionExpression(body) ? body : null;
}

const parametersOf = (declaration: Declaration): string[] => (functionOf(declaration)?.parameters ?? []).map(({ name }) => name.getText());

/** The statement with the names `from` replaced by `to`; null if it uses something that is not passed on. */
function renamed({ node, declaration }: Statement, from: readonly string[], to: readonly string[]): string | null {
  const { source } = declaration;
  const start = node.getStart(source);
  const locals = namesIn(declaration);
  const changes: { at: number; end: number; name: string }[] = [];
  let isKnown = true;
  const look = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && locals.has(child.text) && !(ts.isPropertyAccessExpression(child.parent) && child.parent.name === child)) {
      const name = to[from.indexOf(child.text)];
      if (name === undefined) isKnown = false;
      else changes.push({ at: child.getStart(source) - start, end: child.end - start, name });
    }
    child.forEachChild(look);
  };
  look(node);
  if (!isKnown) return null;
  let text = node.getText(source);
  for (const { at, end, name } of changes.reverse()) text = text.slice(0, at) + name + text.slice(end);
  return text;
}

/** Parameters and local variables. */
function namesIn(declaration: Declaration): ReadonlySet<string> {
  const names = new Set(parametersOf(declaration));
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node !== declaration.node) names.add(node.name.getText());
    node.forEachChild(look);
  };
  declaration.node.forEachChild(look);
  return names;
}

/** At most a line of it. */
export const short = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 57)}…`);

/** For those who look at whole patches. */
export type { PatchedSource };
