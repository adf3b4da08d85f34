// Runs other programs to their end: the suite starts Cucumber, the lint and the command line
// as their users do. A command that only reads is run once for all scenarios that use it.

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export const projectRoot = resolve(__dirname, '../..');

export interface FinishedCommand {
  /** What was run, for the messages of failing steps. */
  readonly line: string;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What this process was given as room for young objects; its children search as it does. */
const ROOM = process.execArgv.filter((word) => word.includes('semi-space'));

/** Runs `node args…` in the project's folder; `env` is laid over this process's environment. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): FinishedCommand {
  const child = spawnSync(process.execPath, [...ROOM, ...args], {
    cwd: projectRoot,
    env: { ...process.env, FORCE_COLOR: '0', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (child.error) throw child.error;
  return { line: ['node', ...args].join(' '), status: child.status, stdout: child.stdout, stderr: child.stderr };
}

const finished = new Map<string, FinishedCommand>();

/** Like runNode, but a command that was run before with the same words is not run again. */
export function runNodeOnce(args: readonly string[], env: NodeJS.ProcessEnv = {}): FinishedCommand {
  const key = JSON.stringify([args, env]);
  const known = finished.get(key) ?? runNode(args, env);
  finished.set(key, known);
  return known;
}
