/** Strongly connected components, by Tarjan's algorithm without recursion. */
export function components(states: number, successors: (state: number) => number[]): number[][] {
  const found: number[][] = [];
  const order = new Int32Array(states).fill(-1);
  const low = new Int32Array(states);
  const onStack = new Uint8Array(states);
  const stack: number[] = [];
  let counter = 0;
  for (let root = 0; root < states; root++) {
    if (order[root]! >= 0) continue;
    const work: { state: number; next: number[]; i: number }[] = [];
    const enter = (state: number): void => {
      order[state] = low[state] = counter++;
      stack.push(state);
      onStack[state] = 1;
      work.push({ state, next: successors(state), i: 0 });
    };
    enter(root);
    while (work.length > 0) {
      const top = work[work.length - 1]!;
      if (top.i < top.next.length) {
        const to = top.next[top.i++]!;
        if (order[to]! < 0) enter(to);
        else if (onStack[to]) low[top.state] = Math.min(low[top.state]!, order[to]!);
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) low[parent.state] = Math.min(low[parent.state]!, low[top.state]!);
      if (low[top.state] === order[top.state]) {
        const members: number[] = [];
        let state: number;
        do {
          state = stack.pop()!;
          onStack[state] = 0;
          members.push(state);
        } while (state !== top.state);
        found.push(members);
      }
    }
  }
  return found;
}
