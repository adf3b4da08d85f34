import { reportOf, type Engine, type Report, type Standing } from '../engine';
import { beginning } from '../beginning';
import { StatefulSearch, type Bounds, type Progress } from './search';
import type { Program } from '../program';

/** The search that keeps the whole graph. */
export class Stateful implements Engine {
  private readonly search: StatefulSearch;

  constructor(program: Program, bounds: Bounds, prefix: readonly string[]) {
    this.search = new StatefulSearch(beginning(program, prefix), bounds);
  }

  advance(events: number): Standing {
    return this.search.advance(events);
  }

  /** Its cost so far, in events of the optimal reduction. */
  get work(): number {
    return this.search.work;
  }

  /** How far it has gone back: the fraction of its depth below which everything was seen; from 0 to 1. */
  get height(): number {
    return this.search.height;
  }

  get progress(): Progress {
    return this.search.progress;
  }

  report(): Report {
    return reportOf(this.search.result());
  }
}
