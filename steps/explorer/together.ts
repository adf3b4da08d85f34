// Searches by several members that take turns in one thread, in an order that is drawn from a seed.
// So many of the orders that threads can have are tried, and each can be repeated.

import { randomFrom } from '../../machine/explorer/oracle/sampling';
import { Crew, type Stop } from '../../machine/explorer/shared/crew';
import { joinPortions } from '../../machine/explorer/shared/join';
import { SharedSearch } from '../../machine/explorer/shared/search';
import { SharedTable } from '../../machine/explorer/shared/table';
import { StatefulSearch, type Bounds, type Search } from '../../machine/explorer/stateful/search';
import type { System } from '../../machine/explorer/system';

export interface Turns {
  readonly members: number;
  readonly seed: number;
  /** The most moves of one turn. */
  readonly moves: number;
  readonly goesOn?: boolean;
  readonly bounds?: Bounds;
  /** The table in which a member looks up states. */
  readonly tableOf?: (slots: SharedArrayBuffer) => SharedTable;
  readonly slots?: SharedArrayBuffer;
}

/** So few slots at first that the table grows several times. */
const FEW = 64;

export interface TogetherSearch {
  readonly search: Search;
  /** How many tasks were handed over. */
  readonly handed: number;
  readonly stopped: Stop | null;
  /** The depth of the member that took each turn, after it. */
  readonly depths: readonly number[];
}

/** Searches with several members: which one takes the next turn, and when each joins, is drawn. */
export function searchInTurns(build: () => System, { members, seed, moves, goesOn = false, bounds = {}, tableOf = (slots) => new SharedTable(slots, FEW), slots = SharedTable.bufferFor(6, FEW) }: Turns): TogetherSearch {
  const random = randomFrom(seed);
  const draw = (count: number): number => Math.floor(count * random());
  const shared = Crew.found(members, slots);
  const all: { readonly crew: Crew; readonly search: SharedSearch }[] = [];
  const join = (): void => {
    const crew = new Crew(shared, all.length, tableOf(shared.slots));
    all.push({ crew, search: new SharedSearch(build(), crew, all.length, bounds.states, { goesOn }) });
  };
  join();
  const depths: number[] = [];
  for (let standing = ''; standing !== 'ended';) {
    const next = draw(members);
    if (next >= all.length) join();
    else {
      standing = all[next]!.search.advance(1 + draw(moves));
      depths.push(all[next]!.search.depth);
    }
  }
  while (all.length < members) join();
  const [{ crew }] = all as [typeof all[number]];
  const search = joinPortions(all.map((member) => member.search.portion()), { complete: crew.stopped === null, bounds, goesOn, table: crew.table });
  return { search, handed: all.reduce((sum, _, i) => sum + crew.givenTo(i), 0), stopped: crew.stopped, depths };
}

/** The same search by one member. */
export function searchByOne(build: () => System, goesOn = false, bounds: Bounds = {}): Search {
  const search = new StatefulSearch(build(), bounds, undefined, { goesOn });
  while (search.advance(4096) === 'under way') continue;
  return search.result();
}

/** Everything about a search except its time: the numbers of states, and every edge with its notes. */
export function toldOf({ graph, violations, ends, outcomes, knows: _knows, raised: _raised, ...rest }: Search): unknown {
  const edges = Array.from({ length: graph.size }, (_, i) => ({
    ...graph.edge(i), label: graph.wordAt(graph.edge(i).label), place: graph.placeOf(i), stayReady: graph.stayReadyAlong(i),
    breaks: graph.breaksAt(i).map((broken) => ({ ...broken, violation: violations[broken.violation] })),
  }));
  return { ...rest, violations, outcomes: [...outcomes], ends: ends && { ...ends, outcomeOf: [...ends.outcomeOf] }, edges };
}
