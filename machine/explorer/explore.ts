import { labelsAlong, replay, type Trace } from './replay';
import { formatSchedule, parseSchedule } from './schedule';
import { searchStates, type Bounds, type Search, type Watch } from './stateful';
import { sameValue } from '../state/tracked';
import type { System, Violation } from './system';

// What a search is for: a verdict that is data. It says what was found, with
// the smallest run that shows it, and how much was seen to say so.

/** One way in which the program goes wrong, with its smallest run. */
export interface Finding {
  readonly kind: 'violation' | 'deadlock' | 'livelock';
  /** For a violation the invariant's name; else the kind. */
  readonly invariant: string;
  readonly message: string;
  readonly witness: Witness;
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
  readonly states: number;
  readonly transitions: number;
  readonly events: number;
  readonly depth: number;
  /** Smallest witness first. */
  readonly findings: readonly Finding[];
  /** What finished runs come to. */
  readonly outcomes: readonly string[];
  /** Upper bound of the chance that two states were taken for one. */
  readonly collisionBound: number;
  /** Switches of the program that some path asked for. */
  readonly consulted: readonly string[];
  readonly search: Search;
}

/** A program to explore: builds the same system each time. */
export type Program = () => System;

/** Explores every interleaving of `program` within `bounds`. */
export function explore(program: Program, bounds: Bounds = {}, watch?: Watch): Verdict {
  const system = program();
  const search = searchStates(system, bounds, watch);
  const findings = [
    ...search.violations.map((violation, i) => violationFinding(program, system, search, violation, i)),
    ...stuckFinding(program, system, search, 'deadlock'),
    ...stuckFinding(program, system, search, 'livelock'),
  ].sort((one, other) => one.witness.interrupts - other.witness.interrupts || one.witness.steps - other.witness.steps);
  return {
    holds: search.complete && findings.length === 0,
    complete: search.complete,
    bounds,
    states: search.states,
    transitions: search.graph.size,
    events: search.events,
    depth: search.depth,
    findings,
    outcomes: [...search.outcomes.keys()].sort(),
    collisionBound: search.collisionBound,
    consulted: system.consulted?.() ?? [],
    search,
  };
}

function violationFinding(program: Program, system: System, search: Search, violation: Violation, number: number): Finding {
  const witness = witnessTo(program, system, search, (to) => to === -1 - number);
  return { kind: 'violation', invariant: violation.invariant, message: violation.message, witness: witness! };
}

function stuckFinding(program: Program, system: System, search: Search, kind: 'deadlock' | 'livelock'): Finding[] {
  const states = new Set<number>(search.endings[kind]);
  if (kind === 'livelock' && search.cyclic) for (const loop of search.graph.fairLoops(search.states, system.processes.length)) loop.forEach((state) => states.add(state));
  if (states.size === 0) return [];
  const witness = witnessTo(program, system, search, (to) => states.has(to))!;
  const end = program();
  replay(end, parseSchedule(witness.schedule));
  const stuck = end.processes.filter((process) => process.busy()).map((process) => {
    const { context, paths, text } = process.describe();
    return `${context} at "${text}" in ${paths[paths.length - 1] ?? 'no path'}`;
  });
  const message = kind === 'deadlock' ? `nothing can go on: ${stuck.join('; ')}` : `the same state comes again for ever, although every ready process gets its turn: ${stuck.join('; ')}`;
  return [{ kind, invariant: kind, message, witness }];
}

function witnessTo(program: Program, system: System, search: Search, isTarget: (to: number) => boolean): Witness | null {
  const path = search.graph.cheapestPath(search.states, system.processes.length, isTarget);
  if (!path) return null;
  const labels = labelsAlong(system, search.graph, path);
  const schedule = formatSchedule(labels);
  const trace = replay(program(), parseSchedule(schedule));
  const again = replay(program(), parseSchedule(schedule));
  if (!sameTrace(trace, again)) throw new Error('machine bug: the same schedule gave two different runs; the program is not deterministic');
  return { schedule, trace, interrupts: trace.events.filter((event) => event.kind === 'interrupt').length, steps: labels.length };
}

function sameTrace(one: Trace, other: Trace): boolean {
  return one.events.length === other.events.length && one.events.every((event, i) => {
    const twin = other.events[i]!;
    return event.label === twin.label && event.text === twin.text && event.changes.length === twin.changes.length
      && event.changes.every((change, k) => change.cell === twin.changes[k]!.cell && String(change.after) === String(twin.changes[k]!.after));
  }) && sameValue(one.violation?.message, other.violation?.message);
}
