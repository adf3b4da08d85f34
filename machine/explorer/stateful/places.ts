import type { StateGraph } from './graph';
import type { Move } from '../system';

/** Where interrupts fall, as words of a graph: which path of which context is about to do what. */
export class Places {
  private readonly known = new WeakMap<readonly string[], { readonly context: string; readonly text: string; readonly word: number }>();

  constructor(private readonly graph: StateGraph) {}

  /** The word for where `move`, which is about to be performed, falls. */
  wordFor({ process }: Move): number {
    const { context, paths, text } = process.describe();
    const known = this.known.get(paths);
    if (known !== undefined && known.context === context && known.text === text) return known.word;
    const word = this.graph.word(`${context}: ${paths.join(' > ')}: ${text}`);
    this.known.set(paths, { context, text, word });
    return word;
  }
}
