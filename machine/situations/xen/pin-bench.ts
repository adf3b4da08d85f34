import type { Program } from '../../explorer/program';
import { PATCHES } from '../../patches';
import { selectHunks } from '../../patches/selection';
import { xenPinSituations } from './pin';
import { parametersOf } from '../types';

// The program with which the pinning race is compared with its SPIN model:
// one CPU pins an address space, the others change an entry in each of its pte
// pages, each under the lock of that page. Pages and CPUs grow.

/** One size of the program: pte pages, and CPUs besides the one that pins. */
export interface PinSize {
  readonly pages: number;
  readonly others: number;
}

/** `pin 4x3 after`: four pte pages, three other CPUs, with the patch. */
export function pinName({ pages, others }: PinSize, patched: boolean): string {
  return `pin ${pages}x${others} ${patched ? 'after' : 'before'}`;
}

/** The program called `name`; null if the name is not of this kind. Without the patch a search finds the race; with it, it sees everything. */
export function pinProgram(name: string): Program | null {
  const [, pages, others, which] = /^pin (\d+)x(\d+) (before|after)$/.exec(name) ?? [];
  if (which === undefined) return null;
  const situation = xenPinSituations.find(({ id }) => id === 'xen-pte-lock/pin')!;
  const choice = {
    hunks: selectHunks(PATCHES, which === 'after' ? 'xen-pte-lock' : 'none'),
    parameters: parametersOf(situation, { pages: Number(pages), visitors: Number(others) }),
    invariants: ['pteWritesLand'],
  };
  return () => situation.build(choice);
}

/** The growing sizes of the comparison, one ladder for each number of other CPUs. */
export const PIN_LADDERS: readonly (readonly PinSize[])[] = [
  [1, 2, 4, 8, 16, 24, 32, 40].map((pages) => ({ pages, others: 1 })),
  [1, 2, 4, 8, 12, 16, 24].map((pages) => ({ pages, others: 2 })),
  [1, 2, 4, 6, 8, 12, 14].map((pages) => ({ pages, others: 3 })),
  [1, 2, 3, 4, 5, 6, 7, 8, 10].map((pages) => ({ pages, others: 4 })),
  [1, 2, 3, 4, 5, 6, 7].map((pages) => ({ pages, others: 5 })),
];
