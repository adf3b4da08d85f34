import { beginning } from '../beginning';
import { BruteForceSearch, type BruteForce } from './brute-force';
import type { Engine, Report, Standing } from '../engine';
import type { Bounds, Progress } from '../stateful/search';
import type { Program } from '../program';
import type { Found } from '../verdict/findings';

/** If no bound is given, a program with more states than this counts as too large for brute force. */
const STATES = 2_000_000;

/** The oracle as an engine. */
export class Oracle implements Engine {
  private readonly search: BruteForceSearch;
  private result: BruteForce | null = null;

  constructor(program: Program, private readonly bounds: Bounds, private readonly prefix: readonly string[]) {
    this.search = new BruteForceSearch(beginning(program, prefix));
  }

  advance(events: number): Standing {
    const limit = this.bounds.states ?? STATES;
    if (this.search.advance(events, limit)) return 'ended';
    return this.search.states > limit ? 'out of bounds' : 'under way';
  }

  get progress(): Progress {
    return { states: this.search.states, events: this.search.transitions, depth: 0 };
  }

  report(): Report {
    const { complete, successors, transitions, outcomes, violations, runs } = (this.result ??= this.search.result());
    const found = (kind: Found['kind'], labels: readonly string[], violation: Found['violation'] = null): Found => ({ kind, violation, labels: [...this.prefix, ...labels] });
    return {
      engine: 'brute-force', complete, executions: null, blocked: 0, states: successors.length, events: transitions, depth: 0, collisionBound: 0, outcomes: [...outcomes],
      found: [
        ...violations.map((violation, i) => found('violation', runs.violations[i]!, violation)),
        ...(runs.deadlock === null ? [] : [found('deadlock', runs.deadlock)]),
        ...(runs.livelock === null ? [] : [found('livelock', runs.livelock)]),
      ],
      search: null, knows: (system) => this.search.knows(system),
    };
  }
}
