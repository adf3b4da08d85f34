import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';
import type { Move } from '../system';
import type { Accesses, Writes } from './accesses';
import type { Notes } from './notes';
import { Recall, Trial } from './recall';

// The pieces of which a stretch consists: single events, and single questions to processes and
// invariants. Each is remembered by what it has read itself. So an event is only repeated even if the
// processes and invariants that look at what it has written are in a combination of states that is new.

/** The cells that were read, before they were written, and their values. */
interface Read {
  readonly cells: readonly number[];
  readonly held: readonly Value[];
}

/** What an event does, and what it reads. */
interface Deed extends Read {
  /** Every cell that it writes, even if the value stays the same. */
  readonly written: readonly number[];
  readonly writes: Writes;
}

/** An answer, and what was read for it. */
interface Answer<T> extends Read {
  readonly answer: T;
}

/** A copy, which stays as it is. */
const readIn = ({ cells, held }: Accesses): Read => ({ cells: [...cells], held: [...held] });

/** One who is asked: a process for its moves, an invariant for what it objects to. */
export interface Observer<T> {
  /** Its bit among the observers of a cell. */
  readonly bit: number;
  ask(): T;
  readonly answers: Trial<Answer<T>>;
}

/** The fraction of questions that a memory must answer to be kept. */
const USEFUL = 1 / 4;

export class Pieces {
  private readonly deeds = new Map<Move, Trial<Deed>>();
  private readonly answers: Trial<Answer<never>>[] = [];
  private kept = 0;
  private size = 0;
  /** How many events were executed, and how many were repeated from memory. */
  executed = 0;
  repeated = 0;

  /**
   * @param remembers whether anything is remembered
   * @param most how much, in cells read
   */
  constructor(private readonly store: Store, private readonly notes: Notes, private readonly joined: Accesses, private readonly remembers: boolean, private readonly most: number) {}

  observer<T>(bit: number, ask: () => T): Observer<T> {
    const answers = new Trial<Answer<T>>(USEFUL);
    this.answers.push(answers as Trial<Answer<never>>);
    return { bit, ask, answers };
  }

  /** Forgets everything if a cell is new, which may be in the middle of a stretch: what was remembered did not account for it. */
  private refresh(): void {
    const { size } = this.store;
    if (size === this.size && this.kept < this.most) return;
    this.size = size;
    this.kept = 0;
    for (const trial of this.deeds.values()) trial.recall = new Recall();
    for (const trial of this.answers) trial.recall = new Recall();
  }

  /**
   * Performs `move`, or repeats what it does. Returns the bits of the observers of what it has written.
   *
   * @param joins whether it is noted in `joined`
   */
  act(move: Move, joins: boolean): number {
    const { store, notes, joined } = this;
    this.refresh();
    let deeds = this.deeds.get(move);
    if (deeds === undefined) this.deeds.set(move, deeds = new Trial(USEFUL));
    const mayRemember = this.remembers && deeds.isKept;
    const known = mayRemember ? deeds.find(store) : null;
    if (known !== null) {
      this.repeated++;
      return this.repeat(known, joins);
    }
    this.executed++;
    const { size } = store;
    notes.lookAs(0, mayRemember || joins);
    store.touched = 0;
    store.lookOut(notes);
    move.perform();
    store.stopLooking();
    if (joins) joined.join(notes);
    if (mayRemember && store.size === size) {
      deeds.recall.learn(notes.cells, notes.held, { ...readIn(notes), written: [...notes.written], writes: notes.writes() });
      this.kept += notes.cells.length;
    }
    return store.touched;
  }

  private repeat({ cells, held, written, writes: { cells: changed, values, a, b, blindCells, blindValues } }: Deed, joins: boolean): number {
    const { store, joined } = this;
    if (joins) {
      joined.readAll(cells, held);
      joined.writeAll(written);
    }
    let touched = 0;
    for (let i = 0; i < written.length; i++) touched |= store.onlookersOf(written[i]!);
    store.rewriteTo(changed, values, store.a ^ a, store.b ^ b);
    for (let i = 0; i < blindCells.length; i++) store.set(blindCells[i]!, blindValues[i]);
    return touched;
  }

  /** What an observer answers: remembered, or asked for. */
  answer<T>({ bit, ask, answers }: Observer<T>, joins: boolean): T {
    const { store, notes, joined } = this;
    this.refresh();
    const mayRemember = this.remembers && answers.isKept;
    const known = mayRemember ? answers.find(store) : null;
    if (known !== null) {
      if (joins) joined.readAll(known.cells, known.held);
      return known.answer;
    }
    const { size } = store;
    notes.lookAs(bit, mayRemember || joins);
    store.lookOut(notes);
    const answer = ask();
    store.stopLooking();
    if (joins) joined.join(notes);
    if (mayRemember && store.size === size) {
      answers.recall.learn(notes.cells, notes.held, { ...readIn(notes), answer });
      this.kept += notes.cells.length;
    }
    return answer;
  }
}
