import { mix } from '../../state/hash';

// Puts the nodes of a small labelled graph into an order that depends on their
// contents and connections, and not on their numbers. Nodes are coloured by
// their own contents, then repeatedly by the colours of their neighbours; if
// that leaves several with the same colour but different connections, each is
// tried as the first of them, and the smallest hash counts.

const NOBODY = -1;

export class Labelling {
  /** The hash of the whole graph, in the order found last. */
  a = 0;
  b = 0;
  private readonly count: number;
  private readonly ownA: Int32Array;
  private readonly ownB: Int32Array;
  private edges = 0;
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly labelA: number[] = [];
  private readonly labelB: number[] = [];
  private readonly next: Int32Array;
  private readonly order: Int32Array;
  private readonly trial: Int32Array;

  /** @param kindOf the kind of each node; nodes of a kind have consecutive numbers */
  constructor(private readonly kindOf: readonly number[]) {
    this.count = kindOf.length;
    this.ownA = new Int32Array(this.count + 1);
    this.ownB = new Int32Array(this.count + 1);
    this.next = new Int32Array(this.count);
    this.order = new Int32Array(this.count);
    this.trial = new Int32Array(this.count);
  }

  /** Begins an empty graph. */
  clear(): void {
    this.ownA.fill(0);
    this.ownB.fill(0);
    this.edges = 0;
  }

  /** Adds to the contents of a node; for node -1, to those of the graph itself. */
  addOwn(node: number, a: number, b: number): void {
    this.ownA[node + 1]! += a;
    this.ownB[node + 1]! += b;
  }

  /** Adds an edge; for node -1, from the graph itself. */
  addEdge(from: number, to: number, labelA: number, labelB: number): void {
    const i = this.edges++;
    this.from[i] = from;
    this.to[i] = to;
    this.labelA[i] = labelA;
    this.labelB[i] = labelB;
  }

  /** Finds the order, and the hash. `ranks` gets the position of each node; the positions of a kind are the numbers of its nodes. */
  rank(ranks: Int32Array): void {
    const colours = new Int32Array(this.count);
    for (let n = 0; n < this.count; n++) colours[n] = mix(this.ownA[n + 1]! ^ Math.imul(this.ownB[n + 1]!, 31) ^ this.kindOf[n]!, 0x85ebca6b);
    for (let e = 0; e < this.edges; e++) if (this.from[e] === NOBODY) colours[this.to[e]!]! += mix(this.labelA[e]!, 0xcc9e2d51);
    this.refine(colours);
    this.isFound = false;
    this.resolve(colours, ranks);
  }

  private isFound = false;

  /** Combines every node's colour with those of its neighbours, until this distinguishes no more nodes. */
  private refine(colours: Int32Array): void {
    const { count, next, edges, from, to, labelA } = this;
    for (let before = 0, distinct = this.distinct(colours); distinct > before && distinct < count;) {
      for (let n = 0; n < count; n++) next[n] = Math.imul(colours[n]!, 31);
      for (let e = 0; e < edges; e++) {
        const f = from[e]!;
        if (f === NOBODY) continue;
        const t = to[e]!;
        next[f]! += mix(labelA[e]! ^ colours[t]!, 0x9e3779b1);
        next[t]! += mix(labelA[e]! ^ colours[f]!, 0x27d4eb2f);
      }
      for (let n = 0; n < count; n++) colours[n] = mix(next[n]!, 0x85ebca6b);
      before = distinct;
      distinct = this.distinct(colours);
    }
  }

  /** How many nodes have a colour that no earlier node of their kind has. */
  private distinct(colours: Int32Array): number {
    let distinct = 0;
    for (let n = 0; n < this.count; n++) {
      let m = n - 1;
      while (this.kindOf[m] === this.kindOf[n] && colours[m] !== colours[n]) m--;
      if (this.kindOf[m] !== this.kindOf[n]) distinct++;
    }
    return distinct;
  }

  /** Orders by colour, trying each of several nodes of the same colour if it may matter which comes first. */
  private resolve(colours: Int32Array, ranks: Int32Array): void {
    const doubtful = this.doubtful(colours);
    if (doubtful < 0) {
      this.conclude(colours, ranks);
      return;
    }
    const tried = new Set<string>();
    for (let n = 0; n < this.count; n++) {
      if (this.kindOf[n] !== this.kindOf[doubtful] || colours[n] !== colours[doubtful]) continue;
      const attempt = colours.slice();
      attempt[n] = mix(attempt[n]! + 1, 0xc2b2ae35);
      this.refine(attempt);
      // Choices that lead to the same colouring very likely differ only in names; if not, two such states are distinguished.
      const look = attempt.slice().sort().join(' ');
      if (tried.has(look)) continue;
      tried.add(look);
      this.resolve(attempt, ranks);
    }
  }

  /**
   * A node that has the same colour as another one and is connected to a third
   * that has several equals: the first by kind and colour, so that names do not
   * decide. -1 if there is none.
   */
  private doubtful(colours: Int32Array): number {
    let first = -1;
    for (let e = 0; e < this.edges; e++) {
      const f = this.from[e]!;
      const t = this.to[e]!;
      if (f === NOBODY || f === t || !this.isAlike(f, colours) || !this.isAlike(t, colours)) continue;
      for (const n of [f, t]) if (first < 0 || this.kindOf[n]! < this.kindOf[first]! || (this.kindOf[n] === this.kindOf[first] && colours[n]! < colours[first]!)) first = n;
    }
    return first;
  }

  private isAlike(node: number, colours: Int32Array): boolean {
    const kind = this.kindOf[node];
    for (let m = 0; m < this.count; m++) if (m !== node && this.kindOf[m] === kind && colours[m] === colours[node]) return true;
    return false;
  }

  /** Hashes the graph in the order of these colours, and keeps that order if its hash is the smallest so far. */
  private conclude(colours: Int32Array, ranks: Int32Array): void {
    const { count, kindOf, order, trial, ownA, ownB } = this;
    for (let n = 0; n < count; n++) {
      let place = n;
      while (place > 0 && kindOf[order[place - 1]!] === kindOf[n] && colours[order[place - 1]!]! > colours[n]!) {
        order[place] = order[place - 1]!;
        place--;
      }
      order[place] = n;
    }
    for (let place = 0; place < count; place++) trial[order[place]!] = place;
    let a = ownA[0]!;
    let b = ownB[0]!;
    for (let n = 0; n < count; n++) {
      a += mix(ownA[n + 1]! ^ Math.imul(trial[n]! + 1, 0x85ebca6b), 0xcc9e2d51);
      b += mix(ownB[n + 1]! ^ Math.imul(trial[n]! + 1, 0x9e3779b1), 0x1b873593);
    }
    for (let e = 0; e < this.edges; e++) {
      const f = this.from[e]! === NOBODY ? 0 : trial[this.from[e]!]! + 1;
      const joined = Math.imul(f, 0x01000193) ^ (trial[this.to[e]!]! + 1);
      a += mix(this.labelA[e]! ^ Math.imul(joined, 0x2545f491), 0x27d4eb2f);
      b += mix(this.labelB[e]! ^ Math.imul(joined, 0x51ed270b), 0x165667b1);
    }
    a |= 0;
    b |= 0;
    if (this.isFound && (a > this.a || (a === this.a && b >= this.b))) return;
    this.isFound = true;
    this.a = a;
    this.b = b;
    ranks.set(trial);
  }
}
