// Long series of questions are drawn from a seed.

import { randomFrom } from '../../../machine/explorer/oracle/sampling';

/** Draws a number below the given one. */
export type Draw = (below: number) => number;

export const drawFrom = (seed: number): Draw => {
  const random = randomFrom(seed);
  return (below) => Math.floor(random() * below);
};

export const times = <T>(count: number, act: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => act(i));

/** Draws some of the numbers below `below`, each once, in their order. */
export const some = (draw: Draw, most: number, below: number): number[] => [...new Set(times(draw(most + 1), () => draw(below)))].sort((one, other) => one - other);
