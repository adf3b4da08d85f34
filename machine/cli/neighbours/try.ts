// One neighbour in one situation: what a search of every interleaving shows.

import { explore, type Program } from '../../explorer/explore';
import { smallestRun } from '../../explorer/layered/smallest';
import { formatSchedule } from '../../explorer/verdict/schedule';
import type { Move, System } from '../../explorer/system';
import { prepare } from '../../situations/check';
import { Cell } from '../../state/tracked';
import type { Trial } from './trials';

/** One way in which it goes wrong. */
export interface Failure {
  /** An invariant, `deadlock`, `livelock`, or `machine` where it does what no kernel can go on from. */
  readonly invariant: string;
  readonly message: string;
  /** A smallest run to it; null where none was kept. */
  readonly schedule: string | null;
  readonly steps: number;
}

/** What a search has shown. */
export interface Tried {
  readonly complete: boolean;
  readonly states: number;
  readonly failures: readonly Failure[];
  /** What finished runs come to. */
  readonly outcomes: readonly string[];
  /** The system cannot even be set up: a BUG at boot. */
  readonly boot: string | null;
  readonly milliseconds: number;
}

/** States after which a search that should be small gives up. */
const STATES = 1_500_000;

/** Random runs that challenge each of the many verdicts. */
const CHALLENGE = 20;

/** Explores `trial` with the hunks that `patches` selects. */
export function tryIn(trial: Trial, patches: string): Tried {
  const began = performance.now();
  const { situation, choice, bounds } = prepare({ ...trial, patches });
  const program = (): System => situation.build(choice);
  const done = (found: Partial<Tried>): Tried => ({ complete: true, states: 0, failures: [], outcomes: [], boot: null, ...found, milliseconds: performance.now() - began });
  try {
    program();
  } catch (error) {
    return done({ boot: messageOf(error) });
  }
  try {
    const verdict = explore(program, { states: STATES, ...bounds }, undefined, { challenge: CHALLENGE, ...(bounds.interrupts === undefined && bounds.preemptions === undefined ? { engine: 'stateful' } : {}) });
    const failures = verdict.findings.map(({ kind, invariant, message, witness }) => ({ invariant: kind === 'violation' ? invariant : kind, message, schedule: witness.schedule, steps: witness.steps }));
    return done({ complete: verdict.complete, states: verdict.states, failures, outcomes: verdict.outcomes });
  } catch (error) {
    return done({ complete: false, failures: [brokenRun(program, messageOf(error))] });
  }
}

const messageOf = (error: unknown): string => (error as Error).message.replace(/^machine bug: /, '');

/** The run in which the model refused to go on, in the order of what runs cost; with the words of that refusal. */
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

/** The process, noting each move that it makes. */
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
