import { loopsIn } from '../stateful/components';
import { exactText, type Value } from '../../state/hash';
import { isAtRest, movesOf, outcomeAtRest, refuseTwins, violationOf, type Move, type System, type Violation } from '../system';
import type { Mark } from '../../state/store';

// The oracle: every interleaving, one event at a time, states compared by their
// whole text, in which a number stands for each long value. No hash, no
// reduction, nothing clever. It is slow, and all other engines are compared
// with it. It shares the store, the contexts and the definition of an end with
// them; only the plain interpreter of random programs shares nothing.

/** One event of the graph of all runs. */
export interface Successor {
  /** The number of the process that moved. */
  readonly process: number;
  /** The state reached; for a failing event -1. */
  readonly to: number;
  readonly isInterrupt: boolean;
}

export interface BruteForce {
  /** False if `limit` states were not enough. */
  readonly complete: boolean;
  /** For each state, the possible events in order. State 0 is the initial one. */
  readonly successors: readonly (readonly Successor[])[];
  readonly transitions: number;
  /** The outcomes of finished runs. */
  readonly outcomes: ReadonlySet<string>;
  readonly violations: readonly Violation[];
  /** States with work left and nothing that can happen, or nothing but interrupts that never help. */
  readonly deadlocks: number;
  /** The labels of a run to each violation in turn, to a deadlock, and to a loop in which every process that stays ready gets its turn. */
  readonly runs: { readonly violations: readonly (readonly string[])[]; readonly deadlock: readonly string[] | null; readonly livelock: readonly string[] | null };
}

/** Numbers for values by their exact text, so that the text of a state stays short. */
class ShortWords {
  private readonly numbers = new Map<string, string>();
  /** Values never change, so the same object always has the same text. */
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

/** A state with moves that are still to be tried. */
interface Level {
  readonly state: number;
  readonly moves: readonly Move[];
  readonly mark: Mark;
  next: number;
}

/** How a state was first reached. */
interface Arrival {
  readonly from: number;
  readonly label: string;
}

export class BruteForceSearch {
  private readonly words = new ShortWords();
  private readonly numbers = new Map<string, number>();
  private readonly successors: Successor[][] = [];
  private readonly arrivals: Arrival[] = [];
  /** For each state, the processes that can step there. */
  private readonly ready: number[][] = [];
  private readonly outcomes = new Set<string>();
  private readonly violations = new Map<string, { readonly violation: Violation; readonly arrival: Arrival }>();
  private readonly finished = new Set<number>();
  private readonly stuck: number[] = [];
  /** States with work left in which only interrupts can come. */
  private readonly waiting: number[] = [];
  private readonly open: Level[] = [];
  private readonly start: Mark;
  transitions = 0;

  constructor(private readonly system: System) {
    this.start = system.store.mark();
    this.arrive({ from: -1, label: '' });
  }

  get states(): number {
    return this.successors.length;
  }

  /** Makes up to `count` moves, while there are no more than `limit` states; returns whether everything was seen. */
  advance(count: number, limit = Infinity): boolean {
    const { open, system, violations } = this;
    for (let taken = 0; taken < count && open.length > 0 && this.states <= limit;) {
      const level = open[open.length - 1]!;
      const move = level.moves[level.next++];
      if (move === undefined) {
        open.pop();
        continue;
      }
      system.store.undo(level.mark);
      move.perform();
      taken++;
      this.transitions++;
      const arrival = { from: level.state, label: move.label };
      const violation = violationOf(system);
      if (violation) {
        const key = `${violation.invariant}: ${violation.message}`;
        if (!violations.has(key)) violations.set(key, { violation, arrival });
      }
      this.successors[level.state]!.push({ process: system.processes.indexOf(move.process), to: violation ? -1 : this.arrive(arrival), isInterrupt: move.kind === 'interrupt' });
    }
    return open.length === 0;
  }

  private arrive(arrival: Arrival): number {
    const { system, open } = this;
    const text = system.store.exactState(this.words.of);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const state = this.states;
    this.numbers.set(text, state);
    this.successors.push([]);
    this.arrivals.push(arrival);
    const moves = movesOf(system);
    refuseTwins(moves);
    this.ready.push(moves.filter(({ kind }) => kind === 'step').map(({ process }) => system.processes.indexOf(process)));
    const hasEnded = isAtRest(system, moves);
    if (hasEnded) {
      this.finished.add(state);
      this.outcomes.add(outcomeAtRest(system, moves.length > 0));
    }
    if (moves.length > 0) open.push({ state, moves, next: 0, mark: system.store.mark() });
    else if (!hasEnded) this.stuck.push(state);
    if (moves.length > 0 && !hasEnded && this.ready[state]!.length === 0) this.waiting.push(state);
    return state;
  }

  /** Whether it has visited the state that a system of the same program is in. */
  knows({ store }: System): boolean {
    return this.numbers.has(store.exactState(this.words.of));
  }

  /** What was found. The system is left as it was; the search is over. */
  result(): BruteForce {
    const { successors, transitions, outcomes, violations, stuck } = this;
    this.system.store.undo(this.start);
    const complete = this.open.length === 0;
    const deadlocks = complete ? [...stuck, ...this.hopeless()] : stuck;
    const loop = complete && this.system.endless !== true ? this.fairLoop() : null;
    return {
      complete, successors, transitions, outcomes,
      violations: [...violations.values()].map(({ violation }) => violation),
      deadlocks: deadlocks.length,
      runs: {
        violations: [...violations.values()].map(({ arrival }) => [...this.runTo(arrival.from), arrival.label]),
        deadlock: deadlocks.length > 0 ? this.runTo(deadlocks[0]!) : null,
        livelock: loop === null ? null : this.runTo(loop),
      },
    };
  }

  private runTo(state: number): string[] {
    const labels: string[] = [];
    for (let { from, label } = this.arrivals[state]!; from >= 0; { from, label } = this.arrivals[from]!) labels.push(label);
    return labels.reverse();
  }

  /** Waiting states from which no run fails or completes its work. */
  private hopeless(): number[] {
    const { successors, finished } = this;
    if (this.waiting.length === 0) return [];
    const before: number[][] = successors.map(() => []);
    const open: number[] = [...finished];
    successors.forEach((list, from) => {
      for (const { to } of list) if (to >= 0) before[to]!.push(from);
      if (list.some(({ to }) => to < 0)) open.push(from);
    });
    const reaches = new Set(open);
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (const from of before[state]!) {
        if (reaches.has(from)) continue;
        reaches.add(from);
        open.push(from);
      }
    }
    return this.waiting.filter((state) => !reaches.has(state));
  }

  /** A state in a loop of steps in which each process that can always step does move; null if there is none. */
  private fairLoop(): number | null {
    const { successors } = this;
    const stepsFrom = (state: number): Successor[] => successors[state]!.filter(({ isInterrupt }) => !isInterrupt);
    const targets = successors.map((_, state) => stepsFrom(state).map(({ to }) => to));
    const starts = [0];
    for (const { length } of targets) starts.push(starts.at(-1)! + length);
    const loops = loopsIn({ starts: Int32Array.from(starts), targets: Int32Array.from(targets.flat()) }).filter((members) => {
      const inside = new Set(members);
      const moved = new Set(members.flatMap((state) => stepsFrom(state).filter(({ to }) => inside.has(to)).map(({ process }) => process)));
      return this.ready[members[0]!]!.every((process) => moved.has(process) || members.some((state) => !this.ready[state]!.includes(process)));
    });
    return loops.length === 0 ? null : Math.min(...loops.map((members) => members.reduce((least, state) => Math.min(least, state))));
  }
}

/** Visits every state of `system`, which is left as it was. */
export function bruteForce(system: System, limit = 2_000_000): BruteForce {
  const search = new BruteForceSearch(system);
  search.advance(Infinity, limit);
  return search.result();
}
