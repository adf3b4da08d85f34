import type { Engine, Report, Standing } from '../engine';
import { Findings, type Found } from '../verdict/findings';
import { EndlessExecution, OptimalSearch, type SavedOptimal } from './search';
import type { Progress } from '../stateful/search';
import type { Program } from '../program';

/** The optimal reduction as plain data, with what it found. */
export interface SavedReduction {
  readonly search: SavedOptimal;
  readonly standing: Standing;
  readonly found: readonly Found[];
  readonly outcomes: readonly string[];
}

export class Optimal implements Engine {
  private readonly findings = new Findings();
  private readonly search: OptimalSearch;
  private standing: Standing = 'under way';

  /** @param depth events on one execution before the program counts as endless */
  constructor(program: Program, prefix: readonly string[], saved?: SavedReduction, depth?: number) {
    this.search = new OptimalSearch(program(), (end, execution) => {
      if (end.kind === 'finished') this.findings.outcomes.add(end.outcome);
      else this.findings.note(end.kind, end.kind === 'violation' ? end.violation : null, [...prefix, ...execution.label.slice(0, execution.length)]);
    }, depth === undefined ? { prefix } : { prefix, depth }, saved?.search);
    if (!saved) return;
    this.standing = saved.standing;
    for (const { kind, violation, labels } of saved.found) this.findings.note(kind, violation, labels);
    for (const outcome of saved.outcomes) this.findings.outcomes.add(outcome);
  }

  /** Whether some process was seen to have a choice. */
  get hasChoices(): boolean {
    return this.search.hasChoices;
  }

  /** Its cost so far: other engines use its events as their unit. */
  get work(): number {
    return this.search.counts.events;
  }

  /** How far it has gone back: the fraction of its depth below which everything was seen; from 0 to 1. */
  get height(): number {
    return this.search.height;
  }

  save(): SavedReduction {
    return { search: this.search.save(), standing: this.standing, found: this.findings.all, outcomes: [...this.findings.outcomes] };
  }

  advance(events: number): Standing {
    if (this.standing !== 'under way') return this.standing;
    try {
      if (this.search.run(events, () => this.findings.clear())) this.standing = 'ended';
    } catch (error) {
      if (!(error instanceof EndlessExecution)) throw error;
      this.standing = 'out of bounds';
    }
    return this.standing;
  }

  get progress(): Progress {
    const { executions, events, depth } = this.search.counts;
    return { states: executions, events, depth };
  }

  report(): Report {
    const { executions, blocked, events, depth } = this.search.counts;
    return {
      engine: 'optimal', complete: this.standing === 'ended', executions, blocked, states: 0, events, depth, collisionBound: 0,
      outcomes: [...this.findings.outcomes], found: this.findings.all, search: null,
    };
  }
}
