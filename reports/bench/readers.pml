/* readers(N) of machine/programs/published.ts in Promela. */
byte x;
active proctype writer() { x = 42 }
active [N] proctype reader() { byte seen; seen = x }
