import type { Store } from '../../state/store';
import type { Invariant, Violation } from '../system';
import type { Notes } from './notes';
import type { Observer, Pieces } from './pieces';
import { WideViews, type WideView } from './wide-views';

// The invariants, and when they are checked again: when a cell that they have read is
// written. A requirement that reads few cells is checked within a stretch, and its answer is
// kept with the stretch. One that reads many would make almost every stretch a new one: it
// is checked at the end, and has a memory of its own.

/** A requirement that reads more cells than this is not checked within a remembered part. */
const WIDE = 64;

/** What an event broke, and after how many steps; of two violations at one step, the one of the earlier invariant counts first. */
export interface Broke {
  readonly violation: Violation;
  readonly steps: number;
  readonly order: number;
}

/** An observer: an invariant, or one of its parts. */
interface Looker {
  readonly invariant: Invariant;
  readonly check: () => string | null;
  readonly bit: number;
  readonly observer: Observer<Violation | null>;
  /** Violations by their messages: each is one object. */
  readonly said: Map<string, Violation>;
  wide: WideView | null;
}

export class Requirements {
  private readonly lookers: readonly Looker[];
  private readonly wideViews: WideViews;
  /** Bit sets: the observers with a wide view, and those that objected to the initial state. */
  wide = 0;
  always = 0;

  /**
   * @param first the number of the first of them among all observers
   * @param bitOf returns the bit of the observer with a given number
   */
  constructor(private readonly store: Store, invariants: readonly Invariant[], private readonly notes: Notes, private readonly pieces: Pieces, private readonly remembers: boolean, first: number, bitOf: (observer: number) => number) {
    this.wideViews = new WideViews(store);
    this.lookers = invariants
      .flatMap((invariant) => (invariant.parts ?? [invariant]).map((part) => ({ invariant, check: () => part.check() })))
      .map(({ invariant, check }, i) => {
        const bit = bitOf(first + i);
        const looker: Looker = { invariant, check, bit, said: new Map(), wide: null, observer: pieces.observer(bit, () => this.look(looker)) };
        return looker;
      });
  }

  /** Lets all observers check the initial state. */
  lookAround(): void {
    for (const looker of this.lookers) if (this.pieces.answer(looker.observer, false) !== null) this.always |= looker.bit;
  }

  /** Appends the answers of the observers whose bits are in `touched`, except for those with a wide view; what they read is noted in the part if it `joins`. */
  lookNarrowly(touched: number, steps: number, joins: boolean, into: Broke[]): void {
    const { lookers } = this;
    const bits = touched & ~this.wide;
    for (let i = 0; i < lookers.length; i++) {
      const looker = lookers[i]!;
      if ((bits & looker.bit) === 0) continue;
      const violation = this.pieces.answer(looker.observer, joins);
      if (violation !== null) into.push({ violation, steps, order: i });
    }
  }

  /** The answers, at the end of a part, of the observers with a wide view whose bits are in `touched`, merged in order with what was `broken` before. */
  lookWidely(touched: number, steps: number, broken: readonly Broke[]): readonly Broke[] {
    const { lookers } = this;
    let found: Broke[] | null = null;
    if (this.remembers) this.wideViews.catchUp();
    for (let i = 0; i < lookers.length; i++) {
      const looker = lookers[i]!;
      if ((touched & looker.bit) === 0) continue;
      const known = looker.wide?.known;
      const violation = known === undefined ? this.lookAnew(looker) : known;
      if (violation !== null) (found ??= [...broken]).push({ violation, steps, order: i });
    }
    return found?.sort((one, other) => one.steps - other.steps || one.order - other.order) ?? broken;
  }

  private lookAnew(looker: Looker): Violation | null {
    const { notes, store, wideViews } = this;
    const { news } = notes;
    store.lookOut(notes);
    notes.lookAs(looker.bit, false);
    const violation = this.look(looker);
    store.stopLooking();
    const { wide } = looker;
    if (wide === null || !this.remembers) return violation;
    if (notes.news !== news) {
      wide.forget();
      wideViews.beginAnew();
      wideViews.catchUp();
    }
    wide.keep(violation);
    return violation;
  }

  private look(looker: Looker): Violation | null {
    const { notes } = this;
    const { bit, invariant, said } = looker;
    const message = looker.check();
    if (notes.reads > WIDE && (this.wide & bit) === 0) this.widen(bit);
    if (message === null) return null;
    let violation = said.get(message);
    if (violation === undefined) said.set(message, violation = { invariant: invariant.name, message });
    return violation;
  }

  /** From now on the requirement with this `bit` has a wide view. */
  private widen(bit: number): void {
    this.wide |= bit;
    this.notes.news++;
    for (const looker of this.lookers) if (looker.bit === bit) looker.wide = this.wideViews.add(bit);
  }
}
