/* lastzero(N) of machine/programs/published.ts in Promela. */
byte cell[N + 1];
active proctype search() {
  byte i = N;
  do :: cell[i] == 0 -> break :: cell[i] > 0 -> i-- od
}
active [N] proctype fill() {
  byte below;
  below = cell[_pid - 1];
  cell[_pid] = below + 1
}
