// One search in parts on several cores, for engines that cannot share what they have seen (for the one that can, see
// together.ts): the parts wait in a queue, and a free worker thread takes the next one.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PartReport } from '../../explorer/parts/partition';
import { heedSignals, type Interruption } from './long-run';
import { ProgressLine } from './progress';
import type { Subject } from './subject';
import { ROOM } from './young';

export interface PartsRun {
  /** The reports of the parts that were finished. */
  readonly reports: readonly PartReport[];
  readonly interruption: Interruption;
}

/** Explores `parts` on `count` threads. */
export async function exploreParts(subject: Subject, parts: readonly (readonly string[])[], count: number): Promise<PartsRun> {
  const { signal, release } = heedSignals();
  const line = new ProgressLine();
  const reports: PartReport[] = [];
  const queue = [...parts];
  const runOne = async (): Promise<void> => {
    const worker = new Worker(join(__dirname, 'part-worker.js'), { workerData: subject, resourceLimits: ROOM });
    try {
      for (let part = queue.shift(); part !== undefined && signal() === null; part = queue.shift()) {
        const report = await answerOf(worker, part, signal);
        if (report === null) return;
        reports.push(report);
        line.line(`${reports.length} of ${parts.length} parts`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, parts.length) }, runOne));
  line.end();
  release();
  return { reports, interruption: reports.length < parts.length ? signal() : null };
}

/** The report of one part; null if a signal came first. */
function answerOf(worker: Worker, part: readonly string[], signal: () => unknown): Promise<PartReport | null> {
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => { if (signal() !== null) settle(null); }, 50);
    const settle = (report: PartReport | null): void => {
      clearInterval(watch);
      worker.off('message', settle);
      worker.off('error', reject);
      resolve(report);
    };
    worker.on('message', settle);
    worker.on('error', reject);
    worker.postMessage(part);
  });
}
