import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';

// A memory of what was done, indexed by what was read: the cells in the order in
// which they were read, and their values. Since what is read next depends only
// on what was read before, this is a tree that forks at values.

/** A sequence of cells that are read one after the other, and what follows it. */
interface Run<To> {
  /** Cells, and what each must hold. */
  cells: number[];
  held: Value[];
  /** Where the sequence leads if nothing else is read. */
  to: To | null;
  /** Otherwise what is read next. */
  fork: Fork<To> | null;
}

/** A cell, and the sequence that follows for each of its values. */
interface Fork<To> {
  readonly cell: number;
  readonly ways: Map<Value, Run<To>>;
}

export class Recall<To> {
  private root: Run<To> | null = null;

  /** What was learned in a state with the same values in all cells that were read then; null if there is nothing. */
  find(store: Store): To | null {
    let run = this.root;
    while (run !== null) {
      const { cells, held } = run;
      for (let i = 0; i < cells.length; i++) if (store.peek(cells[i]!) !== held[i]) return null;
      const { fork } = run;
      if (fork === null) return run.to;
      run = fork.ways.get(store.peek(fork.cell)) ?? null;
    }
    return null;
  }

  /**
   * Remembers `to` for every state in which `cells` have the values `held`.
   *
   * @throws Error if after the same values another cell was read before: then something that influences a decision is not in a cell
   */
  learn(cells: readonly number[], held: readonly Value[], to: To): void {
    if (this.root === null) {
      this.root = end(cells, held, 0, to);
      return;
    }
    let run = this.root;
    for (let at = 0; ;) {
      for (let i = 0; i < run.cells.length; i++, at++) {
        if (cells[at] !== run.cells[i]) throw new Error(HIDDEN);
        if (held[at] === run.held[i]) continue;
        const rest = { cells: run.cells.slice(i + 1), held: run.held.slice(i + 1), to: run.to, fork: run.fork };
        const ways = new Map<Value, Run<To>>([[run.held[i], rest], [held[at], end(cells, held, at + 1, to)]]);
        Object.assign(run, { cells: run.cells.slice(0, i), held: run.held.slice(0, i), to: null, fork: { cell: cells[at]!, ways } } satisfies Run<To>);
        return;
      }
      const { fork } = run;
      if (fork === null || cells[at] !== fork.cell) throw new Error(HIDDEN);
      const next = fork.ways.get(held[at]);
      if (next === undefined) {
        fork.ways.set(held[at], end(cells, held, at + 1, to));
        return;
      }
      run = next;
      at++;
    }
  }
}

/** After this many questions, a memory on trial is kept only if it has been of use. */
const TRIAL = 1024;

/** A memory that is given up if it is of little use. */
export class Trial<To> {
  recall = new Recall<To>();
  private asked = 0;
  private knew = 0;

  /** @param useful the fraction of questions that it must answer */
  constructor(private readonly useful: number) {}

  /** Whether it is still of use. */
  get isKept(): boolean {
    return this.asked < TRIAL || this.knew >= this.useful * TRIAL;
  }

  /** As `Recall.find`. */
  find(store: Store): To | null {
    if (this.asked === TRIAL) this.asked = this.knew = 0;
    this.asked++;
    const known = this.recall.find(store);
    if (known !== null) this.knew++;
    else if (!this.isKept) this.recall = new Recall<To>();
    return known;
  }
}

function end<To>(cells: readonly number[], held: readonly Value[], from: number, to: To): Run<To> {
  return { cells: cells.slice(from), held: held.slice(from), to, fork: null };
}

const HIDDEN = 'machine bug: the same step from the same values of the same cells went on to read others; something that decides is kept outside tracked cells';
