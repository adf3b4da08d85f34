import type { Dependence } from './dependence';
import type { Execution } from './execution';
import { lowest, type Point, type Sleeper } from './point';
import type { Probe } from './probe';
import type { Touch } from './touch';
import { Sequence } from './wakeup-tree';

// Examines every race of an execution: two dependent events of different
// processes that nothing between them orders. If the later one could have come
// first, a sequence that achieves this is planned from the point before the
// earlier one: everything that happened after the earlier one and does not
// depend on it, and then the later one. Nothing is planned if a sleeping
// process could begin such a sequence: then it is covered.

export class Reversals {
  private readonly sequence: Sequence;
  /** Sleeping processes without an event in the sequence under consideration, except for its last event. */
  private absent = 0;

  constructor(private readonly execution: Execution, private readonly points: readonly Point[], private readonly dependence: Dependence, private readonly probe: Probe) {
    this.sequence = new Sequence(execution);
  }

  /**
   * Plans from the races of the events from number `fresh` on: those before it were part of the previous execution.
   *
   * @param hasChoices whether some process had several moves at one point
   */
  plan(fresh: number, hasChoices: boolean): void {
    const { execution } = this;
    for (let i = fresh; i < execution.length; i++) execution.racesOf(i, this.reverse);
    if (hasChoices) for (let k = 0; k < execution.length; k++) this.planOthers(k, fresh);
  }

  /**
   * Plans from what the processes wait for at the end. A violation ends the run, so
   * whatever else could have happened instead of its last event must be tried too.
   */
  planFromEnd(processes: number, isViolated: boolean): void {
    const { execution, probe, dependence } = this;
    const end = execution.length;
    const { ended } = this.points[end]!;
    for (let p = 0; p < processes; p++) {
      if ((ended & (1 << p)) !== 0) continue;
      const isCutOff = isViolated && p !== execution.process[end - 1];
      if (isCutOff && this.reverse(end - 1, p, end, false)) continue;
      const canGoOn = probe.ask(p).length > 0;
      const touch = dependence.touch(probe.footprint());
      if (canGoOn && !isCutOff) continue;
      if (touch !== dependence.nothing) execution.racesOfWaiting(p, touch, this.reverse);
    }
  }

  /**
   * Plans that the event `later` of process `p` (or what it would do next, if that
   * is the end) comes before event `earlier`.
   *
   * @param isDirect nothing between the two depends on the earlier one and orders them
   * @returns false if `p` would have to wait there
   */
  private readonly reverse = (earlier: number, p: number, later: number, isDirect: boolean): boolean => {
    const { execution } = this;
    const point = this.points[earlier]!;
    const overtaken = execution.touch[earlier]!;
    const isCovered = point.sleeping !== 0 && this.isCovered(point, earlier);
    const isSteady = isDirect && execution.isSteady[later]!;
    if (isCovered && isDirect && (isSteady || !execution.guard[later]!.mayReadFrom(overtaken))) return true;
    const own = execution.touch[later]!;
    if (isDirect && !this.dependence.mayBreak(own) && (isSteady || !own.mayReadFrom(overtaken))) {
      this.planBefore(point, earlier, p, execution.label[later]!, own);
      return true;
    }
    const moves = this.probe.possibleInstead(execution, earlier, p);
    if (moves.length === 0) return false;
    // A move that the overtaken event does not affect is tried after that event.
    if (!isCovered) for (const { label, touch } of moves) if (touch.conflictsWith(overtaken)) this.planBefore(point, earlier, p, label, touch);
    return true;
  };

  /** Plans that everything which does not depend on the event `earlier` comes before it, and then this move of process `p`. */
  private planBefore(point: Point, earlier: number, p: number, label: string, touch: Touch): void {
    if (point.sleeping !== 0 && this.isCoveredThen(point, earlier, p, label, touch)) return;
    this.sequence.become(earlier, p, label, touch);
    this.sequence.insertInto(point.planned);
  }

  /**
   * Plans what else the process of event `k` could have done there, after everything
   * that does not depend on the event. Since a process can make only one move, its
   * moves race with each other, and may be impossible once one has been made.
   */
  private planOthers(k: number, fresh: number): void {
    const { execution } = this;
    const moves = execution.moves[k]!;
    if (moves === null || (k < fresh && !execution.hasOthers(k, fresh))) return;
    const point = this.points[k]!;
    if (point.sleeping !== 0 && this.isCovered(point, k)) return;
    const p = execution.process[k]!;
    const there = moves.some(({ touch }) => this.dependence.mayBreak(touch) || execution.isAffected(k, touch)) ? this.probe.possibleInstead(execution, k, p) : moves;
    for (const { label, touch } of there) if (label !== execution.label[k]) this.planBefore(point, k, p, label, touch);
  }

  /** Whether a process that sleeps at `point`, before `earlier`, has a later event that could come first. */
  private isCovered(point: Point, earlier: number): boolean {
    const { execution, execution: { process, length } } = this;
    let unseen = point.sleeping;
    this.absent = 0;
    for (let k = earlier + 1; k < length && unseen !== 0; k++) {
      const bit = 1 << process[k]!;
      if ((unseen & bit) === 0) continue;
      unseen ^= bit;
      if (execution.happensBefore(earlier, k)) this.absent |= bit;
      else if (execution.cause(k) < earlier && point.isAsleep(process[k]!, execution.label[k]!)) return true;
    }
    this.absent |= unseen;
    return false;
  }

  /** The same for sleeping processes without such an event: by what they would do there, and by the move that `p` would make last. */
  private isCoveredThen(point: Point, earlier: number, p: number, label: string, touch: Touch): boolean {
    for (let bits = this.absent; bits !== 0; bits &= bits - 1) {
      const q = lowest(bits);
      if (q === p) {
        if (point.isAsleep(p, label) && !this.execution.isHindered(earlier, touch)) return true;
      // It does not matter that an event of another part could also come first: the races that follow from it are found there, and not planned here.
      } else if ((point.foreign & (1 << q)) === 0) {
        for (let sleeper: Sleeper | null = point.sleepers[q]!; sleeper !== null; sleeper = sleeper.next) {
          if (!touch.conflictsWith(sleeper.touch) && !this.execution.isHindered(earlier, sleeper.touch)) return true;
        }
      }
    }
    return false;
  }
}
