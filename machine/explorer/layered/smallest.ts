import { LayeredSearch } from './search';
import { labelsAlong } from '../verdict/replay';
import type { Search } from '../stateful/search';
import type { System, Violation } from '../system';

// The smallest failing run, without exploring everything: the layers are explored in
// the order of what is easiest to read, fewest interrupts first, then fewest changes
// of process. In the first layer that contains a wanted end, all runs that cost no
// more are known, and the one with the fewest steps is a shortest path.

/** How a wanted run ends. */
export type WayToEnd = { readonly kind: 'violation'; readonly violation: Violation } | { readonly kind: 'deadlock' };

export interface SmallestRun {
  readonly end: WayToEnd;
  /** The label of each event. */
  readonly labels: readonly string[];
  readonly interrupts: number;
  readonly switches: number;
}

/** The result of looking for it: `none` only if everything was seen. */
export type Smallest = SmallestRun | 'none' | 'gave up';

/**
 * Finds the smallest run whose end satisfies `isWanted`. The system is left as it was.
 *
 * @param states how many to visit before giving up
 */
export function smallestRun(system: System, isWanted: (end: WayToEnd) => boolean, states = 2_000_000): Smallest {
  const atStart = brokenAtStart(system).find(({ end }) => isWanted(end));
  if (atStart !== undefined) return atStart;
  const layers = new LayeredSearch(system, { states }, 'all switches');
  for (;;) {
    const standing = layers.seeLayer();
    if (standing === 'out of bounds') return 'gave up';
    const search = layers.result();
    const wanted = new Map(endsIn(search).filter(([, end]) => isWanted(end)));
    if (wanted.size > 0) return runTo(system, search, wanted);
    if (standing === 'ended') return 'none';
  }
}

/**
 * A deadlock may also be a state in which only interrupts can come, none of
 * which ever helps; such states are only known once everything has been seen.
 * If that takes more states than this, the smallest run to a state in which
 * nothing at all can come is shown.
 */
const PATIENCE = 20_000;

/** The smallest run to each of several ends, in one search that can be stopped. */
export class SmallestRuns {
  readonly found = new Map<string, SmallestRun>();
  private readonly layers: LayeredSearch;
  private isOver = false;
  private deadlock: { readonly key: string; readonly run: SmallestRun } | null = null;

  /**
   * @param wanted the values of `keyOf` for the wanted ends
   * @param states how many to visit before giving up on the remaining ones
   * @param patience after how many states the first deadlock is good enough
   */
  constructor(private readonly system: System, private readonly keyOf: (end: WayToEnd) => string, private readonly wanted: ReadonlySet<string>, states = 2_000_000, private readonly patience = PATIENCE) {
    for (const run of brokenAtStart(system)) if (wanted.has(keyOf(run.end)) && !this.found.has(keyOf(run.end))) this.found.set(keyOf(run.end), run);
    this.layers = new LayeredSearch(system, { states }, 'all switches');
  }

  /** Continues for about `count` moves; returns whether all were found or given up. */
  advance(count: number): boolean {
    const { layers, found, wanted } = this;
    if (this.isOver || found.size === wanted.size) return true;
    const { layersSeen } = layers;
    const standing = layers.seeLayer(count);
    if (standing !== 'out of bounds' && layers.layersSeen > layersSeen) this.lookForRuns();
    this.isOver = standing !== 'under way';
    if (this.deadlock !== null && !found.has(this.deadlock.key) && (this.isOver || layers.progress.states > this.patience)) found.set(this.deadlock.key, this.deadlock.run);
    this.isOver ||= found.size === wanted.size;
    return this.isOver;
  }

  private lookForRuns(): void {
    const { layers, found, wanted, system } = this;
    const search = layers.result();
    const byKey = new Map<string, Map<number, WayToEnd>>();
    for (const [to, end] of endsIn(search)) {
      const key = this.keyOf(end);
      if (wanted.has(key) && !found.has(key)) byKey.set(key, (byKey.get(key) ?? new Map<number, WayToEnd>()).set(to, end));
    }
    for (const [key, ends] of byKey) {
      const run = runTo(system, search, ends);
      if (run.end.kind === 'violation' || search.complete) found.set(key, run);
      else this.deadlock ??= { key, run };
    }
  }
}

/** The runs without events: what is violated before anything happens. */
function brokenAtStart({ invariants }: System): SmallestRun[] {
  return invariants.flatMap((invariant): SmallestRun[] => {
    const message = invariant.check();
    return message === null ? [] : [{ end: { kind: 'violation', violation: { invariant: invariant.name, message } }, labels: [], interrupts: 0, switches: 0 }];
  });
}

function endsIn({ violations, endings }: Search): [number, WayToEnd][] {
  return [
    ...violations.map((violation, i): [number, WayToEnd] => [-1 - i, { kind: 'violation', violation }]),
    ...endings.deadlock.map((state): [number, WayToEnd] => [state, { kind: 'deadlock' }]),
  ];
}

function runTo(system: System, { graph, states, raised }: Search, wanted: ReadonlyMap<number, WayToEnd>): SmallestRun {
  const path = graph.cheapestPath(states, system.processes.length, (to) => wanted.has(to))!;
  const to = path.length === 0 ? 0 : graph.edge(path[path.length - 1]!).to;
  const { interrupts, switches } = raised!.needOf(to);
  return { end: wanted.get(to)!, labels: labelsAlong(system, graph, path), interrupts: interrupts!, switches };
}
