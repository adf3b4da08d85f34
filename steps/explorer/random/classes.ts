// The executions of the optimal engine, compared with a count of the classes: there must be
// equally many.

import fc from 'fast-check';
import { OptimalSearch } from '../../../machine/explorer/optimal/search';
import { classesOf } from '../../../machine/explorer/oracle/classes';
import type { Program } from '../../../machine/explorer/program';
import { plainTruth } from '../../../machine/programs/plain-search';
import type { Script, ScriptedProgram } from '../../../machine/programs/script';
import { scripted } from '../../../machine/programs/scripted';
import { richProgram } from '../random-programs';

/** Programs with more states, events of the engine, or beginnings of runs are passed over. */
const STATES = 1_000;
const EVENTS = 60_000;
const BEGINNINGS = 8_000;

/** The result of the optimal engine. */
export interface Once {
  readonly executions: number;
  /** Runs that it abandoned, since others cover the rest of them. */
  readonly blocked: number;
  readonly classes: number;
  readonly hasChoices: boolean;
  /** The outcomes of the executions. */
  readonly outcomes: ReadonlySet<string>;
}

/**
 * Explores `program` by the optimal engine, and counts its classes.
 *
 * @param depth no run is longer
 * @returns null if it has more than `limit` beginnings of runs
 */
export function countOnce(program: Program, limit = BEGINNINGS, depth = 200): Once | null {
  const outcomes = new Set<string>();
  const search = new OptimalSearch(program(), (end) => { if (end.kind === 'finished') outcomes.add(end.outcome); }, { depth });
  if (!search.run(EVENTS, () => undefined)) return null;
  const { counts: { executions, blocked }, hasChoices } = search;
  const classes = classesOf(program, search.save().sharing, limit);
  return classes === null ? null : { executions, blocked, classes: classes.complete, hasChoices, outcomes };
}

const script = (acts: Script['acts'], interrupts: Script['interrupts'] = [], onIpi: Script['onIpi'] = []): Script => ({ acts, interrupts, onIpi });
const reader = script([{ do: 'load', word: 0 }, { do: 'load', word: 1 }]);

/** Programs in which a process can do several things at one point. */
export const choosing: Readonly<Record<string, ScriptedProgram>> = {
  'an interrupt beside a reader': { processors: [script([{ do: 'load', word: 2 }, { do: 'store', word: 0, value: 1 }], [[{ do: 'store', word: 1, value: 1 }]]), reader], isBuffered: false },
  'two interrupts that nest': { processors: [script([{ do: 'store', word: 0, value: 1 }], [[{ do: 'sti' }, { do: 'store', word: 1, value: 1 }], [{ do: 'store', word: 0, value: 2 }]]), reader], isBuffered: false },
  'an interrupt that is masked for a while': { processors: [script([{ do: 'cli' }, { do: 'store', word: 0, value: 1 }, { do: 'sti' }], [[{ do: 'store', word: 1, value: 1 }]]), reader], isBuffered: false },
  'an IPI beside a device': { processors: [script([{ do: 'load', word: 0 }], [[{ do: 'store', word: 0, value: 2 }]], [{ do: 'store', word: 0, value: 1 }]), script([{ do: 'ipi', target: 0 }, { do: 'load', word: 0 }])], isBuffered: false },
  'a choice beside a reader': { processors: [script([{ do: 'choose', word: 0 }, { do: 'choose', word: 1 }]), reader], isBuffered: false },
  'a choice that depends on a word': { processors: [script([{ do: 'pick', word: 0 }]), script([{ do: 'store', word: 0, value: 1 }, { do: 'load', word: 0 }])], isBuffered: false },
  'two threads that choose': { processors: [script([{ do: 'choose', word: 0 }, { do: 'load', word: 1 }]), script([{ do: 'choose', word: 1 }, { do: 'load', word: 0 }])], isBuffered: false },
  'an interrupt and a store buffer': { processors: [script([{ do: 'store', word: 0, value: 1 }, { do: 'load', word: 1 }], [[{ do: 'load', word: 0 }]]), script([{ do: 'store', word: 1, value: 1 }, { do: 'load', word: 0 }])], isBuffered: true },
};

export interface OnceComparison {
  readonly compared: number;
  /** Programs with endless runs, which have no classes; others were drawn instead. */
  readonly endless: number;
  /** Among those that were compared. */
  readonly withChoices: number;
  readonly passedOver: number;
  /** The smallest program found for which the engine does not run each class once, in words; null if there is none. */
  readonly difference: string | null;
}

/** Compares the optimal engine with the count of classes on random programs. */
export function compareWithClasses(programs: number, seed: number): OnceComparison {
  let [compared, withChoices, passedOver, endless] = [0, 0, 0, 0];
  const property = fc.property(richProgram, (made) => {
    const truth = plainTruth(made, STATES);
    if (truth?.isCyclic === true) endless++;
    fc.pre(truth?.isCyclic !== true);
    const once = truth === null ? null : countOnce(scripted(made), BEGINNINGS, truth.states);
    if (once === null) return void passedOver++;
    compared++;
    if (once.hasChoices) withChoices++;
    const { executions, blocked, classes } = once;
    if (executions !== classes || blocked > 0) throw new Error(`the optimal engine makes ${executions} executions and abandons ${blocked}, and there are ${classes} classes`);
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  const difference = failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null;
  return { compared, endless, withChoices, passedOver, difference };
}
