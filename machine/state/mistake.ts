// A mistake in the text of a path, as its author makes it: a forgotten `yield*`, a look at tracked
// state outside an instruction. Not a fault of the machine: the author of the path mends it.

/** What is wrong with a path. The message names the cell, the call or the operand, and says what to do. */
export class PathMistake extends Error {
  constructor(message: string) {
    super(`path mistake: ${message}`);
  }
}
