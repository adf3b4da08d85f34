import type { Program } from '../explorer/explore';
import { PATCHES } from '../patches';
import { selectHunks } from '../patches/selection';
import { xenPinSituations } from './xen-pin';
import { parametersOf } from './types';

// The program by which the pinning race is compared with the SPIN model of it:
// one CPU pins an address space, the others change an entry in each of its pte
// pages, each under the lock of that page. Pages and CPUs grow.

/** One size of the program. */
export interface PinInstance {
  /** `pin 4x3 after`: pte pages, other CPUs, with the patch. */
  readonly name: string;
  readonly pages: number;
  /** CPUs beside the one that pins. */
  readonly visitors: number;
  readonly patched: boolean;
  readonly program: Program;
}

/** The program for `pages` and `visitors`. Without the patch its search finds the race; with it, it sees everything. */
export function pinInstance(pages: number, visitors: number, patched: boolean): PinInstance {
  const situation = xenPinSituations.find(({ id }) => id === 'xen-pte-lock/pin')!;
  const choice = {
    hunks: selectHunks(PATCHES, patched ? 'xen-pte-lock' : 'none'),
    parameters: parametersOf(situation, { pages, visitors }),
    invariants: ['pteWritesLand'],
  };
  return { name: `pin ${pages}x${visitors} ${patched ? 'after' : 'before'}`, pages, visitors, patched, program: () => situation.build(choice) };
}

/** Sizes as the comparison grows them: pages by visitors. */
export const PIN_SIZES: readonly (readonly [number, number])[] = [
  [1, 1], [2, 1], [4, 1], [8, 1], [12, 1], [1, 2], [2, 2], [4, 2], [6, 2], [8, 2], [1, 3], [2, 3], [3, 3], [4, 3], [5, 3], [6, 3],
];
