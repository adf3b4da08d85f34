import type { EngineName, EngineOptions, Report } from './engine';
import { engineFor } from './engines';
import { challenge } from './oracle/challenge';
import { StateGraph } from './stateful/graph';
import { compareNeeds, type Layer, type Need } from './layered/raised';
import { labelsAlong, replay, type Trace } from './verdict/replay';
import type { Program } from './program';
import { formatSchedule, parseSchedule } from './verdict/schedule';
import { SmallestRuns } from './layered/smallest';
import type { Bounds, Knows, Search, Watch } from './stateful/search';
import { deadlockMessage, livelockMessage, readyIn, turningByForce } from './verdict/stuck';
import type { System, Violation } from './system';

// The result of a search: a verdict that is data. It says what was found, with
// the smallest run that shows it, and how much was seen.

/** One way in which the program goes wrong, with its smallest run. */
export interface Finding {
  readonly kind: 'violation' | 'deadlock' | 'livelock';
  /** The name of the violated invariant; for other kinds, the kind. */
  readonly invariant: string;
  readonly message: string;
  readonly witness: Witness;
  /** The minimum that a run to it needs, if the layers were explored in order; otherwise null. */
  readonly need: Need | null;
}

/** The smallest run to a finding: fewest interrupts, then fewest changes of process, then fewest steps. */
export interface Witness {
  /** Replays the run exactly. */
  readonly schedule: string;
  readonly trace: Trace;
  readonly interrupts: number;
  readonly steps: number;
}

export interface Verdict {
  /** Nothing was found, and everything was seen. */
  readonly holds: boolean;
  readonly complete: boolean;
  readonly bounds: Bounds;
  /** The engine that decided. */
  readonly engine: EngineName;
  /** Complete executions, if the engine counts them. */
  readonly executions: number | null;
  /** Executions that were abandoned because others cover the rest of them. */
  readonly blocked: number;
  readonly states: number;
  readonly transitions: number;
  readonly events: number;
  readonly depth: number;
  /** Smallest witness first. */
  readonly findings: readonly Finding[];
  /** The outcomes of finished runs. */
  readonly outcomes: readonly string[];
  /** Upper bound of the probability of a hash collision between two states. */
  readonly collisionBound: number;
  /** Switches of the program that some path consulted. */
  readonly consulted: readonly string[];
  readonly search: Search;
  /** What each step of the bound has added; empty if it was not raised. */
  readonly layers: readonly Layer[];
  /** Whether a bound on interrupts or switches left anything out. */
  readonly isCut: boolean;
  /** Random runs by plain semantics that found nothing the search did not know, and how many of them were given up as too long. */
  readonly challenged: number;
  readonly unended: number;
  /** Whether the search visited the state that a system of the program is in; null if it cannot tell. */
  readonly knows: Knows | null;
}

export type { Program } from './program';

/** How many events to explore between two calls of the watch. */
const STRIDE = 4096;

/**
 * Explores every interleaving of `program` within `bounds`, or samples them if the options name such an engine.
 *
 * @throws SearchMissed if random runs reach something that a complete search does not know
 */
export function explore(program: Program, bounds: Bounds = {}, watch?: Watch, options: EngineOptions = {}): Verdict {
  const explored: System[] = [];
  const engine = engineFor(() => explored[explored.push(program()) - 1]!, bounds, options);
  while (engine.advance(STRIDE) === 'under way') if (watch?.(engine.progress) === 'stop') break;
  const consulted = new Set(explored.flatMap((system) => system.consulted?.() ?? []));
  const verdict = { ...verdictOf(program, bounds, engine.report()), consulted: [...consulted] };
  return { ...verdict, ...challenge(program, verdict, options.challenge) };
}

/**
 * The verdict of a search, with the smallest runs to its findings.
 *
 * @param smallest has looked for these runs, as far as it got; without it they are looked for now
 */
export function verdictOf(program: Program, bounds: Bounds, report: Report, smallest?: SmallestRuns): Verdict {
  const system = program();
  const search = report.search ?? unsearched(bounds);
  const findings = [
    ...violationsOf(program, search, system),
    ...endingsOf(program, search, system),
    ...foundFindings(program, system, report, smallest),
  ].sort((one, other) => one.witness.interrupts - other.witness.interrupts || one.witness.steps - other.witness.steps);
  return {
    holds: report.complete && findings.length === 0,
    complete: report.complete,
    bounds,
    engine: report.engine,
    executions: report.executions,
    blocked: report.blocked,
    states: report.states,
    transitions: search.graph.size,
    events: report.events,
    depth: report.depth,
    findings,
    outcomes: [...report.outcomes].sort(),
    collisionBound: report.collisionBound,
    consulted: system.consulted?.() ?? [],
    search,
    layers: search.raised?.layers ?? [],
    challenged: 0,
    unended: 0,
    knows: report.knows ?? search.knows ?? null,
    isCut: search.raised?.isCut ?? (bounds.interrupts !== undefined || bounds.switches !== undefined),
  };
}

/** The result of a stateful search that has not begun. */
function unsearched(bounds: Bounds): Search {
  return {
    complete: false, bounds, states: 0, events: 0, depth: 0, graph: new StateGraph(), violations: [],
    endings: { finished: [], deadlock: [], livelock: [] }, outcomes: new Map(), collisionBound: 0, cyclic: false,
  };
}

const keyOf = (violation: Violation | null): string => (violation === null ? 'deadlock' : `${violation.invariant}\n${violation.message}`);

/** Looks for the smallest run to each finding of an engine without the graph. A long search may have to stop it. */
export function smallestRunsFor(program: Program, { found }: Pick<Report, 'found'>): SmallestRuns {
  const wanted = new Set(found.filter(({ kind, labels }) => kind !== 'livelock' && labels.length > 0).map(({ violation }) => keyOf(violation)));
  return new SmallestRuns(program(), (end) => keyOf(end.kind === 'violation' ? end.violation : null), wanted);
}

/** The findings of an engine without the graph, each with a smallest run to it, or, if that is not found soon, with the run that found it. */
function foundFindings(program: Program, first: System, report: Report, smallest: SmallestRuns | undefined): Finding[] {
  if (report.found.length === 0) return [];
  const runs = smallest ?? smallestRunsFor(program, report);
  while (smallest === undefined && !runs.advance(Infinity)) continue;
  return report.found.map(({ kind, violation, labels }) => {
    const { witness, end } = witnessOf(program, first, (kind === 'livelock' ? undefined : runs.found.get(keyOf(violation))?.labels) ?? labels);
    if (violation !== null) return { kind, invariant: violation.invariant, message: violation.message, witness, need: null };
    return { kind, invariant: kind, message: kind === 'livelock' ? livelockMessage(end, witness.trace, readyIn(end)) : deadlockMessage(end, witness.trace), witness, need: null };
  });
}

/**
 * The violations that a search has found, each with its smallest run.
 *
 * @param system one that is at its beginning, and is left there
 */
export function violationsOf(program: Program, search: Search, system = program()): Finding[] {
  return search.violations.map((violation, i) => violationFinding(program, system, search, violation, i));
}

/**
 * The deadlocks and endless loops that a search has found, with the smallest run to one of each.
 *
 * @param system one that is at its beginning, and is left there
 */
export function endingsOf(program: Program, search: Search, system = program()): Finding[] {
  return [...deadlockFinding(program, system, search), ...livelockFinding(program, system, search)];
}

function violationFinding(program: Program, system: System, search: Search, violation: Violation, number: number): Finding {
  const { witness } = witnessTo(program, system, search, (to) => to === -1 - number)!;
  return { kind: 'violation', invariant: violation.invariant, message: violation.message, witness, need: leastNeed(search, [-1 - number]) };
}

function deadlockFinding(program: Program, system: System, search: Search): Finding[] {
  const states = new Set<number>(search.endings.deadlock);
  if (states.size === 0) return [];
  const { witness, end } = witnessTo(program, system, search, (to) => states.has(to))!;
  return [{ kind: 'deadlock', invariant: 'deadlock', message: deadlockMessage(end, witness.trace), witness, need: leastNeed(search, states) }];
}

/** A search that was stopped after more states than this is not looked through for endless loops: that would delay the end of a run that was told to end. */
const MOST_LOOKED_THROUGH = 1_000_000;

/** Whether a search may have come to endless loops that nothing has looked for. */
export function skipsLoops({ complete, cyclic, states }: Pick<Search, 'complete' | 'cyclic' | 'states'>): boolean {
  return cyclic && !complete && states > MOST_LOOKED_THROUGH;
}

/** The kinds of endings that a search has found: what `endingsOf` finds, without the runs. */
export function endingKinds(search: Search, system: System): readonly ('deadlock' | 'livelock')[] {
  return [...(search.endings.deadlock.length > 0 ? ['deadlock' as const] : []), ...(loopsIn(search, system).looping.size > 0 ? ['livelock' as const] : [])];
}

/** The endless loops that a search has found, and every state from which a run may never end. */
function loopsIn(search: Search, system: System): { readonly loops: readonly (readonly number[])[]; readonly looping: ReadonlySet<number> } {
  if (system.endless) return { loops: [], looping: new Set() };
  const loops = search.cyclic && !skipsLoops(search) ? search.graph.fairLoops(search.states, system.processes.length) : [];
  return { loops, looping: new Set([...search.endings.livelock, ...loops.flat()]) };
}

function livelockFinding(program: Program, system: System, search: Search): Finding[] {
  const { graph, states } = search;
  const { loops, looping } = loopsIn(search, system);
  if (looping.size === 0) return [];
  const path = graph.cheapestPath(states, system.processes.length, (to) => looping.has(to), true)!;
  const { witness, end } = witnessOf(program, system, labelsAlong(system, graph, path));
  const last = graph.edge(path.at(-1)!).to;
  const loop = loops.find((members) => members.includes(last));
  const message = livelockMessage(end, witness.trace, loop === undefined ? turningByForce(end) : graph.movingAmong(loop));
  return [{ kind: 'livelock', invariant: 'livelock', message, witness, need: null }];
}

/** The minimum that any of these needs, if the search knows it. */
function leastNeed({ raised }: Search, targets: Iterable<number>): Need | null {
  if (raised === undefined) return null;
  const needs = Array.from(targets, (to) => raised.needOf(to));
  return needs.reduce((least, need) => (compareNeeds(need, least) < 0 ? need : least));
}

function witnessTo(program: Program, system: System, search: Search, isTarget: (to: number) => boolean): Witnessed | null {
  const path = search.graph.cheapestPath(search.states, system.processes.length, isTarget);
  return path === null ? null : witnessOf(program, system, labelsAlong(system, search.graph, path));
}

interface Witnessed {
  readonly witness: Witness;
  /** The system at the end of it. */
  readonly end: System;
}

/** A run with its trace, made twice to ensure that it is always the same: on a new system, and on one that has made other runs. */
function witnessOf(program: Program, used: System, labels: readonly string[]): Witnessed {
  const schedule = formatSchedule(labels);
  const end = program();
  const trace = replay(end, parseSchedule(schedule));
  const mark = used.store.mark();
  const again = replay(used, parseSchedule(schedule));
  used.store.undo(mark);
  if (shown(trace) !== shown(again)) throw new Error('machine bug: the same schedule gave two different runs; the program is not deterministic');
  return { witness: { schedule, trace, interrupts: trace.events.filter((event) => event.kind === 'interrupt').length, steps: labels.length }, end };
}

/** What is compared of a run. */
function shown({ events, violation }: Trace): string {
  return JSON.stringify([events.map(({ label, text, changes }) => [label, text, changes.map(({ cell, after }) => [cell, String(after)])]), violation?.message]);
}
