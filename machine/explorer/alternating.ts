import type { Engine, Report, Standing } from './engine';
import type { Progress } from './stateful/search';

// Several engines in turn, each of which continues where it stopped: the first
// to finish decides. The total cost of each is estimated from what it has seen
// so far. One or two of them get a full share, so that the total is no more than
// about twice that of the best; the others get a small share, in case their
// estimate is wrong, and are estimated again after each turn.

/** What each engine may spend before the next one is tried, in events of the optimal reduction: enough to estimate the total cost. */
const HEAD_START = 10_000;

/** The same for the search with the whole graph if it comes first: more often than not it finishes within it. */
const LONG_START = 300_000;

/** One turn, once all have had their head start. */
const TURN = 8_000;

/** How many moves an engine makes before their cost is known. */
const FIRST_MOVES = 200;

/** How many times slower an engine that seems unsuitable continues. */
const DOUBT = 24;

/** An estimate may be wrong by this many powers of ten. */
const DOUBTLESS = 1;

/**
 * The fraction of all moves that the reduced search must leave out to be worth its share; to be worth it where the other search
 * remembers most of its stretches; and to be better than the search with the whole graph.
 */
const WORTH = { some: 0.3, half: 0.5, much: 0.68 } as const;

/** An engine that reports its progress and its cost. It counts rather than measures time, so the numbers are the same each time. */
export interface Worker extends Engine {
  /** What it has cost so far, in events of the optimal reduction. */
  readonly work: number;
  /** The fraction of its depth below which it has seen everything; from 0 to 1. */
  readonly height: number;
}

/** The engines that take turns: see their classes for what they say of themselves. */
export interface Alternatives {
  readonly stateful: Worker;
  readonly reduced: Worker & { readonly leftOut: number; readonly goesRound: boolean };
  /** Null if it cannot be used, or would not be worth it. */
  readonly optimal: (Worker & { readonly hasChoices: boolean }) | null;
}

interface Runner {
  readonly engine: Worker;
  /** What it could spend before the next one was tried; that does not count against it later. */
  readonly start: number;
  /** How many moves it has taken. */
  taken: number;
}

export class Alternating implements Engine {
  private runners: Runner[];
  private readonly worth: number;
  /** The engine whose turn it is, and the cost at which the turn ends. */
  private turn: { readonly runner: Runner; readonly until: number };

  /** @param isRemembered whether the search with the whole graph is likely to remember most stretches, so that it comes first */
  constructor(private readonly engines: Alternatives, isRemembered: boolean) {
    const { stateful, reduced, optimal } = engines;
    this.worth = isRemembered ? WORTH.half : WORTH.some;
    const inOrder: (Worker | null)[] = isRemembered ? [stateful, reduced] : [reduced, optimal, stateful];
    this.runners = inOrder.flatMap((engine) => (engine === null ? [] : [{ engine, taken: 0, start: isRemembered && engine === stateful ? LONG_START : HEAD_START }]));
    this.turn = { runner: this.runners[0]!, until: this.runners[0]!.start };
  }

  advance(events: number): Standing {
    const { turn: { runner, until }, runners } = this;
    const { engine } = runner;
    const share = runners.length === 1 ? events : Math.min(events, movesFor(runner, until - engine.work));
    const standing = engine.advance(share);
    runner.taken += share;
    if (standing === 'ended') this.runners = [runner];
    else if (standing === 'out of bounds') return this.drop(runner);
    else if (engine.work >= until) this.choose();
    return standing;
  }

  /** Chooses the first that has not begun, else the one that has cost least relative to its estimated worth. */
  private choose(): void {
    const fresh = this.runners.find(({ taken }) => taken === 0);
    const promising = this.promising();
    const costOf = ({ engine, start }: Runner): number => (engine.work - start) * (promising.includes(engine) ? 1 : DOUBT);
    const runner = fresh ?? this.runners.reduce((least, one) => (costOf(one) < costOf(least) ? one : least));
    this.turn = { runner, until: runner.engine.work + (fresh ? runner.start : TURN) };
  }

  /**
   * Those that may well finish first, at most two. Executions multiply with each choice
   * that a process has, for example whether it is interrupted. If the estimates do not
   * decide between three, two remain: those that reduce, if they leave much out, else
   * those that recognise visited states.
   */
  private promising(): readonly Worker[] {
    const { engines: { reduced, optimal }, runners } = this;
    const suited = runners.map(({ engine }) => engine)
      .filter((engine) => (engine === optimal ? !optimal.hasChoices : engine !== reduced || reduced.leftOut >= this.worth));
    const least = Math.min(...suited.map(magnitudeOf));
    const likely = suited.filter((engine) => magnitudeOf(engine) <= least + DOUBTLESS);
    if (likely.length < 3) return likely;
    const isMuchLeftOut = reduced.leftOut >= WORTH.much;
    return likely.filter((engine) => engine === reduced || (engine === optimal) === isMuchLeftOut);
  }

  /** Drops an engine. If none would be left, it is kept for its report. */
  private drop(runner: Runner): Standing {
    const { engines: { reduced, optimal }, runners } = this;
    // A program that loops has infinite executions.
    const isEndless = runner.engine === reduced && reduced.goesRound;
    const others = runners.filter((one) => one !== runner && !(isEndless && one.engine === optimal));
    this.runners = others.length === 0 ? [runner] : others;
    if (others.length === 0) return 'out of bounds';
    this.choose();
    return 'under way';
  }

  get progress(): Progress {
    const all = this.runners.map(({ engine }) => engine.progress);
    return { ...all[0]!, events: all.reduce((sum, { events }) => sum + events, 0) };
  }

  report(): Report {
    return this.runners[0]!.engine.report();
  }
}

/**
 * What an engine will cost in all, as a power of ten, if the cost grows by the same factor with each level that it goes back: a
 * search that has gone back half of its depth will cost the square of what it has cost so far.
 */
function magnitudeOf({ work, height }: Worker): number {
  return height === 0 ? Infinity : Math.log10(work) / height;
}

/** How many moves an engine is likely to make at that cost. */
function movesFor({ engine, taken }: Runner, cost: number): number {
  return taken === 0 ? FIRST_MOVES : Math.max(1, Math.ceil((cost * taken) / engine.work));
}
