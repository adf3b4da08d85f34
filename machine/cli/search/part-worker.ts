// The inside of a worker thread; see workers.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { explorePart } from '../../explorer/parts/partition';
import { buildSubject, type Subject } from './subject';

/** Answers each part with its report. */
export function work(): void {
  const subject = workerData as Subject;
  const { program, bounds } = buildSubject(subject);
  parentPort!.on('message', (prefix: readonly string[]) => {
    parentPort!.postMessage(explorePart(program, bounds, prefix, subject.options));
  });
}
