import type { EngineOptions, Report } from '../engine';
import { engineFor } from '../engines';
import { verdictOf } from '../explore';
import type { Program } from '../program';
import type { Found } from '../verdict/findings';
import { formatSchedule, parseSchedule } from '../verdict/schedule';
import type { Bounds, Watch } from '../stateful/search';
import { isAtRest, movesOf, outcomeAtRest, violationOf } from '../system';

// One search in parts, for several cores or several machines. A part is a
// beginning of runs: every possible move is made for a few events, and each
// sequence of them is a part. The parts are the same wherever they are computed,
// so they need not be sent. Together they give the result of one search.
//
// The verdict, its findings and outcomes, and the number of executions of the
// optimal engine do not depend on the split. States are counted in each part
// that reaches them, so their sum does depend on it.

/** The report of one part, as plain data. */
export interface PartReport extends Omit<Report, 'search'> {
  readonly search?: never;
}

/** The beginnings (labels of moves) of at least `count` parts, or all runs of a program that has fewer. */
export function partsOf(program: Program, bounds: Bounds, count: number): string[][] {
  const system = program();
  const start = system.store.mark();
  let parts: string[][] = [[]];
  for (let grew = true; grew && parts.length < count;) {
    grew = false;
    const longer: string[][] = [];
    for (const prefix of parts) {
      let interrupts = 0;
      for (const label of prefix) {
        const move = movesOf(system).find((candidate) => candidate.label === label)!;
        if (move.kind === 'interrupt') interrupts++;
        move.perform();
      }
      const moves = violationOf(system) ? [] : movesOf(system).filter((move) => move.kind === 'step' || interrupts < (bounds.interrupts ?? Infinity));
      if (moves.length === 0) longer.push(prefix);
      else for (const move of moves) longer.push([...prefix, move.label]);
      grew ||= moves.length > 0;
      system.store.undo(start);
    }
    parts = longer;
  }
  return parts;
}

/** Explores one part of `program`. */
export function explorePart(program: Program, bounds: Bounds, prefix: readonly string[], options: EngineOptions, watch?: Watch): PartReport {
  const begun = startingWith(program, prefix);
  const violation = violationOf(begun());
  if (violation !== null) {
    return {
      engine: options.engine ?? 'auto', complete: true, executions: 1, blocked: 0, events: 0, depth: 0, states: 0, collisionBound: 0, outcomes: [],
      found: [{ kind: 'violation', violation, labels: prefix }],
    };
  }
  const left: Bounds = bounds.interrupts === undefined ? bounds : { ...bounds, interrupts: bounds.interrupts - interruptsIn(program, prefix) };
  const engine = engineFor(program, left, { ...options, prefix });
  while (engine.advance(4096) === 'under way') if (watch?.(engine.progress) === 'stop') break;
  const { search, ...reported } = engine.report();
  const report = { ...reported, outcomes: [...new Set([...reported.outcomes, ...outcomesAlong(program, prefix)])] };
  if (search === null) return report;
  const { findings } = verdictOf(begun, left, { ...report, search });
  const found = findings.map(({ kind, invariant, message, witness }): Found => ({
    kind, violation: kind === 'violation' ? { invariant, message } : null, labels: [...prefix, ...labelsOf(witness.schedule)],
  }));
  return { ...report, found };
}

/** The combined report of the parts; complete only if each of them is. */
export function mergeReports(reports: readonly PartReport[]): PartReport {
  const found = new Map<string, Found>();
  for (const finding of reports.flatMap((report) => report.found)) {
    const key = `${finding.kind} ${finding.violation?.invariant ?? ''} ${finding.violation?.message ?? ''}`;
    const known = found.get(key);
    if (!known || finding.labels.length < known.labels.length) found.set(key, finding);
  }
  const sum = (count: (report: PartReport) => number | null): number => reports.reduce((total, report) => total + (count(report) ?? 0), 0);
  return {
    engine: reports.length > 0 && reports.every(({ engine }) => engine === reports[0]!.engine) ? reports[0]!.engine : 'auto',
    complete: reports.every(({ complete }) => complete),
    executions: reports.some(({ executions }) => executions === null) ? null : sum(({ executions }) => executions),
    blocked: sum(({ blocked }) => blocked),
    events: sum(({ events }) => events),
    states: sum(({ states }) => states),
    depth: Math.max(0, ...reports.map(({ depth }) => depth)),
    collisionBound: sum(({ collisionBound }) => collisionBound),
    outcomes: [...new Set(reports.flatMap(({ outcomes }) => outcomes))].sort(),
    found: [...found.values()].sort((one, other) => one.labels.length - other.labels.length || (formatSchedule(one.labels) < formatSchedule(other.labels) ? -1 : 1)),
  };
}

/** The program as it is after these moves. */
export function startingWith(program: Program, prefix: readonly string[]): Program {
  if (prefix.length === 0) return program;
  return () => {
    const system = program();
    for (const label of prefix) movesOf(system).find((move) => move.label === label)!.perform();
    return system;
  };
}

/** Outcomes of runs that end before these moves do: all work is done, and only events from outside can follow. */
function outcomesAlong(program: Program, prefix: readonly string[]): string[] {
  const system = program();
  return prefix.flatMap((label) => {
    const moves = movesOf(system);
    const outcomes = isAtRest(system, moves) ? [outcomeAtRest(system, true)] : [];
    moves.find((candidate) => candidate.label === label)!.perform();
    return outcomes;
  });
}

function interruptsIn(program: Program, prefix: readonly string[]): number {
  const system = program();
  return prefix.filter((label) => {
    const move = movesOf(system).find((candidate) => candidate.label === label)!;
    move.perform();
    return move.kind === 'interrupt';
  }).length;
}

function labelsOf(schedule: string): string[] {
  return parseSchedule(schedule).flatMap(({ label, times }) => Array.from({ length: times }, () => label));
}
