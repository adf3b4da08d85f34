import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';

// What an invariant says depends on the cells that it has ever looked at and on
// nothing else. Whoever looks at many is asked once for each content of theirs,
// told by a fingerprint of them alone, that each write changes as it changes
// that of the whole state.

/** One who looks at many cells. */
class View {
  /** What he said of the contents of his cells, by their fingerprint. */
  readonly said = new Map<number, Map<number, string | null>>();
  a = 0;
  b = 0;

  constructor(readonly bit: number) {}
}

/** A moment: how many writes there were, and the fingerprints of all views, two numbers for each. */
interface Moment {
  readonly writes: number;
  readonly prints: readonly number[];
}

export class WideViews {
  private readonly views: View[] = [];
  private bits = 0;
  /** Moments of the present run, earlier first. */
  private readonly moments: Moment[] = [];
  /** In which turn each cell was last met among the writes. */
  private readonly metIn: number[] = [];
  private turn = 0;

  constructor(private readonly store: Store) {}

  /** From now on the one whose bit this is among the onlookers is asked here. */
  add(bit: number): void {
    this.views.push(new View(bit));
    this.bits |= bit;
    this.moments.length = 0;
  }

  /** What the one with `bit` has said of what he would see now; undefined if he was never asked. */
  recall(bit: number): string | null | undefined {
    this.catchUp();
    const view = this.viewOf(bit);
    return view.said.get(view.a)?.get(view.b);
  }

  /** Keeps what the one with `bit` says of what he sees now. @param isNews whether he has looked at a cell for the first time */
  learn(bit: number, message: string | null, isNews: boolean): void {
    const view = this.viewOf(bit);
    if (isNews) {
      // His cells are more than they were: all that was kept is about other fingerprints.
      view.said.clear();
      this.moments.length = 0;
      this.catchUp();
    }
    let column = view.said.get(view.a);
    if (column === undefined) view.said.set(view.a, column = new Map<number, string | null>());
    column.set(view.b, message);
  }

  private viewOf(bit: number): View {
    return this.views.find((view) => view.bit === bit)!;
  }

  /** Brings the fingerprints of all views to the present moment. */
  private catchUp(): void {
    const { store, moments, views } = this;
    const kept = store.takeLowest();
    while (moments.length > 0 && moments[moments.length - 1]!.writes > kept) moments.pop();
    const last = moments[moments.length - 1];
    if (last === undefined) {
      for (const view of views) view.a = view.b = 0;
      for (let cell = 0; cell < store.size; cell++) this.change(cell, store.initialOf(cell), store.peek(cell));
    } else {
      views.forEach((view, i) => {
        view.a = last.prints[2 * i]!;
        view.b = last.prints[2 * i + 1]!;
      });
      if (last.writes === store.writes) return;
      this.turn++;
      store.eachWriteSince(last.writes, (cell, old) => {
        if (this.metIn[cell] === this.turn) return;
        this.metIn[cell] = this.turn;
        this.change(cell, old, store.peek(cell));
      });
    }
    moments.push({ writes: store.writes, prints: views.flatMap(({ a, b }) => [a, b]) });
  }

  private change(cell: number, old: Value, value: Value): void {
    const { store, views } = this;
    const onlookers = store.onlookersOf(cell) & this.bits;
    if (onlookers === 0 || old === value) return;
    const { a, b } = store.difference(cell, old, value);
    for (const view of views) {
      if ((onlookers & view.bit) === 0) continue;
      view.a ^= a;
      view.b ^= b;
    }
  }
}
