import type { Checked } from '../../../hardware/recorded';

// What a check of a recording is about, and its result.

/** What a file can hold: accesses, sequences of them, litmus tests, or scripts of hypercalls. */
export const CONFORM_KINDS = ['mmu', 'tlb', 'tso', 'xen'] as const;
export type ConformKind = (typeof CONFORM_KINDS)[number];

interface Difference {
  readonly line: number;
  readonly id: string;
  readonly set: string;
  readonly differences: readonly string[];
}

/** The result for one file. */
export interface FileResult {
  readonly file: string;
  /** The release with which a file of scripts was compared. */
  release?: string;
  /** Lines that were read. */
  lines: number;
  readonly sets: Record<string, { checked: number; differ: number }>;
  readonly differences: Difference[];
  readonly unreadable: { readonly line: number; readonly reason: string }[];
  /** Why the file could not be read to its end; null if it could. */
  trouble: string | null;
}

/** Checks what one line holds. Throws a `RecordingError` or a `LitmusError` if it cannot be read. */
export type Checker = (text: string) => readonly Checked[];
