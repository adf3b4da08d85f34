// What one row of the bench measures: processor time, so that other work on
// the machine does not count, except where threads are compared. Short rows are
// run several times and the best counts; long ones are run once.

import type { EngineName } from '../../explorer/engine';
import { engineFor } from '../../explorer/engines';
import type { Program } from '../../explorer/program';
import { randomFrom } from '../../explorer/oracle/sampling';
import { partsOf } from '../../explorer/parts/partition';
import { smallestRun } from '../../explorer/layered/smallest';
import type { Bounds } from '../../explorer/stateful/search';
import { movesOf } from '../../explorer/system';
import { checkPrepared, prepare, type Request } from '../../situations/check';
import { pinProgram } from '../../situations/xen/pin-bench';
import { programNamed } from '../../programs/named';
import { runStraight } from '../search/straight';
import { exploreParts } from '../search/workers';
import type { Subject } from '../search/subject';
import { searchTogether } from '../search/together';

export type BenchRow =
  | { readonly kind: 'generator' }
  | { readonly kind: 'straight'; readonly program: string }
  /** Runs that are drawn, of any system: its events without an explorer. */
  | { readonly kind: 'driven'; readonly program: string }
  | { readonly kind: 'explore'; readonly program: string; readonly engine: EngineName; readonly bounds?: Bounds }
  | { readonly kind: 'smallest'; readonly program: string }
  /** A situation's kernel, cold: it is explored once. */
  | { readonly kind: 'kernel'; readonly situation: string; readonly patches: string }
  /** Parts of a search, on so many threads. */
  | { readonly kind: 'workers'; readonly program: string; readonly workers: number }
  /** One search, on threads that share the visited states. */
  | { readonly kind: 'together'; readonly program: string; readonly workers: number };

export interface Measured {
  readonly executions: number | null;
  readonly states: number;
  readonly events: number;
  /** Processor time; where threads are compared, real time. */
  readonly seconds: number;
  /** Peak resident memory of the whole process. */
  readonly megabytes: number;
}

export type Counts = Omit<Measured, 'seconds' | 'megabytes'>;

/** The situation and the patches of a name such as "flush-tlb/classic with none". */
function requestIn(name: string): Request | null {
  const [, situation, patches] = /^(\S+) with (none|all)$/.exec(name) ?? [];
  return situation === undefined ? null : { situation, patches: patches! };
}

/** A small program; the pinning race of thread 004 in one of its sizes; or a situation "with none" or "with all" of the patches. */
function programOf(name: string): Program {
  const request = requestIn(name);
  if (request === null) return pinProgram(name) ?? programNamed(name);
  const prepared = prepare(request);
  return () => prepared.situation.build(prepared.choice);
}

/** A row is repeated for about this long, in processor time (several threads: in elapsed time), so that it gets its repetitions, and is warm, even on a busy machine. */
const SECONDS = 1.5;

/** A row that takes longer is still repeated this often, unless that takes too long: rows that are compared must be equally warm. */
const TIMES = 4;
const TOO_LONG = 8;

/** Measures one row and prints it as JSON. */
export async function benchRow(row: BenchRow): Promise<void> {
  let best = Infinity;
  let counts: Counts | undefined;
  const clock = 'workers' in row ? () => performance.now() * 1000 : processorTime;
  const start = clock();
  const isWarm = (times: number): boolean => clock() - start >= (times < TIMES ? TOO_LONG : SECONDS) * 1e6;
  for (let times = 0; counts === undefined || (row.kind !== 'kernel' && !isWarm(times)); times++) {
    const before = clock();
    counts = await once(row);
    best = Math.min(best, (clock() - before) / 1e6);
  }
  const measured: Measured = { ...counts, seconds: best, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
  process.stdout.write(JSON.stringify(measured));
}

/** Microseconds of processor time of this process, including its garbage collector's threads. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Runs a row once; returns what it counts. */
export async function once(row: BenchRow, straight = 2_000_000, rounds = 5_000_000): Promise<Counts> {
  switch (row.kind) {
    case 'generator': return { executions: null, states: 0, events: generatorLoop(rounds) };
    case 'straight': return { executions: null, states: 0, events: straightRuns(row.program, straight) };
    case 'driven': return { executions: null, states: 0, events: drivenRuns(row.program, straight / 10) };
    case 'explore': {
      const engine = engineFor(programOf(row.program), row.bounds ?? {}, { engine: row.engine });
      while (engine.advance(1_000_000) === 'under way') continue;
      const { executions, events, complete, states } = engine.report();
      if (!complete) throw new Error('the search did not end');
      return { executions, events, states };
    }
    case 'smallest': {
      const found = smallestRun(programOf(row.program)(), () => true);
      if (typeof found === 'string') throw new Error(`no failing run: ${found}`);
      return { executions: null, states: found.labels.length, events: found.labels.length };
    }
    case 'kernel': {
      const { situation, patches } = row;
      const { states, events, complete } = checkPrepared(prepare({ situation, patches, challenge: 0 }));
      if (!complete) throw new Error('the search did not end');
      return { executions: null, states, events };
    }
    case 'workers': {
      const parts = partsOf(programNamed(row.program), {}, 32);
      const subject: Subject = { version: '', about: { program: row.program }, bounds: {}, options: { engine: 'optimal' } };
      const { reports } = await exploreParts(subject, parts, row.workers);
      return { executions: null, states: 0, events: reports.reduce((sum, { events }) => sum + events, 0) };
    }
    case 'together': {
      const request = requestIn(row.program);
      const { search: { states, events } } = await searchTogether({ about: request ? { request } : { program: row.program }, bounds: {}, goesOn: false }, row.workers, () => null);
      return { executions: null, states, events };
    }
  }
}

/** Performs about `times` of the program's own instructions, without exploring anything. */
function straightRuns(program: string, times: number): number {
  const system = programNamed(program)();
  system.store.forgoFingerprint();
  let events = 0;
  while (events < times) events += runStraight(system);
  return events;
}

/** Events after which a drawn run is given up: some never end. */
const MOST = 2000;

/** Draws runs until about `times` events have been performed: no state is kept. */
function drivenRuns(program: string, times: number): number {
  const system = programOf(program)();
  const { store } = system;
  const start = store.mark();
  const random = randomFrom(1);
  let events = 0;
  while (events < times) {
    let moves = movesOf(system);
    for (let i = 0; i < MOST && moves.length > 0; i++, events++) {
      moves[Math.floor(random() * moves.length)]!.perform();
      moves = movesOf(system);
    }
    store.undo(start);
  }
  return events;
}

/** A lower bound for any explorer of generators. */
function generatorLoop(times: number): number {
  function* loop(): Generator<number, void, number> {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += yield sum;
  }
  const generator = loop();
  let events = 0;
  while (!generator.next(1).done) events++;
  return events;
}
