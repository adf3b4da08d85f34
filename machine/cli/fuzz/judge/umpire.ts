import { violationOf, type Invariant, type Violation } from '../../../explorer/system';
import { xenEventsAnnounced } from '../../../invariants/xen/events-announced';
import { xenKeepsItsRules } from '../../../invariants/xen/keeps-its-rules';
import type { Playground } from '../../../situations/xen/playground';
import { perform, type Outcome } from '../perform';
import type { Call, Turn } from '../script';
import { Cells } from './cells';
import { QuickJudge } from './quick';
import { judgeCall, type CellChange } from './transitions';

// Watches over one playground: performs each turn, and reports what it broke.

/** The result of a turn; for a multicall, that of the last call that was made. */
export interface Played {
  readonly outcome: Outcome;
  readonly violation: Violation | null;
}

/** A turn that was interrupted: in which of its calls, and how many deeds of that call were done. */
interface Interrupted {
  readonly turn: Turn;
  readonly at: number;
  readonly from: number;
}

/** Calls between two full checks, which verify the quick judge. */
const BETWEEN = 256;

export class Umpire {
  private readonly start;
  private readonly invariants: readonly Invariant[];
  private readonly cells: Cells;
  private readonly quick: QuickJudge;
  private readonly interrupted = new Map<string, Interrupted>();
  /** Whether the quick judge raised a false alarm: from then on, to the end of the script, everything is checked. */
  private isDoubtful = false;
  private judged = 0;
  /** The number of full checks: as verification, or because the quick judge was in doubt. */
  looks = 0;

  /**
   * @param between how many calls are judged quickly between two full checks
   * @param ignored the invariants that may be broken
   */
  constructor(readonly ground: Playground, private readonly between = BETWEEN, ignored: ReadonlySet<string> = new Set()) {
    this.start = ground.store.mark();
    this.invariants = [...xenKeepsItsRules(ground.xen), xenEventsAnnounced(ground.xen)].filter(({ name }) => !ignored.has(name));
    this.cells = new Cells(ground.store);
    this.quick = new QuickJudge(ground.xen, this.cells);
  }

  /** Returns to a fresh boot. */
  reset(): void {
    this.ground.store.undo(this.start);
    this.quick.reset();
    this.interrupted.clear();
    this.isDoubtful = false;
  }

  /** Whether a virtual CPU has a call that it can continue. */
  isInterrupted(who: string): boolean {
    return this.interrupted.has(who);
  }

  /** Performs one turn and reports what it broke. */
  play(turn: Turn): Played {
    const { who, verb } = turn[0]![0]!;
    const rest = this.interrupted.get(who);
    const { in_flight } = this.ground.vcpu(who);
    if (verb !== 'again') return this.calls(turn, 0, null, in_flight === null);
    return rest === undefined ? this.calls(turn, 0, null, true) : this.calls(rest.turn, rest.at, rest.from, true);
  }

  private calls(turn: Turn, first: number, from: number | null, forgets: boolean): Played {
    const { who } = turn[0]![0]!;
    if (forgets) this.interrupted.delete(who);
    for (let at = first; ; at++) {
      const played = this.call(turn[at]!, at === first ? from : null);
      if (played.outcome.isInterrupted) this.interrupted.set(who, { turn, at, from: this.ground.xen.done });
      if (played.violation || played.outcome.isInterrupted || at === turn.length - 1) return played;
    }
  }

  private call(call: Call, from: number | null): Played {
    const { ground: { store, xen } } = this;
    const before = store.writes;
    xen.begun = before;
    const outcome = perform(this.ground, call, from);
    const locs = store.writtenAfter(before);
    const changes: CellChange[] = [];
    store.changesAfter(outcome.done ? before : xen.begun, (loc, old, now) => {
      const meaning = this.cells.meaning(loc);
      if (meaning.kind !== 'other' && meaning.kind !== 'flushes') changes.push({ cell: store.nameOf(loc), meaning, before: old, after: now });
    });
    return { outcome, violation: judgeCall(this.ground, call, outcome, changes) ?? this.judge(locs) };
  }

  private judge(locs: readonly number[]): Violation | null {
    const isContent = !this.isDoubtful && this.quick.isContent(locs);
    if (isContent && ++this.judged % this.between !== 0) return null;
    this.looks++;
    const violation = violationOf({ store: this.ground.store, processes: [], invariants: this.invariants });
    if (isContent && violation) throw new Error(`machine bug: the quick judge is content, but ${violation.invariant} is broken: ${violation.message}; it looks at too little`);
    this.isDoubtful = !isContent;
    return violation;
  }

  /** The first violation of a script from a fresh boot. */
  judgeScript(script: readonly Turn[]): Violation | null {
    this.reset();
    for (const turn of script) {
      const { violation } = this.play(turn);
      if (violation) return violation;
    }
    return null;
  }
}
