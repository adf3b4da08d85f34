import { movesOf, violationOf, type Move, type System, type Violation } from '../system';

// A move, and the forced steps of the same process that follow it: what lies
// between two choices.

export interface Followed {
  readonly steps: number;
  /** What is possible at the end. */
  readonly moves: readonly Move[];
  /** The steps returned to an earlier state. */
  readonly looped: boolean;
  readonly violation: Violation | null;
}

/** A longer chain is a loop in the model's own code. */
const LIMIT = 200_000;

/**
 * Performs `move`, and then each step of its process as long as nothing else can happen.
 *
 * @throws Error after more than `limit` steps
 */
export function followForced(system: System, move: Move, limit = LIMIT): Followed {
  let beacon: { a: number; b: number } | null = null;
  let next = move;
  for (let steps = 1; steps <= limit; steps++) {
    next.perform();
    const violation = violationOf(system);
    if (violation) return { steps, moves: [], looped: false, violation };
    const moves = movesOf(system);
    const [only] = moves;
    if (only === undefined || moves.length !== 1 || only.kind !== 'step' || only.process !== move.process) return { steps, moves, looped: false, violation };
    const { a, b } = system.store;
    if (beacon !== null && beacon.a === a && beacon.b === b) return { steps, moves, looped: true, violation };
    if ((steps & (steps - 1)) === 0) beacon = { a, b };
    next = only;
  }
  throw new Error(`machine bug: ${limit} steps of ${move.process.name} with no choice between them and no repeated state`);
}
