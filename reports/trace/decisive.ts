// The step by which a run goes wrong, and the step that made it possible: the last one before it,
// outside the scheduler and the ways into interrupts, that wrote what the requirement looks at.

import { isBookkeeping, isMachinery } from './fold';
import type { PlayedEvent, Run } from './play';

/** Steps are counted from 1. */
export interface Decisive {
  /** The step after which the requirement is broken. */
  readonly step: number;
  /** The step that it depends on; null if no earlier step wrote what was looked at. */
  readonly cause: { readonly step: number; readonly cell: string } | null;
}

/** Null for a run that breaks nothing, or in which something was broken before the first step. */
export function decisiveOf({ violation, events }: Pick<Run, 'violation' | 'events'>): Decisive | null {
  if (violation === null || violation.event < 0) return null;
  const looked = new Set(violation.reads);
  const writes = ({ changes }: PlayedEvent): string | undefined => changes.find(({ cell }) => looked.has(cell) && !isBookkeeping(cell))?.cell;
  const candidates = events.slice(0, violation.event).map((event, i) => ({ step: i + 1, event, cell: writes(event) })).filter(({ cell }) => cell !== undefined);
  const last = candidates.findLast(({ event }) => !isMachinery(event)) ?? candidates.at(-1);
  return { step: violation.event + 1, cause: last ? { step: last.step, cell: last.cell! } : causeOfFault(events, violation.event) };
}

/** How many steps of the same context before the decisive one are examined. */
const NEAR = 12;

/** A fault, such as an oops, writes itself what the requirement looks at. It depends on what its context read before and another context had written. */
function causeOfFault(events: readonly PlayedEvent[], broken: number): Decisive['cause'] {
  const { context } = events[broken]!;
  const own = [...events.keys()].filter((i) => i <= broken && events[i]!.context === context).slice(-NEAR);
  let cause: Decisive['cause'] = null;
  for (const i of own) {
    for (const cell of events[i]!.reads.filter((read) => !isBookkeeping(read) && !/lock|ptl/.test(read))) {
      const writer = events.findLastIndex((event, at) => at < i && event.context !== context && !isMachinery(event) && event.changes.some((change) => change.cell === cell));
      if (writer >= 0 && writer + 1 > (cause?.step ?? 0)) cause = { step: writer + 1, cell };
    }
  }
  return cause;
}
