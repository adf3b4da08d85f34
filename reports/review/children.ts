// The processes that a review starts. Each leads a group of its own, so everything that it has started
// ends with it.

import { spawn, type ChildProcess } from 'node:child_process';

/** Megabytes for young objects, and for the copies of those that stay. With what Node gives a process by itself, the collector takes a fifth of a search's time. */
const ROOM = ['--min-semi-space-size=16', '--max-semi-space-size=64'];

/** How long a process may take to end after it was asked to. */
const GRACE = 2000;

export class Children {
  private readonly running = new Set<ChildProcess>();
  /** The signal that asked the review to stop; null if there was none. */
  signal: NodeJS.Signals | null = null;

  private readonly hear = (signal: NodeJS.Signals): void => {
    this.signal ??= signal;
    this.endAll('SIGTERM');
    setTimeout(() => this.endAll('SIGKILL'), GRACE).unref();
  };

  private readonly abandon = (): void => this.endAll('SIGKILL');

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.hear);
    process.on('exit', this.abandon);
  }

  /** Runs `node args…` to its end; its exit code, or 1 if a signal ended it. */
  run(args: readonly string[], options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }): Promise<number> {
    if (this.signal !== null) return Promise.resolve(1);
    // A child that wrote to a closed pipe itself would die; so output for a file or a pipe is passed on by this process.
    const stdout = process.stdout.isTTY ? 'inherit' : 'pipe';
    const child = spawn(process.execPath, [...ROOM, ...args], { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['inherit', stdout, 'inherit'], detached: true });
    child.stdout?.on('data', (text: Buffer) => { process.stdout.write(text); });
    this.running.add(child);
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => {
        this.running.delete(child);
        done(code ?? 1);
      });
    });
  }

  release(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.hear);
    process.off('exit', this.abandon);
  }

  private endAll(signal: NodeJS.Signals): void {
    for (const { pid } of this.running) {
      try {
        process.kill(-pid!, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
}
