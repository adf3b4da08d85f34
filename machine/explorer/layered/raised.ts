// What is known after a bound on interrupts and switches was raised step by
// step: what each step added, and what each finding needs.

/** The minimum that something needs. */
export interface Need {
  /** Null if interrupts were not counted, because only switches are bounded. */
  readonly interrupts: number | null;
  readonly switches: number;
}

/** Negative if `one` is less: fewer interrupts, or as many and fewer switches. */
export const compareNeeds = (one: Need, other: Need): number => (one.interrupts ?? 0) - (other.interrupts ?? 0) || one.switches - other.switches;

/** What one step of the bound has added. */
export interface Layer extends Need {
  /** States that need exactly this. */
  readonly states: number;
  /** Events performed for the first time. */
  readonly events: number;
}

/** What a layered search knows in addition. */
export interface Raised {
  readonly layers: readonly Layer[];
  /** Whether a bound on interrupts or switches kept anything from being seen. */
  readonly isCut: boolean;
  /** Events whose writes were repeated, to return to where something was postponed. */
  readonly repeated: number;
  /** The minimum that a state needs, or the violation `-1 - to`. */
  needOf(to: number): Need;
}
