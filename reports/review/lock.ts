// Two runs in one folder would lose each other's results, so the first holds a lock.

import { openSync, closeSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../machine/cli/options';

/**
 * Takes the lock of `folder`; a lock whose process is gone is taken over.
 *
 * @returns how to give it back
 * @throws UsageError while another process holds it
 */
export function takeLock(folder: string): () => void {
  const file = join(folder, '.lock');
  for (;;) {
    try {
      const descriptor = openSync(file, 'wx');
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (isAlive(holder)) throw new UsageError(`process ${holder} is writing to ${folder} already; wait for it, or stop it`);
      rmSync(file, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
