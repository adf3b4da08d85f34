import type { Footprint } from '../../state/footprint';
import type { Dependence } from './dependence';
import type { Execution } from './execution';
import { violationOf, type Move, type System } from '../system';
import type { Touch } from './touch';

// What a process could do next: now, or if some past events had not happened.

/** A move that a process has, and what it touches, including what is read to determine that it is possible. */
export interface Possible {
  readonly label: string;
  readonly touch: Touch;
}

const NONE: readonly never[] = [];

export class Probe {
  private readonly moves: Move[] = [];
  private readonly stretches: number[] = [];
  private asked = 0;
  private readonly look = (): readonly Possible[] => this.possible(this.asked);

  constructor(private readonly system: System, private readonly dependence: Dependence) {}

  /** The moves of process `p`, valid until the next question. The store records from here on. */
  ask(p: number): readonly Move[] {
    // An array that is truncated to length 0 frees its memory; one that is emptied by pop() keeps some.
    while (this.moves.length > 0) this.moves.pop();
    this.system.store.record(p);
    this.system.processes[p]!.moves(this.moves);
    return this.moves;
  }

  /** What has been touched since the question; stops recording. */
  footprint(): Footprint {
    return this.system.store.takeFootprint();
  }

  /** The moves that process `p` has, each with what it would touch: everything if it would break an invariant, since that ends the run. */
  possible(p: number): readonly Possible[] {
    const moves = this.ask(p);
    const { length } = moves;
    if (length === 0) {
      this.dependence.awaitTogether(this.footprint());
      return NONE;
    }
    const possible = [this.attempt(moves[0]!)];
    while (possible.length < length) possible.push(this.attempt(this.ask(p)[possible.length]!));
    return possible;
  }

  /** Performs a move of the process that was just asked, and undoes it. */
  private attempt(move: Move): Possible {
    const { dependence, system: { store } } = this;
    const { writes } = store;
    move.perform();
    const { touch, isObserved } = dependence.meaningOf(store.takeFootprint());
    const isBroken = isObserved && violationOf(this.system) !== null;
    store.undoTo(writes);
    return { label: move.label, touch: isBroken ? dependence.everything : touch };
  }

  /** The same as if the event `earlier` and what depends on it had not happened; none if the process would have to wait. */
  possibleInstead(execution: Execution, earlier: number, p: number): readonly Possible[] {
    const { stretches, system: { store } } = this;
    const { writes, length } = execution;
    let count = 0;
    for (let k = earlier; k < length; k++) {
      if (!execution.happensBefore(earlier, k)) continue;
      stretches[count++] = writes[k]!;
      stretches[count++] = k + 1 < length ? writes[k + 1]! : store.writes;
    }
    this.asked = p;
    return store.without(stretches, count, this.look);
  }
}
