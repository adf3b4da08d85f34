import { readiness, type Ready } from '../stateful/ready';
import type { Move, Process } from '../system';

/** The current point of a run: what can happen now. */
export class Spot {
  /** The moves of all processes, in their order. */
  readonly moves: readonly Move[];
  private known: Ready | null = null;

  /** @param of the possible moves of each process */
  constructor(private readonly processes: readonly Process[], readonly of: readonly (readonly Move[])[]) {
    this.moves = of.length === 1 ? of[0]! : joined(of);
  }

  /** The same, but for the moves of the processes that have `changed`. */
  with(changed: readonly number[], moves: readonly (readonly Move[])[]): Spot {
    if (changed.length === 0) return this;
    const of = this.of.slice();
    for (let i = 0; i < changed.length; i++) of[changed[i]!] = moves[i]!;
    return new Spot(this.processes, of);
  }

  /** The processes that can step by themselves. */
  get ready(): Ready {
    return (this.known ??= readiness(this.processes, this.moves));
  }
}

function joined(lists: readonly (readonly Move[])[]): Move[] {
  const all: Move[] = [];
  for (const list of lists) for (const move of list) all.push(move);
  return all;
}
