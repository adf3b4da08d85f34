import type { Footprint } from '../../state/footprint';
import type { Dependence } from './dependence';
import type { Execution } from './execution';
import type { Move, System } from '../system';
import type { Touch } from './touch';

// What a process could do next: now, or if some of what happened had not.

export class Probe {
  private readonly moves: Move[] = [];
  private readonly stretches: number[] = [];
  private asked = 0;
  private readonly look = (): Touch | null => this.touchNext(this.asked);

  constructor(private readonly system: System, private readonly dependence: Dependence) {}

  /** The moves of process `p`, until the next question. The store records from here on. */
  ask(p: number): readonly Move[] {
    // An array that is cut to nothing gives its memory up; one that is emptied by pop() keeps some.
    while (this.moves.length > 0) this.moves.pop();
    this.system.store.record(p);
    this.system.processes[p]!.moves(this.moves);
    return this.moves;
  }

  /** What was touched since it was asked; nothing is recorded any more. */
  footprint(): Footprint {
    return this.system.store.takeFootprint();
  }

  /** What process `p` would touch next, whichever of its moves it is; null if it has none. */
  touchNext(p: number): Touch | null {
    const { dependence, system: { store } } = this;
    const { writes } = store;
    const moves = this.ask(p);
    if (moves.length === 0) {
      dependence.awaitTogether(store.takeFootprint());
      return null;
    }
    for (let choice = 0; choice < moves.length; choice++) {
      moves[choice]!.perform();
      store.undoTo(writes);
    }
    return dependence.touch(store.takeFootprint());
  }

  /** What process `p` would touch if the event `earlier` and what depends on it had not happened; null if it would have to wait. */
  touchInstead(execution: Execution, earlier: number, p: number): Touch | null {
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
