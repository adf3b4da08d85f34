import { LayeredSearch } from './layered';
import { labelsAlong } from './replay';
import type { Search } from './stateful';
import type { System, Violation } from './system';

// The smallest failing run, without seeing everything: the layers are seen in
// the order of what runs ask of a reader, fewest interrupts first, then fewest
// changes of process. In the first layer with what is looked for, all runs
// that cost no more are known, and the one with the fewest steps is a shortest path.

/** How a run that is looked for ends. */
export type WayToEnd = { readonly kind: 'violation'; readonly violation: Violation } | { readonly kind: 'deadlock' };

export interface SmallestRun {
  readonly end: WayToEnd;
  /** The label of each event. */
  readonly labels: readonly string[];
  readonly interrupts: number;
  readonly switches: number;
}

/** The result of looking for it: `none` is said only when everything was seen. */
export type Smallest = SmallestRun | 'none' | 'gave up';

/**
 * Finds the smallest run that ends as `isWanted` says. The system is left as it was.
 *
 * @param states how many to visit before giving up
 */
export function smallestRun(system: System, isWanted: (end: WayToEnd) => boolean, states = 2_000_000): Smallest {
  const layers = new LayeredSearch(system, { states }, 'switches');
  for (;;) {
    const standing = layers.seeLayer();
    const search = layers.result();
    const wanted = new Map<number, WayToEnd>(search.violations.map((violation, i) => [-1 - i, { kind: 'violation', violation }]));
    for (const state of search.endings.deadlock) wanted.set(state, { kind: 'deadlock' });
    for (const [to, end] of wanted) if (!isWanted(end)) wanted.delete(to);
    if (standing === 'out of bounds') return 'gave up';
    if (wanted.size > 0) return runTo(system, search, wanted);
    if (standing === 'ended') return 'none';
  }
}

function runTo(system: System, { graph, states, raised }: Search, wanted: ReadonlyMap<number, WayToEnd>): SmallestRun {
  const path = graph.cheapestPath(states, system.processes.length, (to) => wanted.has(to))!;
  const to = path.length === 0 ? 0 : graph.edge(path[path.length - 1]!).to;
  const { interrupts, preemptions } = raised!.needOf(to);
  return { end: wanted.get(to)!, labels: labelsAlong(system, graph, path), interrupts: interrupts!, switches: preemptions };
}
