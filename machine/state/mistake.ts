// A mistake that the author of a path makes: a forgotten `yield*`, an access to tracked state
// outside of an instruction. It is not a fault of the machine, and the author has to correct it.

/** What is wrong with a path. The message names the cell, the call or the operand, and says what to do. */
export class PathMistake extends Error {
  constructor(message: string) {
    super(`path mistake: ${message}`);
  }
}
