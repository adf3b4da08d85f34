import { violationOf, type Invariant, type Violation } from '../../explorer/system';
import { xenEventsAnnounced } from '../../invariants/xen/events-announced';
import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { formatAction, perform, type Action, type Outcome } from './actions';
import { nextActions } from './guest';
import { Playground, type PlaygroundOptions } from '../../situations/xen/playground';
import { Random } from './random';
import { refusedChangesNothing } from './transitions';

// Plays one harmful guest after the other against the hypervisor and looks at
// everything after each call. What is found is made short: calls are left out
// for as long as the same promise still breaks.

export interface FuzzOptions extends PlaygroundOptions {
  readonly seed: number;
  /** Calls in all, at most. */
  readonly calls: number;
  /** Calls of one guest, before the next starts from a fresh boot. */
  readonly perGuest?: number;
  /** Told before each guest how many calls were made; says whether to stop there. */
  readonly stop?: (calls: number) => boolean;
}

export interface Discovery {
  readonly violation: Violation;
  /** Calls until it was found, over all guests. */
  readonly calls: number;
  /** The shortened script, one call a line; it replays. */
  readonly script: readonly string[];
}

export interface FuzzResult {
  readonly calls: number;
  readonly guests: number;
  /** Calls that were not refused. */
  readonly accepted: number;
  readonly discovery: Discovery | null;
}

/** Fuzzes until something is found or `calls` were made. */
export function fuzz(options: FuzzOptions): FuzzResult {
  const ground = new Playground(options);
  const table = new Umpire(ground);
  const random = new Random(options.seed);
  let calls = 0;
  let accepted = 0;
  let guests = 0;
  while (calls < options.calls && options.stop?.(calls) !== true) {
    guests++;
    table.reset();
    const script: Action[] = [];
    while (script.length < (options.perGuest ?? 60) && calls < options.calls) {
      for (const action of nextActions(ground, random)) {
        script.push(action);
        calls++;
        const { outcome, violation } = table.play(action);
        if (outcome.done) accepted++;
        if (violation) return { calls, guests, accepted, discovery: { violation, calls, script: shrink(table, script, violation).map(formatAction) } };
      }
    }
  }
  return { calls, guests, accepted, discovery: null };
}

/** Watches over one playground. */
export class Umpire {
  private readonly start;
  private readonly invariants: readonly Invariant[];

  constructor(readonly ground: Playground) {
    this.start = ground.store.mark();
    this.invariants = [...xenKeepsItsRules(ground.xen), xenEventsAnnounced(ground.xen)];
  }

  reset(): void {
    this.ground.store.undo(this.start);
  }

  /** Performs one action and says what it broke. */
  play(action: Action): { readonly outcome: Outcome; readonly violation: Violation | null } {
    const { store } = this.ground;
    const before = store.mark();
    const outcome = perform(this.ground, action);
    const transition = refusedChangesNothing(this.ground, action, outcome, store.changesSince(before));
    return { outcome, violation: transition ?? violationOf({ store, processes: [], invariants: this.invariants }) };
  }

  /** The first violation of a script from a fresh boot. */
  judge(script: readonly Action[]): Violation | null {
    this.reset();
    for (const action of script) {
      const { violation } = this.play(action);
      if (violation) return violation;
    }
    return null;
  }
}

/** Leaves out ever smaller runs of calls while the same invariant still breaks. */
export function shrink(table: Umpire, script: readonly Action[], violation: Violation): Action[] {
  let shortest = [...script];
  for (let run = Math.ceil(shortest.length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
    for (let from = shortest.length - run; from >= 0; from--) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + run)];
      if (table.judge(shorter)?.invariant === violation.invariant) shortest = shorter;
      from = Math.min(from, shortest.length - run + 1);
    }
  }
  return shortest;
}
