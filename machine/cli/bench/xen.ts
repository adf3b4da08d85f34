// How the pinning race of thread 004 scales: the whole guest of this project,
// with its page tables, TLBs, multicalls and Xen below, compared with the SPIN
// model, which has an array of flags instead of all that. Pages and CPUs grow
// until a search takes longer than a minute. Both sides reduce: SPIN by partial
// order, this explorer also by the symmetry of the other CPUs.

import { PIN_LADDERS, pinName, type PinSize } from '../../situations/xen/pin-bench';
import { goal, PINNING, SOONER_THAN_SPIN } from './goals';
import { hasSpin, measureWithin, spin, type SpinRun } from './measure';
import type { Measured } from './row';

/** Seconds. A row that needs more is the last of its ladder; so is one whose successor would need more. */
const LIMIT = 60;
const ENOUGH = 25;

/** Steps of the longest run that SPIN can follow. */
const DEPTH = 2_000_000;

/** How both sides are measured. */
export interface Sides {
  readonly hasSpin: () => boolean;
  readonly spin: typeof spin;
  readonly measureWithin: typeof measureWithin;
}

/** Prints the table, one ladder after the other, and the largest size that took at most a minute. */
export function benchPinning(line: (text: string) => void, sides: Sides = { hasSpin, spin, measureWithin }): void {
  const beside = sides.hasSpin();
  if (!beside) line('spin and gcc are not installed: their columns are left out');
  line('pte pages   ------------------- with the patch -------------------   without it   ' + (beside ? '----------- SPIN, with it -----------  without it' : ''));
  line('x others        states      events  seconds    MB  growth  growth  run  seconds   ' + (beside ? '    states  verify   total  growth      total' : ''));
  line('                                                   (states) (time)' + (beside ? '                                             (total)' : ''));
  const told: string[] = [];
  let largest: { readonly size: PinSize; readonly measured: Measured } | null = null;
  for (const ladder of PIN_LADDERS) {
    let last: Row | null = null;
    let spinEnds = beside;
    for (const size of ladder) {
      const row = measureRow(size, spinEnds, sides);
      spinEnds &&= row.spin?.ended !== false;
      line(words(row, last));
      if (row.after === null) break;
      told.push(...against(row, row.after, sides));
      if (largest === null || row.after.states > largest.measured.states) largest = { size, measured: row.after };
      if (row.after.seconds > ENOUGH) break;
      last = row;
    }
  }
  for (const text of told) line(text);
  if (largest !== null) line(`largest exhausted in a minute: ${largest.size.pages} pte pages and ${largest.size.others} other CPUs, ${largest.measured.states} states in ${largest.measured.seconds.toFixed(1)} s`);
}

interface Row {
  readonly size: PinSize;
  /** Null if a minute was not enough. */
  readonly after: Measured | null;
  readonly before: Measured | null;
  readonly spin: SpinRun | null;
  readonly spinBefore: SpinRun | null;
}

function measureRow(size: PinSize, beside: boolean, sides: Sides): Row {
  const defines = (FIXED: number): Record<string, number> => ({ PAGES: size.pages, WRITERS: size.others, FIXED });
  const after = sides.measureWithin({ kind: 'explore', program: pinName(size, true), engine: 'reduced' }, LIMIT);
  const before = sides.measureWithin({ kind: 'smallest', program: pinName(size, false) }, LIMIT);
  const isAsked = beside && after !== null;
  return { size, after, before, spin: isAsked ? sides.spin('xenpin-batched', defines(1), DEPTH, LIMIT) : null, spinBefore: isAsked ? sides.spin('xenpin-batched', defines(0), DEPTH, LIMIT) : null };
}

/** A row with a goal: the goal, and what its events take where nothing is explored. */
function against({ size, spin: run }: Row, { seconds, events }: Measured, { measureWithin: within }: Sides): string[] {
  const name = `${size.pages} x ${size.others}`;
  const wanted = name === SOONER_THAN_SPIN ? (run?.ended ? total(run) : undefined) : PINNING[name];
  if (wanted === undefined) return [];
  const driven = within({ kind: 'driven', program: pinName(size, true) }, LIMIT);
  const alone = driven === null ? '' : `; its ${events} events alone take ${(events * driven.seconds / driven.events).toFixed(1)} s if runs are drawn and nothing is kept`;
  const theirs = name === SOONER_THAN_SPIN ? `, SPIN ${wanted.toFixed(1)} s` : '';
  return [`${name}: ${seconds.toFixed(1)} s${theirs}; ${goal(seconds, Number(wanted.toFixed(1)), 'or less')}${alone}`];
}

const total = ({ prepared, verified }: SpinRun): number => prepared + verified;

const ratio = (now: number | undefined, before: number | undefined): string => (now === undefined || before === undefined ? '-' : `x${(now / before).toFixed(1)}`);

function words({ size, after, before, spin: after2, spinBefore }: Row, last: Row | null): string {
  const name = `${size.pages} x ${size.others}`.padEnd(9);
  const own = after === null
    ? `${name} a minute is not enough`.padEnd(68)
    : `${name} ${String(after.states).padStart(11)} ${String(after.events).padStart(11)} ${after.seconds.toFixed(3).padStart(8)} ${String(after.megabytes).padStart(5)} ${ratio(after.states, last?.after?.states).padStart(7)} ${ratio(after.seconds, last?.after?.seconds).padStart(7)}`;
  const failing = before === null ? '   -        -' : `${String(before.events).padStart(4)} ${before.seconds.toFixed(3).padStart(8)}`;
  if (after2 === null) return `${own} ${failing}`;
  const theirs = after2.ended
    ? `${after2.states.padStart(10)} ${after2.verified.toFixed(2).padStart(7)} ${total(after2).toFixed(2).padStart(7)} ${ratio(total(after2), last?.spin ? total(last.spin) : undefined).padStart(7)}`
    : 'does not end in a minute or 3 GB'.padStart(34);
  return `${own} ${failing}   ${theirs}    ${spinBefore === null ? '-' : total(spinBefore).toFixed(2).padStart(7)}`;
}
