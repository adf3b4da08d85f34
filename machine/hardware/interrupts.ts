import type { Call } from '../path';

// What reaches a processor through the interrupt descriptor table: faults of
// its own instructions, interrupts from outside, and what happens to a fault
// that occurs while another one is being delivered. SDM volume 3A, chapter 6.

/** What an interrupt or a fault saves, and IRET restores. */
export interface TrapFrame {
  readonly [key: string]: number | boolean | undefined;
  readonly vector: number;
  /** Of a fault; 0 otherwise. */
  readonly errorCode: number;
  readonly IF: boolean;
  readonly cpl: number;
  /** The I/O privilege level of EFLAGS. */
  readonly iopl?: number;
  /** The alignment-check flag of EFLAGS. */
  readonly ac?: boolean;
}

/** An entry of the interrupt descriptor table. */
export interface Gate {
  /** Interrupt gates clear IF on entry, trap gates leave it. */
  readonly kind: 'interrupt' | 'trap';
  readonly handler: (frame: TrapFrame) => Call<unknown>;
  /** The outermost ring from which INT n may use it; 0 by default. */
  readonly dpl?: number;
}

/** Something outside that may interrupt a CPU at any boundary at which it accepts interrupts. */
export interface InterruptSource {
  /** As in a schedule: `timer` gives `timer@cpu0`. */
  readonly name: string;
  /** Vector 2 is the non-maskable interrupt. */
  readonly vector: number;
  /** The maximum number of times; Infinity for no limit. Counted in the state. */
  readonly limit: number;
}

/** Vectors of the exceptions that the machine raises, and of the NMI. SDM table 6-1. */
export const VECTOR = { NMI: 2, UD: 6, DF: 8, TS: 10, NP: 11, SS: 12, GP: 13, PF: 14 } as const;

const CONTRIBUTORY: ReadonlySet<number> = new Set([0, VECTOR.TS, VECTOR.NP, VECTOR.SS, VECTOR.GP]);

/**
 * What a processor does when `second` occurs while it delivers `first`:
 * handles the second one, gives up with a double fault, or shuts down.
 * SDM volume 3A, table 6-5, and 6.15 on the double fault.
 */
export function escalate(first: number, second: number): 'second' | 'double fault' | 'shutdown' {
  if (first === VECTOR.DF) return 'shutdown';
  const serious = first === VECTOR.PF ? CONTRIBUTORY.has(second) || second === VECTOR.PF : CONTRIBUTORY.has(first) && CONTRIBUTORY.has(second);
  return serious ? 'double fault' : 'second';
}

/** The error code of a fault that is about the gate of `vector`: a selector that points into the IDT. SDM 6.13. */
export const gateErrorCode = (vector: number): number => vector * 8 + 2;
