import { checked, digestOf, Entity, type Value } from './state/hash';

// What the automata of paths remember (context-frames.ts): where each input led
// from each state. All of it is dropped at once when it has become too large.

/** Steps of one context's automaton: some 20 megabytes. */
export const REMEMBERED = 1 << 16;

/** Bounds what the states of one context remember in total: a long search may pass through any number of them. */
export class Memory {
  private readonly learned: { forget(): void }[] = [];

  note(state: { forget(): void }): void {
    if (this.learned.length >= REMEMBERED) {
      for (const known of this.learned) known.forget();
      this.learned.length = 0;
    }
    this.learned.push(state);
  }

  get size(): number {
    return this.learned.length;
  }
}

/** A state of an automaton: remembers where each input led, with the last one at hand. Most states have one successor. */
export abstract class Node<To> {
  private lastInput: Value = undefined;
  private last: To | undefined = undefined;
  private others: Map<unknown, To> | null = null;

  /** Where `input` led before; undefined if it is new. */
  protected before(input: Value): To | undefined {
    if (typeof input === 'number' && (input === 0 || input !== input)) checked(input);
    if (this.last === undefined || this.lastInput === input) return this.last;
    if (this.others === null) return undefined;
    const found = this.others.get(keyOf(input));
    if (found !== undefined) {
      this.lastInput = input;
      this.last = found;
    }
    return found;
  }

  protected learn(input: Value, to: To, memory: Memory): To {
    memory.note(this);
    if (this.last !== undefined) {
      this.others ??= new Map([[keyOf(this.lastInput), this.last]]);
      this.others.set(keyOf(input), to);
    }
    this.lastInput = input;
    this.last = to;
    return to;
  }

  /** Forgets what it remembers: it will be found again. */
  forget(): void {
    this.last = undefined;
    this.others = null;
  }
}

function keyOf(value: Value): unknown {
  if (typeof value === 'string') return `"${value}`; // no key of an object begins like this
  if (typeof value !== 'object' || value === null || value instanceof Entity) return value;
  const digest = digestOf(value);
  return `object ${digest.hashA} ${digest.hashB}`;
}
