// One search on several threads that share one table of states. This thread is
// the first member of the crew; it starts the others once the search turns out
// to take more than a moment, and joins what all have seen. The result is that
// of a single thread, down to the numbers of states.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Searched } from '../../explorer/answers';
import { Crew } from '../../explorer/shared/crew';
import { joinPortions } from '../../explorer/shared/join';
import { NO_PORTION, SharedSearch, type Portion } from '../../explorer/shared/search';
import { StatefulSearch, type Progress } from '../../explorer/stateful/search';
import { UsageError } from '../options';
import type { Interruption } from './long-run';
import type { Enlisted, Failure, Said } from './member';
import { buildSubject, type Subject } from './subject';
import { ROOM } from './young';
import { ThreadLost } from './thread-lost';

/** What to search, as plain data, so that each thread can build the same. */
export interface Common extends Pick<Subject, 'about' | 'bounds'> {
  /** Whether a run continues when an invariant is broken. */
  readonly goesOn: boolean;
}

export interface TogetherRun extends Searched {
  readonly interruption: Interruption;
}

/** Called with the progress of the search; returns why to stop, or null. */
export type Look = (progress: Progress) => Interruption;

/** How a crew is set up; scenarios use it to show what happens if something goes wrong. */
export interface Manning {
  /** Whether nothing is searched before all threads have begun. */
  readonly waits?: boolean;
  /** The file with which the other threads begin. */
  readonly thread?: string;
}

/** Moves between two looks. */
const STRIDE = 1000;
/** Moves that are made before other threads are started, since starting them takes as long as many more moves. */
const ALONE = 5 * STRIDE;

/**
 * Searches all states with `count` threads.
 *
 * @throws ThreadLost if a thread dies
 */
export async function searchTogether(common: Common, count: number, look: Look, { waits = false, thread = join(__dirname, 'member.js') }: Manning = {}): Promise<TogetherRun> {
  const { program, bounds } = buildSubject(common);
  const { states: mostStates = Infinity } = bounds;
  const { goesOn } = common;
  const shared = Crew.found(count);
  const crew = new Crew(shared, 0);
  const system = program();
  const search = new SharedSearch(system, crew, 0, mostStates, { goesOn });
  const threads: Thread[] = [];
  const startOthers = (): void => {
    for (let me = 1; me < count; me++) threads.push(new Thread(thread, { about: common.about, goesOn, mostStates, shared, me }, crew));
  };
  let interruption: Interruption = null;
  try {
    let alone = waits ? 0 : ALONE;
    for (let standing = search.advance(0); standing !== 'ended'; alone -= STRIDE) {
      if (alone === 0) {
        startOthers();
        while (waits && threads.some((_, i) => !crew.isThere(i + 1)) && crew.stopped === null) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      standing = search.advance(STRIDE);
      interruption ??= look({ states: crew.states, events: crew.events, depth: search.depth });
      if (interruption !== null) crew.stop('asked');
      await new Promise((resolve) => (standing === 'waiting' ? setTimeout(resolve, 1) : setImmediate(resolve)));
    }
    const { stopped } = crew;
    // The thread that failed says why.
    if (stopped === 'failed') await Promise.all(threads.map(({ portion }) => portion));
    // Which states are seen before there are too many would depend on the speed of each thread.
    if (stopped === 'bounds' || crew.states > mostStates) return await searchAlone(common, look);
    if (stopped === 'full') interruption = 'memory';
    const portionOf = (me: number): Portion | Promise<Portion> => (me === 0 ? search.portion(crew.isDone ? crew.table.tally(0, count) : null) : crew.givenTo(me) === 0 ? NO_PORTION : threads[me - 1]!.portion);
    const portions = await Promise.all(Array.from({ length: count }, (_, me) => portionOf(me)));
    const found = joinPortions(portions, { complete: stopped === null, bounds, goesOn, table: crew.table });
    return { search: found, system, consulted: [...new Set([...system.consulted?.() ?? [], ...portions.flatMap(({ consulted }) => consulted)])], interruption };
  } finally {
    crew.stop('asked');
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

/** The same on this thread alone. */
export async function searchAlone(common: Common, look: Look): Promise<TogetherRun> {
  const { program, bounds } = buildSubject(common);
  const system = program();
  const search = new StatefulSearch(system, bounds, undefined, { goesOn: common.goesOn });
  let interruption: Interruption = null;
  for (let standing = search.advance(0); standing !== 'ended' && interruption === null;) {
    standing = search.advance(STRIDE);
    if (standing === 'out of bounds') interruption = 'bounds';
    else if (standing === 'under way') interruption = look(search.progress);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { search: search.result(), system, consulted: system.consulted?.() ?? [], interruption };
}

/** Another member, and how it ends. */
class Thread {
  private readonly worker: Worker;
  /** What it has seen, once all is done; rejected with the reason why it could not continue. */
  readonly portion: Promise<Portion>;

  constructor(file: string, enlisted: Enlisted, crew: Crew) {
    this.worker = new Worker(file, { workerData: enlisted, resourceLimits: ROOM });
    this.portion = new Promise((resolve, reject) => {
      let hasSpoken = false;
      const fail = (error: Error): void => {
        if (hasSpoken) return;
        hasSpoken = true;
        reject(error);
        crew.stop('failed');
      };
      this.worker.on('message', (said: Said) => {
        if ('failure' in said) return fail(errorOf(said.failure));
        hasSpoken = true;
        resolve(said.portion);
      });
      this.worker.on('error', (error) => fail(new ThreadLost(`a thread of the search has died, and nothing is decided: ${error.message.split('\n', 1)[0]!}`)));
      this.worker.on('exit', (code) => fail(new ThreadLost(`a thread of the search has ended by itself with code ${code}, and nothing is decided`)));
    });
    // If a thread is ended because everything is done, its failure does not matter.
    this.portion.catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

function errorOf({ message, stack, isMistake }: Failure): Error {
  return isMistake ? new UsageError(message) : Object.assign(new Error(message), { stack });
}
