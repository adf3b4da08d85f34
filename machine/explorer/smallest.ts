import { Fingerprints } from './fingerprints';
import { Heap } from './heap';
import { movesOf, violationOf, type Move, type System, type Violation } from './system';
import { mix } from '../state/hash';

// The smallest failing run, without seeing everything: runs are tried in the
// order of what they ask of a reader, fewest interrupts first, then fewest
// changes of process, then fewest steps. So the bound on interrupts and
// preemptions is raised by itself, each state is visited once for each process
// that may have run last, and what is found first is a smallest run.

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

/** What a run costs a reader. A run has fewer than ten million steps, and fewer than 100,000 switches. */
const INTERRUPT = 1e12;
const SWITCH = 1e7;

/** One event of a run, linked to what came before. */
interface Node {
  readonly before: Node | null;
  readonly label: string;
  readonly process: number;
  readonly cost: number;
}

/**
 * Finds the smallest run that ends as `isWanted` says. The system is left as it was.
 *
 * @param limit states (each counted once for each process that may have run last) to visit before giving up
 */
export function smallestRun(system: System, isWanted: (end: WayToEnd) => boolean, limit = 200_000): Smallest {
  const { store, processes } = system;
  const start = store.mark();
  const visited = new Fingerprints();
  const nodes: (Node | null)[] = [null];
  const frontier = new Heap();
  frontier.push(0, 0);
  try {
    while (frontier.size > 0) {
      const { node: number } = frontier.pop();
      const node = nodes[number]!;
      nodes[number] = null;
      store.undo(start);
      perform(system, node);
      const violation = node === null ? null : violationOf(system);
      if (violation !== null) {
        if (isWanted({ kind: 'violation', violation })) return runTo(node, { kind: 'violation', violation });
        continue;
      }
      const lane = mix(1 + (node?.process ?? -1), 0x9e3779b1);
      if (visited.findOrAdd(store.a ^ lane, store.b ^ (lane >>> 3)) >= 0) continue;
      if (visited.count > limit) return 'gave up';
      const moves = movesOf(system);
      if (moves.length === 0 && processes.some((process) => process.busy()) && isWanted({ kind: 'deadlock' })) return runTo(node, { kind: 'deadlock' });
      for (const move of moves) {
        const process = processes.indexOf(move.process);
        const isSwitch = node !== null && node.process !== process;
        const cost = (node?.cost ?? 0) + 1 + (move.kind === 'interrupt' ? INTERRUPT : 0) + (isSwitch ? SWITCH : 0);
        frontier.push(cost, nodes.push({ before: node, label: move.label, process, cost }) - 1);
      }
    }
    return 'none';
  } finally {
    store.undo(start);
  }
}

function runTo(node: Node | null, end: WayToEnd): SmallestRun {
  const labels: string[] = [];
  for (let at = node; at !== null; at = at.before) labels.push(at.label);
  const cost = node?.cost ?? 0;
  return { end, labels: labels.reverse(), interrupts: Math.floor(cost / INTERRUPT), switches: Math.floor((cost % INTERRUPT) / SWITCH) };
}

function perform(system: System, node: Node | null): void {
  const chain: Node[] = [];
  for (let at = node; at !== null; at = at.before) chain.push(at);
  const moves: Move[] = [];
  for (let event = chain.pop(); event !== undefined; event = chain.pop()) {
    const { label, process } = event;
    moves.length = 0;
    system.processes[process]!.moves(moves);
    moves.find((move) => move.label === label)!.perform();
  }
}
