// The inside of a worker thread; see pool.ts. The machine that it loads has
// every neighbour in it, and a number switches one on.

import { parentPort, workerData } from 'node:worker_threads';
import { installSelector } from '../mutate/selector';
import type { Trial } from './trials';
import type { Tried } from './try';

export interface Job {
  /** 0 for the patch itself. */
  readonly number: number;
  readonly trial: Trial;
  /** The selection of hunks. */
  readonly patches: string;
  /** Failures of the patch itself, at which no search has to stop; absent where everything is to be seen. */
  readonly known?: readonly string[];
}

export interface Answer extends Tried {
  /** Neighbours whose path somebody came to. */
  readonly asked: readonly number[];
}

/** What a worker is told once: the texts of changed files by absolute path. */
export interface Changed {
  readonly texts: ReadonlyMap<string, string>;
}

/** Answers each job. */
export function work(standIn: (texts: ReadonlyMap<string, string>) => void): void {
  const selector = installSelector();
  standIn((workerData as Changed).texts);
  // Loaded only now, so that the changed files take part, those of chapters beside the package too.
  module.require('../load/beside.js');
  const { tryIn } = module.require('./try') as { tryIn: (trial: Trial, patches: string, known?: readonly string[]) => Tried };
  parentPort!.on('message', ({ number, trial, patches, known }: Job) => {
    selector.choose(number);
    const tried = tryIn(trial, patches, known);
    parentPort!.postMessage({ ...tried, asked: [...selector.asked] } satisfies Answer);
  });
}
