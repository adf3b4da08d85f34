import type { Violation } from '../../explorer/system';
import { Playground, type PlaygroundOptions } from '../../situations/xen/playground';
import { Corpus } from './corpus';
import { Coverage } from './coverage';
import { nextTurns } from './guest';
import { Umpire } from './judge/umpire';
import { Random } from './random';
import { formatTurn, type Turn } from './script';
import { shrink } from './shrink';

// Plays one hostile guest after the other against the hypervisor and judges
// what each call has done. A script that reaches a new combination of frame,
// call, refusal and interruption is kept, and later ones vary it. A failing
// script is shortened.

export interface FuzzOptions extends PlaygroundOptions {
  readonly seed: number;
  /** The maximum number of calls in total. */
  readonly calls: number;
  /** Turns of one guest, before the next starts from a fresh boot. */
  readonly perGuest?: number;
  /** Called before each guest with the number of calls so far; returns whether to stop. */
  readonly stop?: (calls: number) => boolean;
  /** Scripts that earlier runs have kept. */
  readonly kept?: readonly (readonly Turn[])[];
  /** Called with each script that is kept. */
  readonly onKept?: (script: readonly Turn[]) => void;
  /** Checks everything after each call, not only what was written. Slow. */
  readonly looksAtAll?: boolean;
  /** Does not shorten what is found: shortening takes longer than finding. */
  readonly leavesLong?: boolean;
  /** Ignores guests that break one of these, and looks for other violations. */
  readonly besides?: ReadonlySet<string>;
  /** Does not check these. */
  readonly ignored?: ReadonlySet<string>;
}

export interface Discovery {
  readonly violation: Violation;
  /** Calls until it was found, by all guests. */
  readonly calls: number;
  /** The shortened script, one turn per line; it can be replayed. */
  readonly script: readonly string[];
}

export interface FuzzResult {
  readonly calls: number;
  readonly guests: number;
  /** Turns, and those that were not refused. */
  readonly turns: number;
  readonly accepted: number;
  /** Turns that were interrupted. */
  readonly interrupted: number;
  /** Combinations of frame, call, refusal and interruption that were seen. */
  readonly combinations: number;
  /** Scripts that were kept. */
  readonly kept: number;
  /** Calls after which everything was checked, and not only what was written. */
  readonly looks: number;
  readonly discovery: Discovery | null;
}

/** A playground with everything that a hostile guest can use. */
export function hostileGround(options: PlaygroundOptions): Playground {
  const ground = new Playground({ divided: options.layout.hostLevels === 4, structureCaches: true, ...options });
  ground.store.forgoFingerprint(); // states are not compared here
  return ground;
}

/** Percentage of guests that begin like a kept script. */
const VARIED = 45;

/** Fuzzes until something is found or `calls` were made. */
export function fuzz(options: FuzzOptions): FuzzResult {
  return new Fuzzer(options).run();
}

class Fuzzer {
  private readonly umpire: Umpire;
  private readonly random: Random;
  private readonly coverage = new Coverage();
  private readonly corpus: Corpus;
  private readonly result = { calls: 0, guests: 0, turns: 0, accepted: 0, interrupted: 0 };
  private script: Turn[] = [];
  /** How much of the script is needed for its new combinations. */
  private news = 0;
  private violation: Violation | null = null;
  /** Whether the guest has broken something that no rule checks for. */
  private isSpent = false;

  constructor(private readonly options: FuzzOptions) {
    this.umpire = new Umpire(hostileGround(options), options.looksAtAll ? 1 : undefined, options.ignored);
    this.random = new Random(options.seed);
    this.corpus = new Corpus(options.onKept);
  }

  run(): FuzzResult {
    const { options, result, random, corpus } = this;
    for (const script of options.kept ?? []) {
      if (this.isOver()) break;
      this.play(script);
      if (this.violation) return this.found();
      if (this.news > 0) corpus.add(script, true);
    }
    while (!this.isOver()) {
      const length = options.perGuest ?? 60;
      this.play(corpus.size > 0 && random.percent(VARIED) ? corpus.variation(this.umpire.ground, random) : []);
      while (!this.violation && !this.isSpent && this.script.length < length && result.calls < options.calls) this.turns(nextTurns(this.umpire.ground, random));
      if (this.violation) return this.found();
      if (this.news > 0) corpus.add(this.script.slice(0, this.news));
    }
    return this.summary(null);
  }

  private isOver(): boolean {
    return this.result.calls >= this.options.calls || this.options.stop?.(this.result.calls) === true;
  }

  /** A new guest, from a fresh boot. */
  private play(script: readonly Turn[]): void {
    this.result.guests++;
    this.umpire.reset();
    this.script = [];
    this.news = 0;
    this.isSpent = false;
    this.turns(script);
  }

  private turns(turns: readonly Turn[]): void {
    const { result, script, coverage, umpire } = this;
    for (const turn of turns) {
      script.push(turn);
      result.calls += turn.length;
      result.turns++;
      const before = coverage.before(umpire.ground, turn);
      const { outcome, violation } = umpire.play(turn);
      if (outcome.done) result.accepted++;
      if (outcome.isInterrupted) result.interrupted++;
      if (coverage.note(before, turn, outcome)) this.news = script.length;
      if (violation && this.options.besides?.has(violation.invariant)) {
        this.isSpent = true;
        return;
      }
      this.violation = violation;
      if (violation) return;
    }
  }

  private found(): FuzzResult {
    const violation = this.violation!;
    const script = this.options.leavesLong ? this.script : shrink(this.umpire, this.script, violation);
    return this.summary({ violation, calls: this.result.calls, script: script.map(formatTurn) });
  }

  private summary(discovery: Discovery | null): FuzzResult {
    return { ...this.result, combinations: this.coverage.size, kept: this.corpus.size, looks: this.umpire.looks, discovery };
  }
}
