import type { Engine, Report, Standing } from './engine';
import { Optimal } from './optimal/engine';
import { Reduced } from './reduced/engine';
import { Stateful } from './stateful/engine';
import type { Bounds, Progress } from './stateful/search';
import type { Program } from './program';

/** What the reduced search may spend before the other is tried, in events of the other. */
const HEAD_START = 80_000;

/** An event of the reduced search, with all that it looks at beside, takes about as long as so many of the other. */
const WEIGHT = 8;

/** The reduced search and the optimal reduction in turn; if neither fits, the search with the whole graph. */
export class Alternating implements Engine {
  private readonly engines: Engine[];
  private turn = 0;
  private budget = HEAD_START;
  private spent = 0;

  constructor(private readonly program: Program, private readonly bounds: Bounds, private readonly prefix: readonly string[]) {
    this.engines = [new Reduced(program, bounds, prefix), new Optimal(program, prefix)];
  }

  advance(events: number): Standing {
    const engine = this.engines[this.turn]!;
    const weight = engine instanceof Reduced ? WEIGHT : 1;
    const share = this.engines.length > 1 ? Math.min(events, Math.ceil((this.budget - this.spent) / weight)) : events;
    const standing = engine.advance(share);
    this.spent += weight * share;
    if (standing === 'ended') {
      this.engines.splice(0, this.engines.length, engine);
      this.turn = 0;
    } else if (standing === 'out of bounds') {
      return this.drop();
    } else if (this.spent >= this.budget && this.engines.length > 1) {
      this.spent = 0;
      if (this.turn > 0) this.budget *= 2;
      this.turn = 1 - this.turn;
    }
    return standing;
  }

  /** Gives the engine up whose turn it is. The last is kept for what it can say. */
  private drop(): Standing {
    const [engine] = this.engines.splice(this.turn, 1);
    // What goes round has executions without end.
    if (engine instanceof Reduced && engine.goesRound) this.engines.length = 0;
    this.turn = 0;
    if (engine instanceof Stateful) this.engines.push(engine);
    else if (this.engines.length === 0) this.engines.push(new Stateful(this.program, this.bounds, this.prefix));
    return engine instanceof Stateful ? 'out of bounds' : 'under way';
  }

  get progress(): Progress {
    const all = this.engines.map((engine) => engine.progress);
    return { ...all[0]!, events: all.reduce((sum, { events }) => sum + events, 0) };
  }

  report(): Report {
    return this.engines[0]!.report();
  }
}
