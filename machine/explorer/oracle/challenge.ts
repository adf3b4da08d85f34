import { randomFrom } from './sampling';
import type { Verdict } from '../explore';
import type { Program } from '../program';
import { formatSchedule } from '../verdict/schedule';
import { isAtRest, movesOf, violationOf, type Move, type Process, type System } from '../system';

// A search that says it saw everything is held to its word: random runs are
// made by performing moves and nothing else, without any engine's reductions,
// memory or table of states. What they come to must be known to the verdict.

/** Something happened that a complete search did not know of. No verdict rests on such a search. */
export class SearchMissed extends Error {}

/** Runs that challenge a verdict, if not told otherwise. */
export const CHALLENGE = 200;

/** For each so many events of the search one is spent on further runs: less than a tenth of its time. */
const SHARE = 50;

/** A run that goes on for longer is given up: it goes round, or nearly so. */
const LONGEST = 300;

const SEED = 20_281;

/**
 * Makes random runs of `program` within the bounds of the verdict.
 *
 * @param runs how many there are at least
 * @returns how many were made; none where the search does not say that it saw everything
 * @throws SearchMissed for a violation, a deadlock or an outcome that the verdict does not know, with the schedule
 */
export function challenge(program: Program, verdict: Verdict, runs = CHALLENGE): number {
  if (!verdict.complete || runs === 0) return 0;
  const system = program();
  const random = randomFrom(SEED);
  const start = system.store.mark();
  let made = 0;
  for (let events = 0; made < runs || (events < verdict.events / SHARE && made < 50 * runs); made++) {
    events += oneRun(system, verdict, random, made % 2 === 0 ? 0 : 0.8) + 1;
    system.store.undo(start);
  }
  return made;
}

/** One run; how many events it had. @param loyalty how likely it is that the process goes on that moved last */
function oneRun(system: System, verdict: Verdict, random: () => number, loyalty: number): number {
  const { interrupts: mostInterrupts = Infinity, preemptions: mostPreemptions = Infinity } = verdict.bounds;
  const labels: string[] = [];
  let last: Process | null = null;
  let [interrupts, preemptions] = [0, 0];
  while (labels.length < LONGEST) {
    const violation = violationOf(system);
    if (violation !== null) {
      if (!verdict.findings.some(({ invariant, message }) => invariant === violation.invariant && message === violation.message)) throw missed(verdict, `${violation.invariant}: ${violation.message}`, labels);
      break;
    }
    const moves = movesOf(system);
    const hasEnded = isAtRest(system, moves);
    // What the optimal engine calls an outcome is what comes after everything.
    if (hasEnded && (moves.length === 0 || verdict.engine !== 'optimal')) {
      const outcome = system.outcome?.() ?? '';
      if (!verdict.outcomes.includes(outcome)) throw missed(verdict, outcome === '' ? 'that everything can be done' : `the outcome "${outcome}"`, labels);
    }
    if (moves.length === 0 && !hasEnded && !verdict.findings.some(({ kind }) => kind === 'deadlock')) throw missed(verdict, 'a deadlock', labels);
    const canGoOn = last !== null && moves.some((move) => move.process === last && move.kind === 'step');
    const costs = (move: Move): boolean => canGoOn && move.process !== last;
    const legal = moves.filter((move) => (move.kind === 'step' || interrupts < mostInterrupts) && (!costs(move) || preemptions < mostPreemptions));
    if (legal.length === 0) break;
    const own: Move[] = random() < loyalty ? legal.filter(({ process }) => process === last) : [];
    const choice: readonly Move[] = own.length > 0 ? own : legal;
    const move = choice[Math.floor(random() * choice.length)]!;
    if (move.kind === 'interrupt') interrupts++;
    if (costs(move)) preemptions++;
    last = move.process;
    labels.push(move.label);
    move.perform();
  }
  return labels.length;
}

function missed({ engine }: Verdict, what: string, labels: readonly string[]): SearchMissed {
  return new SearchMissed(`the search missed ${what}\n  the ${engine} engine said that it saw everything, and this run comes to it: ${formatSchedule(labels)}\n  so there is no verdict; please report the program`);
}
