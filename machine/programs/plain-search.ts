import { PlainMachine, textOf, type PlainMove, type PlainState } from './plain';
import type { ScriptedProgram } from './script';

// Every run of a plain machine: states are compared by their text, and stored
// as they are. What follows from the graph is computed here separately, by
// algorithms other than those of the engines.

/** Interrupts, changes of process, events. */
export type Cost = readonly [number, number, number];

/** The possible ends of a program. */
export interface PlainTruth {
  readonly states: number;
  readonly outcomes: ReadonlySet<string>;
  /** Outcomes after which nothing can come, not even from outside. */
  readonly finalOutcomes: ReadonlySet<string>;
  /** `invariant: message`, with the lowest cost of a run to it. */
  readonly violations: ReadonlyMap<string, Cost>;
  /** For each state from which no end can be reached, the processes with work left and what each is about to do. */
  readonly deadlocks: ReadonlySet<string>;
  /** The cost of the cheapest run to any of these. */
  readonly deadlockCost: Cost | null;
  /** Whether processes can loop forever by themselves, although each that stays ready gets its turn. */
  readonly hasFairLoop: boolean;
  /** Whether some run returns to a state that it has been in. */
  readonly isCyclic: boolean;
}

interface Edge {
  readonly move: PlainMove;
  /** The state that is reached, or what is broken. */
  readonly to: number | string;
}

/** Everything about `program`; null if it has more than `limit` states. */
export function plainTruth(program: ScriptedProgram, limit: number): PlainTruth | null {
  const machine = new PlainMachine(program);
  const numbers = new Map<string, number>();
  const states: PlainState[] = [];
  const edges: Edge[][] = [];
  const numberOf = (state: PlainState): number => {
    const text = textOf(state);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, states.length);
    return states.push(state) - 1;
  };
  numberOf(machine.beginning());
  for (let s = 0; s < states.length; s++) {
    if (states.length > limit) return null;
    edges.push(machine.moves(states[s]!).map((move): Edge => {
      const next = machine.after(states[s]!, move);
      return { move, to: machine.violation(next) ?? numberOf(next) };
    }));
  }

  const canStep = (s: number): boolean => edges[s]!.some(({ move }) => !move.isInterrupt);
  const all = states.map((_, s) => s);
  const finished = all.filter((s) => !canStep(s) && machine.isIdle(states[s]!));
  const isFinished = new Set(finished);
  const hopeful = backwards(edges, (s) => isFinished.has(s) || edges[s]!.some(({ to }) => typeof to === 'string'));
  const dead = all.filter((s) => !canStep(s) && !isFinished.has(s) && (edges[s]!.length === 0 || !hopeful.has(s)));
  const costs = cheapest(edges, new Set(dead));
  return {
    states: states.length,
    outcomes: new Set(finished.map((s) => machine.outcome(states[s]!))),
    finalOutcomes: new Set(finished.filter((s) => edges[s]!.length === 0).map((s) => machine.outcome(states[s]!))),
    violations: costs.violations,
    deadlocks: new Set(dead.map((s) => machine.stuck(states[s]!))),
    deadlockCost: costs.dead,
    hasFairLoop: hasFairLoop(edges),
    isCyclic: loopsIn(edges, () => true).length > 0,
  };
}

/** The states from which a wanted state can be reached. */
function backwards(edges: readonly (readonly Edge[])[], isWanted: (s: number) => boolean): Set<number> {
  const reaches = new Set(edges.flatMap((_, s) => (isWanted(s) ? [s] : [])));
  for (let size = -1; size !== reaches.size;) {
    size = reaches.size;
    for (let s = edges.length - 1; s >= 0; s--) if (edges[s]!.some(({ to }) => typeof to === 'number' && reaches.has(to))) reaches.add(s);
  }
  return reaches;
}

/**
 * The sets of states that are on common loops, by the edges that count
 * (Kosaraju: the order in which a search forwards leaves states, then backwards from the last).
 */
function loopsIn(edges: readonly (readonly Edge[])[], counts: (edge: Edge) => boolean): number[][] {
  const next = edges.map((list) => list.flatMap((edge) => (typeof edge.to === 'number' && counts(edge) ? [edge.to] : [])));
  const previous: number[][] = edges.map(() => []);
  next.forEach((list, from) => list.forEach((to) => previous[to]!.push(from)));
  const left: number[] = [];
  const seen = new Set<number>();
  for (let root = 0; root < edges.length; root++) {
    const open: { s: number; i: number }[] = seen.has(root) ? [] : [{ s: root, i: 0 }];
    seen.add(root);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const to = next[top.s]![top.i++];
      if (to === undefined) left.push(open.pop()!.s);
      else if (!seen.has(to)) {
        seen.add(to);
        open.push({ s: to, i: 0 });
      }
    }
  }
  const taken = new Set<number>();
  const loops: number[][] = [];
  for (const root of left.reverse()) {
    if (taken.has(root)) continue;
    const members: number[] = [];
    const open = [root];
    taken.add(root);
    for (let s = open.pop(); s !== undefined; s = open.pop()) {
      members.push(s);
      for (const from of previous[s]!) {
        if (taken.has(from)) continue;
        taken.add(from);
        open.push(from);
      }
    }
    if (members.length > 1 || next[root]!.includes(root)) loops.push(members);
  }
  return loops;
}

function hasFairLoop(edges: readonly (readonly Edge[])[]): boolean {
  return loopsIn(edges, ({ move }) => !move.isInterrupt).some((members) => {
    const inside = new Set(members);
    const steps = members.flatMap((s) => edges[s]!.filter(({ move, to }) => !move.isInterrupt && typeof to === 'number' && inside.has(to)));
    const turns = new Set(steps.map(({ move }) => move.process));
    const readyAt = members.map((s) => new Set(edges[s]!.filter(({ move }) => !move.isInterrupt).map(({ move }) => move.process)));
    return [...readyAt[0]!].every((process) => turns.has(process) || readyAt.some((ready) => !ready.has(process)));
  });
}

/** The costs of the cheapest runs: fewest interrupts, then fewest changes of process, then fewest events. */
function cheapest(edges: readonly (readonly Edge[])[], dead: ReadonlySet<number>): { readonly violations: Map<string, Cost>; readonly dead: Cost | null } {
  const violations = new Map<string, Cost>();
  const best = new Map<number, Cost>();
  const keyOf = (s: number, last: number): number => s * 32 + last + 1;
  let deadlock: Cost | null = null;
  let open: { readonly s: number; readonly last: number; readonly cost: Cost }[] = [{ s: 0, last: -1, cost: [0, 0, 0] }];
  while (open.length > 0) {
    const later: typeof open = [];
    for (const { s, last, cost } of open) {
      if (best.get(keyOf(s, last)) !== cost && cost[2] > 0) continue; // a cheaper way was found meanwhile
      if (dead.has(s) && (deadlock === null || compare(cost, deadlock) < 0)) deadlock = cost;
      for (const { move, to } of edges[s]!) {
        const next: Cost = [cost[0] + (move.isInterrupt ? 1 : 0), cost[1] + (last >= 0 && last !== move.process ? 1 : 0), cost[2] + 1];
        if (typeof to === 'string') {
          const known = violations.get(to);
          if (known === undefined || compare(next, known) < 0) violations.set(to, next);
          continue;
        }
        const key = keyOf(to, move.process);
        const known = best.get(key);
        if (known !== undefined && compare(next, known) >= 0) continue;
        best.set(key, next);
        later.push({ s: to, last: move.process, cost: next });
      }
    }
    open = later;
  }
  return { violations, dead: deadlock };
}

export function compare(one: Cost, other: Cost): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
