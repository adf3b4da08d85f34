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

/** What each engine may spend before the next one is tried, in events of the optimal reduction: little, as an event of a kernel takes ten times as long as one of a small program. */
const HEAD_START = 3_000;

/** One turn, once all have had their head start. */
const TURN = 3_000;

/** How much longer than an event of the optimal reduction it takes: an event of the reduced search with all that it looks at beside, and a move of the stateful one, which takes less the more of it is remembered. */
const REDUCED = 3;
const statefulWeight = (remembered: number): number => Math.min(4, Math.max(0.5, 20 * (1 - remembered)));

/** How many times slower an engine goes on that seems to be wrong for the program. */
const DOUBT = 24;

/** The part of all moves that the reduced search must leave out to be worth its share, and to be worth more than the search with the whole graph. */
const WORTH = { some: 0.3, much: 0.68 } as const;

interface Runner {
  readonly engine: Engine;
  spent: number;
}

export class Alternating implements Engine {
  private runners: Runner[];
  private readonly reduced: Reduced;
  private readonly optimal: Optimal | null;
  private readonly stateful: Stateful;
  private turn: { readonly runner: Runner; left: number };

  /** @param hasExecutions whether its runs end, so that the optimal reduction is of use */
  constructor(program: Program, bounds: Bounds, prefix: readonly string[], hasExecutions: boolean) {
    this.reduced = new Reduced(program, bounds, prefix);
    this.optimal = hasExecutions ? new Optimal(program, prefix) : null;
    this.stateful = new Stateful(program, bounds, prefix);
    this.runners = [
      { engine: this.reduced, spent: 0 },
      ...(this.optimal === null ? [] : [{ engine: this.optimal, spent: 0 }]),
      { engine: this.stateful, spent: 0 },
    ];
    this.turn = { runner: this.runners[0]!, left: HEAD_START };
  }

  advance(events: number): Standing {
    const { turn: { runner }, runners } = this;
    const { engine } = runner;
    const weight = engine === this.stateful ? statefulWeight(this.stateful.remembered) : engine === this.reduced ? REDUCED : 1;
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
   * interrupted. Of the three no more than two seem worth a full share: both that
   * leave something out where that is much, both searches by states where it is
   * some, and only the one with the whole graph where it is little.
   */
  private isDoubtful({ engine }: Runner): boolean {
    const { leftOut } = this.reduced;
    if (engine === this.optimal) return this.optimal.hasChoices || leftOut < WORTH.much;
    return engine === this.reduced ? leftOut < WORTH.some : leftOut >= WORTH.much;
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
