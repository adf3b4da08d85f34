// What the catalogue knows of the C of each posted or merged form: for every place that it changes,
// the digests of the lines that it adds and takes out, and of lines near by, by which two places
// with the same lines are distinguished.

import type { HunkId } from '../types';

/** One place of one form of a patch. */
export interface KnownPlace {
  /** The catalogue's hunk, or null for a declaration, a change of form, a helper that several hunks share. */
  readonly hunk: HunkId | null;
  /** A hunk that the tree of this form has and that goes where these lines are there. Such a place has no hunk of its own. */
  readonly takesOut?: HunkId;
  /** The file, as the form's own diff calls it. */
  readonly file: string;
  /** The function or the declaration, as a reader would search for it. */
  readonly where: string;
  /** `+1a2b3c4d` for a line added, `-1a2b3c4d` for one taken out, in order, parted by spaces. */
  readonly lines: string;
  /** Digests of unchanged lines near by. */
  readonly near: string;
}

/** A patch as it was posted or merged. */
export interface KnownForm {
  /** The patch's id. */
  readonly patch: string;
  /** A mail's author and date, or a commit. */
  readonly source: string;
  /** The patch's hunks that the tree has already for which this form was written. */
  readonly onto?: readonly HunkId[];
  readonly places: readonly KnownPlace[];
}
