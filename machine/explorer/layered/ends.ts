import { Bits } from '../optimal/bits';
import type { StateGraph } from '../stateful/graph';
import type { Ending } from '../stateful/search';
import { isAtRest, outcomeAtRest, type Move, type System, type Violation } from '../system';

// Where runs end: in a violation, with all work done, or with work left and
// nothing that can happen.

type Endings = Record<Ending, number[]>;

export class Ends {
  readonly violations: Violation[] = [];
  readonly endings: Endings = { finished: [], deadlock: [], livelock: [] };
  /** The outcomes of finished runs, with the first state of each. */
  readonly outcomes = new Map<string, number>();
  private readonly numbers = new Map<string, number>();
  private readonly terminal = new Bits();
  /** States with work left in which only an interrupt can make a step possible. */
  private readonly waiting: number[] = [];

  constructor(private readonly system: System) {}

  /** The number of a violation: equal messages are one. */
  numberOf(violation: Violation): number {
    const key = `${violation.invariant}\n${violation.message}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.violations.push(violation) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  /**
   * Records the current state of the system, which is new.
   *
   * @param moves what is possible
   * @param looped whether only an endless loop of these steps can follow
   */
  note(state: number, moves: readonly Move[], looped: boolean): void {
    const { system, endings, outcomes } = this;
    const isFinished = isAtRest(system, moves);
    if (looped) endings.livelock.push(state);
    else if (isFinished) endings.finished.push(state);
    else if (moves.length === 0) endings.deadlock.push(state);
    else if (!moves.some((move) => move.kind === 'step')) this.waiting.push(state);
    if (isFinished) {
      const outcome = outcomeAtRest(system, moves.length > 0);
      if (!outcomes.has(outcome)) outcomes.set(outcome, state);
    }
    if (looped || moves.length === 0) this.terminal.add(state);
  }

  /** Whether there is nothing to do after a state. */
  isTerminal(state: number): boolean {
    return this.terminal.has(state);
  }

  /**
   * The endings, with the deadlocks that only the whole graph shows: states from
   * which no interrupt can lead to the end of the work.
   *
   * @param cut states from which a bound has left something out, so this is not known
   */
  endingsIn(graph: StateGraph, states: number, cut: ReadonlySet<number>): Endings {
    if (this.waiting.length === 0) return this.endings;
    const finished = new Set(this.endings.finished);
    const reaches = graph.canReach(states, (to) => to < 0 || finished.has(to) || cut.has(to));
    return { ...this.endings, deadlock: [...this.endings.deadlock, ...this.waiting.filter((state) => reaches[state] === 0)] };
  }
}
