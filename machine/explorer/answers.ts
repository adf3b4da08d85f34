import { endingKinds, endingsOf, violationsOf, type Finding, type Verdict } from './explore';
import type { Claimed } from './oracle/challenge';
import { cutAt } from './stateful/cut';
import { StatefulSearch, type Bounds, type Search, type Watch } from './stateful/search';
import type { System } from './system';

// One search of a kernel answers every question about it. If an invariant is
// broken, this is recorded and the run continues, unless the machine itself
// cannot continue. So:
//
// - the answer about an invariant covers the runs up to where it is first
//   broken, whatever else was broken before: the same violations, with the same
//   smallest runs, as a search that looks for nothing else;
// - deadlocks, endless loops and outcomes are those of all runs, including runs
//   in which something was broken before: they are often the consequence.

/** How many moves to make between two calls of the watch. */
const STRIDE = 4096;

/** A search that continues after a violation, and the system that was searched, in its initial state again. */
export interface Searched {
  readonly search: Search;
  readonly system: System;
  /** The switches of the program that some path has consulted. */
  readonly consulted: readonly string[];
}

/** Searches `system` for every question about it. */
export function searchForAll(system: System, bounds: Bounds, watch?: Watch): Searched {
  const search = new StatefulSearch(system, bounds, undefined, { goesOn: true });
  while (search.advance(STRIDE) === 'under way') if (watch?.(search.progress) === 'stop') break;
  return { search: search.result(), system, consulted: system.consulted?.() ?? [] };
}

/** Builds the system, with the given invariants. */
export type Build = (invariants: readonly string[]) => System;

export class Answers {
  private readonly whole: Search;
  /** The system that was searched, in its initial state again. */
  private readonly searched: System;
  private readonly consulted: readonly string[];
  private readonly cuts = new Map<string, Search>();
  private readonly broken = new Map<string, readonly Finding[]>();
  private stuck: readonly Finding[] | null = null;
  private claim: (Claimed & { readonly consulted: readonly string[] }) | null = null;

  /**
   * @param invariants all that will be asked about
   * @param searched the search of what `build` returns for all of them, if it was made elsewhere
   */
  constructor(private readonly build: Build, private readonly invariants: readonly string[], private readonly bounds: Bounds = {}, watch?: Watch, searched = searchForAll(build(invariants), bounds, watch)) {
    this.whole = searched.search;
    this.searched = searched.system;
    this.consulted = searched.consulted;
  }

  /** The verdict about `invariants`, and about deadlocks and endless loops. */
  about(invariants: readonly string[]): Verdict {
    const { whole, bounds, consulted } = this;
    const findings = [...invariants.flatMap((name) => this.violationsOf(name)), ...this.endings()]
      .sort((one, other) => one.witness.interrupts - other.witness.interrupts || one.witness.steps - other.witness.steps);
    return {
      holds: whole.complete && findings.length === 0, complete: whole.complete, bounds, engine: 'stateful', executions: null, blocked: 0,
      states: whole.states, transitions: whole.graph.size, events: whole.events, depth: whole.depth,
      findings, outcomes: [...whole.outcomes.keys()].sort(), collisionBound: whole.collisionBound, consulted, search: whole, layers: [], isCut: false, challenged: 0, unended: 0, knows: whole.knows ?? null,
    };
  }

  /** What some run breaks, of all that can be asked: what `about` finds, but no run to it is looked for. Invariants in their order, then deadlocks and endless loops. */
  get claimed(): Claimed & { readonly consulted: readonly string[] } {
    return (this.claim ??= this.findClaimed());
  }

  private findClaimed(): NonNullable<typeof this.claim> {
    const { whole, bounds, consulted } = this;
    const violations = this.invariants.flatMap((name) => whole.violations.filter(({ invariant }) => invariant === name));
    const endings = this.stuck?.map(({ kind }) => kind) ?? endingKinds(whole, this.searched);
    return {
      complete: whole.complete, bounds, engine: 'stateful', events: whole.events, outcomes: [...whole.outcomes.keys()].sort(), knows: whole.knows ?? null, consulted,
      findings: [...violations.map(({ invariant, message }) => ({ kind: 'violation' as const, invariant, message })), ...endings.map((kind) => ({ kind, invariant: kind, message: '' }))],
    };
  }

  /** What a search that ends each run where `invariant` is broken would have seen. */
  until(invariant: string): Search {
    if (!this.invariants.includes(invariant)) throw new Error(`this search did not look at ${invariant}; it looked at ${this.invariants.join(', ')}`);
    let cut = this.cuts.get(invariant);
    if (cut === undefined) this.cuts.set(invariant, cut = cutAt(this.whole, [invariant]));
    return cut;
  }

  private violationsOf(invariant: string): readonly Finding[] {
    let findings = this.broken.get(invariant);
    if (findings === undefined) {
      const cut = this.until(invariant);
      findings = cut.violations.length === 0 ? [] : violationsOf(() => this.build([invariant]), cut, this.askedAbout(invariant));
      this.broken.set(invariant, findings);
    }
    return findings;
  }

  private endings(): readonly Finding[] {
    this.stuck ??= endingsOf(() => this.build([]), this.whole, this.askedAbout());
    return this.stuck;
  }

  private askedAbout(...names: readonly string[]): System {
    return { ...this.searched, invariants: this.searched.invariants.filter(({ name }) => names.includes(name)) };
  }
}
