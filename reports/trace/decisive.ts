// The step by which a run goes wrong, and the step that made it possible: the last one before it,
// outside the scheduler and the ways into interrupts, that wrote what the requirement looks at.

import { isBookkeeping, isMachinery } from './fold';
import type { PlayedEvent, Run } from './play';

/** Steps are counted from 1. */
export interface Decisive {
  /** The step after which the requirement is broken. */
  readonly step: number;
  /** The step that it rests on; null where nothing before it wrote what was looked at. */
  readonly cause: { readonly step: number; readonly cell: string } | null;
}

/** Null for a run that breaks nothing. */
export function decisiveOf({ violation, events }: Pick<Run, 'violation' | 'events'>): Decisive | null {
  if (violation === null) return null;
  const looked = new Set(violation.reads);
  const writes = ({ changes }: PlayedEvent): string | undefined => changes.find(({ cell }) => looked.has(cell) && !isBookkeeping(cell))?.cell;
  const candidates = events.slice(0, violation.event).map((event, i) => ({ step: i + 1, event, cell: writes(event) })).filter(({ cell }) => cell !== undefined);
  const last = candidates.findLast(({ event }) => !isMachinery(event)) ?? candidates.at(-1);
  return { step: violation.event + 1, cause: last ? { step: last.step, cell: last.cell! } : null };
}
