// A run in full detail: in addition to what a replay reports, the state at the beginning, what each step
// read, and what could come next. The moves and their order are those of `machine/explorer/verdict/replay`.

import type { ShownChange, ShownEvent } from '../../machine/explorer/verdict/evidence';
import { ScheduleError, parseSchedule, formatSchedule } from '../../machine/explorer/verdict/schedule';
import { show, showChange } from '../../machine/explorer/verdict/show';
import type { Change } from '../../machine/state/store';
import { movesOf, violationOf, type Move, type System, type Violation } from '../../machine/explorer/system';
import { prepare, type Request } from '../../machine/situations/check';

export interface PlayedEvent extends ShownEvent {
  /** The silent instructions that followed in the same step, each with its own changes. */
  readonly silent: readonly { readonly text: string; readonly changes: readonly ShownChange[] }[];
  /** The changes of the instruction itself, without what followed. */
  readonly own: readonly ShownChange[];
  /** Cells that the step read. */
  readonly reads: readonly string[];
}

export interface Run {
  readonly request: Request;
  readonly title: string;
  readonly events: readonly PlayedEvent[];
  /** Every cell with its value before the first step. */
  readonly initial: ReadonlyMap<string, string>;
  readonly violation: BrokenBy | null;
  /** Why the rest of the schedule was not run; null if all of it was. */
  readonly refusal: string | null;
  /** The moves that are possible after the last step. */
  readonly next: readonly string[];
  readonly schedule: string;
}

/** A broken requirement, the event that broke it (-1: it was broken before the first), and the cells that the requirement read. */
export interface BrokenBy extends Violation {
  readonly event: number;
  readonly reads: readonly string[];
}

/** A system whose moves are chosen one by one. */
export class Player {
  readonly system: System;
  readonly initial: ReadonlyMap<string, string>;
  readonly events: PlayedEvent[] = [];
  /** What was broken first; a run that a search has found may continue after that. */
  broken: BrokenBy | null = null;

  /** @throws SelectionError for a request that names something unknown */
  constructor(readonly request: Request) {
    const { situation, choice } = prepare(request);
    this.system = situation.build(choice);
    this.initial = new Map([...this.system.store.snapshot()].filter(([cell]) => !cell.endsWith('.stack')).map(([cell, value]) => [cell, show(value)]));
    this.broken = this.look();
  }

  moves(): readonly Move[] {
    return this.violation() ? [] : movesOf(this.system);
  }

  violation(): Violation | null {
    return violationOf(this.system);
  }

  private look(): BrokenBy | null {
    const { store } = this.system;
    const { seen, reads: looked } = store.watch(() => this.violation());
    return seen && { ...seen, event: this.events.length - 1, reads: looked.map((loc) => store.nameOf(loc)) };
  }

  perform(move: Move): PlayedEvent {
    const { store } = this.system;
    const mark = store.mark();
    const { context, paths, text } = move.process.describe();
    let last = mark;
    const shown = (changes: readonly Change[]): ShownChange[] => changes.filter(({ cell }) => !cell.endsWith('.stack')).map(({ cell, before, after }) => ({ cell, ...showChange(before, after) })).filter(({ before, after }) => before !== after);
    const parts: { text: string; changes: readonly ShownChange[] }[] = [{ text, changes: [] }];
    const end = (): void => { parts[parts.length - 1]!.changes = shown(store.changesSince(last)); };
    store.onSilent = (words) => {
      end();
      last = store.mark();
      parts.push({ text: words, changes: [] });
    };
    store.record();
    move.perform();
    store.onSilent = null;
    end();
    const { reads } = store.takeFootprint();
    const event = {
      label: move.label, kind: move.kind, process: move.process.name, context, paths,
      text: move.kind === 'interrupt' ? `${move.label} arrives` : text,
      changes: store.changesSince(mark).filter(({ cell }) => !cell.endsWith('.stack')).map(({ cell, before, after }) => ({ cell, ...showChange(before, after) })),
      own: parts[0]!.changes, silent: parts.slice(1),
      reads: reads.map((loc) => store.nameOf(loc)).filter((cell) => !cell.endsWith('.stack')),
    };
    this.events.push(event);
    this.broken ??= this.look();
    return event;
  }
}

/**
 * Runs `schedule` as far as it fits.
 *
 * @throws SelectionError for a request that names something unknown
 * @throws ScheduleError for words that are not a schedule
 */
export function play(request: Request, schedule: string): Run {
  const player = new Player(request);
  const labels = parseSchedule(schedule).flatMap(({ label, times }) => Array<string>(times).fill(label));
  let refusal: string | null = null;
  for (const [i, label] of labels.entries()) {
    const moves = movesOf(player.system);
    const move = moves.find((candidate) => candidate.label === label);
    if (move) {
      player.perform(move);
    } else {
      refusal = `the schedule does not fit at choice ${i + 1}: it says "${label}"; legal: ${moves.map((each) => each.label).join(', ') || 'nothing, as the run has ended'}`;
      break;
    }
  }
  return finish(player, refusal);
}

/** What a player has done, as a run. */
export function finish(player: Player, refusal: string | null): Run {
  const { request, events, initial, broken: violation } = player;
  return {
    request, events, initial, refusal,
    title: prepare(request).situation.title,
    violation,
    next: player.moves().map(({ label }) => label),
    schedule: formatSchedule(events.map(({ label }) => label)),
  };
}

export { ScheduleError };
