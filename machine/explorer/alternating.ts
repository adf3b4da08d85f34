import type { Engine, Report, Standing } from './engine';
import { Optimal } from './optimal/engine';
import { Reduced } from './reduced/engine';
import { Stateful } from './stateful/engine';
import type { Bounds, Progress } from './stateful/search';
import type { Program } from './program';

// Several engines in turn, none of which begins again when its turn comes: the
// first to end decides. From what each has seen so far it is estimated what it
// will cost in all. One or two of them get a full share, so that the total is no
// more than about twice that of the best; the others get a small share, in case
// they are judged wrongly, and are judged again after each turn.

/** What each engine may spend before the next one is tried, in events of the optimal reduction: enough to tell what the whole will cost. */
const HEAD_START = 10_000;

/** One turn, once all have had their head start. */
const TURN = 4_000;

/** How many moves an engine takes before it is known what they cost. */
const FIRST_MOVES = 200;

/** How many times slower an engine goes on that seems to be wrong for the program. */
const DOUBT = 24;

/** An estimate may be wrong by so many powers of ten. */
const DOUBTLESS = 1;

/** The part of all moves that the reduced search must leave out to be worth its share, and to be worth more than the search with the whole graph. */
const WORTH = { some: 0.3, much: 0.68 } as const;

/** An engine that says how far it has come, and at what cost. What it counts for that is the same each time, as seconds are not. */
interface Worker extends Engine {
  /** What it has cost so far, in events of the optimal reduction. */
  readonly work: number;
  /** The part of its depth below which it has seen everything; from 0 to 1. */
  readonly height: number;
}

interface Runner {
  readonly engine: Worker;
  /** How many moves it has taken. */
  taken: number;
}

export class Alternating implements Engine {
  private runners: Runner[];
  private readonly reduced: Reduced;
  private readonly optimal: Optimal | null;
  /** Whose turn it is, and at what cost it ends. */
  private turn: { readonly runner: Runner; readonly until: number };

  /** @param hasExecutions whether its runs end, so that the optimal reduction is of use */
  constructor(program: Program, bounds: Bounds, prefix: readonly string[], hasExecutions: boolean) {
    this.reduced = new Reduced(program, bounds, prefix);
    this.optimal = hasExecutions ? new Optimal(program, prefix) : null;
    const engines: (Worker | null)[] = [this.reduced, this.optimal, new Stateful(program, bounds, prefix)];
    this.runners = engines.flatMap((engine) => (engine === null ? [] : [{ engine, taken: 0 }]));
    this.turn = { runner: this.runners[0]!, until: HEAD_START };
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

  /** The first that has not begun, else the one that has cost least for what it seems to be worth. */
  private choose(): void {
    const fresh = this.runners.find(({ taken }) => taken === 0);
    const promising = this.promising();
    const costOf = ({ engine }: Runner): number => engine.work * (promising.includes(engine) ? 1 : DOUBT);
    const runner = fresh ?? this.runners.reduce((least, one) => (costOf(one) < costOf(least) ? one : least));
    this.turn = { runner, until: runner.engine.work + (fresh ? HEAD_START : TURN) };
  }

  /**
   * Those that may well be the first to end, two at most. Executions multiply with
   * each choice that a process has, as where it may be interrupted. Where estimates do not
   * decide between three, two are left: those that leave something out where that is
   * much, and those that know states again where it is not.
   */
  private promising(): readonly Worker[] {
    const { reduced, optimal, runners } = this;
    const suited = runners.map(({ engine }) => engine)
      .filter((engine) => (engine === optimal ? !optimal.hasChoices : engine !== reduced || reduced.leftOut >= WORTH.some));
    const least = Math.min(...suited.map(magnitudeOf));
    const likely = suited.filter((engine) => magnitudeOf(engine) <= least + DOUBTLESS);
    if (likely.length < 3) return likely;
    const isMuchLeftOut = reduced.leftOut >= WORTH.much;
    return likely.filter((engine) => engine === reduced || (engine === optimal) === isMuchLeftOut);
  }

  /** Gives an engine up. The last is kept for what it can say. */
  private drop(runner: Runner): Standing {
    if (this.runners.length === 1) return 'out of bounds';
    // A program that loops has executions without end.
    const isEndless = runner.engine === this.reduced && this.reduced.goesRound;
    this.runners = this.runners.filter((one) => one !== runner && !(isEndless && one.engine === this.optimal));
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
 * What an engine will cost in all, as a power of ten, if each level that it goes back costs as many times more than the one before: a
 * search that has gone back half of its depth has the square of its cost before it.
 */
function magnitudeOf({ work, height }: Worker): number {
  return height === 0 ? Infinity : Math.log10(work) / height;
}

/** How many moves an engine is likely to take for so much. */
function movesFor({ engine, taken }: Runner, cost: number): number {
  return taken === 0 ? FIRST_MOVES : Math.max(1, Math.ceil((cost * taken) / engine.work));
}
