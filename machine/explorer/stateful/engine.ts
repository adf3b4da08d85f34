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

  /** The part of the stretches of steps that was remembered, from 0 to 1. */
  get remembered(): number {
    return this.search.remembered;
  }

  get progress(): Progress {
    return this.search.progress;
  }

  report(): Report {
    return reportOf(this.search.result());
  }
}
