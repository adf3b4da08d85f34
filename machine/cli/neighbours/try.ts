// One neighbour in one situation: the result of exploring every interleaving.

import type { EngineName } from '../../explorer/engine';
import { engineFor } from '../../explorer/engines';
import { verdictOf, type Program } from '../../explorer/explore';
import { challenge, SearchMissed } from '../../explorer/oracle/challenge';
import { smallestRun, type WayToEnd } from '../../explorer/layered/smallest';
import { replay } from '../../explorer/verdict/replay';
import { formatSchedule, parseSchedule, ScheduleError } from '../../explorer/verdict/schedule';
import { endOfRun } from '../../explorer/verdict/stuck';
import type { Bounds } from '../../explorer/stateful/search';
import { movesOf, type Invariant, type Move, type System } from '../../explorer/system';
import { prepare } from '../../situations/check';
import { Cell } from '../../state/tracked';
import type { Trial } from './trials';

/** One way in which it goes wrong. */
export interface Failure {
  /** An invariant, `deadlock`, `livelock`, or `machine` if it does something after which no kernel can continue. */
  readonly invariant: string;
  readonly message: string;
  /** A smallest run to it; null if none was kept. */
  readonly schedule: string | null;
  readonly steps: number;
}

/** The result of a search. */
export interface Tried {
  readonly complete: boolean;
  readonly states: number;
  readonly failures: readonly Failure[];
  /** The outcomes of finished runs. */
  readonly outcomes: readonly string[];
  /** The system cannot even be set up: a BUG at boot. */
  readonly boot: string | null;
  readonly milliseconds: number;
}

/** Random runs that challenge each of the many verdicts. */
const CHALLENGE = 20;

/** States after which a search that should be small is stopped. */
const STATES = 1_500_000;

/** Events between two checks of whether something broke. */
const STRIDE = 2048;

/**
 * Explores `trial` with the hunks that `patches` selects, to the end or to the first failure that is not in `known`.
 *
 * @param known failures that the patch itself has there; without it, everything is explored
 * @param invariants by default, the requirements of the situation
 * @param isSample whether it is enough to know that something breaks, without the smallest run to it
 */
export function tryIn(trial: Trial, patches: string, known?: readonly string[], invariants?: readonly string[], isSample = false): Tried {
  const began = performance.now();
  const { situation, choice, bounds } = prepare({ ...trial, patches, ...(invariants === undefined ? {} : { invariants }) });
  const program = (): System => situation.build(choice);
  const done = (found: Partial<Tried>): Tried => ({ complete: true, states: 0, failures: [], outcomes: [], boot: null, ...found, milliseconds: performance.now() - began });
  try {
    program();
  } catch (error) {
    return done({ boot: messageOf(error) });
  }
  try {
    return done(search(program, { states: STATES, ...bounds }, known, isSample));
  } catch (error) {
    if (error instanceof SearchMissed) throw error;
    return done({ complete: false, failures: [isSample ? withoutRun('machine', messageOf(error)) : brokenRun(program, messageOf(error))] });
  }
}

/** The result of one run: what it breaks last, or how it ends. Null if it breaks nothing and can continue, or ends well. */
export function runIn(trial: Trial, patches: string, invariants: readonly string[], schedule: string): string | null {
  const { situation, choice } = prepare({ ...trial, patches, invariants });
  try {
    const system = situation.build(choice);
    const trace = replay(system, parseSchedule(schedule));
    if (trace.violation !== null) return trace.violation.event === trace.events.length - 1 ? trace.violation.invariant : `${trace.violation.invariant}, before its end`;
    const { kind } = endOfRun(system, trace);
    if (kind === 'under way') return isStuckButForInterrupts(system) ? 'deadlock' : null;
    return kind === 'finished' ? null : kind;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    return 'machine';
  }
}

/** Whether only interrupts can come. The search has shown that none of them helps. */
const isStuckButForInterrupts = (system: System): boolean => movesOf(system).every(({ kind }) => kind === 'interrupt');

type Found = Pick<Tried, 'complete' | 'states' | 'failures' | 'outcomes'>;

/** With several processes, most orders show nothing new; but loops are only found in the whole graph. */
function search(program: Program, bounds: Bounds, known: readonly string[] | undefined, isSample: boolean): Found {
  const isBounded = bounds.interrupts !== undefined || bounds.switches !== undefined;
  const engines: readonly EngineName[] = isBounded ? ['layered'] : program().processes.length > 1 ? ['reduced', 'stateful'] : ['stateful'];
  let found: Found | null = null;
  for (const engine of engines) {
    found = searchBy(engine, program, bounds, known, isSample);
    if (found.complete || found.failures.length > 0) break;
  }
  return found!;
}

function searchBy(engine: EngineName, program: Program, bounds: Bounds, known: readonly string[] | undefined, isSample: boolean): Found {
  let broken: Failure | null = null;
  const watching: Program = () => {
    const system = program();
    return known === undefined ? system : { ...system, invariants: system.invariants.map((invariant) => watchedInvariant(invariant, known, (message) => { broken ??= withoutRun(invariant.name, message); })) };
  };
  const running = engineFor(watching, bounds, { engine });
  while (running.advance(STRIDE) === 'under way') if (broken !== null) break;
  if (broken !== null) return { complete: false, states: running.progress.states, failures: [isSample ? broken : smallestFailure(program, broken, known!)], outcomes: [] };
  const verdict = verdictOf(program, bounds, running.report());
  challenge(program, verdict, CHALLENGE);
  const failures = verdict.findings.map(({ kind, invariant, message, witness }) => ({ invariant: kind === 'violation' ? invariant : kind, message, schedule: witness.schedule, steps: witness.steps }));
  return { complete: verdict.complete, states: verdict.states, failures, outcomes: verdict.outcomes };
}

function watchedInvariant({ name, check }: Invariant, known: readonly string[], broken: (message: string) => void): Invariant {
  return {
    name,
    check: () => {
      const message = check();
      if (message !== null && !known.includes(name)) broken(message);
      return message;
    },
  };
}

const withoutRun = (invariant: string, message: string): Failure => ({ invariant, message, schedule: null, steps: 0 });

/** The failure that needs least and is not in `known`; `seen`, without a run, if that would take too many states. */
function smallestFailure(program: Program, seen: Failure, known: readonly string[]): Failure {
  const isNew = (end: WayToEnd): boolean => end.kind === 'violation' && !known.includes(end.violation.invariant);
  const run = smallestRun(program(), isNew, STATES);
  if (run === 'gave up') return seen;
  if (typeof run === 'string' || run.end.kind !== 'violation') throw new Error(`machine bug: a failure was seen, and then it was not found again (${String(run)})`);
  return { invariant: run.end.violation.invariant, message: run.end.violation.message, schedule: formatSchedule(run.labels), steps: run.labels.length };
}

const messageOf = (error: unknown): string => (error as Error).message.replace(/^machine bug: /, '');

/** The cheapest run in which the model refuses to continue, with the message of that refusal. */
function brokenRun(program: Program, message: string): Failure {
  const system = program();
  const trail = new Cell<Trail | null>(system.store, 'trail', null, true);
  try {
    smallestRun({ ...system, processes: system.processes.map((process) => watched(process, trail)) }, () => false);
  } catch (error) {
    const labels: string[] = [];
    for (let at = trail.value; at !== null; at = at.before) labels.unshift(at.label);
    const schedule = formatSchedule(labels);
    return { invariant: 'machine', message: messageOf(error), schedule, steps: labels.length };
  }
  return { invariant: 'machine', message, schedule: null, steps: 0 };
}

type Trail = {
  readonly before: Trail | null;
  readonly label: string;
};

/** The process, with each of its moves recorded. */
function watched(process: System['processes'][number], trail: Cell<Trail | null>): System['processes'][number] {
  const noting: System['processes'][number] = Object.create(process, {
    moves: {
      value: (into: Move[]): void => {
        const own: Move[] = [];
        process.moves(own);
        for (const move of own) {
          into.push({
            process: noting, kind: move.kind, label: move.label,
            perform: () => {
              trail.value = { before: trail.value, label: move.label };
              move.perform();
            },
          });
        }
      },
    },
  }) as System['processes'][number];
  return noting;
}
