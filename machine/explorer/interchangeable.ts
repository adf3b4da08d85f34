/** Things of one kind, any two of which may be exchanged throughout the program. */
export interface Interchangeable {
  /** For a reader: `CPUs`, `writers`. */
  readonly kind: string;
  /** For each thing the names of the entities that it is made of, in the same order for all: a CPU, its idle task. */
  readonly members: readonly (readonly string[])[];
  /** Fields (or cells) that hold a set of these things as bits. */
  readonly masks?: readonly string[];
  /** The bit of the first member; that of the others follow. 0 if not given. */
  readonly firstBit?: number;
  /** Fields of members that hold a number by which the member is known, and that never change. */
  readonly numbers?: readonly string[];
}
