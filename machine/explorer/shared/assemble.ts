import { joinPortions } from './join';
import { HANDED_OVER, UNTAKEN, type Portion } from './search';
import { OwnTable } from './own-table';
import { NEW, Tallied, type SharedTable } from './table';
import type { Search } from '../stateful/search';
import { ELSEWHERE, type Round } from './round';

// The rounds of all shards, as one search: each round counts as one member of a
// crew (shared/join.ts), once the states that it left to others have the numbers
// that those gave them. The result is that of a single search.

/** A round, and the shard that did it. */
export interface DoneRound extends Round {
  readonly shard: number;
}

/**
 * Combines all rounds into one search.
 *
 * @param complete whether everything that was handed over has been explored
 * @throws Error if a state was lost, or explored twice
 */
export function assemble(rounds: readonly DoneRound[], complete: boolean): Search {
  const ordered = beginningFirst(rounds);
  const members = ordered.length;
  const table = new OwnTable();
  ordered.forEach(({ lanes, shard }, member) => {
    for (let own = 0; 2 * own < lanes.length; own++) {
      const seen = table.findOrAdd(lanes[2 * own]!, lanes[2 * own + 1]!, own * members + member);
      if (seen !== NEW) throw new Error(`machine bug: shard ${shard + 1} has explored a state that shard ${ordered[seen % members]!.shard + 1} has explored too`);
    }
  });
  const portions = ordered.map((round, member) => renumbered(round, (own) => own * members + member, table));
  return joinPortions(portions, { complete, bounds: {}, goesOn: false, table });
}

/** The walk begins at the first state of the first member, so the round in which the program begins goes first. */
function beginningFirst(rounds: readonly DoneRound[]): DoneRound[] {
  const first = rounds.find(({ begins }) => begins);
  return first === undefined ? [...rounds] : [first, ...rounds.filter((round) => round !== first)];
}

function renumbered({ portion, lanes, elsewhere }: Round, numberOf: (own: number) => number, table: Pick<SharedTable, 'find'>): Portion {
  const { moves, finished, deadlock, livelock, waiting } = portion;
  const targets = moves.slice();
  for (let i = 0; i < targets.length; i += 2) {
    const to = targets[i]!;
    if (to === UNTAKEN || to === HANDED_OVER || to < 0) continue;
    const state = to - 1;
    if (state < ELSEWHERE) targets[i] = 1 + numberOf(state);
    else {
      const found = table.find(elsewhere[2 * (state - ELSEWHERE)]!, elsewhere[2 * (state - ELSEWHERE) + 1]!);
      targets[i] = found === NEW ? UNTAKEN : 1 + found;
    }
  }
  const tally = new Tallied();
  for (let own = 0; 2 * own < lanes.length; own++) tally.add(lanes[2 * own]!, lanes[2 * own + 1]!, numberOf(own));
  return { ...portion, tally, moves: targets, finished: finished.map(numberOf), deadlock: deadlock.map(numberOf), livelock: livelock.map(numberOf), waiting: waiting.map(numberOf) };
}
