// Two runs in one folder would lose each other's results, so the first holds a lock.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../machine/cli/options';

/**
 * Takes the lock of `folder`; a lock whose process is gone is taken over.
 *
 * @returns a function that releases it
 * @throws UsageError while another process holds it
 */
export function takeLock(folder: string): () => void {
  const file = join(folder, '.lock');
  for (;;) {
    try {
      placeLock(file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (isAlive(holder)) throw new UsageError(`process ${holder} is writing to ${folder} already; wait for it, or stop it`);
      removeDead(file, holder);
    }
  }
}

/** Creates the lock together with its content, so that no process takes an empty file for the lock of a dead process. */
function placeLock(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
  } finally {
    rmSync(own, { force: true });
  }
}

/** If another process has taken over the dead one's lock in the meantime, its lock is put back. */
function removeDead(file: string, holder: number): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    if (Number(readFileSync(aside, 'utf8')) !== holder) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
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
