import { Heap } from '../layered/heap';
import type { Kind } from './edges';
import type { Target } from './graph';

// The cheapest ways from state 0: fewest interrupts, then fewest changes of
// process, then fewest steps. They are computed in order of cost, and only as
// far as needed; the next question continues from there.

/** What is needed of a graph's edges. */
export interface Ways {
  /** Where the edges of each state begin in `edges`; one more at the end. */
  readonly starts: Int32Array;
  readonly edges: Int32Array;
  kindOf(edge: number): Kind;
  targetOf(edge: number): Target;
}

/** A way that ends in a violation. */
interface End {
  readonly to: Target;
  cost: number;
  edge: number;
  node: number;
}

/** The costs of changes of process and of interrupts, in steps. */
const SWITCH = 1e7;
const INTERRUPT = 1e12;

export class CheapestWays {
  private readonly width: number;
  /** By node, which is a state and the process that moved last: the cost of getting there, by which edge, and from which node. */
  private readonly best: Float64Array;
  private readonly via: Int32Array;
  private readonly viaNode: Int32Array;
  private readonly heap = new Heap();
  /** The nodes that are decided, cheapest first. */
  private readonly decided: number[] = [];
  private readonly ends = new Map<Target, End>();

  /** @param processes how many there are */
  constructor(private readonly ways: Ways, states: number, private readonly processes: number) {
    this.width = processes + 1;
    this.best = new Float64Array(states * this.width).fill(Infinity);
    this.via = new Int32Array(states * this.width).fill(-1);
    this.viaNode = new Int32Array(states * this.width).fill(-1);
    this.best[processes] = 0;
    this.heap.push(0, processes);
  }

  /**
   * Edge numbers in order; null if no target can be reached.
   *
   * @param moves whether the way must have an event, even if the start is a target
   */
  to(isTarget: (to: Target) => boolean, moves: boolean): number[] | null {
    const { best, width, decided } = this;
    for (let i = 0; i < decided.length || this.advance(this.endAmong(isTarget)?.cost ?? Infinity); i++) {
      const node = decided[i]!;
      const end = this.endAmong(isTarget);
      if (end !== null && best[node]! >= end.cost) break;
      if ((best[node]! > 0 || !moves) && isTarget(Math.floor(node / width))) return this.unwind(node);
    }
    const end = this.endAmong(isTarget);
    if (end === null) return isTarget(0) ? [] : null;
    return [...this.unwind(end.node), end.edge];
  }

  /** The cheapest end so far. */
  private endAmong(isTarget: (to: Target) => boolean): End | null {
    let least: End | null = null;
    for (const end of this.ends.values()) if ((least === null || end.cost < least.cost) && isTarget(end.to)) least = end;
    return least;
  }

  /** Decides one more node, if there is one that costs less than `limit`. */
  private advance(limit: number): boolean {
    const { heap, best } = this;
    while (heap.size > 0 && heap.cost < limit) {
      const { cost } = heap;
      const node = heap.pop();
      if (cost > best[node]!) continue;
      this.decided.push(node);
      this.leave(node, cost);
      return true;
    }
    return false;
  }

  private leave(node: number, cost: number): void {
    const { best, via, viaNode, heap, processes, width, ways } = this;
    const { starts, edges } = ways;
    const state = Math.floor(node / width);
    const last = node % width;
    for (let k = starts[state]!; k < starts[state + 1]!; k++) {
      const i = edges[k]!;
      const { process, interrupt, steps, last: after, switches } = ways.kindOf(i);
      const next = cost + interrupt * INTERRUPT + (switches + (last !== processes && last !== process ? 1 : 0)) * SWITCH + steps;
      const to = ways.targetOf(i);
      if (to < 0) {
        const end = this.ends.get(to);
        if (end === undefined) this.ends.set(to, { to, cost: next, edge: i, node });
        else if (next < end.cost) Object.assign(end, { cost: next, edge: i, node });
        continue;
      }
      const target = to * width + after;
      if (next >= best[target]!) continue;
      best[target] = next;
      via[target] = i;
      viaNode[target] = node;
      heap.push(next, target);
    }
  }

  private unwind(node: number): number[] {
    const path: number[] = [];
    for (let at = node; this.via[at]! >= 0; at = this.viaNode[at]!) path.push(this.via[at]!);
    return path.reverse();
  }
}
