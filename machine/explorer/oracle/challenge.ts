import { randomFrom } from './sampling';
import type { Finding, Verdict } from '../explore';
import type { Program } from '../program';
import { formatSchedule } from '../verdict/schedule';
import { isAtRest, movesOf, violationOf, type Move, type Process, type System } from '../system';
import { UntriedRuns } from './untried';

// The claim of a search that it saw everything is tested: random runs are made
// by performing moves and nothing else, without any engine's reductions, memory
// or table of states. The verdict must know whatever they find, and each of
// their states, if the search can tell which states it has seen. No run is made
// twice, and if two begin in the same way, their common part is checked once.

/** Something happened that a complete search did not know. Such a search yields no verdict. */
export class SearchMissed extends Error {}

/** Runs that challenge a verdict, by default. */
export const CHALLENGE = 200;

/** For this many events of the search, one event is spent on further runs: less than a tenth of its time, although an event of a run is several times more expensive. */
const SHARE = 100;

/** The maximum number of events of a run; more if the search was so long that they cost little in comparison. */
const LENGTH = 300;
const MOST = 5_000;

const SEED = 20_281;

/** How a run is drawn. */
interface Manner {
  /** The probability that the process that moved last continues. */
  readonly loyalty: number;
  /** The probability that nothing comes from outside while some process can step. Without it, a run in which interrupts keep coming hardly ever ends. */
  readonly calm: number;
}

const MANNERS: readonly Manner[] = [{ loyalty: 0, calm: 0.9 }, { loyalty: 0.8, calm: 0.9 }, { loyalty: 0, calm: 0.5 }, { loyalty: 0.8, calm: 0.5 }];

/** How a verdict was challenged. */
export interface Challenged {
  /** Random runs that found nothing the search did not know. */
  readonly challenged: number;
  /** Those of them that were given up as too long. */
  readonly unended: number;
}

/** What a search claims: a verdict, with or without the runs to its findings. */
export type Claimed = Pick<Verdict, 'complete' | 'bounds' | 'engine' | 'events' | 'outcomes' | 'knows'> & {
  readonly findings: readonly Pick<Finding, 'kind' | 'invariant' | 'message'>[];
};

/**
 * Makes random runs of `program` within the bounds of the verdict.
 *
 * @param runs the minimum number of runs, if there are that many; none if the search does not claim to have seen everything
 * @throws SearchMissed for a state, a violation, a deadlock, an endless loop or an outcome that the verdict does not know, with the schedule
 */
export function challenge(program: Program, verdict: Claimed, runs = CHALLENGE): Challenged {
  if (!verdict.complete || runs === 0) return { challenged: 0, unended: 0 };
  const challenger = new Challenger(program(), verdict, Math.min(MOST, Math.max(LENGTH, verdict.events / (SHARE * runs))));
  let challenged = 0;
  while (!challenger.isThrough && (challenged < runs || (challenger.events < verdict.events / SHARE && challenged < 50 * runs))) challenger.run(MANNERS[challenged++ % MANNERS.length]!);
  return { challenged, unended: challenger.unended };
}

/** A point of a run: what could happen there, and what did. */
interface Point {
  readonly moves: readonly Move[];
  readonly a: number;
  readonly b: number;
  move: Move | null;
}

class Challenger {
  events = 0;
  unended = 0;
  private readonly random = randomFrom(SEED);
  private readonly untried = new UntriedRuns();
  private readonly outcomes: ReadonlySet<string>;
  /** `invariant: message`, `deadlock`, `livelock`. */
  private readonly findings: ReadonlySet<string>;

  constructor(private readonly system: System, private readonly verdict: Claimed, private readonly longest: number) {
    this.outcomes = new Set(verdict.outcomes);
    this.findings = new Set(verdict.findings.map(({ kind, invariant, message }) => (kind === 'violation' ? `${invariant}: ${message}` : kind)));
  }

  /** Whether every possible run has been made. */
  get isThrough(): boolean {
    return this.untried.none;
  }

  /** One run. In a state in which all work is done, it ends the first time, and the next time continues with what can still come. */
  run(manner: Manner): void {
    const { system, verdict, untried } = this;
    const { interrupts: mostInterrupts = Infinity, switches: mostSwitches = Infinity } = verdict.bounds;
    const start = system.store.mark();
    const labels: string[] = [];
    const points: Point[] = [];
    const met = new Map<number, number>();
    let last: Process | null = null;
    let [interrupts, switches] = [0, 0];
    untried.begin();
    for (;;) {
      // What an earlier run passed on the way to its next choice has already been checked.
      const { isKnown } = untried;
      const moves = isKnown ? movesOf(system) : this.look(labels);
      if (moves === null) break;
      const canGoOn = last !== null && moves.some((move) => move.process === last && move.kind === 'step');
      const costs = (move: Move): boolean => canGoOn && move.process !== last;
      const isLegal = (move: Move): boolean => (move.kind === 'step' || interrupts < mostInterrupts) && (!costs(move) || switches < mostSwitches);
      const legal = mostInterrupts === Infinity && mostSwitches === Infinity ? moves : moves.filter(isLegal);
      if (legal.length === 0) break;
      const mayEnd = isAtRest(system, moves);
      points.push({ moves, a: system.store.a, b: system.store.b, move: null });
      if (system.endless !== true) this.lookForLoop(points, met, labels);
      if (labels.length >= this.longest) {
        this.unended++;
        break;
      }
      const move: Move | null = legal.length === 1 && !mayEnd ? legal[0]! : this.choose(legal, mayEnd, last, manner);
      if (move === null) break;
      if (move.kind === 'interrupt') interrupts++;
      if (costs(move)) switches++;
      last = move.process;
      points.at(-1)!.move = move;
      labels.push(move.label);
      move.perform();
    }
    untried.end();
    this.events += labels.length + 1;
    system.store.undo(start);
  }

  /** Chooses one of several moves, but none that leads only to runs already made; null to end here. */
  private choose(legal: readonly Move[], mayEnd: boolean, last: Process | null, { loyalty, calm }: Manner): Move | null {
    const { random, untried } = this;
    const isNew = untried.choose(legal.length + (mayEnd ? 1 : 0));
    if (mayEnd && isNew(legal.length)) {
      untried.take(legal.length);
      return null;
    }
    let open = legal.filter((_, way) => isNew(way));
    const steps = open.filter(({ kind }) => kind === 'step');
    if (steps.length > 0 && steps.length < open.length && random() < calm) open = steps;
    const own = random() < loyalty ? open.filter(({ process }) => process === last) : [];
    const choice = own.length > 0 ? own : open;
    const move = choice[Math.floor(random() * choice.length)]!;
    untried.take(legal.indexOf(move));
    return move;
  }

  /** Checks the current state against the verdict. Returns what can happen in it; null if something is broken. */
  private look(labels: readonly string[]): Move[] | null {
    const { system, verdict, findings } = this;
    const violation = violationOf(system);
    if (violation !== null) {
      if (!findings.has(`${violation.invariant}: ${violation.message}`)) throw this.missed(`${violation.invariant}: ${violation.message}`, labels);
      return null;
    }
    const moves = movesOf(system);
    const hasEnded = isAtRest(system, moves);
    // The optimal engine records an outcome only when nothing more can come.
    if (hasEnded && (moves.length === 0 || verdict.engine !== 'optimal')) {
      const outcome = system.outcome?.() ?? '';
      if (!this.outcomes.has(outcome)) throw this.missed(outcome === '' ? 'that everything can be done' : `the outcome "${outcome}"`, labels);
    }
    if (moves.length === 0 && !hasEnded && !findings.has('deadlock')) throw this.missed('a deadlock', labels);
    // If only one step can happen, a search may have passed the state without stopping.
    const isChoice = moves.length !== 1 || moves[0]!.kind === 'interrupt';
    if (labels.length > 0 && isChoice && verdict.knows !== null && !verdict.knows(system)) throw this.missed('a state', labels);
    return moves;
  }

  /** Checks whether the run has returned, by steps alone, to an earlier state, and each process that could step all the time has had its turn. */
  private lookForLoop(points: readonly Point[], met: Map<number, number>, labels: readonly string[]): void {
    const { a, b, moves } = points.at(-1)!;
    const before = met.get(a);
    met.set(a, labels.length);
    if (before === undefined || points[before]!.b !== b || this.findings.has('livelock')) return;
    const round = points.slice(before, -1);
    if (round.some(({ move }) => move!.kind === 'interrupt')) return;
    const canStep = (point: readonly Move[], process: Process): boolean => point.some((move) => move.process === process && move.kind === 'step');
    const ready = moves.filter(({ kind }) => kind === 'step').map(({ process }) => process);
    const isFair = ready.every((process) => round.some((point) => point.move!.process === process || !canStep(point.moves, process)));
    if (isFair) throw this.missed('an endless loop', labels);
  }

  private missed(what: string, labels: readonly string[]): SearchMissed {
    return new SearchMissed(`the search missed ${what}\n  the ${this.verdict.engine} engine said that it saw everything, and this run comes to it: ${formatSchedule(labels)}\n  so there is no verdict; please report the program`);
  }
}
