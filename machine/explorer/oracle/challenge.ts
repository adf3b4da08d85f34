import { randomFrom } from './sampling';
import type { Verdict } from '../explore';
import type { Program } from '../program';
import { formatSchedule } from '../verdict/schedule';
import { isAtRest, movesOf, violationOf, type Move, type Process, type System } from '../system';
import { UntriedRuns } from './untried';

// The claim of a search that it saw everything is tested: random runs are
// made by performing moves and nothing else, without any engine's reductions,
// memory or table of states. Whatever they find must be known to the verdict,
// and where the search can tell which states it has seen, so must each state.
// No run is made twice, and where two begin alike, what they share is looked at
// once.

/** Something happened that a complete search did not know of. No verdict rests on such a search. */
export class SearchMissed extends Error {}

/** Runs that challenge a verdict, if not told otherwise. */
export const CHALLENGE = 200;

/** One event is spent on further runs for this many events of the search: less than a tenth of its time, although an event of a run costs several times more. */
const SHARE = 100;

/** The events that a run may have; more if the search was so long that they cost little in comparison. */
const LENGTH = 300;
const MOST = 5_000;

const SEED = 20_281;

/** How a run is drawn. */
interface Manner {
  /** How likely it is that the process that moved last continues. */
  readonly loyalty: number;
  /** How likely it is that nothing comes from outside while some process can step. Without this, a run in which interrupts keep coming hardly ever ends. */
  readonly calm: number;
}

const MANNERS: readonly Manner[] = [{ loyalty: 0, calm: 0.9 }, { loyalty: 0.8, calm: 0.9 }, { loyalty: 0, calm: 0.5 }, { loyalty: 0.8, calm: 0.5 }];

/** How a verdict was challenged. */
export interface Challenged {
  /** Random runs that found nothing new to the search. */
  readonly challenged: number;
  /** Those of them that were given up as too long. */
  readonly unended: number;
}

/**
 * Makes random runs of `program` within the bounds of the verdict.
 *
 * @param runs the least number of runs, if there are that many; none if the search does not claim that it saw everything
 * @throws SearchMissed for a state, a violation, a deadlock, an endless loop or an outcome that the verdict does not know, with the schedule
 */
export function challenge(program: Program, verdict: Verdict, runs = CHALLENGE): Challenged {
  if (!verdict.complete || runs === 0) return { challenged: 0, unended: 0 };
  const challenger = new Challenger(program(), verdict, Math.min(MOST, Math.max(LENGTH, verdict.events / (SHARE * runs))));
  let challenged = 0;
  while (!challenger.isThrough && (challenged < runs || (challenger.events < verdict.events / SHARE && challenged < 50 * runs))) challenger.run(MANNERS[challenged++ % MANNERS.length]!);
  return { challenged, unended: challenger.unended };
}

/** Where a run has been: what could happen there, and what did. */
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

  constructor(private readonly system: System, private readonly verdict: Verdict, private readonly longest: number) {
    this.outcomes = new Set(verdict.outcomes);
    this.findings = new Set(verdict.findings.map(({ kind, invariant, message }) => (kind === 'violation' ? `${invariant}: ${message}` : kind)));
  }

  /** Whether every run there is was made. */
  get isThrough(): boolean {
    return this.untried.none;
  }

  /** One run. Where all work is done it ends the first time, and goes on with what can still come the next. */
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
      // What an earlier run has passed on its way to its next choice was found to be right.
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

  /** One of several moves, none that leads only to runs that were made; null to end here. */
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

  /** Holds the present state against the verdict. What can happen in it; null if something is broken. */
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
    // Where one step is all that can happen, a search may have passed without stopping.
    const isChoice = moves.length !== 1 || moves[0]!.kind === 'interrupt';
    if (labels.length > 0 && isChoice && verdict.knows !== null && !verdict.knows(system)) throw this.missed('a state', labels);
    return moves;
  }

  /** Whether the run has come back, by steps alone, to where it was, and each process that could step all the while has had its turn. */
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
