import type { Found } from './verdict/findings';
import type { Knows, Progress, Search } from './stateful/search';

// What all engines have in common: they can run for a while and then report
// what they know. engines.ts chooses one.

/** The ways to search, by name. */
export const ENGINES = ['auto', 'brute-force', 'stateful', 'reduced', 'layered', 'optimal', 'random', 'pct'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Standing = 'ended' | 'under way' | 'out of bounds';

/** What an engine knows. */
export interface Report {
  readonly engine: EngineName;
  /** Everything within the bounds was seen. */
  readonly complete: boolean;
  /** Complete executions; null if the engine has no such notion. */
  readonly executions: number | null;
  /** Executions that were abandoned. */
  readonly blocked: number;
  /** States visited; 0 if the engine does not recognise states. */
  readonly states: number;
  readonly events: number;
  readonly depth: number;
  /** Upper bound of the probability of a hash collision between two states. */
  readonly collisionBound: number;
  readonly outcomes: readonly string[];
  readonly found: readonly Found[];
  /** The stateful search, if that is the engine: its findings are in its graph. */
  readonly search: Search | null;
  /** For an engine without such a search that can tell which states it has visited. */
  readonly knows?: Knows;
}

/** One search. */
export interface Engine {
  /** Continues for about `events` events. */
  advance(events: number): Standing;
  readonly progress: Progress;
  report(): Report;
}

export interface EngineOptions {
  readonly engine?: EngineName;
  /** For the sampling engines: the seed of the runs, and their number. */
  readonly seed?: number;
  readonly runs?: number;
  /** The minimum number of random runs that challenge a verdict that everything was seen; see challenge. */
  readonly challenge?: number;
  /** The beginning of the runs to explore; see partition. */
  readonly prefix?: readonly string[];
}

/** The report of a search that keeps the graph. */
export function reportOf(search: Search, engine: EngineName = 'stateful'): Report {
  const { complete, states, events, depth, collisionBound, outcomes } = search;
  return { engine, complete, executions: null, blocked: 0, states, events, depth, collisionBound, outcomes: [...outcomes.keys()], found: [], search };
}
