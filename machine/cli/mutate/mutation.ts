// A mutation is a small change of the project's own source: something that
// might have been written instead. It is a named set of text edits in one file.

/** Replaces the characters from `start` up to `end` of a file's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Mutation {
  /** Says what was changed, and identifies it permanently: equal sources give equal ids. */
  readonly id: string;
  /** Relative to the project, with slashes: `machine/kernel/linux-2.6/tlbflush.ts`. */
  readonly file: string;
  /** The edits do not overlap; their order does not matter. */
  readonly edits: readonly Edit[];
}

/**
 * `text` with all edits made. Of several insertions at one place the first comes first.
 *
 * @param offset where in the file `text` begins
 */
export function applyEdits(text: string, edits: readonly Edit[], offset = 0): string {
  const inOrder = edits.map((edit, i) => ({ edit, i })).sort((one, other) => one.edit.start - other.edit.start || one.edit.end - other.edit.end || one.i - other.i);
  let result = '';
  let at = 0;
  for (const { edit } of inOrder) {
    const start = edit.start - offset;
    if (start < at) throw new Error(`two edits overlap at ${edit.start}`);
    result += text.slice(at, start) + edit.text;
    at = edit.end - offset;
  }
  return result + text.slice(at);
}
