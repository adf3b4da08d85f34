import { CheapestWays } from './cheapest';
import { loopsIn } from './components';
import { Column, Kinds, type Break, type Kind } from './edges';
import { membersOf, type Ready } from './ready';

// The graph of states that a search has seen: an edge for each move, with its
// cost for a reader. It yields the smallest witness, the endless loops, and
// what can still be reached from each state.

/** Target of an edge into the violation number `-1 - to`. */
export type Target = number;

/** One move of the search, with the forced steps that follow it. */
export interface Edge {
  readonly from: number;
  readonly to: Target;
  readonly process: number;
  readonly label: number;
  readonly interrupt: boolean;
  readonly steps: number;
  /** The process of the last step, if that is a different one, and how often the process changes on the way. */
  readonly last?: number;
  readonly switches?: number;
}

/** A graph with more states than this does not keep its cheapest ways, which would take too much memory. */
const KEPT = 200_000;

export class StateGraph {
  private readonly froms = new Column();
  private readonly tos = new Column();
  private readonly kindNumbers = new Column();
  private readonly kinds = new Kinds();
  private readonly breaks: (readonly Break[])[] = [];
  private readonly breakNumbers = new Map<string, number>();
  private readonly words: string[] = [];
  private readonly wordNumbers = new Map<string, number>();
  private adjacency: { starts: Int32Array; edges: Int32Array } | null = null;
  private cheapest: CheapestWays | null = null;

  /** Number of edges. */
  get size(): number {
    return this.froms.length;
  }

  /** Every label and place, by number. */
  get allWords(): readonly string[] {
    return this.words;
  }

  get allKinds(): readonly Kind[] {
    return this.kinds.all;
  }

  /** Every list of what is broken along an edge, by its number in the kinds. */
  get allBreaks(): readonly (readonly Break[])[] {
    return this.breaks;
  }

  /** The columns one after the other. */
  save(): Int32Array {
    const saved = new Int32Array(3 * this.size);
    [this.froms, this.tos, this.kindNumbers].forEach((column, i) => column.copyInto(saved, i * this.size));
    return saved;
  }

  static restore(saved: Int32Array, words: readonly string[], kinds: readonly Kind[]): StateGraph {
    const graph = new StateGraph();
    for (const text of words) graph.word(text);
    graph.kinds.restore(kinds);
    const size = saved.length / 3;
    [graph.froms, graph.tos, graph.kindNumbers].forEach((column, i) => {
      for (let k = 0; k < size; k++) column.push(saved[i * size + k]!);
    });
    return graph;
  }

  /** The memory that the edges take. */
  get bytes(): number {
    return 3 * 4 * 1.5 * this.size;
  }

  /** Interns a label or a place. */
  word(text: string): number {
    let number = this.wordNumbers.get(text);
    if (number === undefined) {
      number = this.words.length;
      this.words.push(text);
      this.wordNumbers.set(text, number);
    }
    return number;
  }

  wordAt(number: number): string {
    return this.words[number] ?? '';
  }

  /**
   * @param stayReady the processes that could step at every point along the edge
   * @param place where the interrupted context was (a word), for interrupts; else -1
   * @param breaks what is broken on the way, in a search that continues after violations
   */
  add(edge: Edge, stayReady: Ready, place: number, breaks: readonly Break[] = []): void {
    this.addOfKind(edge.from, edge.to, this.kindFor(edge, stayReady, place, breaks));
  }

  /** The number of the kind of such an edge; for `addOfKind`. */
  kindFor({ process, label, interrupt, steps, last = process, switches = 0 }: Omit<Edge, 'from' | 'to'>, stayReady: Ready, place: number, breaks: readonly Break[] = []): number {
    return this.kinds.numberOf({ process, label, interrupt: interrupt ? 1 : 0, steps, stayReady, place, last, switches, breaks: this.numberOfBreaks(breaks) });
  }

  /** Makes room for `count` edges in all. */
  reserve(count: number): void {
    for (const column of [this.froms, this.tos, this.kindNumbers]) column.reserve(count);
  }

  addOfKind(from: number, to: Target, kind: number): void {
    this.froms.push(from);
    this.tos.push(to);
    this.kindNumbers.push(kind);
    this.adjacency = null;
    this.cheapest = null;
  }

  private numberOfBreaks(breaks: readonly Break[]): number {
    if (breaks.length === 0) return -1;
    let key = '';
    for (const { violation, steps, switches, last } of breaks) key += `${violation} ${steps} ${switches} ${last},`;
    let number = this.breakNumbers.get(key);
    if (number === undefined) this.breakNumbers.set(key, number = this.breaks.push(breaks) - 1);
    return number;
  }

  /** What is broken along an edge, earliest first. */
  breaksAt(i: number): readonly Break[] {
    return this.breaks[this.kindOf(i).breaks] ?? [];
  }

  /** The processes that could step at every point along an edge. */
  stayReadyAlong(i: number): Ready {
    return this.kindOf(i).stayReady;
  }

  private kindOf(i: number): Kind {
    return this.kinds.all[this.kindNumbers.at(i)]!;
  }

  edge(i: number): Edge {
    const { process, label, interrupt, steps, last, switches } = this.kindOf(i);
    return { from: this.froms.at(i), to: this.tos.at(i), process, label, interrupt: interrupt === 1, steps, last, switches };
  }

  /** The state that an edge leaves. */
  fromOf(i: number): number {
    return this.froms.at(i);
  }

  /** The word for where the interrupt of an edge fell; empty if it was not recorded. */
  placeOf(i: number): string {
    const { place } = this.kindOf(i);
    return place < 0 ? '' : this.wordAt(place);
  }

  /** Edge numbers leaving each state, packed. */
  private outgoing(states: number): { starts: Int32Array; edges: Int32Array } {
    if (this.adjacency && this.adjacency.starts.length === states + 1) return this.adjacency;
    this.cheapest = null;
    const starts = new Int32Array(states + 1);
    for (let i = 0; i < this.size; i++) starts[this.froms.at(i) + 1]!++;
    for (let s = 0; s < states; s++) starts[s + 1]! += starts[s]!;
    const fill = starts.slice();
    const edges = new Int32Array(this.size);
    for (let i = 0; i < this.size; i++) edges[fill[this.froms.at(i)]!++] = i;
    this.adjacency = { starts, edges };
    return this.adjacency;
  }

  /** The edges that leave a state, in the order in which they were taken. */
  leaving(states: number): (state: number) => Int32Array {
    const { starts, edges } = this.outgoing(states);
    return (state) => edges.subarray(starts[state]!, starts[state + 1]!);
  }

  /**
   * The cheapest way from state 0 to a target: fewest interrupts, then fewest
   * changes of process, then fewest steps. Edge numbers in order; null if no
   * target can be reached.
   *
   * @param moves whether the way must have an event, even if the start is a target
   */
  cheapestPath(states: number, processes: number, isTarget: (to: Target) => boolean, moves = false): number[] | null {
    const { starts, edges } = this.outgoing(states);
    const cheapest = this.cheapest ?? new CheapestWays({ starts, edges, kindOf: (edge) => this.kindOf(edge), targetOf: (edge) => this.tos.at(edge) }, states, processes);
    if (states <= KEPT) this.cheapest = cheapest;
    return cheapest.to(isTarget, moves);
  }

  /**
   * The sets of states in which processes can loop forever without interrupts,
   * although each process that stays ready gets its turn.
   */
  fairLoops(states: number, processes: number): number[][] {
    const { starts, edges } = this.outgoing(states);
    const targets = edges.map((i) => (this.kindOf(i).interrupt === 0 ? this.tos.at(i) : -1));
    return loopsIn({ starts, targets }).filter((members) => {
      const inside = new Set(members);
      const moved = new Set<number>();
      const kinds = new Set<Ready>();
      for (const state of members) {
        for (let k = starts[state]!; k < starts[state + 1]!; k++) {
          const i = edges[k]!;
          const kind = this.kindOf(i);
          if (kind.interrupt !== 0 || !inside.has(this.tos.at(i))) continue;
          moved.add(kind.process);
          kinds.add(kind.stayReady);
        }
      }
      let ready = Array.from({ length: processes }, (_, process) => process).filter((process) => !moved.has(process));
      for (const kind of kinds) {
        const members = membersOf(kind);
        ready = ready.filter((process) => members.includes(process));
      }
      return ready.length === 0;
    });
  }

  /** The processes that make the first or last step of an edge, other than an interrupt, between two of `states`. */
  movingAmong(states: readonly number[]): Set<number> {
    const inside = new Set(states);
    const moving = new Set<number>();
    for (let i = 0; i < this.size; i++) {
      const { process, interrupt, last } = this.kindOf(i);
      if (interrupt === 0 && inside.has(this.froms.at(i)) && inside.has(this.tos.at(i))) moving.add(process).add(last);
    }
    return moving;
  }

  /** Whether a target can be reached from the start by the edges that `allows` permits. */
  isReachable(states: number, isTarget: (to: Target) => boolean, allows: (edge: number) => boolean): boolean {
    const { starts, edges } = this.outgoing(states);
    const seen = new Uint8Array(states);
    const work = [0];
    seen[0] = 1;
    for (let state = work.pop(); state !== undefined; state = work.pop()) {
      if (isTarget(state)) return true;
      for (let k = starts[state]!; k < starts[state + 1]!; k++) {
        const i = edges[k]!;
        if (!allows(i)) continue;
        const to = this.tos.at(i);
        if (to < 0) {
          if (isTarget(to)) return true;
        } else if (seen[to] === 0) {
          seen[to] = 1;
          work.push(to);
        }
      }
    }
    return false;
  }

  /** For each state, whether a target can be reached from it. */
  canReach(states: number, isTarget: (to: Target) => boolean): Uint8Array {
    const reaches = new Uint8Array(states);
    for (let s = 0; s < states; s++) if (isTarget(s)) reaches[s] = 1;
    for (let changed = true; changed;) {
      changed = false;
      for (let i = this.size - 1; i >= 0; i--) {
        const from = this.froms.at(i);
        const to = this.tos.at(i);
        if (reaches[from] === 0 && (to < 0 ? isTarget(to) : reaches[to] === 1)) { reaches[from] = 1; changed = true; }
      }
    }
    return reaches;
  }
}
