/** A thread of a search has ended before it could say what it saw, so nothing is known about the search. */
export class ThreadLost extends Error {}
