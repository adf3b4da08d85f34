import type { Search } from './search';

// How wide a window is, as a number: the boundaries at which an interrupt must
// fall for something to happen, and those at which it may.

/** A boundary at which some interrupt fell during a search. */
export interface Boundary {
  /** The context (task, CPU) of the interrupted code. */
  readonly context: string;
  /** The path whose instruction was about to be performed. */
  readonly path: string;
  /** That instruction, without the values of its operands. */
  readonly text: string;
}

export interface Window {
  readonly boundary: Boundary;
  /** Some run that is interrupted here reaches the target. */
  readonly harmful: boolean;
  /** Without an interrupt here, the target cannot be reached at all. */
  readonly decisive: boolean;
}

/** Whether a target can still be reached when interrupts are forbidden at each boundary in turn. Needs a complete search. */
export function windowsOf(search: Search, isTarget: (to: number) => boolean): Window[] {
  const { graph } = search;
  const reaches = graph.canReach(search.states, isTarget);
  const groups = new Map<string, { boundary: Boundary; edges: Set<number>; harmful: boolean }>();
  for (let i = 0; i < graph.size; i++) {
    const edge = graph.edge(i);
    if (!edge.interrupt) continue;
    const boundary = boundaryOf(graph.placeOf(i));
    const key = `${boundary.context}\n${boundary.path}\n${boundary.text}`;
    const group = groups.get(key) ?? { boundary, edges: new Set<number>(), harmful: false };
    group.edges.add(i);
    group.harmful ||= edge.to < 0 ? isTarget(edge.to) : reaches[edge.to] === 1;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ boundary, edges, harmful }) => ({
    boundary,
    harmful,
    decisive: harmful && !graph.isReachable(search.states, isTarget, (i) => !edges.has(i)),
  }));
}

function boundaryOf(place: string): Boundary {
  const [context = '', paths = '', ...text] = place.split(': ');
  return { context, path: paths.split(' > ').at(-1) ?? '', text: text.join(': ').split('   #')[0]! };
}
