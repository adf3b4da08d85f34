/** A thread of a search has ended before it could say what it saw, so that nothing is known of the search. */
export class ThreadLost extends Error {}
