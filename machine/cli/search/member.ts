// The inside of a thread that searches together with others; see together.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { Crew, type Shared } from '../../explorer/shared/crew';
import { SharedSearch, type Portion } from '../../explorer/shared/search';
import { WordError } from '../../kernel/words/widths';
import { PathMistake } from '../../state/mistake';
import { buildSubject, type Subject } from './subject';

/** What a thread gets at its start. */
export interface Enlisted {
  readonly about: Subject['about'];
  readonly goesOn: boolean;
  readonly mostStates: number;
  readonly shared: Shared;
  /** Its number as a member. */
  readonly me: number;
}

/** What a thread reports at its end. */
export type Said = { readonly portion: Portion } | { readonly failure: Failure };

/** Why a member could not continue. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
  /** Whether it is a mistake in a path, and not in this program. */
  readonly isMistake: boolean;
}

/** Moves between two checks for something to do. */
const STRIDE = 4096;

/** Searches until all members are done. */
export function work(): void {
  const { about, goesOn, mostStates, shared, me } = workerData as Enlisted;
  let crew: Crew | null = null;
  try {
    const system = buildSubject({ about, bounds: {} }).program();
    crew = new Crew(shared, me);
    const search = new SharedSearch(system, crew, me, mostStates, { goesOn });
    for (let standing = search.advance(STRIDE); standing !== 'ended'; standing = search.advance(STRIDE)) crew.sleep();
    const portion = search.portion(crew.isDone ? crew.table.tally(me, crew.members) : null);
    const { starts, moves } = portion;
    say({ portion }, [starts, moves]);
  } catch (error) {
    const { message, stack = '' } = error as Error;
    say({ failure: { message, stack, isMistake: error instanceof PathMistake || error instanceof WordError } });
    crew?.stop('failed');
  }
}

function say(said: Said, moved: readonly Int32Array[] = []): void {
  parentPort!.postMessage(said, moved.map(({ buffer }) => buffer as ArrayBuffer));
}
