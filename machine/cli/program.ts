// The program on a terminal. Commands that work without a pause get a thread of their own, so that
// this thread receives signals while they work: a signal asks the command to stop and to report
// what it has found; a command that does not react is ended after a moment.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type * as CommandLine from './main';
import { ROOM } from './search/young';

/** Commands that do not pause by themselves. */
const UNPAUSED = new Set(['check', 'hunks', 'fuzz', 'boots', 'counts', 'replay', 'conform', 'neighbours']);

/** How long a command may take to stop when asked to. */
const GRACE = 3000;
const UNWRITTEN = 3;
const UNDECIDED = 4;

/** The messages of a command's thread. */
export type Told = { readonly stdout: string } | { readonly stderr: string } | { readonly line: string } | { readonly code: number };

/** Where the thread of a command begins. */
export interface Ordered {
  readonly argv: readonly string[];
  readonly patches: string | undefined;
  /** One number, which is not 0 once the command has to stop: 1 for SIGINT, 2 for SIGTERM. */
  readonly flag: SharedArrayBuffer;
}

/** Commands that only print, and take minutes: nothing is lost if they end when their reader is gone. */
const ONLY_PRINTS = new Set(['bench', 'counts']);

/**
 * Runs the command line, on the process's own streams.
 *
 * @param thread the file with which the thread of a command begins; scenarios use it to show what happens if something goes wrong
 */
export async function main(thread = join(__dirname, 'command-thread.js')): Promise<void> {
  const argv = process.argv.slice(2);
  const command = argv[0] ?? '';
  let isClosed = false;
  let isUnwritten = false;
  let stop = (): void => undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosed) return;
    isClosed = true;
    isUnwritten = error.code !== 'EPIPE';
    if (isUnwritten) {
      process.stderr.write(`paravirt-spec: the output cannot be written: ${error.code === 'ENOSPC' ? 'the disk is full' : error.message}\n`);
      process.exitCode = UNWRITTEN;
    }
    // No reader is left, as after `| head`: a search stops, while a command that writes files continues.
    if (ONLY_PRINTS.has(command)) process.exit(isUnwritten ? UNWRITTEN : UNDECIDED);
    stop();
  });
  process.stderr.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, endUnheard);
  const patches = process.env['PATCHES'];
  const code = UNPAUSED.has(command) ? await inThread(thread, argv, patches, (ask) => { stop = ask; }) : await here(argv, patches);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, endUnheard);
  process.exitCode = isUnwritten ? UNWRITTEN : code;
}

/** Ends a command that does not listen to signals, or not yet. */
function endUnheard(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  process.stderr.write(`paravirt-spec: stopped by ${signal}; nothing is decided\n`);
  process.exit(UNDECIDED);
}

function here(argv: readonly string[], patches: string | undefined): Promise<number> {
  const { runCommandLine } = module.require('./main') as typeof CommandLine;
  return runCommandLine(argv, { stdout: (text) => { process.stdout.write(text); }, stderr: (text) => { process.stderr.write(text); } }, patches);
}

/** Runs a command in a thread of its own; `onStart` gets a function that stops it silently. */
function inThread(thread: string, argv: readonly string[], patches: string | undefined, onStart: (stop: () => void) => void): Promise<number> {
  const flag = new SharedArrayBuffer(4);
  const worker = new Worker(thread, { workerData: { argv, patches, flag } satisfies Ordered, resourceLimits: ROOM });
  const terminal = process.stderr.isTTY;
  let line = false;
  let printed = false;
  let signal: NodeJS.Signals | null = null;
  const clear = (): void => {
    if (line) process.stderr.write('\r\x1b[2K');
    line = false;
  };
  return new Promise((resolve) => {
    let code: number | null = null;
    const ask = (number: 1 | 2): void => {
      Atomics.store(new Int32Array(flag), 0, number);
      setTimeout(() => void worker.terminate(), GRACE).unref();
    };
    const stop = (name: NodeJS.Signals): void => {
      if (signal !== null) void worker.terminate();
      signal = name;
      ask(name === 'SIGINT' ? 1 : 2);
    };
    onStart(() => ask(2));
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    worker.on('message', (told: Told) => {
      if ('line' in told) {
        if (!terminal) return;
        process.stderr.write(`\r\x1b[2K${told.line.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}`);
        line = true;
        return;
      }
      clear();
      printed ||= 'stdout' in told;
      if ('stdout' in told) process.stdout.write(told.stdout);
      if ('stderr' in told) process.stderr.write(told.stderr);
      if ('code' in told) code = told.code;
    });
    worker.on('error', (error: NodeJS.ErrnoException & { readonly signal?: string }) => {
      clear();
      // The compiler was stopped together with this process, which reports that below.
      if (error.signal === 'SIGINT' || error.signal === 'SIGTERM') {
        signal ??= error.signal;
        return;
      }
      process.stderr.write(`paravirt-spec: a fault of this program: ${error.stack ?? error.message}\n`);
      code = 3;
    });
    worker.on('exit', () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      clear();
      if (signal !== null) process.stderr.write(`paravirt-spec: stopped by ${signal}; ${stoppedWith(printed, code !== null)}\n`);
      resolve(code ?? UNDECIDED);
    });
  });
}

/** The message about the output of a stopped command. */
function stoppedWith(printed: boolean, ended: boolean): string {
  if (!printed) return 'the answer is undecided';
  return ended ? 'the output above is what was found until then' : 'the output above is what was found until then; the rest is undecided';
}
