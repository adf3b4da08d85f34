import { isAtRest, movesOf, violationOf, type Move, type System, type Violation } from '../system';

// For programs that are too large for a complete search: runs drawn at random
// from a seed. They can show that something fails, never that nothing does.

/** How a run is drawn. */
export type Sampling =
  /** Any possible move, all equally likely. */
  | 'random'
  /** Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): priorities, with a few changes at random points. */
  | 'pct';

export interface Sample {
  readonly labels: readonly string[];
  readonly end: 'finished' | 'deadlock' | 'violation' | 'too long';
  readonly violation: Violation | null;
  readonly outcome: string | null;
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Draws one run. The system is left as it was.
 *
 * @param expected how many events a run is likely to have, over which PCT spreads its change points
 * @param limit events after which a run is given up
 * @param changes at how many points of the run PCT takes the running process's priority away
 */
export function sampleRun(system: System, kind: Sampling, random: () => number, expected = 100, limit = 10_000, changes = 3): Sample {
  const start = system.store.mark();
  const choose = kind === 'random' ? (moves: readonly Move[]): Move => moves[Math.floor(random() * moves.length)]! : byPriority(system, random, expected, changes);
  const labels: string[] = [];
  let sample: Sample | null = null;
  while (sample === null) {
    const violation = violationOf(system);
    const moves = movesOf(system);
    if (violation !== null) {
      sample = { labels, end: 'violation', violation, outcome: null };
    } else if (isAtRest(system, moves) && (moves.length === 0 || labels.length >= limit || random() < 0.5)) {
      sample = { labels, end: 'finished', violation: null, outcome: system.outcome?.() ?? '' };
    } else if (moves.length === 0) {
      sample = { labels, end: 'deadlock', violation: null, outcome: null };
    } else if (labels.length >= limit) {
      sample = { labels, end: 'too long', violation: null, outcome: null };
    } else {
      const move = choose(moves);
      labels.push(move.label);
      move.perform();
    }
  }
  system.store.undo(start);
  return sample;
}

/** Always the process of highest priority, until a change point lowers it. */
function byPriority(system: System, random: () => number, expected: number, changes: number): (moves: readonly Move[]) => Move {
  const priorities = new Map(system.processes.map((process) => [process, 1 + random()]));
  const points = new Set(Array.from({ length: changes }, () => Math.floor(random() * expected)));
  let event = 0;
  return (moves) => {
    const best = moves.reduce((high, move) => (priorities.get(move.process)! > priorities.get(high.process)! ? move : high));
    if (points.has(event++)) priorities.set(best.process, random() / event);
    const own = moves.filter((move) => move.process === best.process);
    return own[Math.floor(random() * own.length)]!;
  };
}
