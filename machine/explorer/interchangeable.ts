/** Things of one kind, any two of which may be exchanged throughout the program. */
export interface Interchangeable {
  /** For a reader: `CPUs`, `writers`. */
  readonly kind: string;
  /** For each thing, the names of the entities that it is made of, in the same order for all: a CPU, its idle task. */
  readonly members: readonly (readonly string[])[];
  /** Fields (or cells) that hold a set of these things as bits. */
  readonly masks?: readonly string[];
  /** The bit of the first member; those of the others follow. 0 by default. */
  readonly firstBit?: number;
  /** Fields of members that hold the number of the member, and never change. */
  readonly numbers?: readonly string[];
}
