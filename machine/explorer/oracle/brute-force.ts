import { exactText, type Value } from '../../state/hash';
import { movesOf, violationOf, type System, type Violation } from '../system';

// The oracle: every interleaving, one event at a time, states compared by
// their whole text, in which a number stands for each long value. No hash, no
// reduction, nothing clever. It is slow, and what all other engines are held
// against.

/** One event of the graph of all runs. */
export interface Successor {
  /** The number of the process that moved. */
  readonly process: number;
  /** The state reached; for a failing event -1. */
  readonly to: number;
}

export interface BruteForce {
  /** False when `limit` states were not enough. */
  readonly complete: boolean;
  /** For each state the events that are possible, in order. State 0 is the beginning. */
  readonly successors: readonly (readonly Successor[])[];
  readonly transitions: number;
  /** What finished runs come to. */
  readonly outcomes: ReadonlySet<string>;
  readonly violations: readonly Violation[];
  /** States with work left and nothing that can happen. */
  readonly deadlocks: number;
}

/** Numbers for values by their exact text, so that the text of a state stays short. */
class ShortWords {
  private readonly numbers = new Map<string, string>();
  /** Values never change, so that the same object has the same text. */
  private readonly known = new WeakMap<object, string>();

  readonly of = (value: Value): string => {
    if (typeof value !== 'object' || value === null) return exactText(value);
    return this.known.get(value) ?? this.numbered(value);
  };

  private numbered(value: object & Value): string {
    const text = exactText(value);
    const word = this.numbers.get(text) ?? `#${this.numbers.size}`;
    this.numbers.set(text, word);
    this.known.set(value, word);
    return word;
  }
}

/** Visits every state of `system`, which is left as it was. */
export function bruteForce(system: System, limit = 2_000_000): BruteForce {
  const { store, processes } = system;
  const words = new ShortWords();
  const numbers = new Map<string, number>();
  const successors: Successor[][] = [];
  const outcomes = new Set<string>();
  const violations = new Map<string, Violation>();
  const open: { state: number; moves: ReturnType<typeof movesOf>; next: number; mark: ReturnType<typeof store.mark> }[] = [];
  let transitions = 0;
  let deadlocks = 0;

  const arrive = (): number => {
    const text = store.exactState(words.of);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const state = successors.length;
    numbers.set(text, state);
    successors.push([]);
    const moves = movesOf(system);
    if (!moves.some((move) => move.kind === 'step') && !processes.some((process) => process.busy())) outcomes.add(system.outcome?.() ?? '');
    else if (moves.length === 0) deadlocks++;
    else open.push({ state, moves, next: 0, mark: store.mark() });
    return state;
  };

  const start = store.mark();
  arrive();
  while (open.length > 0 && successors.length <= limit) {
    const level = open[open.length - 1]!;
    const move = level.moves[level.next++];
    if (move === undefined) {
      open.pop();
      continue;
    }
    store.undo(level.mark);
    move.perform();
    transitions++;
    const violation = violationOf(system);
    if (violation) violations.set(`${violation.invariant}: ${violation.message}`, violation);
    successors[level.state]!.push({ process: processes.indexOf(move.process), to: violation ? -1 : arrive() });
  }
  store.undo(start);
  return { complete: open.length === 0, successors, transitions, outcomes, violations: [...violations.values()], deadlocks };
}
