// The ways to do a list of operations (threads.ts), with what follows from program order alone.

import type { Family, Latitude, Op } from './operations';
import { threadsOf, type Event } from './threads';

/** One way for a CPU to do its part. */
export interface Way {
  readonly events: readonly Event[];
  /** How many flushes it sends. */
  readonly flushes: number;
  /** How many walks set A, and how many set D. */
  readonly A: number;
  readonly AD: number;
  /** Program order as far as it counts for coherence and for causality: for each event the bits of those that must follow it. */
  readonly coherence: readonly number[];
  readonly causality: readonly number[];
  /** Pairs of events in their order, one of which goes through the page: if both go to one word, their order counts for coherence. */
  readonly accesses: readonly (readonly [number, number])[];
}

/** More lists of operations than this are not kept. */
const KEPT = 2000;

/** Whether a later event may come first: a load need not wait for a store. */
const passes = (one: Event, other: Event): boolean => one.writes && !one.reads && other.reads && !other.writes;

/** Whether the event is a walk, of either level. */
export const isWalk = ({ op }: Event): boolean => op === 'walk' || op === 'walk above';

export class Ways {
  private readonly known = new Map<string, readonly Way[]>();

  constructor(private readonly family: Family, private readonly latitude: Latitude) {}

  /** @param handlers how many flushes of others the CPU answers */
  of(ops: readonly Op[], cpu: number, handlers: number): readonly Way[] {
    const key = `${cpu} ${handlers} ${ops.join(' ')}`;
    let ways = this.known.get(key);
    if (ways === undefined) {
      if (this.known.size === KEPT) this.known.clear();
      ways = threadsOf(ops, cpu, handlers, this.family, this.latitude).map((events) => this.wayOf(events));
      this.known.set(key, ways);
    }
    return ways;
  }

  private wayOf(events: readonly Event[]): Way {
    const count = (isMeant: (event: Event) => boolean): number => events.filter(isMeant).length;
    const coherence = events.map(() => 0);
    const causality = events.map(() => 0);
    const accesses: [number, number][] = [];
    events.forEach((one, i) => {
      for (let k = i + 1; k < events.length; k++) {
        const other = events[k]!;
        const ignored = this.latitude.passing && isWalk(other);
        if (one.word !== null && one.word === other.word && !ignored) coherence[i]! |= 1 << k;
        if (!passes(one, other) && !(ignored && one.writes && !one.reads)) causality[i]! |= 1 << k;
        if (one.walk !== null || other.walk !== null) accesses.push([i, k]);
      }
    });
    return { events, flushes: count(({ op }) => op === 'send'), A: count(({ adds }) => adds === 'A'), AD: count(({ adds }) => adds === 'AD'), coherence, causality, accesses };
  }
}
