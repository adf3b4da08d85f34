import type { Guest, Move } from '../guest';

/** A few calls with one purpose. */
export interface Ploy {
  /** Its relative frequency. */
  readonly weight: number;
  /** Whether it is only for 64-bit guests, whose programs can have a second root. */
  readonly isForPrograms?: boolean;
  readonly make: (guest: Guest) => readonly Move[];
}
