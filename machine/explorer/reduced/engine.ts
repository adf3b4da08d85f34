import { beginning } from '../beginning';
import type { Engine, Report, Standing } from '../engine';
import { ReducedSearch, type Reductions } from './search';
import type { Bounds, Progress } from '../stateful/search';
import type { Program } from '../program';

/**
 * The stateful search without moves that show nothing new. It keeps no graph: a
 * program that can return to an earlier state, and is not declared endless, is
 * left to the search that can detect endless loops.
 */
export class Reduced implements Engine {
  private readonly search: ReducedSearch;
  private readonly endless: boolean;
  private standing: Standing = 'under way';

  /** @param reductions for showing that a search which forgets one gives wrong results */
  constructor(program: Program, private readonly bounds: Bounds, private readonly prefix: readonly string[], reductions: Reductions = {}) {
    const system = beginning(program, prefix);
    this.endless = system.endless ?? false;
    this.search = new ReducedSearch(system, reductions);
  }

  advance(events: number): Standing {
    if (this.standing !== 'under way') return this.standing;
    if (this.search.advance(events)) this.standing = 'ended';
    else if (this.isOutOfBounds) this.standing = 'out of bounds';
    if (this.search.cyclic && !this.endless) this.standing = 'out of bounds';
    return this.standing;
  }

  /** Whether it gave up because the program can return to an earlier state. */
  get goesRound(): boolean {
    return this.standing === 'out of bounds' && this.search.cyclic;
  }

  /** The fraction of all moves that it left out, including those saved by what is interchangeable; from 0 to 1. */
  get leftOut(): number {
    return this.search.leftOut;
  }

  /** See ReducedSearch. */
  get work(): number {
    return this.search.work;
  }

  /** How far it has gone back: the fraction of its depth below which everything was seen; from 0 to 1. */
  get height(): number {
    return this.search.height;
  }

  private get isOutOfBounds(): boolean {
    const { states = Infinity, memory = Infinity } = this.bounds;
    return this.search.counts.states > states || (memory !== Infinity && this.search.bytes > memory * 2 ** 20);
  }

  get progress(): Progress {
    const { states, events } = this.search.counts;
    return { states, events, depth: this.search.level };
  }

  report(): Report {
    const { findings, counts, collisionBound } = this.search;
    return {
      engine: 'reduced', complete: this.standing === 'ended', executions: null, blocked: 0, ...counts, collisionBound,
      outcomes: [...findings.outcomes], found: findings.all.map((found) => ({ ...found, labels: [...this.prefix, ...found.labels] })), search: null,
    };
  }
}
