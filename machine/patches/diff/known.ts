// What the catalogue knows about the C of each posted or merged form: for every place that it
// changes, the digests of the lines that it adds and removes, and of nearby lines, which tell apart
// two places with the same changes.

import type { HunkId } from '../types';

/** One place of one form of a patch. */
export interface KnownPlace {
  /** The catalogue's hunk, or null for a declaration, a change of style, or a helper that several hunks share. */
  readonly hunk: HunkId | null;
  /** A hunk that is already in the tree of this form, and that these lines remove. Such a place has no hunk of its own. */
  readonly takesOut?: HunkId;
  /** The file, as the form's own diff calls it. */
  readonly file: string;
  /** The function or the declaration, as a reader would search for it. */
  readonly where: string;
  /** `+1a2b3c4d` for an added line, `-1a2b3c4d` for a removed one, in order, separated by spaces. */
  readonly lines: string;
  /** Digests of nearby unchanged lines. */
  readonly near: string;
  /**
   * The whole chunk of the form's own diff in order, where it is known: an unchanged line without a sign, and braces, `else` and the like as they are.
   * Places of one chunk share it.
   */
  readonly around?: string;
}

/** A patch as it was posted or merged. */
export interface KnownForm {
  /** The patch's id. */
  readonly patch: string;
  /** A mail's author and date, or a commit. */
  readonly source: string;
  /** The patch's hunks that are already in the tree for which this form was written. */
  readonly onto?: readonly HunkId[];
  readonly places: readonly KnownPlace[];
}
