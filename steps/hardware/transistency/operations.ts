// The operations of the small programs: three alphabets, since the programs over all operations are too many to try.

/**
 * - `map`: stores to the entry, so that the page leads to frame b instead of frame a
 * - `lift`: stores to the upper entry, so that the page is found in another table and leads to frame c
 * - `ld`, `st`: a load and a store through the page
 * - `poke`: a store to frame a that does not go through the page
 * - `inv`: INVLPG of the page; `beside`: INVLPG of another page, which drops only upper entries
 * - `fence`: MFENCE
 * - `xchg`: a locked exchange with another word, which reports what was there
 * - `clear`: a locked exchange of the entry with 0, which reports what was there, including A and D; `look`: a load of the entry
 * - `flush`: interrupts every other CPU, whose handlers execute INVLPG, and waits for their answers
 */
export const OPERATIONS = ['map', 'lift', 'ld', 'st', 'poke', 'inv', 'beside', 'fence', 'xchg', 'clear', 'look', 'flush'] as const;
export type Op = (typeof OPERATIONS)[number];
/** One list of operations for each CPU. Only the first may flush others. */
export type Program = readonly (readonly Op[])[];

export interface Family {
  readonly about: string;
  readonly ops: readonly Op[];
  /** Whether the entry begins, and is stored by `map`, without A and D, so that walks set them. */
  readonly marks: boolean;
  /** Whether processors keep the upper entry apart from the translation. */
  readonly levels: boolean;
}

/** Which operations are combined in full. */
export const FAMILIES = {
  stores: { about: 'one entry, used and changed', ops: ['map', 'ld', 'st', 'poke', 'inv', 'fence', 'xchg', 'flush'], marks: false, levels: false },
  levels: { about: 'two levels of tables, whose upper entries are kept apart', ops: ['map', 'lift', 'ld', 'poke', 'inv', 'beside', 'fence', 'flush'], marks: false, levels: true },
  marks: { about: 'an entry in which walks set A and D, and which may be absent', ops: ['map', 'clear', 'look', 'ld', 'st', 'inv', 'fence', 'flush'], marks: true, levels: false },
} as const satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;

/** What the processors may do in addition to looking ahead. */
export interface Latitude {
  /** Whether walks, and their updates of A and D, pass stores of their own processor that wait. */
  readonly passing: boolean;
  /** Whether D may be set, before the fault, through a translation whose entry has been cleared. */
  readonly stray: boolean;
}

export const LATITUDES = { strict: { passing: false, stray: false }, lenient: { passing: true, stray: true } } as const satisfies Record<string, Latitude>;

export type LatitudeName = keyof typeof LATITUDES;
export const STRICT: Latitude = LATITUDES.strict;

/** The program as it is typed: `map; inv || ld`. */
export const textOf = (program: Program): string => program.map((ops) => ops.join('; ')).join(' || ');
