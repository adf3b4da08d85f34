import type { StateGraph } from './graph';
import type { Description, Move } from '../system';

/** Where interrupts fall, as words of a graph: which path of which context is about to do what. */
export class Places {
  private readonly known = new WeakMap<Description, number>();

  constructor(private readonly graph: StateGraph) {}

  /** The word for where `move`, which is about to be performed, falls. */
  wordFor({ process }: Move): number {
    const description = process.describe();
    let word = this.known.get(description);
    if (word === undefined) {
      const { context, paths, text } = description;
      this.known.set(description, word = this.graph.word(`${context}: ${paths.join(' > ')}: ${text}`));
    }
    return word;
  }
}
