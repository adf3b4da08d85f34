// The C compiler of this machine, if there is one. If not, the steps
// that would use it say so and fall back on what was recorded with gcc.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The messages of the compiler. */
export interface Compiled {
  readonly ok: boolean;
  /** Lines of the source that it refuses, including those that use a macro which it refuses. */
  readonly refused: readonly number[];
  /** Lines with a variable that nothing uses. */
  readonly unused: readonly number[];
  readonly text: string;
}

let found: string | null | undefined;

/** The command to call, or null. */
export function cCompiler(): string | null {
  found ??= ['cc', 'gcc', 'clang'].find((command) => spawnSync(command, ['--version']).status === 0) ?? null;
  return found;
}

function run(args: readonly string[], source: string): Compiled {
  const child = spawnSync(cCompiler()!, [...args, '-x', 'c', '-'], { input: source, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (child.error) throw child.error;
  return { ok: child.status === 0, ...complaints(child.stderr), text: child.stderr };
}

/** A note says where the macro of the preceding error or warning was used. */
function complaints(text: string): { readonly refused: number[]; readonly unused: number[] } {
  const refused: number[] = [];
  const unused: number[] = [];
  let last: number[] = [];
  for (const [, line, kind, words] of text.matchAll(/^<stdin>:(\d+):\d+: (error|warning|note): (.*)$/gm)) {
    if (kind === 'error') last = refused;
    if (kind === 'warning') last = words!.includes('unused variable') ? unused : [];
    if (kind !== 'note' || words!.includes('in expansion of macro')) last.push(Number(line));
  }
  return { refused, unused };
}

/** Checks a source without producing output, with every common warning on. */
export function checkC(source: string): Compiled {
  return run(['-std=gnu99', '-Wall', '-Wextra', '-Wno-unused-function', '-fsyntax-only'], source);
}

/** Compiles and links a whole program. */
export function linkC(source: string, defines: readonly string[] = []): Compiled {
  return run(['-std=gnu99', '-w', ...defines.map((name) => `-D${name}`), '-o', '/dev/null'], source);
}

/** Compiles, links and runs a program; its exit status. */
export function runC(source: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'paravirt-spec-'));
  try {
    const program = join(folder, 'program');
    const { ok, text } = run(['-std=gnu99', '-w', '-o', program], source);
    if (!ok) throw new Error(`the program does not compile:\n${text}`);
    return spawnSync(program).status ?? -1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
