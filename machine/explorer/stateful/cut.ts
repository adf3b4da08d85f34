import { StateGraph } from './graph';
import type { Search } from './search';
import type { Violation } from '../system';

// A search that continues after a violation has seen more than one that ends
// there. The graph tells, state by state and edge by edge, what the latter
// would have seen: what can be reached before anything is broken.

/**
 * The result of a search that ends each run where one of `invariants` is first
 * broken: its numbers, its violations, and its endings.
 *
 * @param search one that continues after violations
 */
export function cutAt(search: Search, invariants: readonly string[]): Search {
  const isCutting = search.violations.map(({ invariant }) => invariants.includes(invariant));
  return isCutting.includes(true) ? new Cut(search, isCutting).search() : { ...search, violations: [] };
}

class Cut {
  private readonly graph = new StateGraph();
  /** For each state, one more than its number here; 0 until it is met. */
  private readonly numbers: Int32Array;
  private readonly met: number[] = [];
  private readonly violations: Violation[] = [];
  private readonly violationNumbers = new Map<number, number>();
  private events = 0;

  constructor(private readonly whole: Search, private readonly isCutting: readonly boolean[]) {
    this.numbers = new Int32Array(whole.states);
  }

  search(): Search {
    this.walk();
    const { whole, graph, met } = this;
    const { outcomeOf, deadlock, waiting } = whole.ends!;
    const [finished, stuck, looping, idle] = [new Set(outcomeOf.keys()), new Set(deadlock), new Set(whole.endings.livelock), new Set(waiting)];
    const here = (states: ReadonlySet<number>): number[] => met.flatMap((state, number) => (states.has(state) ? [number] : []));
    const outcomes = new Map<string, number>();
    met.forEach((state, number) => {
      const outcome = outcomeOf.get(state);
      if (outcome !== undefined && !outcomes.has(outcome)) outcomes.set(outcome, number);
    });
    const endings = { finished: here(finished), deadlock: here(stuck), livelock: here(looping) };
    const hopeless = whole.complete ? hopelessIn(graph, met.length, here(idle), endings.finished) : [];
    return {
      complete: whole.complete, bounds: whole.bounds, states: met.length, events: this.events, depth: whole.depth, graph,
      violations: this.violations, endings: { ...endings, deadlock: [...endings.deadlock, ...hopeless] }, outcomes,
      collisionBound: whole.collisionBound, cyclic: whole.cyclic,
    };
  }

  /** Goes depth first, in the order in which the moves were tried, as the search itself would have done. */
  private walk(): void {
    const { whole: { graph, states } } = this;
    const leaving = graph.leaving(states);
    const path: { readonly edges: Int32Array; next: number }[] = [];
    const enter = (state: number): void => {
      this.met.push(state);
      this.numbers[state] = this.met.length;
      path.push({ edges: leaving(state), next: 0 });
    };
    if (states > 0) enter(0);
    for (let top = path[path.length - 1]; top !== undefined; top = path[path.length - 1]) {
      if (top.next === top.edges.length) {
        path.pop();
        continue;
      }
      const i = top.edges[top.next++]!;
      const to = this.take(i);
      if (to >= 0 && this.numbers[to] === 0) enter(to);
    }
  }

  /** Adds an edge, up to where it is cut. Returns the state to which it leads; -1 if it is cut before that. */
  private take(i: number): number {
    const { graph: whole } = this.whole;
    const edge = whole.edge(i);
    const place = whole.placeOf(i);
    const words = { label: this.graph.word(whole.wordAt(edge.label)), from: this.numbers[edge.from]! - 1 };
    const broken = whole.breaksAt(i).find(({ violation }) => this.isCutting[violation]);
    const { steps, switches, last } = broken ?? edge;
    const known = this.numbers[edge.to]!;
    const to = broken ? -1 - this.numberOf(broken.violation) : known === 0 ? this.met.length : known - 1;
    this.events += steps;
    this.graph.add({ ...edge, ...words, to, steps, ...(switches === undefined || last === undefined ? {} : { switches, last }) }, whole.stayReadyAlong(i), place === '' ? -1 : this.graph.word(place));
    return broken ? -1 : edge.to;
  }

  private numberOf(violation: number): number {
    let number = this.violationNumbers.get(violation);
    if (number === undefined) {
      number = this.violations.push(this.whole.violations[violation]!) - 1;
      this.violationNumbers.set(violation, number);
    }
    return number;
  }
}

/** The states of `waiting`, in which only an interrupt can make a step possible, from which no run finishes or breaks anything: deadlocks. */
export function hopelessIn(graph: StateGraph, states: number, waiting: readonly number[], finished: readonly number[]): number[] {
  if (waiting.length === 0) return [];
  const ends = new Set(finished);
  const reaches = graph.canReach(states, (to) => to < 0 || ends.has(to));
  return waiting.filter((state) => reaches[state] === 0);
}
