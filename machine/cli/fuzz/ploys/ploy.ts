import type { Guest, Move } from '../guest';

/** A few calls with one purpose. */
export interface Ploy {
  /** How often, compared with the others. */
  readonly weight: number;
  readonly make: (guest: Guest) => readonly Move[];
}
