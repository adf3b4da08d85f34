// The operations of a C function that others could notice, by name and in
// order: calls, locks, stores and loads of members, and the machine
// instructions of inline assembly. Read from the text, which is not kept.

import { withoutComments } from './c-text';
import { IN_ASSEMBLY, NO_OPERATION } from './unseen';

/** One operation of either side. */
export interface NamedOperation {
  readonly kind: 'call' | 'lock' | 'load' | 'store' | 'instruction';
  readonly name: string;
}

const LOCK = /^_*(?:raw_)?(?:spin|read|write|mutex|task|seq)_(?:try|un)?lock|^(?:down|up)(?:_read|_write)?(?:_trylock)?$|^_*(?:un)?lock_(?:kernel|page)$/;

const operation = (kind: NamedOperation['kind'], name: string): NamedOperation => ({ kind: LOCK.test(name) ? 'lock' : kind, name });

/** Only the body: after the first brace, or after the name of a macro. */
function bodyOf(text: string): string {
  const macro = /^#\s*define\s+\w+(?:\([^)]*\))?/.exec(text);
  return macro ? text.slice(macro[0].length) : text.slice(text.indexOf('{') + 1);
}

/** Names of parameters and local variables. */
function localsOf(text: string): ReadonlySet<string> {
  const declared = /(?:^|[;{(,])\s*(?:(?:const|static|register|unsigned|signed|volatile|struct|enum|union)\s+)*[a-z_]\w*\s*(?:const\s*)?\**\s+?\**(\w+)\s*(?=[=;,)[])/gm;
  const several = /^\s+(?:(?:const|static|register|unsigned|signed|volatile|struct|enum|union)\s+)*[a-z_]\w*\s+(\**\s*\w+(?:\s*=[^;,(){}]*)?(?:,\s*\**\s*\w+(?:\s*=[^;,(){}]*)?)+)\s*;/gm;
  return new Set([
    ...[...text.matchAll(declared)].map(([, name]) => name!),
    ...[...text.matchAll(several)].flatMap(([, names]) => names!.split(',').map((one) => /\w+/.exec(one)![0])),
  ]);
}

/** The operations of a function or macro. */
export function operationsOfC(definition: string): NamedOperation[] {
  const text = withoutComments(definition, true);
  const locals = localsOf(withoutComments(definition));
  const found: { readonly at: number; readonly operation: NamedOperation }[] = [];
  const note = (at: number, kind: NamedOperation['kind'], name: string): void => {
    if (!NO_OPERATION.has(name)) found.push({ at, operation: operation(kind, name) });
  };
  const body = bodyOf(text);
  const code = body.replace(/"(?:\\.|[^"\\\n])*"/g, (inside) => ' '.repeat(inside.length)).replace(/^[ \t]*#.*$/gm, (line) => ' '.repeat(line.length));
  for (const match of code.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) if (!locals.has(match[1]!)) note(match.index, 'call', match[1]!);
  for (const match of code.matchAll(/(?:->|\.)\s*([a-z_]\w*)\b(?:\s*\[[^\]]*\])?\s*((?:[-+|&^]|<<|>>)?=(?!=)|\+\+|--)?(?!\s*\()/g)) note(match.index, match[2] ? 'store' : 'load', match[1]!);
  for (const match of code.matchAll(/(?:^|[;{})])\s*([a-z_]\w*)\s*(?:[-+|&]?=(?!=))/gm)) if (!locals.has(match[1]!)) note(match.index, 'store', match[1]!);
  for (const match of body.matchAll(/"(?:\\.|[^"\\\n])*"/g)) for (const name of instructionsIn(match[0])) note(match.index, 'instruction', name);
  return found.sort((a, b) => a.at - b.at).map((one) => one.operation);
}

/** The operations of a range of an assembly file: what it calls and jumps to, and instructions of the processor. */
export function operationsOfAssembly(text: string): NamedOperation[] {
  const bare = text.replace(/\/\*[^]*?\*\//g, ' ').replace(/#.*$/gm, '');
  return bare.split('\n').flatMap((line): NamedOperation[] => {
    const jump = /^\s*(?:\w+:)?\s*(?:call|jmp|j[a-z]{1,2})\s+\*?([a-z_]\w*)/i.exec(line);
    if (jump) return [{ kind: 'call', name: jump[1]! }];
    return instructionsIn(line).map((name) => ({ kind: 'instruction' as const, name }));
  });
}

const instructionsIn = (text: string): string[] =>
  [...text.matchAll(/[a-z]\w*/gi)].map(([word]) => word.toLowerCase()).flatMap((word) => IN_ASSEMBLY.get(word) ?? []);

/** Every identifier of a text, without comments. */
export function identifiersOf(text: string): ReadonlySet<string> {
  return new Set(withoutComments(text, true).match(/[A-Za-z_]\w*/g) ?? []);
}
