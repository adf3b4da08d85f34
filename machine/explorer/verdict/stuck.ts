import type { Awaited } from '../../path';
import type { Trace } from './replay';
import { isAtRest, movesOf, type Process, type System } from '../system';

// A run that cannot end, in words: where each process is, what it waits for,
// which process holds that, and whether they wait for each other.

/**
 * What keeps a deadlocked run from its end.
 *
 * @param system as it is at the end of `trace`
 */
export function deadlockMessage(system: System, trace: Trace): string {
  const stuck = system.processes.filter((process) => process.busy());
  const waits = new Map(stuck.map((process) => [process, waitOf(process, system, trace)]));
  const cycle = cycleAmong(waits);
  const names = cycle.map(nameOf).join(', ');
  return `nothing can go on: ${stuck.map((process) => `${placeOf(process)}${inWords(process, waits.get(process)!)}`).join('; ')}${
    cycle.length > 1 ? `: a cycle of ${cycle.length} (${names})` : ''}`;
}

/**
 * Which processes loop forever at the end of a run, and which wait meanwhile.
 *
 * @param system as it is at the end of `trace`
 * @param turning the numbers of the processes that move in the loop
 */
export function livelockMessage(system: System, trace: Trace, turning: ReadonlySet<number>): string {
  const words = system.processes.flatMap((process, i) => {
    if (turning.has(i)) return [`${placeOf(process)} loops`];
    return process.busy() ? [`${placeOf(process)}${inWords(process, waitOf(process, system, trace))}`] : [];
  });
  return `the same state repeats forever, although every process that stays ready gets its turn: ${words.join('; ')}`;
}

/** A longer sequence of forced steps does not count as a loop. */
const LOOP = 10_000;

/**
 * The numbers of the processes that move while each step is the only thing that
 * can happen, until the current state recurs; empty if it does not. The system
 * is left as it was.
 */
export function turningByForce(system: System): Set<number> {
  const { store, processes } = system;
  const start = store.mark();
  const turning = new Set<number>();
  for (let steps = 0; steps < LOOP; steps++) {
    const moves = movesOf(system);
    const [move] = moves;
    if (move === undefined || moves.length > 1 || move.kind !== 'step') break;
    turning.add(processes.indexOf(move.process));
    move.perform();
    if (store.a !== start.a || store.b !== start.b) continue;
    store.undo(start);
    return turning;
  }
  store.undo(start);
  return new Set();
}

/** What can be said about the end of one run without a search. */
export type RunEnd =
  | { readonly kind: 'finished'; readonly outcome: string }
  | { readonly kind: 'deadlock' | 'livelock'; readonly message: string }
  /** Not at an end. Also if only interrupts can come and will not help: only a search can tell that. */
  | { readonly kind: 'under way'; readonly next: readonly string[] };

/** Where a run has led, `system` being at the end of `trace`. */
export function endOfRun(system: System, trace: Trace): RunEnd {
  const moves = movesOf(system);
  if (isAtRest(system, moves)) return { kind: 'finished', outcome: system.outcome?.() ?? '' };
  if (moves.length === 0) return { kind: 'deadlock', message: deadlockMessage(system, trace) };
  const turning = turningByForce(system);
  if (turning.size > 0) return { kind: 'livelock', message: livelockMessage(system, trace, turning) };
  return { kind: 'under way', next: moves.map(({ label }) => label) };
}

/** The numbers of the processes that can step. */
export function readyIn(system: System): Set<number> {
  return new Set(movesOf(system).filter(({ kind }) => kind === 'step').map(({ process }) => system.processes.indexOf(process)));
}

/** What a process waits for, with the processes that could end the wait. */
interface Wait {
  readonly awaited: Awaited | null;
  readonly on: readonly Process[];
}

function waitOf(process: Process, system: System, trace: Trace): Wait {
  const awaited = process.awaited?.() ?? null;
  const named = (names: readonly (string | undefined)[]): Process[] => system.processes.filter(({ name }) => names.includes(name));
  switch (awaited?.kind) {
    case 'lock': return { awaited, on: named([awaited.holder ?? lastWriter(awaited.name, trace)]) };
    case 'answers': return { awaited, on: named(awaited.of.map((one) => one.process)) };
    default: return { awaited, on: [] };
  }
}

function lastWriter(cell: string, { events }: Trace): string | undefined {
  return events.findLast(({ changes }) => changes.some((change) => change.cell === cell))?.process;
}

function placeOf(process: Process): string {
  const { context, paths, text } = process.describe();
  return `${context} at "${text}" in ${paths.at(-1) ?? 'no path'}`;
}

/** The name of the context that a process runs. */
function nameOf(process: Process): string {
  return process.describe().context;
}

function inWords(process: Process, { awaited, on }: Wait): string {
  switch (awaited?.kind) {
    case 'lock': return ` waits for ${awaited.name}, which ${on.map((holder) => holderOf(holder, process)).join(', ') || 'no process here'} holds`;
    case 'answers': return ` waits for the answer of ${on.map((other) => answererOf(other, awaited.of.find(({ process: name }) => name === other.name)?.unless)).join(', ')}`;
    case 'condition': return ` waits for ${awaited.text}`;
    default: return '';
  }
}

function holderOf(holder: Process, waiting: Process): string {
  if (holder === waiting) return 'it itself';
  if (holder.busy()) return nameOf(holder);
  const { context, text } = holder.describe();
  return text === 'ended' ? `${context}, which has ended,` : `${context}, which stays at "${text}",`;
}

function answererOf(process: Process, unless: string | undefined): string {
  const runs = nameOf(process) === process.name ? [] : [`runs ${nameOf(process)}`];
  const details = [...runs, ...(unless === undefined ? [] : [unless])].join(', ');
  return details === '' ? process.name : `${process.name} (${details})`;
}

/** Processes each of which waits for the next one, and the last for the first; empty if there are none. */
function cycleAmong(waits: ReadonlyMap<Process, Wait>): Process[] {
  for (const first of waits.keys()) {
    const chains: Process[][] = [[first]];
    const seen = new Set<Process>();
    for (let chain = chains.shift(); chain !== undefined; chain = chains.shift()) {
      for (const next of waits.get(chain.at(-1)!)?.on ?? []) {
        if (next === first) return chain;
        if (seen.has(next)) continue;
        seen.add(next);
        chains.push([...chain, next]);
      }
    }
  }
  return [];
}
