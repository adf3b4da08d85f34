// How many executions the published programs have, including those that are too
// large for a test. Source: the expectations in the test suites of GenMC,
// Nidhugg and Concuerror, and the closed forms of the POPL 2014 paper.

/** Executions up to the order of independent events, by program. */
export const PUBLISHED_COUNTS: Readonly<Record<string, number>> = {
  'readers(13)': 2 ** 13,
  'lastzero(10)': 13 * 2 ** 8,
  'lastzero(15)': 18 * 2 ** 13,
  'indexer(15)': 8 ** 4,
  'filesystem(19)': 2 ** 6,
  'ainc(7)': 5040,
  'binc(4)': 576,
  'inc(4)': 576,
  'casrot-c11(8)': 2048,
  'casrot-c11(9)': 8597,
  'writes-then-read(4)': 182,
  'fib(5)': 218243,
  'publish': 42,
  'lockcount(4, 2)': 2520,
  'xenpin(3, 3)': 24 ** 3,
  'xenpin(6, 2)': 6 ** 6,
  'philosophers(6)': 2 ** 6 - 1,
  'store-buffering(8)': 2 ** 8 - 1,
};
