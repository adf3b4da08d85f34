import type { Move, Process } from '../system';

// Sets of the processes that can step: bits in a number if they fit, else a
// list as text.

/** Bits, or `3 17 32` from the 32nd process on. */
export type Ready = number | string;

/** How many processes have a bit. */
const BITS = 31;

/** The processes that can step by these moves. */
export function readiness(processes: readonly Process[], moves: readonly Move[]): Ready {
  if (processes.length > BITS) return [...new Set(moves.filter(({ kind }) => kind === 'step').map(({ process }) => processes.indexOf(process)))].join(' ');
  let bits = 0;
  let process = 0;
  for (const move of moves) {
    if (move.kind !== 'step') continue;
    while (processes[process] !== move.process) process++; // moves come in the order of processes
    bits |= 1 << process;
  }
  return bits;
}

/** The empty set. */
export function nobody(processes: readonly Process[]): Ready {
  return processes.length > BITS ? '' : 0;
}

export function membersOf(ready: Ready): number[] {
  if (typeof ready === 'string') return ready === '' ? [] : ready.split(' ').map(Number);
  return Array.from({ length: BITS }, (_, process) => process).filter((process) => (ready & (1 << process)) !== 0);
}

export function hashOfReady(ready: Ready): number {
  return typeof ready === 'number' ? ready : ready.length;
}
