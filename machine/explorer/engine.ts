import type { Found } from './verdict/findings';
import type { Knows, Progress, Search } from './stateful/search';

// What all engines have in common: something that can go on for a while and
// then say what it knows. engines.ts chooses one.

/** The ways to search, by name. */
export const ENGINES = ['auto', 'brute-force', 'stateful', 'reduced', 'layered', 'optimal', 'random', 'pct'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Standing = 'ended' | 'under way' | 'out of bounds';

/** What an engine knows. */
export interface Report {
  readonly engine: EngineName;
  /** Everything within the bounds was seen. */
  readonly complete: boolean;
  /** Complete executions; null where the engine has no such notion. */
  readonly executions: number | null;
  /** Executions that were abandoned. */
  readonly blocked: number;
  /** States visited; 0 where the engine does not know states again. */
  readonly states: number;
  readonly events: number;
  readonly depth: number;
  /** Upper bound of the chance that two states were taken for one. */
  readonly collisionBound: number;
  readonly outcomes: readonly string[];
  readonly found: readonly Found[];
  /** The stateful search, where that is the engine: its findings are in its graph. */
  readonly search: Search | null;
  /** Of an engine that can tell in which states it was, and has no such search. */
  readonly knows?: Knows;
}

/** One search. */
export interface Engine {
  /** Goes on for about `events` events. */
  advance(events: number): Standing;
  readonly progress: Progress;
  report(): Report;
}

export interface EngineOptions {
  readonly engine?: EngineName;
  /** For the sampling engines: what the runs are drawn from, and how many there are. */
  readonly seed?: number;
  readonly runs?: number;
  /** How many random runs challenge a verdict that everything was seen, at least; see challenge. */
  readonly challenge?: number;
  /** The beginning of the runs to explore; see partition. */
  readonly prefix?: readonly string[];
}

/** What a search that keeps the graph has shown. */
export function reportOf(search: Search, engine: EngineName = 'stateful'): Report {
  const { complete, states, events, depth, collisionBound, outcomes } = search;
  return { engine, complete, executions: null, blocked: 0, states, events, depth, collisionBound, outcomes: [...outcomes.keys()], found: [], search };
}
