import type { Guest, Move } from '../guest';

/** A few calls with one purpose. */
export interface Ploy {
  /** How often, compared with the others. */
  readonly weight: number;
  /** Whether it is one for guests that have programs, and with them a second root: 64-bit ones. */
  readonly isForPrograms?: boolean;
  readonly make: (guest: Guest) => readonly Move[];
}
