import type { Finding, Verdict } from '../explore';
import type { Layer, Need } from '../layered/raised';
import type { Trace } from './replay';
import { showChange } from './show';

// A verdict as plain data, for reports and for other programs: the same for
// the command line, a scenario's attachment, and the page.

/** One cell that a step changed. */
export interface ShownChange {
  readonly cell: string;
  readonly before: string;
  readonly after: string;
}

export interface ShownEvent {
  readonly label: string;
  readonly kind: 'step' | 'interrupt';
  readonly process: string;
  readonly context: string;
  readonly paths: readonly string[];
  readonly text: string;
  readonly changes: readonly ShownChange[];
}

export interface ShownTrace {
  readonly schedule: string;
  readonly events: readonly ShownEvent[];
  /** What was broken, and the index of the event that broke it. */
  readonly violation: { readonly invariant: string; readonly message: string; readonly event: number } | null;
}

export interface ShownFinding {
  readonly kind: Finding['kind'];
  readonly invariant: string;
  readonly message: string;
  readonly interrupts: number;
  readonly steps: number;
  readonly witness: ShownTrace;
  /** The minimum number of interrupts with which it can be reached, and of switches with that many interrupts; null if the bound was not raised step by step. */
  readonly need: Need | null;
}

export interface ShownVerdict {
  readonly holds: boolean;
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly events: number;
  readonly depth: number;
  /** For example `interrupts: 4`; empty for none. */
  readonly bounds: Readonly<Record<string, number>>;
  /** Whether a bound on interrupts or switches left anything out. */
  readonly isCut: boolean;
  /** Random runs that found nothing the search did not know. */
  readonly challenged: number;
  /** Those of them that were given up as too long. */
  readonly unended: number;
  /** What each step of the bound has added. */
  readonly layers: readonly Layer[];
  readonly collisionBound: number;
  readonly outcomes: readonly string[];
  readonly findings: readonly ShownFinding[];
}

export function showTrace(trace: Trace): ShownTrace {
  return {
    schedule: trace.schedule,
    events: trace.events.map((event) => ({
      ...event,
      changes: event.changes.map(({ cell, before, after }) => ({ cell, ...showChange(before, after) })),
    })),
    violation: trace.violation,
  };
}

export function showVerdict(verdict: Verdict): ShownVerdict {
  return {
    holds: verdict.holds,
    complete: verdict.complete,
    states: verdict.states,
    transitions: verdict.transitions,
    events: verdict.events,
    depth: verdict.depth,
    bounds: Object.fromEntries(Object.entries(verdict.bounds).filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
    isCut: verdict.isCut,
    challenged: verdict.challenged,
    unended: verdict.unended,
    layers: verdict.layers,
    collisionBound: verdict.collisionBound,
    outcomes: verdict.outcomes,
    findings: verdict.findings.map(({ kind, invariant, message, witness, need }) => ({
      kind, invariant, message, interrupts: witness.interrupts, steps: witness.steps, witness: showTrace(witness.trace), need,
    })),
  };
}
