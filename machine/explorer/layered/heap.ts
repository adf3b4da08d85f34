/** A binary heap of nodes by cost; nodes of equal cost leave in the order of their numbers, so paths are the same in every run. */
export class Heap {
  private costs = new Float64Array(1 << 8);
  private nodes = new Int32Array(1 << 8);
  size = 0;

  /** The lowest cost; only valid while there is a node. */
  get cost(): number {
    return this.costs[0]!;
  }

  push(cost: number, node: number): void {
    if (this.size === this.nodes.length) this.grow();
    const { costs, nodes } = this;
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (costs[parent]! < cost || (costs[parent] === cost && nodes[parent]! <= node)) break;
      costs[i] = costs[parent]!;
      nodes[i] = nodes[parent]!;
      i = parent;
    }
    costs[i] = cost;
    nodes[i] = node;
  }

  /** Removes the node with the lowest cost. */
  pop(): number {
    const { costs, nodes } = this;
    const first = nodes[0]!;
    const size = --this.size;
    const cost = costs[size]!;
    const node = nodes[size]!;
    let i = 0;
    for (let child = 1; child < size; child = 2 * i + 1) {
      const other = child + 1;
      if (other < size && (costs[other]! < costs[child]! || (costs[other] === costs[child] && nodes[other]! < nodes[child]!))) child = other;
      if (cost < costs[child]! || (cost === costs[child] && node < nodes[child]!)) break;
      costs[i] = costs[child]!;
      nodes[i] = nodes[child]!;
      i = child;
    }
    costs[i] = cost;
    nodes[i] = node;
    return first;
  }

  private grow(): void {
    const { costs, nodes } = this;
    this.costs = new Float64Array(2 * costs.length);
    this.costs.set(costs);
    this.nodes = new Int32Array(2 * nodes.length);
    this.nodes.set(nodes);
  }
}
