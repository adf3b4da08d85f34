// What every engine must say about a random program: the same as the plain interpreter, which
// shares nothing with them.

import fc from 'fast-check';
import { explore, verdictOf, type Verdict } from '../../../machine/explorer/explore';
import { Optimal } from '../../../machine/explorer/optimal/engine';
import { Reduced } from '../../../machine/explorer/reduced/engine';
import type { Reductions } from '../../../machine/explorer/reduced/search';
import { ForgetfulTable } from '../../../machine/programs/faulty';
import type { EngineName } from '../../../machine/explorer/engine';
import { replay } from '../../../machine/explorer/verdict/replay';
import { parseSchedule } from '../../../machine/explorer/verdict/schedule';
import type { Program } from '../../../machine/explorer/program';
import { compare, plainTruth, type Cost, type PlainTruth } from '../../../machine/programs/plain-search';
import type { ScriptedProgram } from '../../../machine/programs/script';
import { scripted } from '../../../machine/programs/scripted';
import type { System } from '../../../machine/explorer/system';
import type { Mark } from '../../../machine/state/store';
import { featuresOf, richProgram, smallerProgram } from '../random-programs';

/** The engines that see everything. */
export const WHOLE = ['brute-force', 'stateful', 'layered', 'reduced', 'optimal', 'auto'] as const satisfies readonly EngineName[];

/** What one engine explores. */
export interface Task {
  readonly script: ScriptedProgram;
  readonly program: Program;
  /** How many states it has. */
  readonly states: number;
}

/** How an engine explores a program; other ways show that a fault would be noticed. */
export type Exploring = (task: Task, engine: EngineName) => Verdict;

/** Larger programs are passed over. */
const STATES = 600;
/** On a program of that size, an engine that has not finished by then never will. */
const EVENTS = 60_000;

export const asItIs: Exploring = ({ program, states }, engine) => (engine === 'optimal' ? byClasses(program, states) : exploreAll(program, engine));

/** A run with more events than there are states repeats a state. */
function byClasses(program: Program, states: number): Verdict {
  const engine = new Optimal(program, [], undefined, states);
  while (engine.advance(4096) === 'under way') if (engine.progress.events > EVENTS) break;
  return verdictOf(program, {}, engine.report());
}

/** Machines of one program that are reused after each was reset: this is cheaper than new ones, and reveals what a search leaves behind in them. */
class Machines {
  private readonly all: { readonly system: System; readonly start: Mark }[] = [];
  private out = 0;

  constructor(private readonly make: Program) {}

  readonly program: Program = () => {
    const { all } = this;
    if (this.out === all.length) {
      const system = this.make();
      all.push({ system, start: system.store.mark() });
    }
    return all[this.out++]!.system;
  };

  /** Resets all of them. */
  gather(): void {
    for (const { system, start } of this.all.slice(0, this.out)) system.store.undo(start);
    this.out = 0;
  }
}

/** Faults that a reduction once had, put back. */
export const OLD_FAULTS: Readonly<Record<string, Exploring>> = {
  'forgets the order of observed writes': ({ program }) => reducedWith(program, { forget: 'order of observed writes' }),
  'forgets which process an event moves': ({ program }) => reducedWith(program, { forget: 'whom an event moves' }),
  'has tables that forget their keys': ({ script }) => reducedWith(scripted(script, (store, name) => new ForgetfulTable(store, name, 0)), {}),
};

export function reducedWith(program: Program, reductions: Reductions): Verdict {
  const engine = new Reduced(program, {}, [], reductions);
  while (engine.advance(EVENTS) === 'under way') if (engine.progress.events > EVENTS) break;
  return verdictOf(program, {}, engine.report());
}

export function exploreAll(program: Program, engine: EngineName): Verdict {
  return explore(program, {}, ({ events }) => (events > EVENTS ? 'stop' : 'go on'), { engine, challenge: 0 });
}

/** Whether an engine can finish on such a program at all. */
function canEnd(engine: EngineName, { isCyclic }: PlainTruth): boolean {
  return !isCyclic || (engine !== 'reduced' && engine !== 'optimal');
}

/** How the answer of an engine differs from the truth; empty if it does not. */
function differences(program: Program, engine: EngineName, truth: PlainTruth, verdict: Verdict): string[] {
  if (!canEnd(engine, truth)) return verdict.complete ? ['says that it saw everything of a program that loops'] : [];
  if (!verdict.complete) return ['did not end'];
  const said = new Map(verdict.findings.map((finding) => [finding.kind === 'violation' ? `${finding.invariant}: ${finding.message}` : finding.kind, finding]));
  const is = new Map<string, Cost | null>([
    ...truth.violations,
    ...(truth.deadlocks.size > 0 ? [['deadlock', truth.deadlockCost] as const] : []),
    ...(truth.hasFairLoop ? [['livelock', null] as const] : []),
  ]);
  const outcomes = verdict.engine === 'optimal' ? truth.finalOutcomes : truth.outcomes;
  const objections = [
    ...unequal('outcome', outcomes, new Set(verdict.outcomes)),
    ...unequal('finding', new Set(is.keys()), new Set(said.keys())),
  ];
  for (const [what, cost] of is) {
    const finding = said.get(what);
    if (finding === undefined) continue;
    const { witness } = finding;
    const { events } = witness.trace;
    const shown: Cost = [witness.interrupts, events.filter((event, i) => i > 0 && event.process !== events[i - 1]!.process).length, events.length];
    if (cost !== null && compare(shown, cost) !== 0) objections.push(`shows "${what}" by a run of ${shown.join(', ')}, the smallest has ${cost.join(', ')}`);
    if (what === 'deadlock' && !truth.deadlocks.has(whoWaits(program, witness.schedule))) objections.push(`shows a deadlock of ${whoWaits(program, witness.schedule)}, which is none`);
  }
  return objections;
}

function unequal(what: string, is: ReadonlySet<string>, said: ReadonlySet<string>): string[] {
  return [...[...is].filter((one) => !said.has(one)).map((one) => `lost ${what}: ${one}`), ...[...said].filter((one) => !is.has(one)).map((one) => `invented ${what}: ${one}`)];
}

/** The processors that still have work at the end of a run, each with its next action. */
function whoWaits(program: Program, schedule: string): string {
  const system = program();
  replay(system, parseSchedule(schedule));
  return system.processes.flatMap((process) => (process.busy() ? [`${process.name} at "${process.describe().text}"`] : [])).join('; ');
}

export interface TruthComparison {
  readonly programs: number;
  readonly comparisons: number;
  /** Comparisons that were not made, by reason. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** How many of the programs had each feature. */
  readonly features: ReadonlyMap<string, number>;
  /** How many programs fail in some way, and the number of all outcomes. */
  readonly failing: number;
  readonly outcomes: number;
  /** The smallest program found on which an engine differs, in words; null if they all agree. */
  readonly difference: string | null;
}

/** Which programs are drawn, and of how many of them an engine explores one, if given. */
interface Drawing {
  readonly from: fc.Arbitrary<ScriptedProgram>;
  readonly oneIn: Partial<Record<EngineName, number>>;
}

const ALL: Drawing = { from: richProgram, oneIn: {} };

/** For a great many programs, mostly smaller ones. The engines with reductions are compared on each, the others on some. */
export const MANY: Drawing = { from: smallerProgram, oneIn: { stateful: 2, layered: 3, 'brute-force': 8, auto: 8 } };

/** Of this many programs, one gets new machines for each engine. */
const NEW_MACHINES = 8;

/** Compares `engines` with the plain interpreter on `programs` random programs. */
export function compareWithTruth(programs: number, seed: number, engines: readonly EngineName[] = WHOLE, exploring: Exploring = asItIs, { from, oneIn }: Drawing = ALL): TruthComparison {
  const passedOver = new Map<string, number>();
  const features = new Map<string, number>();
  const count = (counts: Map<string, number>, what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by);
  let [failing, outcomes, seen, comparisons] = [0, 0, 0, 0];
  const property = fc.property(from, (script) => {
    const isFirst = seen++ < programs; // what follows is shrinking
    const asked = isFirst ? engines.filter((engine) => seen % (oneIn[engine] ?? 1) === 0) : engines;
    if (isFirst) comparisons += asked.length;
    if (isFirst) for (const feature of featuresOf(script)) count(features, feature);
    const truth = plainTruth(script, STATES);
    if (truth === null) {
      if (isFirst) count(passedOver, `more than ${STATES} states`, asked.length);
      return;
    }
    outcomes += truth.outcomes.size;
    if (truth.violations.size + truth.deadlocks.size > 0 || truth.hasFairLoop) failing++;
    const made = scripted(script);
    const machines = new Machines(made);
    const task = { script, program: seen % NEW_MACHINES === 0 ? made : machines.program, states: truth.states };
    for (const engine of asked) {
      machines.gather();
      const verdict = exploring(task, engine);
      if (engine === 'optimal' && !verdict.complete && !truth.isCyclic) {
        if (isFirst) count(passedOver, `more than ${EVENTS} events of the optimal engine`);
        continue;
      }
      const objections = differences(task.program, engine, truth, verdict);
      if (objections.length > 0) throw new Error([`${engine} differs from what the program means`, ...objections].join('\n  '));
    }
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  const difference = failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null;
  return { programs, comparisons, passedOver, features, failing, outcomes, difference };
}
