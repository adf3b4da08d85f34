// The inside of a worker thread; see pool.ts. The machine that it loads
// contains every neighbour, and a number activates one.

import { parentPort, workerData } from 'node:worker_threads';
import { installSelector } from '../mutate/selector';
import type { Trial } from './trials';
import type * as Trying from './try';
import type { Tried } from './try';

export interface Job {
  /** 0 for the patch itself. */
  readonly number: number;
  readonly trial: Trial;
  /** The selection of hunks. */
  readonly patches: string;
  /** Failures of the patch itself, at which no search has to stop; absent if everything has to be explored. */
  readonly known?: readonly string[];
  /** What must hold; absent for the requirements of the situation. */
  readonly invariants?: readonly string[];
  /** Whether it is enough to know that something breaks. */
  readonly isSample?: boolean;
}

/** One run of a neighbour. */
export interface RunJob extends Required<Pick<Job, 'number' | 'trial' | 'patches' | 'invariants'>> {
  readonly schedule: string;
}

export interface Answer extends Tried {
  /** Neighbours that can differ from the patch: a line that they change was reached. */
  readonly arrived: readonly number[];
}

/** What a worker gets once: the texts of changed files by absolute path. */
export interface Changed {
  readonly texts: ReadonlyMap<string, string>;
}

/** Answers each job. */
export function work(standIn: (texts: ReadonlyMap<string, string>) => void): void {
  const selector = installSelector();
  standIn((workerData as Changed).texts);
  // Loaded only now, so that the changed files are used, including those of chapters beside the package.
  module.require('../load/beside.js');
  const { tryIn, runIn } = module.require('./try') as typeof Trying;
  parentPort!.on('message', (job: Job | RunJob) => {
    selector.choose(job.number);
    if ('schedule' in job) {
      parentPort!.postMessage(runIn(job.trial, job.patches, job.invariants, job.schedule));
      return;
    }
    const tried = tryIn(job.trial, job.patches, job.known, job.invariants, job.isSample);
    parentPort!.postMessage({ ...tried, arrived: [...selector.arrived] } satisfies Answer);
  });
}
