import { layeredEngine } from './layered-engine';
import { EndlessExecution, OptimalSearch, type SavedOptimal } from './optimal';
import { randomFrom, sampleRun, type Sampling } from './sampling';
import { StatefulSearch, type Bounds, type Progress, type Search } from './stateful';
import type { Program } from './explore';
import { movesOf, type Violation } from './system';

// The engines behind one interface: something that can go on for a while and
// then say what it knows. Which one fits depends on the shape of the work: one
// processor with many interrupts has few states and astronomically many
// executions; many processors on disjoint data are the reverse. So by default
// both are tried in turn, with growing budgets, and the first to end decides:
// that costs at most a few times what the better one needs. A bound on
// interrupts or preemptions is for the search in layers.

/** The ways to search, by name. */
export const ENGINES = ['auto', 'stateful', 'layered', 'optimal', 'random', 'pct'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Standing = 'ended' | 'under way' | 'out of bounds';

/** Something wrong that an engine came across, with a run that shows it: not yet the smallest. */
export interface Found {
  readonly kind: 'violation' | 'deadlock' | 'livelock';
  readonly violation: Violation | null;
  readonly labels: readonly string[];
}

/** What an engine knows. */
export interface Report {
  readonly engine: EngineName;
  /** Everything within the bounds was seen. */
  readonly complete: boolean;
  /** Complete executions; null where the engine has no such notion. */
  readonly executions: number | null;
  /** Executions given up halfway. */
  readonly blocked: number;
  readonly events: number;
  readonly depth: number;
  readonly outcomes: readonly string[];
  readonly found: readonly Found[];
  /** The stateful search, where that is the engine: its findings are in its graph. */
  readonly search: Search | null;
}

/** One search. */
export interface Engine {
  /** Goes on for about `events` events. */
  advance(events: number): Standing;
  readonly progress: Progress;
  report(): Report;
}

export interface EngineOptions {
  readonly engine?: EngineName;
  /** For the sampling engines: what the runs are drawn from, and how many there are. */
  readonly seed?: number;
  readonly runs?: number;
  /** The beginning of the runs to explore; see partition. */
  readonly prefix?: readonly string[];
}

/** An engine for `program`. */
export function engineFor(program: Program, bounds: Bounds, { engine = 'auto', seed = 1, runs = 1000, prefix = [] }: EngineOptions): Engine {
  const isBounded = bounds.interrupts !== undefined || bounds.preemptions !== undefined;
  if (isBounded && engine !== 'auto' && engine !== 'layered') throw new Error(`the ${engine} engine knows no bound on interrupts or preemptions`);
  switch (engine) {
    case 'stateful': return new Stateful(program, bounds, prefix);
    case 'layered': return layeredEngine(program, bounds, prefix);
    case 'optimal': return new Optimal(program, prefix);
    case 'random':
    case 'pct': return new Samples(program, engine, seed, runs);
    case 'auto':
      if (isBounded) return layeredEngine(program, bounds, prefix);
      return isForStates(program) ? new Stateful(program, bounds, prefix) : new Both(program, bounds, prefix);
  }
}

/** One process has nothing to reduce. */
function isForStates(program: Program): boolean {
  const { processes, runsOut } = program();
  return !runsOut || processes.length < 2 || processes.length > 31;
}

class Stateful implements Engine {
  private readonly search: StatefulSearch;

  constructor(program: Program, bounds: Bounds, prefix: readonly string[]) {
    const system = program();
    for (const label of prefix) movesOf(system).find((move) => move.label === label)!.perform();
    this.search = new StatefulSearch(system, bounds);
  }

  advance(events: number): Standing {
    return this.search.advance(events);
  }

  get progress(): Progress {
    return this.search.progress;
  }

  report(): Report {
    const search = this.search.result();
    return {
      engine: 'stateful', complete: search.complete, executions: null, blocked: 0, events: search.events, depth: search.depth,
      outcomes: [...search.outcomes.keys()], found: [], search,
    };
  }
}

/** Remembers one run for each thing that can go wrong. */
class Findings {
  private readonly known = new Map<string, Found>();
  readonly outcomes = new Set<string>();

  note(kind: Found['kind'], violation: Violation | null, labels: readonly string[]): void {
    const key = violation === null ? kind : `${violation.invariant}\n${violation.message}`;
    if (!this.known.has(key)) this.known.set(key, { kind, violation, labels: [...labels] });
  }

  clear(): void {
    this.known.clear();
    this.outcomes.clear();
  }

  get all(): Found[] {
    return [...this.known.values()];
  }
}

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

  constructor(program: Program, prefix: readonly string[], saved?: SavedReduction) {
    this.search = new OptimalSearch(program(), (end, execution) => {
      if (end.kind === 'finished') this.findings.outcomes.add(end.outcome);
      else this.findings.note(end.kind, end.kind === 'violation' ? end.violation : null, [...prefix, ...execution.label.slice(0, execution.length)]);
    }, { prefix }, saved?.search);
    if (!saved) return;
    this.standing = saved.standing;
    for (const { kind, violation, labels } of saved.found) this.findings.note(kind, violation, labels);
    for (const outcome of saved.outcomes) this.findings.outcomes.add(outcome);
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
      engine: 'optimal', complete: this.standing === 'ended', executions, blocked, events, depth,
      outcomes: [...this.findings.outcomes], found: this.findings.all, search: null,
    };
  }
}

class Samples implements Engine {
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
      engine: this.kind, complete: false, executions: this.executions, blocked: 0, events: this.events, depth: this.depth,
      outcomes: [...this.findings.outcomes], found: this.findings.all, search: null,
    };
  }
}

/** Events that the stateful search has to itself before the other is tried. */
const HEAD_START = 20_000;

/** The stateful search and the optimal reduction in turn. */
class Both implements Engine {
  private readonly stateful: Stateful;
  private readonly optimal: Optimal;
  private decided: Engine | null = null;
  private budget = HEAD_START;
  private spent = 0;
  private turn: Engine;

  constructor(program: Program, bounds: Bounds, prefix: readonly string[]) {
    this.stateful = new Stateful(program, bounds, prefix);
    this.optimal = new Optimal(program, prefix);
    this.turn = this.stateful;
  }

  advance(events: number): Standing {
    if (this.decided !== null) return this.decided.advance(events);
    const share = Math.min(events, this.budget - this.spent);
    const standing = this.turn.advance(share);
    this.spent += share;
    if (standing === 'ended') {
      this.decided = this.turn;
      return 'ended';
    }
    if (standing === 'out of bounds') {
      this.decided = this.turn === this.stateful ? this.optimal : this.stateful;
      const other = this.decided.advance(events);
      if (other === 'out of bounds') this.decided = this.stateful;
      return other;
    }
    if (this.spent >= this.budget) {
      this.spent = 0;
      if (this.turn === this.optimal) this.budget *= 2;
      this.turn = this.turn === this.stateful ? this.optimal : this.stateful;
    }
    return 'under way';
  }

  get progress(): Progress {
    const { states, events, depth, share } = this.stateful.progress;
    return { states, events: events + this.optimal.progress.events, depth, ...(share === undefined ? {} : { share }) };
  }

  report(): Report {
    return (this.decided ?? this.stateful).report();
  }
}
