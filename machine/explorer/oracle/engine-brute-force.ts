import { beginning } from '../beginning';
import { bruteForce, type BruteForce } from './brute-force';
import type { Engine, Report, Standing } from '../engine';
import type { Bounds, Progress } from '../stateful/search';
import type { Program } from '../program';

/** States, if no bound is given, before a program is taken to be too large to be explored without anything clever. */
const STATES = 2_000_000;

/** The oracle as an engine: all at once, so that it can only be waited for. */
export class Oracle implements Engine {
  private result: BruteForce | null = null;

  constructor(private readonly program: Program, private readonly bounds: Bounds, private readonly prefix: readonly string[]) {}

  advance(): Standing {
    this.result ??= bruteForce(beginning(this.program, this.prefix), this.bounds.states ?? STATES);
    return this.result.complete ? 'ended' : 'out of bounds';
  }

  get progress(): Progress {
    return { states: this.result?.successors.length ?? 0, events: this.result?.transitions ?? 0, depth: 0 };
  }

  report(): Report {
    const { complete = false, successors = [], transitions = 0, outcomes = [], violations = [], deadlocks = 0 } = this.result ?? {};
    return {
      engine: 'brute-force', complete, executions: null, blocked: 0, states: successors.length, events: transitions, depth: 0, collisionBound: 0, outcomes: [...outcomes],
      found: [
        ...violations.map((violation) => ({ kind: 'violation' as const, violation, labels: this.prefix })),
        ...(deadlocks > 0 ? [{ kind: 'deadlock' as const, violation: null, labels: this.prefix }] : []),
      ],
      search: null,
    };
  }
}
