// How much longer `auto` takes than the best engine, on the published programs and on every situation: it
// does not know beforehand which engine that is.

import type { EngineName } from '../../explorer/engine';
import { litmusNames } from '../../programs/litmus';
import { SITUATIONS } from '../../situations';
import { goal } from './goals';
import { measureWithin } from './measure';
import type { Sides } from './xen';

/** In sizes that take a while, if possible. */
const PROGRAMS: readonly string[] = [
  'readers(13)', 'lastzero(12)', 'indexer(15)', 'filesystem(19)', 'ainc(8)', 'binc(5)', 'inc(5)', 'casrot(8)', 'casrot-c11(8)', 'cas(8)', 'cas-c11(8)', 'writes-then-read(40)', 'fib(5)', 'publish(200)',
  'lockcount(3, 5)', 'lockcount(5, 2)', 'xenpin(6, 3)', 'xenpin-unfixed(6, 3)', 'ab-ba', 'philosophers(10)', 'store-buffering(10)', 'flush-tlb(4, 6, 2, 3)', 'flush-tlb-unfixed(12, 18)', 'flush-smp(3, 4, 4)', 'flush-smp-unfixed(3, 3, 4)',
  ...litmusNames.map((name) => `litmus ${name} under TSO`),
];

const OTHERS: readonly EngineName[] = ['stateful', 'reduced', 'optimal', 'layered'];

/** What `auto` may take: this many times the time of the best engine, plus so many seconds. */
const TIMES = 2;
const MORE = 0.2;

/** Seconds of processor time after which a program is too large for this table. */
const PATIENCE = 60;

interface Compared {
  readonly program: string;
  readonly seconds: number;
  /** The fastest; null if none was faster than `auto`. */
  readonly best: { readonly engine: EngineName; readonly seconds: number } | null;
}

/** Prints the rows that miss their goal, and the worst of the rest. */
export function benchAuto(line: (text: string) => void, { measureWithin: within }: Pick<Sides, 'measureWithin'> = { measureWithin }, situations: readonly { readonly id: string }[] = SITUATIONS): void {
  const kernels = situations.flatMap(({ id }) => [`${id} with none`, `${id} with all`]);
  const compared: Compared[] = [];
  const tooLarge: string[] = [];
  for (const program of [...PROGRAMS, ...kernels]) {
    const auto = within({ kind: 'explore', program, engine: 'auto' }, PATIENCE);
    if (auto === null) tooLarge.push(program);
    else compared.push({ program, seconds: auto.seconds, best: auto.seconds <= MORE ? null : bestBelow(program, auto.seconds, within) });
  }
  const excess = ({ seconds, best }: Compared): number => seconds - (best === null ? seconds : TIMES * best.seconds + MORE);
  const worst = compared.sort((one, other) => excess(other) - excess(one));
  const over = worst.filter((one) => excess(one) > 0);
  line(`auto beside the best engine, on ${PROGRAMS.length} programs and ${kernels.length} kernels: ${over.length} take more than ${TIMES} times as long and ${MORE} s; ${goal(over.length, 0, 'or less')}`);
  for (const { program, seconds, best } of worst.slice(0, Math.max(5, over.length)).filter((one) => one.best !== null)) {
    line(`  ${program.padEnd(42)} ${seconds.toFixed(2).padStart(6)} s; ${best!.engine} ${best!.seconds.toFixed(2)} s; ${(seconds / best!.seconds).toFixed(1)} times`);
  }
  if (tooLarge.length > 0) line(`  more than ${PATIENCE} s: ${tooLarge.join(', ')}`);
}

function bestBelow(program: string, seconds: number, within: Sides['measureWithin']): Compared['best'] {
  let best: Compared['best'] = null;
  for (const engine of OTHERS) {
    // A row is repeated for a while, so its process takes longer than one run.
    const measured = within({ kind: 'explore', program, engine }, Math.ceil(seconds) + 4);
    if (measured !== null && measured.seconds < (best?.seconds ?? seconds)) best = { engine, seconds: measured.seconds };
  }
  return best;
}
