// `npm run bench`: how fast the explorer is, compared with SPIN if it is
// installed, in tables. Figures depend on the machine, so loops of known work
// are timed first, and each row has a process of its own, for its peak memory.
// Both sides count seconds of processor time, so that other work on the machine
// does not matter. Nothing here decides whether a test passes.

import { join } from 'node:path';
import { benchAuto } from '../bench/auto';
import { benchBounds } from '../bench/bounds';
import { AS_FAST_AS_SPIN, goal } from '../bench/goals';
import { benchKernels } from '../bench/kernels';
import { hasSpin, measure, measureWithin, spin, type Measure, type SpinRun } from '../bench/measure';
import { benchPublished } from '../bench/published';
import { benchSuite, runSuite, type SuiteRun } from '../bench/suite';
import { benchPinning, type Sides } from '../bench/xen';
import type { Measured } from '../bench/row';
import type { Output } from '../options';

interface SpinModel {
  readonly model: string;
  readonly defines: Readonly<Record<string, number>>;
}

/** Programs whose states this explorer and SPIN visit. */
const SCALED: readonly (SpinModel & { readonly program: string })[] = [
  ...[[1, 1, 2], [2, 3, 4], [3, 3, 4], [3, 4, 4], [4, 3, 5]].flatMap(([CPUS, KERNEL, USERS]) => [1, 0].map((FIXED) => ({
    program: `flush-smp${FIXED ? '' : '-unfixed'}(${CPUS}, ${KERNEL}, ${USERS})`, model: 'flush-smp', defines: { CPUS, KERNEL, USERS, FIXED, FIRST: 1 - FIXED } as Record<string, number>,
  }))),
  ...[[2, 1], [4, 2], [4, 3], [6, 3], [4, 4], [6, 4]].flatMap(([PAGES, WRITERS]) => [1, 0].map((FIXED) => ({
    program: `xenpin${FIXED ? '' : '-unfixed'}(${PAGES}, ${WRITERS})`, model: 'xenpin', defines: { PAGES, WRITERS, FIXED } as Record<string, number>,
  }))),
];

/** Prints the tables, one after the other. */
export function benchCommand(output: Output, figures: Measure = measure, sides: Sides = { hasSpin, spin, measureWithin }, suite: () => SuiteRun | null = () => runSuite(join(__dirname, '..', '..', '..'))): number {
  const line = (text: string): void => output.stdout(`${text}\n`);
  benchPublished(line, figures);
  line('');
  benchBounds(line, figures);
  line('');
  benchStates(line, figures, sides);
  line('');
  benchPinning(line, sides);
  line('');
  benchKernels(line, figures);
  line('');
  benchAuto(line, sides);
  line('');
  benchSuite(line, figures, suite);
  return 0;
}

/** Prints how many states per second both sides visit. */
export function benchStates(line: (text: string) => void, figures: Measure = measure, sides: Pick<Sides, 'hasSpin' | 'spin'> = { hasSpin, spin }): void {
  const beside = sides.hasSpin();
  if (!beside) line('spin and gcc are not installed: their columns are left out');
  line('                                     -------------- this explorer --------------   ------------------- SPIN -------------------');
  line('                                     --- reduced ----   ------- every state ----');
  line('program                      verdict   states  seconds   MB      states  seconds      st/s   MB   errors     states  gen+cc  verify   total   MB');
  for (const { program, model, defines } of SCALED) {
    const full = program.includes('unfixed') ? null : figures({ kind: 'explore', program, engine: 'stateful' });
    const own = full === null ? failing(program, figures) : holding(program, full, figures);
    if (!beside) {
      line(`${program.padEnd(28)} ${own}`);
      continue;
    }
    const run = sides.spin(model, defines, program.includes('(4, 3, 5)') ? 20_000_000 : 500_000);
    line(`${program.padEnd(28)} ${own}   ${spinRow(run)}`);
    if (full === null || !AS_FAST_AS_SPIN.includes(program)) continue;
    const ratio = full.states / full.seconds / (Number(run.states) / run.verified);
    line(`  ${ratio.toFixed(2)} of SPIN's states a second; ${goal(ratio, 1)}`);
  }
}

/** The smallest failing run: its events instead of states. */
function failing(program: string, figures: Measure): string {
  const { states, seconds, megabytes } = figures({ kind: 'smallest', program });
  return `fails ${`${states} events`.padStart(10)} ${seconds.toFixed(3).padStart(8)} ${String(megabytes).padStart(4)} ${''.padStart(35)}`;
}

function holding(program: string, full: Measured, figures: Measure): string {
  const reduced = figures({ kind: 'explore', program, engine: 'reduced' });
  return `holds ${String(reduced.states).padStart(10)} ${reduced.seconds.toFixed(3).padStart(8)} ${String(reduced.megabytes).padStart(4)} ${String(full.states).padStart(11)} ${full.seconds.toFixed(3).padStart(8)} ${String(Math.round(full.states / full.seconds)).padStart(9)} ${String(full.megabytes).padStart(4)}`;
}

function spinRow({ errors, states, megabytes, prepared, verified }: SpinRun): string {
  return `${errors.padStart(6)} ${states.padStart(10)} ${prepared.toFixed(2).padStart(7)} ${verified.toFixed(2).padStart(7)} ${(prepared + verified).toFixed(2).padStart(7)} ${megabytes.padStart(4)}`;
}
