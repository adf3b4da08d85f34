import type { Violation } from '../system';

/** A failure that an engine came across, with a run that shows it: not yet the smallest. */
export interface Found {
  readonly kind: 'violation' | 'deadlock' | 'livelock';
  readonly violation: Violation | null;
  readonly labels: readonly string[];
}

/** Remembers one run for each way to fail, and the outcomes of finished runs. */
export class Findings {
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
