// A long search: it shows its progress, stops cleanly when asked to, stays
// within its memory, and can be continued.

import type { Report, Standing } from '../../explorer/engine';
import { smallestRunsFor } from '../../explorer/explore';
import type { SmallestRuns } from '../../explorer/layered/smallest';
import { engineFor } from '../../explorer/engines';
import type { Program } from '../../explorer/program';
import type { Bounds } from '../../explorer/stateful/search';
import { EXIT } from '../exit';
import { keptSearch } from './kept-search';
import { ProgressLine } from './progress';
import type { Subject } from './subject';

export interface LongRunOptions {
  /** The file for saving the search; if it exists, the search continues from there. */
  readonly checkpoint?: string | undefined;
  /** Events between two checkpoints. */
  readonly every?: number | undefined;
  /** Megabytes that the process may use. */
  readonly memory?: number | undefined;
}

/** Why a search ended before everything was seen; null if it did not. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'memory' | 'bounds' | null;

export interface LongRun {
  readonly report: Report;
  readonly interruption: Interruption;
  /** Has looked for the smallest runs to what was found. */
  readonly smallest: SmallestRuns;
}

/** Events between two checks for signals: some tens of milliseconds, even if an event takes long. The same for every run, so that each proceeds in the same way. */
const STRIDE = 1000;
const EVERY = 20_000_000;

/** Explores `program` until it is done or stopped. */
export async function longRun(subject: Subject, program: Program, bounds: Bounds, options: LongRunOptions): Promise<LongRun> {
  const line = new ProgressLine();
  const kept = options.checkpoint === undefined ? null : keptSearch(subject, program, bounds, options.checkpoint);
  const engine = kept ?? engineFor(program, bounds, subject.options);
  const { signal, release } = heedSignals();
  let interruption: Interruption = null;
  let keptAt = engine.progress.events;
  for (let standing: Standing = 'under way'; standing !== 'ended' && interruption === null;) {
    standing = engine.advance(STRIDE);
    line.show(engine.progress);
    await new Promise((resolve) => setImmediate(resolve));
    if (kept !== null && standing === 'under way' && kept.progress.events - keptAt >= (options.every ?? EVERY)) {
      kept.keep();
      keptAt = kept.progress.events;
    }
    if (standing === 'out of bounds') interruption = 'bounds';
    else if (standing === 'under way') interruption = signal() ?? (isOver(options.memory) ? 'memory' : null);
  }
  kept?.keep();
  const report = engine.report();
  const smallest = smallestRunsFor(program, report);
  for (let isDone = interruption !== null; !isDone && signal() === null; isDone = smallest.advance(STRIDE)) await new Promise((resolve) => setImmediate(resolve));
  release();
  line.end();
  return { report, interruption, smallest };
}

/** Whether the process uses more than this many megabytes. */
export function isOver(memory: number | undefined): boolean {
  return memory !== undefined && process.memoryUsage.rss() > memory * 2 ** 20;
}

/** Records the first signal that asks the process to stop; a second one ends it. */
export function heedSignals(): { signal: () => 'SIGINT' | 'SIGTERM' | null; release: () => void } {
  let seen: 'SIGINT' | 'SIGTERM' | null = null;
  const note = (signal: NodeJS.Signals): void => {
    if (seen !== null) process.exit(EXIT.undecided);
    seen = signal as 'SIGINT' | 'SIGTERM';
  };
  process.on('SIGINT', note);
  process.on('SIGTERM', note);
  return {
    signal: () => seen,
    release: () => {
      process.off('SIGINT', note);
      process.off('SIGTERM', note);
    },
  };
}
