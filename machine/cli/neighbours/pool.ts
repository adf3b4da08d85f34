// Worker threads, each with a machine that contains the neighbours.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ROOM } from '../search/young';
import type { Answer, Changed, Job, RunJob } from './worker';

export class Pool {
  private readonly workers: Worker[];

  constructor(changed: Changed, count: number) {
    this.workers = Array.from({ length: count }, () => new Worker(join(__dirname, 'worker.js'), { workerData: changed, resourceLimits: ROOM }));
  }

  /** Gives each thread one item after the other; `act` may ask that thread any number of times. */
  async each<Item>(items: readonly Item[], act: (item: Item, ask: (job: Job) => Promise<Answer>) => Promise<void>): Promise<void> {
    let next = 0;
    await Promise.all(this.workers.map(async (worker) => {
      for (let i = next++; i < items.length; i = next++) await act(items[i]!, (job) => told<Answer>(worker, job));
    }));
  }

  /** The result of each of these runs. */
  async runs(jobs: readonly RunJob[]): Promise<(string | null)[]> {
    const found: (string | null)[] = [];
    let next = 0;
    await Promise.all(this.workers.map(async (worker) => {
      for (let i = next++; i < jobs.length; i = next++) found[i] = await told<string | null>(worker, jobs[i]!);
    }));
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** The thread's reply to a message. */
function told<Said>(worker: Worker, message: Job | RunJob): Promise<Said> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      worker.off('message', settle);
      reject(error as Error);
    };
    const settle = (said: Said): void => {
      worker.off('error', fail);
      resolve(said);
    };
    worker.once('message', settle);
    worker.once('error', fail);
    worker.postMessage(message);
  });
}
