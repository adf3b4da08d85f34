// The inside of the thread in which a command works; see program.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { runCommandLine } from './main';
import type { Ordered, Told } from './program';

/** Runs the command that the thread was made for. */
export async function work(): Promise<void> {
  const { argv, patches, flag } = workerData as Ordered;
  const asked = new Int32Array(flag);
  const tell = (told: Told): void => parentPort!.postMessage(told);
  const code = await runCommandLine(argv, {
    stdout: (stdout) => tell({ stdout }),
    stderr: (stderr) => tell({ stderr }),
    attend: { show: (line) => tell({ line }), stopped: () => [null, 'SIGINT', 'SIGTERM'][Atomics.load(asked, 0)] ?? null },
  }, patches);
  tell({ code });
}
