import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';
import { writesOf, type Writes } from './notes';

/** What several events and observers, one after the other, have read and written together. */
export class Joined {
  readonly cells: number[] = [];
  readonly held: Value[] = [];
  private readonly written: number[] = [];
  private readonly before: Value[] = [];
  private turn = 0;
  private readonly readIn: number[] = [];
  private readonly writtenIn: number[] = [];
  private a = 0;
  private b = 0;

  constructor(private readonly store: Store) {}

  begin(): void {
    this.turn++;
    this.cells.length = 0;
    this.held.length = 0;
    this.written.length = 0;
    this.before.length = 0;
    this.a = this.store.a;
    this.b = this.store.b;
  }

  /** A piece has read `cells`, which held these values. */
  read(cells: readonly number[], held: readonly Value[]): void {
    const { turn, readIn, writtenIn } = this;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (readIn[cell] === turn || writtenIn[cell] === turn) continue;
      readIn[cell] = turn;
      this.cells.push(cell);
      this.held.push(held[i]);
    }
  }

  /** An event has written `cells`, or is about to do so; `before` are the values that it found, if it has done so. */
  write(cells: readonly number[], before: readonly Value[] | null): void {
    const { turn, writtenIn, store } = this;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (writtenIn[cell] === turn) continue;
      writtenIn[cell] = turn;
      this.written.push(cell);
      this.before.push(before === null ? store.peek(cell) : before[i]);
    }
  }

  /** What was written since `begin`. */
  writes(): Writes {
    const { store, written, before, a, b } = this;
    return writesOf(store, { written, before, a, b, wasRead: (cell) => this.readIn[cell] === this.turn });
  }
}
