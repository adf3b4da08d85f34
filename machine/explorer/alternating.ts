import type { Engine, Report, Standing } from './engine';
import { Optimal } from './optimal/engine';
import { Reduced } from './reduced/engine';
import { Stateful } from './stateful/engine';
import type { Bounds, Progress } from './stateful/search';
import type { Program } from './program';

// Several engines in turn, none of which begins again when its turn comes: the
// first to end decides. That costs as many times what the best one needs as
// there are engines with a full share, and a little. Those that seem to be
// wrong for the program get a small share, in case they are not.

/** What each engine may spend before the next one is tried, in events of the optimal reduction. */
const HEAD_START = 80_000;

/** One turn, once all have had their head start. */
const TURN = 8_000;

/** How much longer than an event of the optimal reduction it takes: an event of the reduced search with all that it looks at beside, and a move of the stateful one. */
const WEIGHTS = { reduced: 5, stateful: 3, optimal: 1 } as const;

/** How many times slower an engine goes on that seems to be wrong for the program. */
const DOUBT = 12;

/** The reduced search shows its worth where it leaves out so many of the moves that there are. */
const WORTH = 0.3;

interface Runner {
  readonly engine: Engine;
  readonly weight: number;
  spent: number;
}

export class Alternating implements Engine {
  private runners: Runner[];
  private readonly reduced: Reduced;
  private readonly optimal: Optimal | null;
  private turn: { readonly runner: Runner; left: number };

  /** @param hasExecutions whether its runs end, so that the optimal reduction is of use */
  constructor(program: Program, bounds: Bounds, prefix: readonly string[], hasExecutions: boolean) {
    this.reduced = new Reduced(program, bounds, prefix);
    this.optimal = hasExecutions ? new Optimal(program, prefix) : null;
    this.runners = [
      { engine: this.reduced, weight: WEIGHTS.reduced, spent: 0 },
      ...(this.optimal === null ? [] : [{ engine: this.optimal, weight: WEIGHTS.optimal, spent: 0 }]),
      { engine: new Stateful(program, bounds, prefix), weight: WEIGHTS.stateful, spent: 0 },
    ];
    this.turn = { runner: this.runners[0]!, left: HEAD_START };
  }

  advance(events: number): Standing {
    const { turn: { runner }, runners } = this;
    const { engine, weight } = runner;
    const share = runners.length === 1 ? events : Math.min(events, Math.ceil(this.turn.left / weight));
    const standing = engine.advance(share);
    runner.spent += weight * share;
    this.turn.left -= weight * share;
    if (standing === 'ended') this.runners = [runner];
    else if (standing === 'out of bounds') return this.drop(runner);
    else if (this.turn.left <= 0) this.choose();
    return standing;
  }

  /** The one that has had least of its head start, else the one that has spent least for what it seems to be worth. */
  private choose(): void {
    const fresh = this.runners.find(({ spent }) => spent === 0);
    const costOf = (runner: Runner): number => runner.spent * (this.isDoubtful(runner) ? DOUBT : 1);
    const runner = fresh ?? this.runners.reduce((least, one) => (costOf(one) < costOf(least) ? one : least));
    this.turn = { runner, left: fresh ? HEAD_START : TURN };
  }

  /**
   * Executions multiply with each choice that a process has, as where it may be
   * interrupted; and of the two searches by states one is enough: the reduced one
   * where it leaves much out.
   */
  private isDoubtful({ engine }: Runner): boolean {
    if (engine === this.optimal) return this.optimal.hasChoices;
    return (this.reduced.leftOut >= WORTH) === (engine !== this.reduced);
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
