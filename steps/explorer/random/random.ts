// Random programs, and what every engine must say about them: the same as brute force.

import fc from 'fast-check';
import { bruteForce } from '../../../machine/explorer/oracle/brute-force';
import { Optimal, type SavedReduction } from '../../../machine/explorer/optimal/engine';
import { OptimalSearch } from '../../../machine/explorer/optimal/search';
import { explorePart, mergeReports, partsOf, type PartReport } from '../../../machine/explorer/parts/partition';
import { ReducedSearch, type Reductions } from '../../../machine/explorer/reduced/search';
import { searchStates } from '../../../machine/explorer/stateful/search';
import type { System } from '../../../machine/explorer/system';
import { scripted, type Act, type Script, type ScriptedProgram } from '../../../machine/programs/scripted';

const word = fc.nat({ max: 2 });
const value = fc.integer({ min: 1, max: 2 });

const plainAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('load' as const), word }),
  fc.record({ do: fc.constant('store' as const), word, value }),
  fc.record({ do: fc.constant('copy' as const), word, to: word }),
  fc.record({ do: fc.constant('add' as const), word }),
  fc.record({ do: fc.constant('swap' as const), word, expected: fc.nat({ max: 1 }), value }),
  fc.record({ do: fc.constant('await' as const), word, value: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('await both' as const), word, other: word, value: fc.nat({ max: 1 }) }),
  fc.record({ do: fc.constant('forbid' as const), word, value: fc.integer({ min: 2, max: 3 }) }),
  fc.record({ do: fc.constant('choose' as const), word }),
  fc.record({ do: fc.constantFrom('cli' as const, 'sti' as const, 'mfence' as const) }),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: plainAct },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ipi' as const), target: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('locked' as const), lock: fc.nat({ max: 1 }), acts: fc.array(plainAct, { maxLength: 2 }) }) },
);

const none = fc.constant([]);
const one = fc.tuple(fc.tuple(act));
const long = fc.tuple(fc.tuple(act, act));
const two = fc.tuple(fc.tuple(act), fc.tuple(act));

function scriptOf(acts: number, interrupts: fc.Arbitrary<readonly (readonly Act[])[]>): fc.Arbitrary<Script> {
  return fc.record({ acts: fc.array(act, { minLength: 1, maxLength: acts }), interrupts, onIpi: fc.array(plainAct, { maxLength: 1 }) });
}

/** Small programs with every feature: locks, waits, interrupts that nest, IPIs, store buffers. */
export const anyProgram: fc.Arbitrary<ScriptedProgram> = fc.record({
  processors: fc.oneof(
    { weight: 6, arbitrary: fc.tuple(scriptOf(3, none), scriptOf(3, none)) },
    { weight: 6, arbitrary: fc.tuple(scriptOf(2, none), scriptOf(2, none), scriptOf(1, none)) },
    { weight: 2, arbitrary: fc.tuple(scriptOf(1, none), scriptOf(1, none), scriptOf(1, none), scriptOf(1, none)) },
    { weight: 3, arbitrary: fc.tuple(scriptOf(2, fc.oneof(one, long)), scriptOf(2, none)) },
    // Two equal processors, alone and beside another one.
    { weight: 2, arbitrary: scriptOf(3, none).map((script) => [script, script]) },
    { weight: 2, arbitrary: fc.tuple(scriptOf(2, none), scriptOf(1, none)).map(([script, other]) => [script, script, other]) },
    { weight: 1, arbitrary: scriptOf(1, one).map((script) => [script, script]) },
    { weight: 1, arbitrary: scriptOf(1, none).map((script) => [script, script, script]) },
    { weight: 2, arbitrary: fc.tuple(scriptOf(1, one), scriptOf(1, one)) },
    { weight: 2, arbitrary: fc.tuple(scriptOf(1, two), scriptOf(1, none)) },
    // Interrupts that nest in a longer program: by far the most states.
    { weight: 1, arbitrary: fc.tuple(scriptOf(2, two), scriptOf(1, none)) },
  ),
  isBuffered: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** All results of a program, in words. */
export type Outcomes = readonly string[];

/** A program with more states, or more events in a reduced search, is passed over, and counted as such. */
const STATES = 2_000;
const EVENTS = 4_000;
const INSTALMENT = 150;

/** What brute force finds; null if the program is too large for it. */
export function outcomesByBruteForce(program: ScriptedProgram): Outcomes | null {
  const result = bruteForce(scripted(program)(), STATES);
  if (!result.complete) return null;
  return inWords(result.outcomes, result.violations.map(({ message }) => message), result.deadlocks > 0);
}

export function inWords(outcomes: Iterable<string>, violations: Iterable<string>, isDeadlocked: boolean): Outcomes {
  return [...[...outcomes].map((outcome) => `ends: ${outcome}`), ...[...violations].map((message) => `fails: ${message}`), ...(isDeadlocked ? ['deadlock'] : [])].sort();
}

/** What the optimal reduction finds. */
export function outcomesByOptimal(program: ScriptedProgram, leaveOut?: string): Outcomes | null {
  const outcomes = new Set<string>();
  const violations = new Set<string>();
  let isDeadlocked = false;
  const search = new OptimalSearch(scripted(program)(), (end) => {
    if (end.kind === 'finished') outcomes.add(end.outcome);
    else if (end.kind === 'violation') violations.add(end.violation.message);
    else isDeadlocked = true;
  }, leaveOut === undefined ? {} : { leaveOut });
  const isComplete = search.run(EVENTS, () => {
    outcomes.clear();
    violations.clear();
    isDeadlocked = false;
  });
  if (!isComplete) return null;
  return inWords(outcomes, violations, isDeadlocked);
}

/** What the optimal reduction finds in several parts, as for several cores. */
function outcomesByParts(program: ScriptedProgram): Outcomes | null {
  const made = scripted(program);
  const reports: PartReport[] = [];
  for (const prefix of partsOf(made, {}, 3)) {
    let events = 0;
    reports.push(explorePart(made, {}, prefix, { engine: 'optimal' }, (progress) => ((events = progress.events) > EVENTS ? 'stop' : 'go on')));
    if (events > EVENTS) return null;
  }
  const { outcomes, found } = mergeReports(reports);
  return inWords(outcomes, found.flatMap(({ violation }) => (violation ? [violation.message] : [])), found.some(({ kind }) => kind === 'deadlock'));
}

/** What the optimal reduction finds if it is stopped every few events and another search continues from what was saved. */
function outcomesByInstalments(program: ScriptedProgram): Outcomes | null {
  let reduction: Optimal = new Optimal(scripted(program), []);
  for (let standing = reduction.advance(INSTALMENT); standing !== 'ended'; standing = reduction.advance(INSTALMENT)) {
    if (reduction.progress.events > EVENTS) return null;
    reduction = new Optimal(scripted(program), [], JSON.parse(JSON.stringify(reduction.save())) as SavedReduction);
  }
  const { outcomes, found } = reduction.report();
  return inWords(outcomes, found.flatMap(({ violation }) => (violation ? [violation.message] : [])), found.some(({ kind }) => kind === 'deadlock'));
}

/** What the stateful search finds. */
export function outcomesByStates(program: ScriptedProgram): Outcomes {
  return outcomesOfSystem(scripted(program)());
}

function outcomesOfSystem(system: System): Outcomes {
  const search = searchStates(system);
  return inWords(search.outcomes.keys(), search.violations.map(({ message }) => message), search.endings.deadlock.length > 0);
}

/** What the reduced search finds. */
export function outcomesByReduced(program: ScriptedProgram, reductions: Reductions = {}): Outcomes | null {
  const search = new ReducedSearch(scripted(program)(), reductions);
  while (!search.advance(EVENTS)) if (search.counts.events > EVENTS) return null;
  const { outcomes, all } = search.findings;
  return inWords(outcomes, all.flatMap(({ violation }) => (violation ? [violation.message] : [])), all.some(({ kind }) => kind === 'deadlock'));
}

/** Ways to explore, by name. */
export type Candidates = Readonly<Record<string, (program: ScriptedProgram) => Outcomes | null>>;

export const engines: Candidates = {
  optimal: (program) => outcomesByOptimal(program),
  stateful: outcomesByStates,
  reduced: (program) => outcomesByReduced(program),
};

/** The optimal engine with interruptions. */
export const piecemeal: Candidates = {
  'optimal in parts': outcomesByParts,
  'optimal, saved and resumed': outcomesByInstalments,
};

/** The result of a comparison over many programs. */
export interface Comparison {
  /** One for each program and each engine. */
  readonly comparisons: number;
  /** Comparisons that were not made because the program is too large for brute force or for the engine. */
  readonly passedOver: number;
  readonly outcomes: number;
  /** The smallest program found on which an engine differs, in words; null if they all agree. */
  readonly difference: string | null;
}

/** Compares each engine of `candidates` with brute force on `programs` random programs. */
export function compareEngines(programs: number, seed: number, candidates: Candidates): Comparison {
  const names = Object.keys(candidates);
  let passedOver = 0;
  let outcomes = 0;
  const property = fc.property(anyProgram, (program) => {
    const expected = outcomesByBruteForce(program);
    if (expected === null) {
      passedOver += names.length;
      return;
    }
    outcomes += expected.length;
    for (const name of names) {
      const actual = candidates[name]!(program);
      if (actual === null) passedOver++;
      else if (actual.join('\n') !== expected.join('\n')) throw new Error(differenceOf(name, expected, actual));
    }
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  const difference = failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null;
  return { comparisons: programs * names.length, passedOver, outcomes, difference };
}

export function differenceOf(name: string, expected: Outcomes, actual: Outcomes): string {
  const lost = expected.filter((outcome) => !actual.includes(outcome));
  const invented = actual.filter((outcome) => !expected.includes(outcome));
  return [`${name} differs from brute force`, ...lost.map((outcome) => `  lost: ${outcome}`), ...invented.map((outcome) => `  invented: ${outcome}`)].join('\n');
}

const alone = { interrupts: [], onIpi: [] };

/** Small programs on which a reduction easily loses something, by what makes them difficult. */
export const hardPrograms: Readonly<Record<string, ScriptedProgram>> = {
  'a wait for two words that change one after the other': {
    processors: [
      { ...alone, acts: [{ do: 'add', word: 1 }, { do: 'add', word: 0 }] },
      { ...alone, acts: [{ do: 'locked', lock: 0, acts: [{ do: 'await both', word: 0, other: 1, value: 0 }] }] },
    ],
    isBuffered: false,
  },
  'an interrupt that touches nothing, where continuing touches something': {
    processors: [
      { ...alone, acts: [{ do: 'copy', word: 1, to: 2 }] },
      { ...alone, acts: [{ do: 'ipi', target: 1 }, { do: 'add', word: 2 }] },
      { ...alone, acts: [{ do: 'copy', word: 2, to: 1 }] },
    ],
    isBuffered: false,
  },
  'an interrupt that can be taken twice before going on once': {
    processors: [
      { ...alone, acts: [{ do: 'ipi', target: 2 }, { do: 'load', word: 1 }] },
      { ...alone, acts: [{ do: 'ipi', target: 2 }, { do: 'load', word: 1 }] },
      { interrupts: [], onIpi: [{ do: 'copy', word: 1, to: 0 }], acts: [{ do: 'add', word: 1 }] },
    ],
    isBuffered: false,
  },
  'a wait that only the first processes get through': {
    processors: [
      { ...alone, acts: [{ do: 'copy', word: 0, to: 2 }] },
      { ...alone, acts: [{ do: 'add', word: 1 }] },
      { ...alone, acts: [{ do: 'await both', word: 2, other: 1, value: 0 }] },
    ],
    isBuffered: false,
  },
  'a lock whose holder fails before it releases it': {
    processors: [
      { ...alone, acts: [{ do: 'locked', lock: 0, acts: [{ do: 'store', word: 0, value: 2 }, { do: 'forbid', word: 0, value: 2 }] }] },
      { ...alone, acts: [{ do: 'locked', lock: 0, acts: [] }, { do: 'ipi', target: 2 }] },
      { interrupts: [], onIpi: [{ do: 'forbid', word: 1, value: 2 }], acts: [{ do: 'choose', word: 1 }] },
    ],
    isBuffered: false,
  },
};

/** How the engines differ from brute force on one program, in words; null if they agree. */
export function differenceOn(program: ScriptedProgram): string | null {
  const expected = outcomesByBruteForce(program);
  if (expected === null) throw new Error('the program is too large for brute force');
  const differences = Object.entries({ ...engines, ...piecemeal }).flatMap(([name, outcomesOf]) => {
    const actual = outcomesOf(program);
    if (actual === null) return [`${name} did not end`];
    return actual.join('\n') === expected.join('\n') ? [] : [differenceOf(name, expected, actual)];
  });
  return differences.length === 0 ? null : differences.join('\n');
}
