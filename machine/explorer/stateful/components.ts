/** The edges of a graph: those of each state in one row, in packed form. */
export interface Packed {
  /** For each state the place of its first edge; and how many edges there are. */
  readonly starts: Int32Array;
  /** Where each edge leads; below 0 for one that does not count. */
  readonly targets: Int32Array;
}

/**
 * The strongly connected components that contain a loop: all but single
 * states without an edge to themselves. Tarjan's algorithm without recursion.
 */
export function loopsIn({ starts, targets }: Packed): number[][] {
  const states = starts.length - 1;
  const found: number[][] = [];
  /** For each state 1 more than its place in the order of first visits; 0 before. */
  const order = new Int32Array(states);
  const low = new Int32Array(states);
  const next = starts.slice(0, states);
  const onStack = new Uint8Array(states);
  const stack = new Int32Array(states);
  const work = new Int32Array(states);
  let height = 0;
  let depth = 0;
  let counter = 0;
  const enter = (state: number): void => {
    order[state] = low[state] = ++counter;
    stack[height++] = state;
    onStack[state] = 1;
    work[depth++] = state;
  };
  for (let root = 0; root < states; root++) {
    if (order[root] !== 0) continue;
    enter(root);
    while (depth > 0) {
      const state = work[depth - 1]!;
      if (next[state]! < starts[state + 1]!) {
        const to = targets[next[state]!++]!;
        if (to < 0) continue;
        if (order[to] === 0) enter(to);
        else if (onStack[to] === 1 && order[to]! < low[state]!) low[state] = order[to]!;
        continue;
      }
      depth--;
      if (depth > 0) {
        const parent = work[depth - 1]!;
        if (low[state]! < low[parent]!) low[parent] = low[state]!;
      }
      if (low[state] !== order[state]) continue;
      const from = height;
      do onStack[stack[--height]!] = 0;
      while (stack[height] !== state);
      if (from - height > 1 || targets.subarray(starts[state]!, starts[state + 1]!).includes(state)) found.push(Array.from(stack.subarray(height, from)));
    }
  }
  return found;
}
