import type { Store } from '../../state/store';
import type { Invariant, Violation } from '../system';
import type { Notes } from './notes';
import { WideViews, type WideView } from './wide-views';

// The invariants, and when they are checked again: where something was written that
// they had looked at. A requirement that looks at few cells is checked within a stretch, and
// what it said is kept with the stretch. One that looks at many would make almost
// every stretch a new one: it is checked at the end, and has a memory of its own.

/** Who reads more cells than this is not asked within a part that is remembered. */
const WIDE = 64;

/** What an event broke, and after how many steps; of two things at one step, the earlier one in the order of the invariants counts first. */
export interface Broke {
  readonly violation: Violation;
  readonly steps: number;
  readonly order: number;
}

/** One who looks: an invariant, or one of its parts. */
interface Looker {
  readonly invariant: Invariant;
  readonly check: () => string | null;
  readonly bit: number;
  /** Violations by their messages: each is one object. */
  readonly said: Map<string, Violation>;
  wide: WideView | null;
}

export class Requirements {
  private readonly lookers: readonly Looker[];
  private readonly wideViews: WideViews;
  /** Bit sets: those with a wide view, and those who objected to the beginning. */
  wide = 0;
  always = 0;

  /** @param bitOf the bit with which the looker of a number looks */
  constructor(private readonly store: Store, invariants: readonly Invariant[], private readonly notes: Notes, private readonly remembers: boolean, bitOf: (looker: number) => number) {
    this.wideViews = new WideViews(store);
    this.lookers = invariants
      .flatMap((invariant) => (invariant.parts ?? [invariant]).map((part) => ({ invariant, check: () => part.check() })))
      .map(({ invariant, check }, i) => ({ invariant, check, bit: bitOf(i), said: new Map<string, Violation>(), wide: null }));
  }

  /** All look at the beginning. */
  lookAround(): void {
    for (const looker of this.lookers) if (this.look(looker) !== null) this.always |= looker.bit;
  }

  /** Appends what those say, except for the ones with a wide view, whose bits are among `touched`. */
  lookNarrowly(touched: number, steps: number, into: Broke[]): void {
    const { lookers } = this;
    const bits = touched & ~this.wide;
    for (let i = 0; i < lookers.length; i++) {
      const looker = lookers[i]!;
      if ((bits & looker.bit) === 0) continue;
      const violation = this.look(looker);
      if (violation !== null) into.push({ violation, steps, order: i });
    }
  }

  /** What those say at the end of a part, of those with a wide view, whose bits are among `touched`; with what was `broken` before, in order. */
  lookWidely(touched: number, steps: number, broken: readonly Broke[]): readonly Broke[] {
    const { lookers } = this;
    let found: Broke[] | null = null;
    if (this.remembers) this.wideViews.catchUp();
    for (let i = 0; i < lookers.length; i++) {
      const looker = lookers[i]!;
      if ((touched & looker.bit) === 0) continue;
      const known = looker.wide?.known;
      const violation = known === undefined || !this.remembers ? this.lookAnew(looker) : known;
      if (violation !== null) (found ??= [...broken]).push({ violation, steps, order: i });
    }
    return found?.sort((one, other) => one.steps - other.steps || one.order - other.order) ?? broken;
  }

  private lookAnew(looker: Looker): Violation | null {
    const { notes, store, wideViews } = this;
    const { news } = notes;
    store.lookOut(notes);
    notes.begin(false);
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
    notes.lookAs(bit);
    const message = looker.check();
    if (notes.reads > WIDE && (this.wide & bit) === 0) this.widen(bit);
    if (message === null) return null;
    let violation = said.get(message);
    if (violation === undefined) said.set(message, violation = { invariant: invariant.name, message });
    return violation;
  }

  /** From now on the requirement that looks with `bit` counts as one with a wide view. */
  private widen(bit: number): void {
    this.wide |= bit;
    this.notes.news++;
    for (const looker of this.lookers) if (looker.bit === bit) looker.wide = this.wideViews.add(bit);
  }
}
