import type { Engine, Report, Standing } from '../engine';
import { Findings } from '../verdict/findings';
import { randomFrom, sampleRun, type Sampling } from './sampling';
import type { Progress } from '../stateful/search';
import type { Program } from '../program';

/** Runs drawn at random. */
export class Samples implements Engine {
  private readonly findings = new Findings();
  private readonly system;
  private readonly random: () => number;
  private executions = 0;
  private events = 0;
  private depth = 0;

  constructor(program: Program, private readonly kind: Sampling, seed: number, private readonly runs: number) {
    this.system = program();
    this.random = randomFrom(seed);
  }

  advance(events: number): Standing {
    for (const until = this.events + events; this.events < until; this.executions++) {
      if (this.executions >= this.runs) return 'out of bounds';
      const { end, violation, outcome, labels } = sampleRun(this.system, this.kind, this.random, this.depth || 100);
      this.events += labels.length;
      this.depth = Math.max(this.depth, labels.length);
      if (end === 'finished') this.findings.outcomes.add(outcome!);
      else if (end !== 'too long') this.findings.note(end, violation, labels);
    }
    return 'under way';
  }

  get progress(): Progress {
    return { states: this.executions, events: this.events, depth: this.depth, share: this.executions / this.runs };
  }

  report(): Report {
    return {
      engine: this.kind, complete: false, executions: this.executions, blocked: 0, states: 0, events: this.events, depth: this.depth, collisionBound: 0,
      outcomes: [...this.findings.outcomes], found: this.findings.all, search: null,
    };
  }
}
