// The state at any moment of a run, and who made it so.

import type { PlayedEvent, Run } from './play';
import { isMinor } from './fold';

/** The cells after `step` steps of a run, and those that the steps from `since` on changed. */
export class State {
  readonly cells: ReadonlyMap<string, string>;
  readonly changed: ReadonlyMap<string, string>;

  constructor(run: Pick<Run, 'initial' | 'events'>, readonly step: number, since = step - 1) {
    const cells = new Map(run.initial);
    const changed = new Map<string, string>();
    // A cell that is first heard of in the run held its default until then.
    for (const { changes } of run.events) for (const { cell, before } of changes) if (!cells.has(cell)) cells.set(cell, before);
    run.events.slice(0, step).forEach(({ changes }, i) => {
      for (const { cell, after } of changes) {
        if (i >= since && !changed.has(cell)) changed.set(cell, cells.get(cell)!);
        cells.set(cell, after);
      }
    });
    for (const [cell, before] of changed) if (cells.get(cell) === before) changed.delete(cell);
    this.cells = cells;
    this.changed = changed;
  }

  get(cell: string): string | undefined {
    return this.cells.get(cell);
  }

  /** Names of the things that have a field `field`: `editor.mm` for `pgd`. */
  having(field: string): string[] {
    return [...this.cells.keys()].filter((cell) => cell.endsWith(`.${field}`)).map((cell) => cell.slice(0, -field.length - 1));
  }

  /** The fields of a thing, as declared. */
  fieldsOf(thing: string): string[] {
    return [...this.cells.keys()].filter((cell) => cell.startsWith(`${thing}.`) && !cell.slice(thing.length + 1).includes('.')).map((cell) => cell.slice(thing.length + 1));
  }

  /** A value for a reader: an address of page tables with whose they are, control registers in hex. */
  read(cell: string): string {
    const value = this.cells.get(cell) ?? '';
    if (/\.(cr0|cr4|efer)$/.test(cell) && /^\d+$/.test(value)) return `0x${Number(value).toString(16)}`;
    return cell.endsWith('.cr3') ? withOwner(value, this.cells) : value;
  }
}

/** The value of cr3 with the name of the address space whose page directory it is. */
export function withOwner(value: string, cells: ReadonlyMap<string, string>): string {
  if (!/^0x[0-9a-f]+$/.test(value)) return value;
  for (const [cell, pgd] of cells) if (cell.endsWith('.pgd') && pgd === value) return `${value} = ${cell}`;
  return value;
}

/** The last step up to `step` that changed `cell`, from 1; 0 for what was so at the beginning. */
export function lastWriter(events: readonly PlayedEvent[], cell: string, step: number): number {
  for (let i = Math.min(step, events.length) - 1; i >= 0; i--) if (events[i]!.changes.some((change) => change.cell === cell)) return i + 1;
  return 0;
}

/** The first step after `step` that changed `cell`, from 1; 0 if none does. */
export function nextWriter(events: readonly PlayedEvent[], cell: string, step: number): number {
  return events.findIndex(({ changes }, i) => i >= step && changes.some((change) => change.cell === cell)) + 1;
}

/** Fields that every context of a processor goes through, whatever it does. */
const EVERYBODYS = /\.(IF|cpl|preempt_count|need_resched|curr|tasks|lock|prev_mm|mm_count|onCpu|halted)$/;

/** For each step whether it touches what another context changes, or changes what another one touches. */
export function sharedSteps(events: readonly PlayedEvent[]): boolean[] {
  const touched = new Map<string, Set<string>>();
  const written = new Map<string, Set<string>>();
  const note = (map: Map<string, Set<string>>, cell: string, context: string): void => void (map.get(cell) ?? map.set(cell, new Set()).get(cell)!).add(context);
  for (const { context, changes, reads } of events) {
    for (const cell of reads) note(touched, cell, context);
    for (const { cell } of changes) {
      note(touched, cell, context);
      note(written, cell, context);
    }
  }
  const counts = (cell: string): boolean => !isMinor(cell) && !EVERYBODYS.test(cell);
  const others = (map: Map<string, Set<string>>, cell: string, context: string): boolean => [...(map.get(cell) ?? [])].some((other) => other !== context);
  return events.map(({ context, changes, reads, kind }) => kind === 'interrupt'
    || changes.some(({ cell }) => counts(cell) && others(touched, cell, context))
    || reads.some((cell) => counts(cell) && others(written, cell, context)));
}
