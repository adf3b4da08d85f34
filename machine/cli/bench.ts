// `npm run bench`: how fast the explorer is, beside SPIN where it is installed,
// in one table. Figures depend on the machine, so a loop of known work is timed
// first, and each row has a process of its own, for its peak memory. Seconds
// are of processor time, on both sides, so that other work on the machine does
// not count. Nothing here decides whether a test passes.

import type { EngineName } from '../explorer/engine';
import { benchBounds } from './bench-bounds';
import { hasSpin, measure, spin } from './bench-measure';
import type { Measured } from './bench-row';
import { benchPinning } from './bench-xen';
import type { Output } from './options';

/** Published times of the fastest C++ checker for these programs (GenMC 0.10.3, sequential consistency), seconds on a machine with two cores. */
const PUBLISHED: Readonly<Record<string, number>> = {
  'lastzero(15)': 5.1, 'readers(13)': 0.18, 'indexer(15)': 1.1, 'filesystem(19)': 0.09, 'fib(5)': 0.86,
};

interface SpinModel {
  readonly model: string;
  readonly defines: Readonly<Record<string, number>>;
}

/** States to visit, by this explorer and by SPIN. */
const SCALED: readonly (SpinModel & { readonly program: string })[] = [
  ...[[1, 1, 2], [2, 3, 4], [3, 3, 4], [3, 4, 4], [4, 3, 5]].flatMap(([CPUS, KERNEL, USERS]) => [1, 0].map((FIXED) => ({
    program: `flush-smp${FIXED ? '' : '-unfixed'}(${CPUS}, ${KERNEL}, ${USERS})`, model: 'flush-smp', defines: { CPUS, KERNEL, USERS, FIXED, FIRST: 1 - FIXED } as Record<string, number>,
  }))),
  ...[[2, 1], [4, 2], [4, 3], [6, 3], [4, 4], [6, 4]].flatMap(([PAGES, WRITERS]) => [1, 0].map((FIXED) => ({
    program: `xenpin${FIXED ? '' : '-unfixed'}(${PAGES}, ${WRITERS})`, model: 'xenpin', defines: { PAGES, WRITERS, FIXED } as Record<string, number>,
  }))),
];

/** Prints the tables. */
export function benchCommand(output: Output): number {
  const line = (text: string): void => output.stdout(`${text}\n`);
  const generator = measure({ kind: 'generator' });
  line(`calibration: a bare generator loop yields ${perSecond(generator)} times a second`);
  line('');
  line('program            engine     executions    events  seconds   events/s   MB  C++ seconds  times faster');
  const ratios: number[] = [];
  for (const [program, published] of Object.entries(PUBLISHED)) {
    const rows = (['optimal', 'auto'] as const).map((engine) => [engine, measure({ kind: 'explore', program, engine })] as const);
    for (const [engine, measured] of rows) line(engineRow(program, engine, measured, published));
    ratios.push(published / Math.min(...rows.map(([, { seconds }]) => seconds)));
  }
  line(`geometric mean over the better engine: ${Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length).toFixed(1)} times faster than the published C++ times`);
  line('');
  benchWorkers(line);
  line('');
  benchBounds(line);
  line('');
  benchStates(line);
  line('');
  benchPinning(line);
  return 0;
}

function engineRow(program: string, engine: EngineName, { executions, events, seconds, megabytes }: Measured, published: number): string {
  return `${program.padEnd(18)} ${engine.padEnd(9)} ${String(executions ?? '-').padStart(11)} ${String(events).padStart(9)} ${seconds.toFixed(3).padStart(8)} ${String(Math.round(events / seconds)).padStart(10)} ${String(megabytes).padStart(4)} ${String(published).padStart(12)} ${(published / seconds).toFixed(1).padStart(13)}`;
}

function benchWorkers(line: (text: string) => void): void {
  const program = 'lastzero(14)';
  const [one, two] = [1, 2].map((workers) => measure({ kind: 'workers', program, workers })) as [Measured, Measured];
  line(`${program} in parts: ${one.seconds.toFixed(2)} s with 1 worker, ${two.seconds.toFixed(2)} s with 2: ${(one.seconds / two.seconds).toFixed(2)} times`);
}

function benchStates(line: (text: string) => void): void {
  const beside = hasSpin();
  if (!beside) line('spin and gcc are not installed: their columns are left out');
  line('                             ---------- this explorer ----------   ------------------- SPIN -------------------');
  line('program                      verdict     states  seconds      st/s   MB   errors     states  gen+cc  verify   total   MB');
  for (const { program, model, defines } of SCALED) {
    const isUnfixed = program.includes('unfixed');
    const { states, seconds, megabytes } = measure({ kind: isUnfixed ? 'smallest' : 'explore', program, engine: 'stateful' });
    const own = `${program.padEnd(28)} ${(isUnfixed ? 'fails' : 'holds').padEnd(7)} ${String(states).padStart(10)} ${seconds.toFixed(3).padStart(8)} ${(isUnfixed ? '-' : String(Math.round(states / seconds))).padStart(9)} ${String(megabytes).padStart(4)}`;
    line(beside ? `${own}   ${spinRow(program, model, defines)}` : own);
  }
}

function perSecond({ events, seconds }: Measured): string {
  return `${(events / seconds / 1e6).toFixed(1)} million`;
}

function spinRow(program: string, model: string, defines: SpinModel['defines']): string {
  const { errors, states, megabytes, prepared, verified } = spin(model, defines, program.includes('(4, 3, 5)') ? 20_000_000 : 500_000);
  return `${errors.padStart(6)} ${states.padStart(10)} ${prepared.toFixed(2).padStart(7)} ${verified.toFixed(2).padStart(7)} ${(prepared + verified).toFixed(2).padStart(7)} ${megabytes.padStart(4)}`;
}
