// The two sides of the bench: a row of this explorer, in a process of its own,
// and a model in SPIN, generated, compiled and run as its users would. Both
// sides count seconds of processor time.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRow, Measured } from './row';

/**
 * Runs one row in a process of its own.
 *
 * @param seconds how much processor time it may have; without it, any
 * @returns null if it took longer, or more memory than the machine has
 */
export function measureWithin(row: BenchRow, seconds?: number): Measured | null {
  const words = ['--max-old-space-size=3000', join(__dirname, 'row.js'), JSON.stringify(row)];
  const { stdout, status } = spawnSync('bash', ['-c', `${limit(seconds)}${WITH_PARENT}exec "$0" "$@"`, process.execPath, ...words], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? JSON.parse(stdout) as Measured : null;
}

/** If the system supports it, a row that is still running ends when this process does. */
const WITH_PARENT = 'if setpriv --pdeathsig KILL true 2>/dev/null; then exec setpriv --pdeathsig KILL "$0" "$@"; fi; ';

const limit = (seconds: number | undefined): string => (seconds === undefined ? '' : `ulimit -t ${seconds}; `);

/** The same without a limit. Throws if the row fails. */
export function measure(row: BenchRow): Measured {
  const measured = measureWithin(row);
  if (measured === null) throw new Error(`the row ${JSON.stringify(row)} failed`);
  return measured;
}

/** Measures a row for a table; throws if the row fails. */
export type Measure = (row: BenchRow) => Measured;

/** Whether SPIN and a C compiler are installed. */
export function hasSpin(): boolean {
  return ['spin', 'gcc'].every((tool) => spawnSync(tool, ['--version']).error === undefined);
}

/** What SPIN printed about a model; `?` if it printed nothing. */
export interface SpinRun {
  readonly errors: string;
  readonly states: string;
  readonly megabytes: string;
  /** Seconds for generating and compiling the verifier. */
  readonly prepared: number;
  readonly verified: number;
  /** Whether the verifier finished. */
  readonly ended: boolean;
}

/**
 * Checks `model` of reports/bench.
 *
 * @param depth the longest run that the verifier can follow
 * @param seconds how much processor time the verifier may have
 */
export function spin(model: string, defines: Readonly<Record<string, number>>, depth: number, seconds?: number): SpinRun {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const run = (...words: readonly string[]): { readonly seconds: number; readonly stdout: string } => {
    const { stdout, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time ${words.join(' ')}`], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    const [, user, system] = /cpu (\S+) (\S+)/.exec(stderr) ?? [];
    return { seconds: Number(user) + Number(system), stdout };
  };
  const generate = run('spin', ...Object.entries(defines).map(([name, value]) => `-D${name}=${value}`), '-a', `'${join(__dirname, '..', '..', '..', 'reports', 'bench', `${model}.pml`)}'`);
  const compile = run('gcc', '-O2', '-w', '-DSAFETY', '-DVECTORSZ=4096', '-DMEMLIM=3000', '-o', 'pan', 'pan.c');
  const verify = run(`(${limit(seconds)}./pan -m${depth})`);
  rmSync(folder, { recursive: true });
  const figure = (pattern: RegExp): string => pattern.exec(verify.stdout)?.[1] ?? '?';
  return {
    errors: figure(/errors: (\d+)/), states: figure(/(\d+) states, stored/), megabytes: figure(/(\d+)\.\d+\s+total actual memory/),
    prepared: generate.seconds + compile.seconds, verified: verify.seconds,
    ended: /errors: \d+/.test(verify.stdout) && !verify.stdout.includes('out of memory'),
  };
}
