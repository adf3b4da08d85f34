// What every engine must say about a random program: the same as the plain interpreter, which
// shares nothing with them.

import fc from 'fast-check';
import { explore, verdictOf, type Verdict } from '../../machine/explorer/explore';
import { Reduced } from '../../machine/explorer/reduced/engine';
import type { Reductions } from '../../machine/explorer/reduced/search';
import { ForgetfulTable } from '../../machine/programs/faulty';
import type { EngineName } from '../../machine/explorer/engine';
import { replay } from '../../machine/explorer/verdict/replay';
import { parseSchedule } from '../../machine/explorer/verdict/schedule';
import type { Program } from '../../machine/explorer/program';
import { compare, plainTruth, type Cost, type PlainTruth } from '../../machine/programs/plain-search';
import type { ScriptedProgram } from '../../machine/programs/script';
import { scripted } from '../../machine/programs/scripted';
import { featuresOf, richProgram } from './random-programs';

/** The engines that look at everything. */
export const WHOLE = ['brute-force', 'stateful', 'layered', 'reduced', 'optimal', 'auto'] as const satisfies readonly EngineName[];

/** How an engine explores a program; other ways are for showing that a fault would be noticed. */
export type Exploring = (script: ScriptedProgram, engine: EngineName) => Verdict;

/** Larger programs are passed over. */
const STATES = 1_500;
/** An engine that has not ended by then never will, on a program of that size. */
const EVENTS = 150_000;

export const asItIs: Exploring = (script, engine) => exploreAll(scripted(script), engine);

/** Faults that a reduction has had, put back. */
export const OLD_FAULTS: Readonly<Record<string, Exploring>> = {
  'forgets the order of observed writes': (script) => reducedWith(scripted(script), { forget: 'order of observed writes' }),
  'forgets whom an event moves': (script) => reducedWith(scripted(script), { forget: 'whom an event moves' }),
  'has tables that forget their keys': (script) => reducedWith(scripted(script, (store, name) => new ForgetfulTable(store, name, 0)), {}),
};

export function reducedWith(program: Program, reductions: Reductions): Verdict {
  const engine = new Reduced(program, {}, [], reductions);
  while (engine.advance(EVENTS) === 'under way') if (engine.progress.events > EVENTS) break;
  return verdictOf(program, {}, engine.report());
}

export function exploreAll(program: Program, engine: EngineName): Verdict {
  return explore(program, {}, ({ events }) => (events > EVENTS ? 'stop' : 'go on'), { engine, challenge: 0 });
}

/** Whether an engine can end on such a program at all. */
function canEnd(engine: EngineName, { isCyclic }: PlainTruth): boolean {
  return !isCyclic || (engine !== 'reduced' && engine !== 'optimal');
}

/** What an engine says otherwise than it is; empty if it says the same. */
function differences(script: ScriptedProgram, engine: EngineName, truth: PlainTruth, verdict: Verdict): string[] {
  if (!canEnd(engine, truth)) return verdict.complete ? ['says that it saw everything of a program that goes round'] : [];
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
    if (what === 'deadlock' && !truth.deadlocks.has(whoWaits(script, witness.schedule))) objections.push(`shows a deadlock of ${whoWaits(script, witness.schedule)}, which is none`);
  }
  return objections;
}

function unequal(what: string, is: ReadonlySet<string>, said: ReadonlySet<string>): string[] {
  return [...[...is].filter((one) => !said.has(one)).map((one) => `lost ${what}: ${one}`), ...[...said].filter((one) => !is.has(one)).map((one) => `invented ${what}: ${one}`)];
}

/** Who is left with work at the end of a run, and is about to do what. */
function whoWaits(script: ScriptedProgram, schedule: string): string {
  const system = scripted(script)();
  replay(system, parseSchedule(schedule));
  return system.processes.flatMap((process) => (process.busy() ? [`${process.name} at "${process.describe().text}"`] : [])).join('; ');
}

export interface TruthComparison {
  readonly programs: number;
  readonly comparisons: number;
  /** Comparisons that were not made, by reason. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** How many of the programs had what in them. */
  readonly features: ReadonlyMap<string, number>;
  /** Programs that are found to go wrong in some way, and outcomes in all. */
  readonly failing: number;
  readonly outcomes: number;
  /** The smallest program found on which an engine differs, in words; null if they all agree. */
  readonly difference: string | null;
}

/** Holds `engines` against the plain interpreter on `programs` random programs. */
export function compareWithTruth(programs: number, seed: number, engines: readonly EngineName[] = WHOLE, exploring: Exploring = asItIs): TruthComparison {
  const passedOver = new Map<string, number>();
  const features = new Map<string, number>();
  const count = (counts: Map<string, number>, what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by);
  let [failing, outcomes, seen] = [0, 0, 0];
  const property = fc.property(richProgram, (script) => {
    const isFirst = seen++ < programs; // what follows is shrinking
    if (isFirst) for (const feature of featuresOf(script)) count(features, feature);
    const truth = plainTruth(script, STATES);
    if (truth === null) {
      if (isFirst) count(passedOver, `more than ${STATES} states`, engines.length);
      return;
    }
    outcomes += truth.outcomes.size;
    if (truth.violations.size + truth.deadlocks.size > 0 || truth.hasFairLoop) failing++;
    for (const engine of engines) {
      const verdict = exploring(script, engine);
      if (engine === 'optimal' && !verdict.complete && !truth.isCyclic) {
        if (isFirst) count(passedOver, `more than ${EVENTS} events of the optimal engine`);
        continue;
      }
      const objections = differences(script, engine, truth, verdict);
      if (objections.length > 0) throw new Error([`${engine} differs from what the program means`, ...objections].join('\n  '));
    }
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  const difference = failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null;
  return { programs, comparisons: programs * engines.length, passedOver, features, failing, outcomes, difference };
}
