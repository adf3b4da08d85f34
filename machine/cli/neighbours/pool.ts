// Worker threads, each with a machine that has the neighbours in it.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Changed, Job } from './worker';

export class Pool {
  private readonly workers: Worker[];

  constructor(changed: Changed, count: number) {
    this.workers = Array.from({ length: count }, () => new Worker(join(__dirname, 'worker.js'), { workerData: changed }));
  }

  /**
   * The answers to `jobs`, in the same order.
   *
   * @param answered called after each, with how many there are
   */
  async answers(jobs: readonly Job[], answered: (count: number) => void = () => undefined): Promise<Answer[]> {
    const found: Answer[] = [];
    let next = 0;
    let count = 0;
    await Promise.all(this.workers.map(async (worker) => {
      for (let i = next++; i < jobs.length; i = next++) {
        found[i] = await answerOf(worker, jobs[i]!);
        answered(++count);
      }
    }));
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker, job: Job): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      worker.off('message', settle);
      reject(error as Error);
    };
    const settle = (answer: Answer): void => {
      worker.off('error', fail);
      resolve(answer);
    };
    worker.once('message', settle);
    worker.once('error', fail);
    worker.postMessage(job);
  });
}
