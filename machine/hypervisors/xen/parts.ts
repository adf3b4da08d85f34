import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';

// Hypercalls in parts, as other processors see them: a call can be left at each
// of its points, and is gone on with later. Between two points it does what the
// real one does at once, by one locked instruction or under the lock of a page.
//
// Model: a call that goes on is performed from its beginning, with each access
// up to where it was left answered by what it found then. So the code of the
// calls reads as the C does, and nothing in it knows where it was left.

/** How far a call is that was left at one of its points. */
export interface Part {
  readonly [key: string]: Value;
  /** What it has read up to there, with a mark for each write. */
  readonly found: readonly Value[];
  /** How many of its points it has passed. */
  readonly passed: number;
  /** Where it is, in words. */
  readonly at: string;
}

/** Thrown at a point; nobody but `Parts` catches it. */
class Left {
  constructor(readonly at: string) {}
}

export class Parts {
  private found: Value[] = [];
  private seen = 0;
  private passed = 0;
  /** Whether a call is under way; a set-up is made in one piece. */
  private isCalled = false;

  constructor(private readonly store: Store) {}

  /**
   * The next part of a call.
   *
   * @returns what the call returns, or where it was left
   */
  next<T>(before: Part | null, call: () => T): { readonly result: T } | Part {
    this.found = before === null ? [] : [...before.found];
    this.seen = 0;
    this.passed = before?.passed ?? 0;
    this.isCalled = true;
    try {
      return { result: this.store.replaying(this.found, call) };
    } catch (left) {
      if (!(left instanceof Left)) throw left;
      return { found: this.found, passed: this.passed, at: left.at };
    } finally {
      this.isCalled = false;
    }
  }

  /** Others may come in here. */
  point(at: string): void {
    if (!this.isCalled || ++this.seen <= this.passed) return;
    this.passed = this.seen;
    throw new Left(at);
  }

  /** Spins for as long as something is so: others come in, and it is looked at again. */
  spinWhile(at: string, isSo: () => boolean): void {
    const { length } = this.found;
    if (!this.isCalled || !isSo()) return;
    this.found.length = length;
    throw new Left(at);
  }
}
