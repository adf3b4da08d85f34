/** A binary heap of nodes by cost; equal costs leave in the order of their numbers, so that paths are the same in every run. */
export class Heap {
  private readonly costs: number[] = [];
  private readonly nodes: number[] = [];

  get size(): number {
    return this.costs.length;
  }

  private before(i: number, j: number): boolean {
    return this.costs[i]! < this.costs[j]! || (this.costs[i] === this.costs[j] && this.nodes[i]! < this.nodes[j]!);
  }

  private swap(i: number, j: number): void {
    [this.costs[i], this.costs[j]] = [this.costs[j]!, this.costs[i]!];
    [this.nodes[i], this.nodes[j]] = [this.nodes[j]!, this.nodes[i]!];
  }

  push(cost: number, node: number): void {
    let i = this.costs.push(cost) - 1;
    this.nodes.push(node);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.before(i, parent)) break;
      this.swap(i, parent);
      i = parent;
    }
  }

  pop(): { cost: number; node: number } {
    const cost = this.costs[0]!;
    const node = this.nodes[0]!;
    const lastCost = this.costs.pop()!;
    const lastNode = this.nodes.pop()!;
    if (this.costs.length > 0) {
      this.costs[0] = lastCost;
      this.nodes[0] = lastNode;
      let i = 0;
      for (;;) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < this.costs.length && this.before(child, least)) least = child;
        if (least === i) break;
        this.swap(i, least);
        i = least;
      }
    }
    return { cost, node };
  }
}
