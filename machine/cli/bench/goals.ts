// The goals of the bench, printed beside its results. Nothing fails if a goal is missed.

/** How many times faster than the published C++ times: the best engine, and the one that counts executions as they do. */
export const BEST_ENGINE = 25;
export const COUNTING_ENGINE = 6;

/** How many times faster two workers are than one. */
export const TWO_WORKERS = 1.7;

/** Seconds in which the default kernel of a chapter is explored, before and after its patch. */
export const KERNEL = 1;

/** Programs of which this explorer should visit as many states per second as SPIN, without any reduction. */
export const AS_FAST_AS_SPIN: readonly string[] = ['flush-smp(4, 3, 5)', 'xenpin(6, 3)'];

/** The pinning race of thread 004 in a size, by pte pages and other CPUs: seconds of the whole search. SPIN's own seconds are the other goal. */
export const PINNING: Readonly<Record<string, number>> = { '10 x 4': 10 };
export const SOONER_THAN_SPIN = '24 x 2';

/** Yields of a bare loop in a second, on the machine for which the goals of the suite are stated: processor time, real time on two cores, and the most that a feature takes. */
export const YIELDS = 50_000_000;
export const SUITE = 90;
export const SUITE_ON_TWO_CORES = 50;
export const FEATURE = 3;

/** `25 or more: reached`, `1 or less: missed`. */
export function goal(measured: number, wanted: number, direction: 'or more' | 'or less' = 'or more'): string {
  const isReached = direction === 'or more' ? measured >= wanted : measured <= wanted;
  return `goal ${wanted} ${direction}: ${isReached ? 'reached' : 'missed'}`;
}
