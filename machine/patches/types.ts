// What the catalogue says about a patch: data that a reviewer would want beside
// the diff. Nothing here knows how a kernel works.

/** `flush-tlb/i386`: the patch's id, a slash, the hunk's own name. */
export type HunkId = string;

/** `002.7`: thread and number. */
export type ClaimId = string;

/** Where a statement can be looked up. */
export interface Citation {
  /** A commit id, a version, or a mail's author and date. */
  readonly source: string;
  /** What is said there, in our words. */
  readonly says: string;
}

/** One place that a patch changes; each hunk can be switched on by itself. */
export interface Hunk {
  readonly id: HunkId;
  /** The file in the kernel tree. */
  readonly file: string;
  /** The function, as a reader would search for it. */
  readonly where: string;
  /** What the hunk does, in one sentence. */
  readonly does: string;
  /** Why no scenario consults it, for a hunk that the model leaves out. */
  readonly notModelled?: string;
}

/**
 * A named set of hunks of one patch: a version that was posted (a take), one
 * that was merged instead, or a wrong fix that the suite must reject.
 */
export interface Variant {
  readonly id: string;
  readonly kind: 'take' | 'alternative' | 'near-miss';
  readonly title: string;
  readonly hunks: readonly HunkId[];
  /** Who posted or merged it and when; for a near miss, why it looks right. */
  readonly about: string;
}

export interface Patch {
  readonly id: string;
  /** `002` */
  readonly thread: string;
  readonly title: string;
  readonly author: string;
  /** The mail that posted it, for a reader who wants to look it up. */
  readonly mail?: { readonly subject: string; readonly messageId?: string };
  /** ISO date of the mail. */
  readonly date: string;
  /** The release it was made against. */
  readonly against: string;
  /** Paragraphs: what goes wrong, why, what the patch does, and its later history. */
  readonly story: readonly string[];
  /** The one line that a reviewer would quote. */
  readonly quote: string;
  /** Hunks of the patch as it was posted last, and those that only variants use. */
  readonly hunks: readonly Hunk[];
  /** The hunks that make up the patch itself. Without this, all. */
  readonly whole?: readonly HunkId[];
  readonly variants: readonly Variant[];
  readonly citations: readonly Citation[];
  readonly notModelled: readonly string[];
  /** For a patch that repairs nothing: why. The kernel without it meets the same requirements, so that none of its scenarios has the tag @requirement. */
  readonly repairsNothing?: string;
}

export interface Claim {
  readonly id: ClaimId;
  /** The statement, in our words. */
  readonly says: string;
  /** About history, not behaviour: needs citations and no scenario. */
  readonly recorded?: readonly Citation[];
  /** For a claim that is true only under a hypothesis that the thread leaves unsaid: the hypothesis. */
  readonly hypothesis?: string;
  /** For a claim that nothing known decides: what would decide it. */
  readonly wouldDecide?: string;
}
