import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';
import type { Violation } from '../system';

// The answer of an invariant depends only on the cells that it has ever read. One
// that reads many is asked once for each combination of their values, identified by a
// fingerprint of these cells alone, which each write updates like that of the whole
// state.

/** An observer that reads many cells. */
export class WideView {
  /** Its answers, by the lanes of the fingerprint of its cells. */
  private readonly said = new Map<number, Map<number, Violation | null>>();
  a = 0;
  b = 0;

  /** @param bit its bit among the observers of a cell */
  constructor(readonly bit: number) {}

  /** Its earlier answer for the current values; undefined if it was never asked. */
  get known(): Violation | null | undefined {
    return this.said.get(this.a)?.get(this.b);
  }

  keep(violation: Violation | null): void {
    let column = this.said.get(this.a);
    if (column === undefined) this.said.set(this.a, column = new Map<number, Violation | null>());
    column.set(this.b, violation);
  }

  forget(): void {
    this.said.clear();
  }
}

/** Keeps the fingerprints of all wide views. */
export class WideViews {
  private readonly views: WideView[] = [];
  private bits = 0;
  /** Moments of the current run, earliest first: how many writes there were, and the fingerprints of all views, two numbers for each. */
  private writes = new Int32Array(1 << 8);
  private prints = new Int32Array(1 << 8);
  private moments = 0;
  /** The turn in which each cell was last met among the writes. */
  private metIn = new Int32Array(1 << 8);
  private turn = 0;

  constructor(private readonly store: Store) {}

  /** Adds a view whose bit is already set for the cells that it has read. */
  add(bit: number): WideView {
    const view = new WideView(bit);
    this.views.push(view);
    this.bits |= bit;
    this.beginAnew();
    return view;
  }

  /** A view has got more cells: from now on the fingerprints are different. */
  beginAnew(): void {
    this.moments = 0;
    this.prints = new Int32Array(2 * this.views.length * this.writes.length);
  }

  /** Brings the fingerprints of all views up to date. */
  catchUp(): void {
    const { store, views, writes, prints } = this;
    const kept = store.takeLowest();
    while (this.moments > 0 && writes[this.moments - 1]! > kept) this.moments--;
    const width = 2 * views.length;
    if (this.moments === 0) {
      for (const view of views) view.a = view.b = 0;
      for (let cell = 0; cell < store.size; cell++) this.change(cell, store.initialOf(cell), store.peek(cell));
    } else {
      let at = (this.moments - 1) * width;
      for (const view of views) {
        view.a = prints[at++]!;
        view.b = prints[at++]!;
      }
      const before = writes[this.moments - 1]!;
      if (before === store.writes) return;
      this.takeWrites(before);
    }
    this.note();
  }

  /** Of the writes to one cell, the first tells its old value. */
  private takeWrites(before: number): void {
    const { store } = this;
    if (this.metIn.length < store.size) this.metIn = new Int32Array(2 * store.size);
    const { metIn, bits } = this;
    const turn = ++this.turn;
    store.eachWriteSince(before, (cell, old) => {
      if ((store.onlookersOf(cell) & bits) === 0 || metIn[cell] === turn) return;
      metIn[cell] = turn;
      this.change(cell, old, store.peek(cell));
    });
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

  /** Records the current moment. */
  private note(): void {
    if (this.moments === this.writes.length) {
      this.writes = doubled(this.writes);
      this.prints = doubled(this.prints);
    }
    let at = this.moments * 2 * this.views.length;
    for (const { a, b } of this.views) {
      this.prints[at++] = a;
      this.prints[at++] = b;
    }
    this.writes[this.moments++] = this.store.writes;
  }
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * column.length);
  larger.set(column);
  return larger;
}
