import { randomFrom } from '../oracle/sampling';
import type { Program } from '../program';
import { movesOf, violationOf, type Process, type System } from '../system';

// Which shard explores which state. Handing a state over costs more than
// exploring it, so most moves must lead to a state of the same shard. Therefore
// the place of one process that seldom moves decides: while the others move,
// nothing is handed over.

/** The number of the shard, from 0 on, that explores the state that `system` is in. */
export type OwnerOf = (system: System) => number;

/** How many runs are examined, and how many moves of each. */
const RUNS = 20;
const LENGTH = 300;
const SEED = 7_411;

/** How many places the deciding process should have for each shard, so that the shards are of similar size. */
const PLACES_EACH = 6;

/** Chooses the deciding process by a few runs of `program`, which are the same on every machine. */
export function ownersAmong(shards: number, program: Program): OwnerOf {
  const decisive = decisiveProcess(program(), shards);
  const known = new Map<string, number>();
  return ({ processes }) => {
    const place = placeOf(processes[decisive]!);
    let owner = known.get(place);
    if (owner === undefined) known.set(place, owner = numberFor(place) % shards);
    return owner;
  };
}

/** The process with the fewest moves among those with enough places, else the one with the most places. */
function decisiveProcess(system: System, shards: number): number {
  const random = randomFrom(SEED);
  const seen = system.processes.map(() => ({ moves: 0, places: new Set<string>() }));
  const start = system.store.mark();
  for (let run = 0; run < RUNS; run++) {
    for (let step = 0; step < LENGTH && violationOf(system) === null; step++) {
      const moves = movesOf(system);
      if (moves.length === 0) break;
      const move = moves[Math.floor(random() * moves.length)]!;
      const its = seen[system.processes.indexOf(move.process)]!;
      its.moves++;
      its.places.add(placeOf(move.process));
      move.perform();
    }
    system.store.undo(start);
  }
  const wanted = PLACES_EACH * shards;
  const rankOf = ({ moves, places }: (typeof seen)[number]): number => (places.size >= wanted ? moves : Number.MAX_SAFE_INTEGER - places.size);
  return seen.reduce((best, its, process) => (rankOf(its) < rankOf(seen[best]!) ? process : best), 0);
}

function placeOf(process: Process): string {
  const { context, paths, text } = process.describe();
  return `${context}: ${paths.join(' > ')}: ${text}`;
}

/** FNV-1a, with a final mixing step that makes remainders about equally frequent. */
function numberFor(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 8;
}
