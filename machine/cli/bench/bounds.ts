// What a bound costs: everything within 0, 1, 2, … switches, compared with one
// search without a bound.

import { measure, type Measure } from './measure';

/** In the first a bound leaves nothing out; the others need several switches to see everything. */
const PROGRAMS = ['readers(8)', 'xenpin(4, 3)', 'flush-smp(3, 3, 4)'];

/** Prints a line for each program: times are fractions of the time without a bound. */
export function benchBounds(line: (text: string) => void, figures: Measure = measure): void {
  for (const program of PROGRAMS) {
    const whole = figures({ kind: 'explore', program, engine: 'stateful' });
    line(`${program} without a bound: ${whole.states} states in ${whole.seconds.toFixed(3)} s; within switches, as a part of that time: ${within(program, whole.seconds, figures).join(', ')}`);
  }
}

/** Tries one bound after the other, until one adds nothing. */
function within(program: string, seconds: number, figures: Measure): string[] {
  const cells: string[] = [];
  for (let switches = 0, before = -1; ; switches++) {
    const bounded = figures({ kind: 'explore', program, engine: 'layered', bounds: { switches } });
    if (bounded.states === before) return cells;
    before = bounded.states;
    cells.push(`${switches}: ${(bounded.seconds / seconds).toFixed(2)} (${bounded.states} states)`);
  }
}
