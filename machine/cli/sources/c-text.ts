// Finds a function in the text of a C or assembly file, without a compiler:
// by name, and by the layout that the kernel's style fixes (a function ends
// with a brace in the first column).

/** First and last line, from 1 on, and the lines themselves. */
export interface Definition {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** The text with comments and the contents of strings blanked, each line with its old length; `keepStrings` keeps strings. */
export function withoutComments(text: string, keepStrings = false): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (found) => (found.startsWith('/') || !keepStrings ? blank(found) : found));
}

/** Whether the parenthesis opened on `line` is closed and followed by a brace, so this is not a prototype. Returns the line of the brace, or -1. */
function bodyBegins(lines: readonly string[], line: number, column: number): number {
  let depth = 0;
  for (let at = line; at < Math.min(lines.length, line + 20); at++) {
    const text = lines[at]!;
    for (let i = at === line ? column : 0; i < text.length; i++) {
      const char = text[i]!;
      if (char === '(') depth++;
      else if (char === ')') depth--;
      else if (depth === 0 && char === '{') return at;
      else if (depth === 0 && (char === ';' || char === '=' || char === ',')) return -1;
    }
  }
  return -1;
}

function endOfBody(lines: readonly string[], line: number): number {
  const balance = [...lines[line]!].reduce((sum, char) => sum + (char === '{' ? 1 : char === '}' ? -1 : 0), 0);
  if (balance === 0) return line;
  for (let at = line + 1; at < lines.length; at++) if (lines[at]!.startsWith('}')) return at;
  return -1;
}

function endOfMacro(lines: readonly string[], line: number): number {
  let at = line;
  while (lines[at]?.trimEnd().endsWith('\\')) at++;
  return at;
}

/** The first line of the type, if it is on lines of its own above the name. */
function beginOfDeclaration(lines: readonly string[], line: number): number {
  let at = line;
  while (at > 0 && /^[a-z_][\w\s*()]*$/i.test(lines[at - 1]!) && /^(?:static|extern|inline|fastcall|asmlinkage|unsigned|void|int|long|struct|pte_t|pmd_t|pgd_t|pud_t|__init|__attribute__|bool|irqreturn_t|task_t)\b/.test(lines[at - 1]!)) at--;
  return at;
}

function endOfLabel(lines: readonly string[], line: number, name: string): number {
  let at = line + 1;
  while (at < lines.length && !/^(?:ENTRY|KPROBE_ENTRY|END|KPROBE_END|ENDPROC|BUILD_INTERRUPT\w*)\(|^\w+:|^\s*CFI_ENDPROC|^#endif/.test(lines[at]!)) at++;
  if (new RegExp(String.raw`^(?:KPROBE_)?END(?:PROC)?\(${name}\)`).test(lines[at] ?? '')) return at;
  while (at - 1 > line && lines[at - 1]!.trim() === '') at--;
  return at - 1;
}

/**
 * Every definition of `name` in `text`: functions, macros, labels of assembly.
 * There may be several, depending on the configuration.
 */
export function definitionsOf(text: string, name: string): Definition[] {
  const original = text.split('\n');
  const lines = withoutComments(text).split('\n');
  const found: Definition[] = [];
  const note = (first: number, last: number): void => {
    if (last >= first) found.push({ first: first + 1, last: last + 1, text: original.slice(first, last + 1).join('\n') });
  };
  const called = new RegExp(String.raw`^(?![\s#}]).*?\b${name}\s*(\()`);
  const macro = new RegExp(String.raw`^#\s*define\s+${name}\b`);
  const label = new RegExp(String.raw`^(?:(?:KPROBE_)?ENTRY\(${name}\)|BUILD_INTERRUPT\w*\(${name}\b|${name}:)`);
  const wrapped = new RegExp(String.raw`^(?:SYSCALL_DEFINE\d\(|DEFINE_\w+\()${name}\b`);
  for (let line = 0; line < lines.length; line++) {
    const text = lines[line]!;
    if (macro.test(text)) note(line, endOfMacro(lines, line));
    else if (label.test(text)) note(line, endOfLabel(lines, line, name));
    else {
      const match = wrapped.test(text) ? { 0: text, 1: '(', index: 0, at: text.indexOf('(') } : null;
      const plain = match === null ? called.exec(text) : null;
      if (match === null && plain === null) continue;
      const column = match ? match.at : plain![0].length - 1;
      const brace = bodyBegins(lines, line, column);
      if (brace >= 0) note(beginOfDeclaration(lines, line), endOfBody(lines, brace));
    }
  }
  return found;
}
