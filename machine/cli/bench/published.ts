// The programs on which checkers are compared, with the published times of the
// fastest C++ checker; and the time and memory of the optimal engine in long
// runs and on two cores.

import type { EngineName } from '../../explorer/engine';
import { BEST_ENGINE, COUNTING_ENGINE, goal, TWO_WORKERS } from './goals';
import { measure, type Measure } from './measure';
import type { Measured } from './row';

/** Published times (GenMC 0.10.3, sequential consistency), seconds on a machine with two cores; the engines worth trying. */
const PUBLISHED: readonly { readonly program: string; readonly seconds: number; readonly engines: readonly EngineName[] }[] = [
  { program: 'lastzero(15)', seconds: 5.1, engines: ['optimal'] },
  { program: 'readers(13)', seconds: 0.18, engines: ['optimal', 'stateful', 'reduced'] },
  { program: 'indexer(15)', seconds: 1.1, engines: ['optimal', 'reduced'] },
  { program: 'filesystem(19)', seconds: 0.09, engines: ['optimal', 'reduced'] },
  { program: 'fib(5)', seconds: 0.86, engines: ['optimal', 'stateful', 'reduced'] },
];

/** More than ten million executions, of which only the counts should remain in memory. */
const LONG = 'lockcount(3, 6)';
/** Long enough that starting the threads does not matter, with parts of equal size; and one with unequal parts. */
const SHARED_OUT = ['lockcount(3, 5)', 'lastzero(14)'];
/** Whole searches on threads that share the visited states: a program and a kernel. */
const TOGETHER = ['xenpin(6, 4)', 'uffd-wp/copy with all'];
/** Takes no time to explore, so only the start of the threads is measured. */
const NOTHING = 'ainc(1)';

type Line = (text: string) => void;

/** Prints the tables. */
export function benchPublished(line: Line, figures: Measure = measure): void {
  const bare = rate(figures({ kind: 'generator' }));
  line(`calibration: a bare generator loop yields ${millions(bare)} times a second`);
  line('straight: the program\'s instructions performed by plain generators, nothing explored');
  line('');
  line('                                                                           -- of the events of --   ------- C++ -------');
  line('program         engine   executions   events  seconds  events/s   MB   straight  bare loop  straight  seconds  times faster');
  const ratios = PUBLISHED.map(({ program, seconds, engines }) => {
    const straight = rate(figures({ kind: 'straight', program }));
    const rows = engines.map((engine) => [engine, figures({ kind: 'explore', program, engine })] as const);
    for (const [engine, measured] of rows) line(row(program, engine, measured, straight, bare, seconds));
    const fewest = Math.min(...rows.map(([, { events }]) => events));
    return { best: seconds / Math.min(...rows.map(([, measured]) => measured.seconds)), counting: seconds / rows[0]![1].seconds, free: seconds * straight / fewest, freeCounting: seconds * straight / rows[0]![1].events };
  });
  const [best, counting, free, freeCounting] = (['best', 'counting', 'free', 'freeCounting'] as const).map((name) => mean(ratios.map((ratio) => ratio[name]))) as [number, number, number, number];
  line('geometric mean of how many times faster than the published C++ times:');
  line(`  the best engine                                  ${best.toFixed(1).padStart(5)}   ${goal(best, BEST_ENGINE)}; if only its events took time: ${free.toFixed(1)}`);
  line(`  the engine that counts executions as they do     ${counting.toFixed(1).padStart(5)}   ${goal(counting, COUNTING_ENGINE)}; if only its events took time: ${freeCounting.toFixed(1)}`);
  line('');
  const long = figures({ kind: 'explore', program: LONG, engine: 'optimal' });
  line(`memory: ${long.executions} executions of ${LONG} in ${long.seconds.toFixed(1)} s of processor time, at most ${long.megabytes} MB resident`);
  line('');
  benchWorkers(line, figures);
}

function mean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

function row(program: string, engine: EngineName, measured: Measured, straight: number, bare: number, published: number): string {
  const { executions, events, seconds, megabytes } = measured;
  return [
    program.padEnd(15), engine.padEnd(8), String(executions ?? '-').padStart(10), String(events).padStart(8), seconds.toFixed(3).padStart(8),
    millions(rate(measured)).padStart(9), String(megabytes).padStart(4),
    (rate(measured) / straight).toFixed(2).padStart(10), (rate(measured) / bare).toFixed(3).padStart(10), millions(straight).padStart(9),
    String(published).padStart(8), (published / seconds).toFixed(1).padStart(13),
  ].join(' ');
}

function benchWorkers(line: Line, figures: Measure): void {
  const started = [1, 2].map((workers) => figures({ kind: 'workers', program: NOTHING, workers }).seconds.toFixed(2));
  line(`worker threads: ${started[0]!} s of real time to start and end 1, ${started[1]!} s for 2; the times below have that in them`);
  const rows = [...SHARED_OUT.map((program) => ({ kind: 'workers', program }) as const), ...TOGETHER.map((program) => ({ kind: 'together', program }) as const)];
  for (const each of rows) {
    const [one, two] = [1, 2].map((workers) => figures({ ...each, workers })) as [Measured, Measured];
    line(`${each.program} ${each.kind === 'workers' ? 'in parts' : 'with shared states'}: ${one.seconds.toFixed(2)} s with 1 worker, ${two.seconds.toFixed(2)} s with 2: ${(one.seconds / two.seconds).toFixed(2)} times; ${goal(one.seconds / two.seconds, TWO_WORKERS)}`);
  }
}

function rate({ events, seconds }: Measured): number {
  return events / seconds;
}

function millions(events: number): string {
  return `${(events / 1e6).toFixed(2)} M`;
}
