// What is known after a bound on interrupts and switches was raised step by
// step: what each step added, and what each thing needs.

/** The least that something needs. */
export interface Need {
  /** Null where interrupts were not counted, because only switches are bounded. */
  readonly interrupts: number | null;
  readonly switches: number;
}

/** Negative where `one` is less: fewer interrupts, or as many and fewer switches. */
export const compareNeeds = (one: Need, other: Need): number => (one.interrupts ?? 0) - (other.interrupts ?? 0) || one.switches - other.switches;

/** What one step of the bound has added. */
export interface Layer extends Need {
  /** States that need no less than this. */
  readonly states: number;
  /** Events made for the first time. */
  readonly events: number;
}

/** What a layered search knows besides. */
export interface Raised {
  readonly layers: readonly Layer[];
  /** Whether a bound on interrupts or switches kept anything from being seen. */
  readonly isCut: boolean;
  /** Events whose writes were made again, to come back to where something was put off. */
  readonly repeated: number;
  /** The least that a state needs, or the violation `-1 - to`. */
  needOf(to: number): Need;
}
